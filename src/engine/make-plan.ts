/** Snapshot + parts → Plan, with the proofs that come before anything is written. */

import type { Facts } from '../model/facts.ts';
import type { FileChange, Plan, Verdict } from '../model/plan.ts';
import type { Options, Outcome, Part } from '../model/transform.ts';
import { type Checked, createModuleGraph } from '../python/graph.ts';
import { LEFT_ALONE } from '../repo/listing.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { survey } from '../survey/index.ts';
import { applyEdits, type Edit, mergeEdits, OverlapError } from '../syntax/edit.ts';
import { say } from '../system/say.ts';
import { timed } from '../system/stats.ts';
import { servicesWhere } from './condition.ts';
import { unprovable } from './proof.ts';
import { Skips } from './skips.ts';

/** A part with the options that it runs with. */
export interface Step {
  readonly part: Part;
  readonly options: Options;
  /** Services that the part is run for; see condition.ts. */
  readonly when?: string;
}

export interface PlanOptions {
  /** Name of the recipe, for the record. */
  readonly recipe: string;
  /** Apply outcomes marked unsafe instead of reporting them as manual. */
  readonly unsafe?: boolean;
  /** Changes that somebody does not want, as `keyOfChange` names them: they are reported as skipped. */
  readonly declined?: ReadonlySet<string>;
  /** Python files whose every line is parsed; all when absent. Of others, an error is seen only where it matters. */
  readonly checked?: Checked;
  /** Told what was planned before it is proved to converge, so that another check can go on meanwhile. */
  readonly onPlanned?: (plan: Plan, facts: Facts) => void;
}

/** Raised when planning again on the result would change something more. */
export class NotConvergedError extends Error {}

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
  const again = planOnce(result, survey(result, modules), steps, options).changes();
  if (again.length > 0) {
    const files = again.map((c) => `${c.path} (${c.by.join(', ')})`).join(', ');
    throw new NotConvergedError(say`a second run would change ${files}`);
  }
}

function planOnce(repo: Snapshot, facts: Facts, steps: readonly Step[], options: PlanOptions): Workspace {
  const work = new Workspace(repo, options);
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
      ...work.skips.unused(steps.map((s) => s.part.id)),
    ],
    stops: surveyed ? stopsOf(facts, work.mended) : [],
    reads: Object.fromEntries(repo.reads),
    skipped: skippedFiles(repo, facts),
  };
}

/** What the survey says a person must know and the plan leaves so; what keeps the service from working comes first. */
function notesOf(facts: Facts, mended: ReadonlySet<string>): Note[] {
  const notes = facts.services.flatMap((s) => s.notes).filter((n) => !mended.has(n.text));
  return [...notes.filter((n) => n.stops), ...notes.filter((n) => !n.stops)];
}

type Note = Facts['services'][number]['notes'][number];

/** With the place. */
function shownNote({ text, at }: Note): string {
  return `${text} (${at.path}:${at.line})`;
}

/** Each once, as several services may share a file. */
function stopsOf(facts: Facts, mended: ReadonlySet<string>): NonNullable<Plan['stops']> {
  const found = notesOf(facts, mended).filter((n) => n.stops);
  return [...new Map(found.map((n) => [shownNote(n), { text: n.text, at: n.at }])).values()];
}

