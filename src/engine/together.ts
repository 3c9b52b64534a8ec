/** Which changes of a plan need each other: asked of the parts themselves, which look at a tree where one is missing. */
import { PROGRAMS } from '../knowledge/programs.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan, Verdict } from '../model/plan.ts';
import { createModuleGraph } from '../python/graph.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { survey } from '../survey/index.ts';
import { applyEdits } from '../syntax/edit.ts';
import { normalizeName } from '../syntax/requirements.ts';
import { literally } from '../system/pattern.ts';
import { type PlanOptions, planOnce } from './make-plan.ts';
import type { Step } from './step.ts';
import { keyOfChange } from './workspace.ts';

/** Key of a change, as `keyOfChange` names it → the keys of those that it does not do without. */
export type Needs = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * A change needs another when its part, run on the tree that has all but the other, finds fault with what it has left
 * there; and when it names what the other has installed: a start command its server, a unit its migrations' program. Pure
 * but for reading files; costs a survey for each change.
 */
export function needsOf(repo: Snapshot, plan: Plan, steps: readonly Step[], options: PlanOptions): Needs {
  const keys = new Set(applied(plan).map(([, verdict]) => keyOfChange(verdict)));
  const needs = new Map<string, Set<string>>();
  if (keys.size < 2) return needs;
  const { modules } = survey(repo, createModuleGraph(repo, options.checked));
  const look = (without?: string): View => {
    const tree = repo.with(treeOf(plan, without));
    const facts = survey(tree, createModuleGraph(tree, options.checked, modules));
    return { faults: faults(planOnce(tree, facts, steps, options).verdicts), installed: installedBy(facts) };
  };
  const whole = look();
  for (const missing of keys) {
    const { faults: found, installed } = look(missing);
    const brought = programsOf([...whole.installed].filter((name) => !installed.has(name)));
    for (const [index, verdict] of applied(plan)) {
      const key = keyOfChange(verdict);
      if (key === missing) continue;
      const place = placeOf(verdict);
      const faulty = (found.get(place) ?? 0) > (whole.faults.get(place) ?? 0);
      if (faulty || names(plan, index, brought)) needs.set(key, (needs.get(key) ?? new Set()).add(missing));
    }
  }
  return needs;
}

/** What a tree looks like. */
interface View {
  readonly faults: ReadonlyMap<string, number>;
  /** Normalised names of distributions. */
  readonly installed: ReadonlySet<string>;
}

function installedBy({ services }: Facts): Set<string> {
  return new Set(services.flatMap((s) => s.dependencies?.requirements ?? []).map(({ name }) => normalizeName(name)));
}

/** The words that use of these distributions is known by. */
function programsOf(distributions: readonly string[]): string[] {
  return distributions.flatMap((name) => [name, ...PROGRAMS.filter((p) => p.brings === name).map((p) => p.program)]);
}

/** Whether a change puts one of these words in. */
function names(plan: Plan, verdict: number, words: readonly string[]): boolean {
  if (words.length === 0) return false;
  const word = words.map((w) => literally(w).replace(/\\?[-_]/g, '[-_]')).join('|');
  const pattern = new RegExp(`(?<![\\w-])(?:${word})(?![\\w-])`, 'i');
  const claims = plan.changes.flatMap((c) => c.claims ?? []).filter((claim) => claim.verdict === verdict);
  return claims.some(({ edits }) => edits.some((edit) => pattern.test(edit.text)));
}

export function applied(plan: Plan): (readonly [number, Verdict])[] {
  return [...plan.verdicts.entries()].filter(([, v]) => v.kind === 'applied');
}

/** A part in a service. */
function placeOf({ part, service }: Verdict): string {
  return JSON.stringify([part, service ?? '']);
}

/** How much the parts find that they cannot put right, by place. */
function faults(verdicts: readonly Verdict[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const verdict of verdicts) {
    if (verdict.kind !== 'manual' && verdict.kind !== 'failed') continue;
    counts.set(placeOf(verdict), (counts.get(placeOf(verdict)) ?? 0) + 1);
  }
  return counts;
}

/** The texts that the plan leaves, without one of its changes. */
function treeOf(plan: Plan, without: string | undefined): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { path, before, after, claims } of plan.changes) {
    const kept = (claims ?? []).filter(({ verdict }) => {
      const whose = plan.verdicts[verdict];
      return whose === undefined || keyOfChange(whose) !== without;
    });
    if (kept.length === (claims ?? []).length) texts.set(path, after);
    else if (before !== null && kept.length > 0) {
      texts.set(
        path,
        applyEdits(
          before,
          kept.flatMap((c) => c.edits),
        ),
      );
    }
  }
  return texts;
}
