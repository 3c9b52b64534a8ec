/**
 * `nayek patch -i`: change by change, as `git add -p` asks. A change is what one part does at one place: its hunks make
 * sense together only, so they are taken together; and so are changes that need each other.
 */
import type { Needs } from '../engine/together.ts';
import { applied } from '../engine/together.ts';
import { changeOf, type Edited, keyOfChange } from '../engine/workspace.ts';
import type { Plan } from '../model/plan.ts';
import { local } from '../report/words/local.ts';
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { editable, readEdited } from './edited-hunks.ts';
import { clean, onlyOf, type Screen, shownUnit } from './shown-unit.ts';

/** Changes that are asked for in one question. */
interface Unit {
  /** Indexes into the plan's verdicts. */
  readonly verdicts: readonly number[];
  readonly keys: readonly string[];
}

export type Answer = 'y' | 'n' | 'a' | 'd' | 's' | 'e' | 'q' | '?';

/** What the user does not want, and what otherwise. */
export interface Wishes {
  readonly declined: ReadonlySet<string>;
  readonly edited: ReadonlyMap<string, Edited>;
}

export interface Asking {
  /** The plan that heeds these. @throws NayekError */
  readonly replan: (wishes: Wishes) => Promise<Plan>;
  readonly needs: (plan: Plan) => Promise<Needs>;
  readonly show: (text: string) => void;
  /** Undefined when the user has broken off. */
  readonly ask: (question: string, answers: readonly Answer[]) => Promise<Answer | undefined>;
  /** Undefined when the editor has failed. */
  readonly edit: (text: string) => Promise<string | undefined>;
  readonly screen: Screen;
}

/**
 * The plan that holds what was accepted.
 * @throws NayekError `interrupted` when the user breaks off: nothing is to be written then.
 */
export async function chosenByHand(first: Plan, asking: Asking): Promise<Plan> {
  return new Questions(first, asking, await asking.needs(first)).asked();
}

class Questions {
  private plan: Plan;
  private readonly asking: Asking;
  /** Key → those that it does not do without: of the first plan, and of changes that came later. */
  private readonly needs: Map<string, ReadonlySet<string>>;
  private readonly declined = new Set<string>();
  private readonly edited = new Map<string, Edited>();
  /** Key → the diff that was agreed to. */
  private readonly accepted = new Map<string, string>();
  private apart = false;

  constructor(plan: Plan, asking: Asking, needs: Needs) {
    this.plan = plan;
    this.asking = asking;
    this.needs = new Map(needs);
  }

  async asked(): Promise<Plan> {
    for (;;) {
      const { plan } = this;
      const leaning = keysOf(plan).filter((key) => [...(this.needs.get(key) ?? [])].some((k) => this.declined.has(k)));
      if (leaning.length > 0) {
        this.tell(say`left out, as it needs what you said no to: ${names(leaning)}`);
        await this.refuse(leaning);
        continue;
      }
      const open = this.units().filter((u) => u.keys.some((key) => this.accepted.get(key) !== diffOf(plan, key)));
      const [unit] = open;
      if (!unit) return plan;
      const answer = await this.answer(unit);
      if (answer === 'a') return plan;
      if (answer === 'd' || answer === 'q') {
        await this.refuse(open.flatMap((u) => u.keys));
        return this.plan;
      }
      await this.follow(answer, unit);
    }
  }

  private async answer(unit: Unit): Promise<Answer> {
    this.asking.show(shownUnit(this.plan, unit.verdicts, this.asking.screen, this.lead(unit)));
    const answers: Answer[] = ['y', 'n', 'a', 'd', unit.keys.length > 1 ? 's' : 'e', 'q', '?'];
    const answer = await this.asking.ask(local(say`Take this change?`), answers);
    if (answer === undefined) throw new NayekError('interrupted', '', { hint: say`nothing was written` });
    return answer;
  }

  /** An answer about this unit alone. */
  private async follow(answer: Answer, unit: Unit): Promise<void> {
    if (answer === 'y') for (const key of unit.keys) this.accepted.set(key, diffOf(this.plan, key));
    if (answer === 'n') await this.refuse(unit.keys);
    if (answer === 's') this.apart = true;
    if (answer === 'e') await this.edit(unit);
    if (answer === '?') this.asking.show(`${help()}\n`);
  }

  private tell(text: string): void {
    this.asking.show(`  ${local(text)}\n`);
  }

  private lead(unit: Unit): string[] {
    const again = unit.keys.some((key) => this.accepted.has(key));
    return [
      ...(again ? [local(say`This has changed since you took it:`)] : []),
      ...(unit.keys.length > 1 ? [local(say`These make sense together only (s splits them):`)] : []),
    ];
  }

  private async refuse(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.declined.add(key);
    await this.planAgain();
  }