/** Files that could not be read, and those that were parsed and have a syntax error, or code too deep to be looked into. */
function skippedFiles(repo: Snapshot, facts: Facts): Plan['skipped'] {
  const broken = facts.modules.broken.map(({ path, line }) => ({ path, reason: say`does not parse (line ${line})` }));
  const deep = facts.modules.deep.map(({ path, line }) => ({
    path,
    reason: say`is nested too deeply from line ${line} on: what lies there is not looked into`,
  }));
  return [...repo.skipped, ...broken, ...deep].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What names a change from plan to plan: its part, its service and its files. */
export function keyOfChange({ part, service, files }: Pick<Verdict, 'part' | 'service' | 'files'>): string {
  return JSON.stringify([part, service ?? '', ...[...files].sort()]);
}

interface Claim {
  readonly part: string;
  /** Index of the verdict that it belongs to. */
  readonly verdict: number;
  readonly edits: readonly Edit[];
}

/** What a part says of a service that it is not run for does not count. */
function onlyWhere(outcome: Outcome, where: ReadonlySet<string>, when: string | undefined): Outcome {
  const { service, at } = outcome;
  if (service === undefined || where.has(service)) return outcome;
  return { kind: 'skipped', reason: say`left out: not ${when}`, at, service };
}

/** Collects what the parts claim; a claim that collides with an earlier one or cannot be proved is taken back whole. */
class Workspace {
  readonly verdicts: Verdict[] = [];
  /** Texts of the notes that the claims so far put right. */
  readonly mended = new Set<string>();
  private readonly edits = new Map<string, Claim[]>();
  private readonly creates = new Map<string, Omit<Claim, 'edits'> & { readonly text: string }>();
  private readonly repo: Snapshot;
  private readonly unsafe: boolean;
  private readonly declined: ReadonlySet<string>;
  readonly skips: Skips;
  /** The edits of the part that runs are fine together, hence each of them. */
  private proved = false;

  constructor(repo: Snapshot, { unsafe, declined }: PlanOptions) {
    this.repo = repo;
    this.unsafe = unsafe === true;
    this.declined = declined ?? new Set();
    this.skips = new Skips(repo);
  }

  /** A part that does not run here. */
  pass({ part }: Step, reason: string): void {
    this.verdicts.push(this.verdict(part.id, { kind: 'skipped', reason, at: [] }));
  }

  /** `where`: roots of the services that it is run for; all when undefined. */
  run(step: Step, facts: Facts, where?: ReadonlySet<string>): void {
    const { part } = step;
    let outcomes: readonly Outcome[];
    try {
      outcomes = part.plan(this.repo, facts, step.options);
    } catch (error) {
      outcomes = [];
      this.verdicts.push({
        part: part.id,
        kind: 'failed',
        reason: say`internal error: ${(error as Error).message}`,
        at: [],
        files: [],
        warnings: [],
        commands: [],
      });
    }
    if (where) outcomes = outcomes.map((outcome) => onlyWhere(outcome, where, step.when));
    outcomes = outcomes.map((outcome) => this.skips.applied(part.id, outcome));
    this.proved = this.proveTogether(outcomes);
    for (const outcome of outcomes) this.verdicts.push(this.verdict(part.id, outcome));
  }

  /**
   * One proof for each file instead of one for each edit: true when all that a part wants can be applied and proved. An
   * outcome that also creates files may yet fail for those, so then each is looked at by itself.
   */
  private proveTogether(outcomes: readonly Outcome[]): boolean {
    const edits = new Map<string, Edit[]>();
    for (const outcome of outcomes) {
      if (outcome.kind !== 'edits' || (outcome.unsafe && !this.unsafe)) continue;
      const touched = Object.entries(outcome.edits ?? {});
      if (touched.length > 0 && Object.keys(outcome.creates ?? {}).length > 0) return false;
      for (const [path, added] of touched) {
        const known = edits.get(path) ?? [];
        known.push(...added);
        edits.set(path, known);
      }
    }
    return [...edits].every(([path, added]) => this.problemOf(path, added) === undefined);
  }

  /** Why these edits cannot be made on top of what is claimed already. */
  private problemOf(path: string, added: readonly Edit[]): string | undefined {
    const file = this.repo.read(path);
    if (!file) return say`${path} cannot be read`;
    const before = (this.edits.get(path) ?? []).flatMap((c) => c.edits);
    try {
      const after = applyEdits(file.text, [...before, ...added]);
      const problem = timed('verify', () => unprovable(path, file, after));
      return problem && `${path}: ${problem}`;
    } catch (error) {
      if (error instanceof OverlapError) return say`${path}: another part changes the same lines`;
      throw error;
    }
  }

  private verdict(part: string, outcome: Outcome): Verdict {
    const base = {
      part,
      reason: outcome.reason,
      at: outcome.at,
      files: [] as string[],
      warnings: outcome.warnings ?? [],
      commands: outcome.commands ?? [],
      ...(outcome.service === undefined ? {} : { service: outcome.service }),
    };
    if (outcome.kind === 'manual') {
      const commands = outcome.command ? [...base.commands, outcome.command] : base.commands;
      return { ...base, kind: 'manual', commands, ...(outcome.snippet ? { snippet: outcome.snippet } : {}) };
    }
    if (outcome.kind !== 'edits') return { ...base, kind: outcome.kind };
    if (outcome.unsafe && !this.unsafe) {
      return { ...base, kind: 'manual', reason: say`${outcome.reason} (changes behaviour: needs --unsafe)` };
    }
    const files = [...Object.keys(outcome.edits ?? {}), ...Object.keys(outcome.creates ?? {})];
    if (this.declined.has(keyOfChange({ ...base, files }))) {
      return { ...base, kind: 'skipped', reason: say`you said no: ${outcome.reason}` };
    }
    for (const [path, snippet] of Object.entries(outcome.creates ?? {})) {
      const obstacle = this.repo.has(path) ? undefined : this.repo.obstacle(path);
      if (obstacle === LEFT_ALONE) return { ...base, kind: 'skipped', reason: `${path} ${obstacle}` };
      if (obstacle) return { ...base, kind: 'manual', reason: `${path} ${obstacle}`, snippet };
    }
    const problem = this.claim(part, outcome.edits ?? {}, outcome.creates ?? {});
    if (problem) return { ...base, kind: 'failed', reason: problem };
    for (const text of outcome.mends ?? []) this.mended.add(text);
    return {
      ...base,
      kind: 'applied',
      files,
    };
  }

  /** Takes the whole outcome or, with the reason, nothing of it. */
  private claim(
    part: string,
    edits: Readonly<Record<string, readonly Edit[]>>,
    creates: Readonly<Record<string, string>>,
  ): string | undefined {
    for (const [path, added] of this.proved ? [] : Object.entries(edits)) {
      const problem = this.problemOf(path, added);
      if (problem) return problem;
    }
    for (const [path, text] of Object.entries(creates)) {
      if (this.repo.has(path) || this.creates.has(path)) return say`${path} exists already`;
      const problem = timed('verify', () => unprovable(path, undefined, text));
      if (problem) return `${path}: ${problem}`;
    }
    // Its verdict is the next one.
    const verdict = this.verdicts.length;
    for (const [path, added] of Object.entries(edits)) {
      const claims = this.edits.get(path) ?? [];
      claims.push({ part, verdict, edits: added });
      this.edits.set(path, claims);
    }
    for (const [path, text] of Object.entries(creates)) this.creates.set(path, { part, verdict, text });
    return undefined;
  }

  changes(): FileChange[] {
    const out: FileChange[] = [];
    for (const [path, claims] of this.edits) {
      const file = this.repo.read(path);
      if (!file) continue;
      const edits = mergeEdits(claims.flatMap((c) => c.edits));
      const after = applyEdits(file.text, edits);
      if (after === file.text) continue;
      const by = [...new Set(claims.map((c) => c.part))];
      out.push({
        path,
        before: file.text,
        after,
        edits,
        encoding: file.encoding,
        bom: file.bom,
        sha256: file.sha256,
        by,
        claims: claims.map(({ verdict, edits: own }) => ({ verdict, edits: own })),
      });
    }
    for (const [path, { part, verdict, text }] of this.creates) {
      const claims = [{ verdict, edits: [{ start: 0, end: 0, text }] }];
      const form = { encoding: 'utf-8', bom: false, sha256: null } as const;
      out.push({ path, before: null, after: text, edits: [], ...form, by: [part], claims });
    }
    return out.sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}
