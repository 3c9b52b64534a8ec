/**
 * `nayek patch -i`: change by change, as `git add -p` asks. A change is what one part does at one place: its hunks make
 * sense together only, so they are taken together; a requirement and the commands that start it go together, too.
 */
import { isCancel, SelectKeyPrompt } from '@clack/core';
import { keyOfChange } from '../engine/workspace.ts';
import type { Plan, Verdict } from '../model/plan.ts';
import { planReport } from '../report/json.ts';
import { shownHunks } from '../report/page/lines.ts';
import { local } from '../report/words/local.ts';
import { mask } from '../secrets/mask.ts';
import { applyEdits } from '../syntax/edit.ts';
import { oneLine, painter, visible } from '../syntax/visible.ts';
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';

/** Changes that are asked for in one question. */
interface Unit {
  /** Indexes into the plan's verdicts. */
  readonly verdicts: readonly number[];
  readonly keys: readonly string[];
}

export type Answer = 'y' | 'n' | 'a' | 'd' | 's' | 'q' | '?';

export interface Asking {
  /** The plan without these changes. */
  readonly replan: (declined: ReadonlySet<string>) => Promise<Plan>;
  readonly show: (text: string) => void;
  /** Undefined when the user has broken off. */
  readonly ask: (question: string, answers: readonly Answer[]) => Promise<Answer | undefined>;
  readonly colour: boolean;
}

/**
 * The plan that holds what was accepted.
 * @throws NayekError `interrupted` when the user breaks off: nothing is to be written then.
 */
export async function chosenByHand(first: Plan, asking: Asking): Promise<Plan> {
  const { show, replan, ask } = asking;
  let plan = first;
  const declined = new Set<string>();
  /** Key → the diff that was agreed to. */
  const accepted = new Map<string, string>();
  let apart = false;
  const refuse = async (keys: readonly string[]): Promise<void> => {
    for (const key of keys) declined.add(key);
    const before = plan;
    plan = await replan(declined);
    for (const text of consequences(before, plan, declined)) show(`  ${text}\n`);
  };
  for (;;) {
    const leaning = leaningOn(first, plan, declined);
    if (leaning.length > 0) {
      show(`  ${local(say`${names(plan, leaning)} needs what you said no to: left out`)}\n`);
      await refuse(leaning);
      continue;
    }
    const open = unitsOf(plan, apart).filter((u) => u.keys.some((key) => accepted.get(key) !== diffOf(plan, key)));
    const [unit] = open;
    if (!unit) return plan;
    const again = unit.keys.some((key) => accepted.has(key));
    show(shownUnit(plan, unit, asking.colour, again));
    const answers: Answer[] = ['y', 'n', 'a', 'd', ...(unit.keys.length > 1 ? (['s'] as const) : []), 'q', '?'];
    const answer = await ask(local(say`Take this change?`), answers);
    const rest = open.flatMap((u) => u.keys);
    if (answer === undefined) throw new NayekError('interrupted', '', { hint: 'nothing was written' });
    if (answer === 'y') for (const key of unit.keys) accepted.set(key, diffOf(plan, key));
    if (answer === 'n') await refuse(unit.keys);
    if (answer === 's') apart = true;
    if (answer === '?') show(`${HELP}\n`);
    if (answer === 'a') return plan;
    if (answer === 'd' || answer === 'q') {
      await refuse(rest);
      return plan;
    }
  }
}

const HELP = [
  'y  take this change',
  'n  leave it out, and plan again',
  'a  take it and all that follow',
  'd  leave it and all that follow out',
  's  ask for each of these changes by itself',
  'q  end here: what was taken is written',
  '?  this',
  'Ctrl-C  write nothing',
].join('\n');

function applied(plan: Plan): (readonly [number, Verdict])[] {
  return [...plan.verdicts.entries()].filter(([, v]) => v.kind === 'applied');
}

/** In the order of the plan; the requirement of a server with the commands that start it, unless they are to stand apart. */
function unitsOf(plan: Plan, apart: boolean): Unit[] {
  const byKey = new Map<string, number[]>();
  for (const [index, verdict] of applied(plan)) {
    const key = keyOfChange(verdict);
    byKey.set(key, [...(byKey.get(key) ?? []), index]);
  }
  const units: { keys: string[]; verdicts: number[]; server: string }[] = [];
  for (const [key, verdicts] of byKey) {
    const brought = verdicts.map((v) => requiredBy(plan.verdicts[v])).find((name) => name !== '') ?? '';
    const started = apart ? undefined : units.find((u) => u.server !== '' && adds(plan, verdicts, u.server));
    if (started) {
      started.keys.push(key);
      started.verdicts.push(...verdicts);
    } else units.push({ keys: [key], verdicts: [...verdicts], server: brought });
  }
  return units;
}