  private async planAgain(): Promise<void> {
    const before = this.plan;
    this.plan = await this.asking.replan({ declined: this.declined, edited: this.edited });
    for (const text of consequences(before, this.plan, this.declined)) this.tell(text);
    const known = new Set(keysOf(before));
    if (keysOf(this.plan).every((key) => known.has(key))) return;
    for (const [key, others] of await this.asking.needs(this.plan)) this.needs.set(key, others);
  }

  /** In the user's editor; what comes out is proved as what the part has made, or asked for again as it was. */
  private async edit(unit: Unit): Promise<void> {
    const { changes } = onlyOf(this.plan, unit.verdicts);
    const [key] = unit.keys;
    const text = editable(changes);
    const made = await this.asking.edit(text);
    const read = made === undefined || made === text ? undefined : readEdited(made, changes);
    if (read === undefined) return this.tell(made === undefined ? say`the editor has failed` : say`nothing was edited`);
    if (typeof read === 'string') return this.tell(say`not taken: ${read}`);
    if (key === undefined) return;
    const before = this.plan;
    const origin = [...this.edited.keys()].find((own) => own === key || sameChange(own, key)) ?? key;
    const earlier = this.edited.get(origin);
    this.edited.set(origin, read);
    try {
      await this.planAgain();
      const { part } = changeOf(key);
      const trouble = this.plan.verdicts.find((v) => v.part === part && v.kind === 'failed');
      if (trouble) throw new NayekError('failed-part', trouble.reason);
      const fresh = keysOf(this.plan).find((own) => sameChange(own, key));
      if (fresh !== undefined) this.accepted.set(fresh, diffOf(this.plan, fresh));
    } catch (error) {
      if (!(error instanceof NayekError) || error.kind === 'interrupted') throw error;
      if (earlier) this.edited.set(origin, earlier);
      else this.edited.delete(origin);
      this.plan = before;
      this.tell(say`not taken: ${error.message}`);
    }
  }

  /** In the order of the plan; changes that need each other are one, unless they are to stand apart. */
  private units(): Unit[] {
    const byKey = new Map<string, number[]>();
    for (const [index, verdict] of applied(this.plan)) {
      const key = keyOfChange(verdict);
      byKey.set(key, [...(byKey.get(key) ?? []), index]);
    }
    const units: { keys: string[]; verdicts: number[] }[] = [];
    for (const [key, verdicts] of byKey) {
      const own = this.apart ? [] : units.filter((u) => u.keys.some((k) => this.lean(k, key) || this.lean(key, k)));
      const [into, ...others] = own;
      if (into) {
        for (const other of others) {
          into.keys.push(...other.keys);
          into.verdicts.push(...other.verdicts);
          units.splice(units.indexOf(other), 1);
        }
        into.keys.push(key);
        into.verdicts.push(...verdicts);
      } else units.push({ keys: [key], verdicts: [...verdicts] });
    }
    return units;
  }

  private lean(key: string, on: string): boolean {
    return this.needs.get(key)?.has(on) === true;
  }
}

/** Whether both keys are of one part in one service, and of a file that both change. */
function sameChange(one: string, other: string): boolean {
  const [a, b] = [changeOf(one), changeOf(other)];
  return a.part === b.part && a.files.some((file) => b.files.includes(file));
}

function help(): string {
  return [
    ['y', say`take this change`],
    ['n', say`leave it out, and plan again`],
    ['a', say`take it and all that follow`],
    ['d', say`leave it and all that follow out`],
    ['s', say`ask for each of these changes by itself`],
    ['e', say`edit it: what you write is proved as any change is`],
    ['q', say`end here: what was taken is written`],
    ['?', say`these answers`],
    ['Ctrl-C', say`write nothing`],
  ]
    .map(([key, says = '']) => `${key}  ${local(says)}`)
    .join('\n');
}

function keysOf(plan: Plan): string[] {
  return [...new Set(applied(plan).map(([, v]) => keyOfChange(v)))];
}

function diffOf(plan: Plan, key: string): string {
  const own = applied(plan)
    .filter(([, v]) => keyOfChange(v) === key)
    .map(([index]) => index);
  const claims = plan.changes.flatMap((c) => (c.claims ?? []).filter((claim) => own.includes(claim.verdict)));
  return JSON.stringify(claims.map((claim) => claim.edits));
}

/** The parts of these changes. */
function names(keys: readonly string[]): string {
  return [...new Set(keys.map((key) => changeOf(key).part))].join(', ');
}

/** What another plan does with the changes of the one before, beside those that were declined. */
function consequences(before: Plan, after: Plan, declined: ReadonlySet<string>): string[] {
  return applied(before).flatMap(([, v]) => {
    const key = keyOfChange(v);
    if (declined.has(key)) return [];
    const now = after.verdicts.find(
      (w) => keyOfChange({ ...w, files: w.kind === 'applied' ? w.files : v.files }) === key,
    );
    if (now?.kind !== 'applied') return [local(say`${v.part} is no longer planned: ${clean(now?.reason ?? '')}`)];
    return diffOf(before, key) === diffOf(after, key) ? [] : [local(say`${v.part} is planned anew`)];
  });
}
