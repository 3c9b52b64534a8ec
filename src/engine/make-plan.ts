/** Snapshot + parts → Plan, with the proofs that come before anything is written. */

import { faultsElsewhere } from '../judge/elsewhere.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { type Checked, createModuleGraph } from '../python/graph.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { survey } from '../survey/index.ts';
import { say } from '../system/say.ts';
import { timed } from '../system/stats.ts';
import { servicesWhere } from './condition.ts';
import { parts } from './parts.ts';
import { Skips } from './skips.ts';
import type { Step } from './step.ts';
import { changeOf, type Wanted, Workspace } from './workspace.ts';

export interface PlanOptions extends Wanted {
  /** Name of the recipe, for the record. */
  readonly recipe: string;
  /** Python files whose every line is parsed; all when absent. Of others, an error is seen only where it matters. */
  readonly checked?: Checked;
  /** Told what was planned before it is proved to converge, so that another check can go on meanwhile. */
  readonly onPlanned?: (plan: Plan, facts: Facts) => void;
  /** Runs what takes long and never waits, so that it can be stopped; it is just called when absent. */
  readonly breakable?: <T>(work: () => T) => Promise<T>;
}

/** Raised when planning again on the result would change something more. */
export class NotConvergedError extends Error {
  /** Ids of the parts that have changed the same files, in the first run or in the second. */
  readonly parts: readonly string[];

  constructor(message: string, parts: readonly string[]) {
    super(message);
    this.parts = parts;
  }
}

/**
 * The plan for a repository. Pure but for reading files; `loadPython()` must have been awaited.
 * @throws NotConvergedError when a second run would not be empty.
 */
export function makePlan(repo: Snapshot, steps: readonly Step[], options: PlanOptions): Plan {
  const facts = survey(repo, createModuleGraph(repo, options.checked));
  const plan = timed('plan', () => describe(repo, facts, planOnce(repo, facts, steps, options), steps, options));
  options.onPlanned?.(plan, facts);
  if (plan.changes.length === 0) return plan;
  timed('verify', () => assertConverges(repo, facts, plan, steps, options));
  return plan;
}

function assertConverges(repo: Snapshot, facts: Facts, plan: Plan, steps: readonly Step[], options: PlanOptions): void {
  const result = repo.with(new Map(plan.changes.map((c) => [c.path, c.after])));
  // What was worked out about the modules still holds when no module changed.
  const sameModules = plan.changes.every((c) => !c.path.endsWith('.py'));
  const modules = sameModules ? facts.modules : createModuleGraph(result, options.checked, facts.modules);
  const again = planOnce(result, survey(result, modules), steps, afterwards(options)).changes();
  if (again.length > 0) {
    const files = again.map((c) => `${c.path} (${c.by.join(', ')})`).join(', ');
    const paths = new Set(again.map((c) => c.path));
    const first = plan.changes.filter((c) => paths.has(c.path));
    const by = [...new Set([...first, ...again].flatMap((c) => c.by))];
    throw new NotConvergedError(say`a second run would change ${files}`, by);
  }
}

/** What is wanted of the plan on its own result: what a person has edited stays as it is. */
function afterwards({ edited, ...options }: PlanOptions): PlanOptions {
  return edited?.size ? { ...options, settled: [...edited.keys()].map(changeOf) } : options;
}

/** What the parts make of a repository, unproved. */
export function planOnce(repo: Snapshot, facts: Facts, steps: readonly Step[], options: PlanOptions): Workspace {
  // One part alone is a piece of a whole that is applied step by step.
  const chosen = steps.length > 1 ? new Map(steps.map((s) => [s.part.id, s.options])) : undefined;
  const ids = [...steps.map((s) => s.part), ...parts].map(({ id }) => id);
  const work = new Workspace(repo, options, new Skips(repo, ids), chosen);
  const refusal = refusalFor(facts, steps);
  if (refusal) return work;
  let patched: Facts | undefined;
  for (const step of steps) {
    if (step.part.afterMigrations) patched ??= patchedFacts(repo, facts, work, options);
    const where = step.when === undefined ? undefined : servicesWhere(facts, step.when);
    if (where?.size === 0) work.pass(step, say`no service where ${step.when}`);
    else if (!step.part.anywhere && facts.refusal) work.pass(step, facts.refusal.reason);
    else work.run(step, (step.part.afterMigrations && patched) || facts, where);
  }
  return work;
}