/** The server that a change makes installable; its part is called after it. */
function requiredBy(verdict: Verdict | undefined): string {
  return verdict?.part === 'gunicorn' ? 'gunicorn' : '';
}

/** Whether one of these verdicts writes a text that names a program. */
function adds(plan: Plan, verdicts: readonly number[], program: string): boolean {
  const texts = plan.changes.flatMap((c) => (c.claims ?? []).filter((claim) => verdicts.includes(claim.verdict)));
  return texts.some(({ edits }) => edits.some((e) => new RegExp(`\\b${program}\\b`).test(e.text)));
}

/** Changes that start a server whose requirement was declined. */
function leaningOn(first: Plan, plan: Plan, declined: ReadonlySet<string>): string[] {
  const gone = applied(first)
    .map(([, v]) => v)
    .filter((v) => requiredBy(v) !== '' && declined.has(keyOfChange(v)));
  return applied(plan)
    .filter(([index]) => gone.some((v) => adds(plan, [index], requiredBy(v))))
    .map(([, v]) => keyOfChange(v));
}

function diffOf(plan: Plan, key: string): string {
  const own = applied(plan)
    .filter(([, v]) => keyOfChange(v) === key)
    .map(([index]) => index);
  const claims = plan.changes.flatMap((c) => (c.claims ?? []).filter((claim) => own.includes(claim.verdict)));
  return JSON.stringify(claims.map((claim) => claim.edits));
}

function names(plan: Plan, keys: readonly string[]): string {
  return [
    ...new Set(
      applied(plan)
        .filter(([, v]) => keys.includes(keyOfChange(v)))
        .map(([, v]) => v.part),
    ),
  ].join(', ');
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

function shownUnit(plan: Plan, unit: Unit, colour: boolean, again: boolean): string {
  const paint = painter(colour);
  const lines: string[] = [''];
  if (again) lines.push(paint('yellow', local(say`This has changed since you took it:`)));
  if (unit.keys.length > 1) lines.push(paint('yellow', local(say`These make sense together only (s splits them):`)));
  for (const index of unit.verdicts) {
    const verdict = plan.verdicts[index];
    if (!verdict) continue;
    const [at] = verdict.at;
    lines.push(
      `${paint('bold', verdict.part)}  ${at ? `${visible(at.path)}:${at.line}: ` : ''}${clean(verdict.reason)}`,
    );
    for (const warning of verdict.warnings) lines.push(`  ${paint('yellow', 'warning:')} ${clean(warning)}`);
    for (const command of verdict.commands) lines.push(`  run: ${clean(command)}`);
  }
  for (const change of planReport(onlyOf(plan, unit.verdicts), false).changes) {
    lines.push(paint('bold', visible(change.path)));
    for (const { head, lines: rows } of shownHunks(change.diff, change.path)) {
      lines.push(paint('cyan', head));
      for (const { kind, pieces } of rows) {
        const text = pieces.map((p) => (p.changed && colour ? `\x1b[7m${p.text}\x1b[27m` : p.text)).join('');
        lines.push(kind === ' ' ? ` ${text}` : paint(kind === '-' ? 'red' : 'green', `${kind}${text}`));
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The plan with the edits of these verdicts alone, for showing. */
function onlyOf(plan: Plan, verdicts: readonly number[]): Plan {
  const changes = plan.changes.flatMap((change) => {
    const claims = (change.claims ?? []).filter((c) => verdicts.includes(c.verdict));
    if (claims.length === 0) return [];
    if (change.before === null) return [change];
    const edits = claims.flatMap((c) => c.edits);
    return [{ ...change, claims, edits, after: applyEdits(change.before, edits) }];
  });
  return { ...plan, changes };
}

function clean(text: string): string {
  return visible(oneLine(mask(local(text))));
}

/** Asks on the terminal, one key an answer. */
export async function askOnTerminal(question: string, answers: readonly Answer[]): Promise<Answer | undefined> {
  const prompt = new SelectKeyPrompt({
    options: answers.map((value) => ({ value })),
    render() {
      return `${question} [${answers.join(',')}] ${this.state === 'submit' ? String(this.value) : ''}`;
    },
  });
  const answer = await prompt.prompt();
  return isCancel(answer) ? undefined : answer;
}