/** The facts with the env.py of migrations as the parts so far leave it; the same ones where they leave it alone. */
function patchedFacts(repo: Snapshot, facts: Facts, work: Workspace, { checked }: PlanOptions): Facts {
  const changed = work.changes().filter((c) => c.path.endsWith('env.py') && c.before !== null);
  if (changed.length === 0) return facts;
  const result = repo.with(new Map(changed.map((c) => [c.path, c.after])));
  return survey(result, createModuleGraph(result, checked, facts.modules));
}

/** Why there is nothing to do for any of these parts. The survey is not asked where none of them needs a service. */
function refusalFor(facts: Facts, steps: readonly Step[]): Facts['refusal'] {
  return steps.some((s) => s.part.anywhere) ? undefined : facts.refusal;
}

function describe(repo: Snapshot, facts: Facts, work: Workspace, steps: readonly Step[], options: PlanOptions): Plan {
  const refusal = refusalFor(facts, steps);
  // Facts are worked out when they are asked for: where no part needs a service, nobody asks.
  const surveyed = !refusal && steps.some((s) => !s.part.anywhere);
  return {
    root: repo.root,
    recipe: options.recipe,
    ...(refusal ? { refusal } : {}),
    changes: work.changes(),
    verdicts: work.verdicts,
    warnings: [
      ...(surveyed ? new Set(notesOf(facts, work.mended).map(shownNote)) : []),
      ...(surveyed ? faultsElsewhere(repo, facts).map(shownNote) : []),
      ...work.skips.unclear(),
      ...work.skips.unused(work.ran),
    ],
    stops: surveyed ? stopsOf(facts, work.mended) : [],
    reads: Object.fromEntries(repo.reads),
    skipped: skippedFiles(repo, facts, work),
  };
}

/** What the survey says a person must know and the plan leaves so; what keeps the service from working comes first. */
function notesOf(facts: Facts, mended: ReadonlySet<string>): Note[] {
  const notes = facts.services.flatMap((s) => s.notes).filter((n) => !mended.has(n.text));
  return [...notes.filter((n) => n.stops), ...notes.filter((n) => !n.stops)];
}

type Note = Facts['services'][number]['notes'][number];

/** With the place. */
function shownNote({ text, at }: Pick<Note, 'text' | 'at'>): string {
  return `${text} (${at.path}:${at.line})`;
}

/** Each once, as several services may share a file. */
function stopsOf(facts: Facts, mended: ReadonlySet<string>): NonNullable<Plan['stops']> {
  const found = notesOf(facts, mended).filter((n) => n.stops);
  return [...new Map(found.map((n) => [shownNote(n), { text: n.text, at: n.at }])).values()];
}

/** Files that could not be read, and those that were parsed and have a syntax error, or code too deep to be looked into. */
function skippedFiles(repo: Snapshot, facts: Facts, { brokenInVerdicts }: Workspace): Plan['skipped'] {
  const broken = facts.modules.broken
    .filter(({ path }) => !brokenInVerdicts.has(path))
    .map(({ path, line }) => ({ path, reason: say`does not parse (line ${line})` }));
  const deep = facts.modules.deep.map(({ path, line }) => ({
    path,
    reason: say`is nested too deeply from line ${line} on: what lies there is not looked into`,
  }));
  return [...repo.skipped, ...broken, ...deep].sort((a, b) => (a.path < b.path ? -1 : 1));
}
