/** What the parts claim, outcome by outcome, with the proof of each: verdicts and changes of a plan come out of it. */
import type { Facts } from '../model/facts.ts';
import type { FileChange, Verdict } from '../model/plan.ts';
import type { Chosen, Outcome } from '../model/transform.ts';
import { LEFT_ALONE } from '../repo/listing.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { applyEdits, type Edit, mergeEdits, OverlapError } from '../syntax/edit.ts';
import { say } from '../system/say.ts';
import { timed } from '../system/stats.ts';
import { rememberTrouble } from '../system/trouble.ts';
import { PluginError } from './plugin.ts';
import { brokenBefore, unprovable } from './proof.ts';
import type { Skips } from './skips.ts';
import type { Step } from './step.ts';

/** Which of the outcomes somebody wants. */
export interface Wanted {
  /** Apply outcomes marked unsafe instead of reporting them as manual. */
  readonly unsafe?: boolean;
  /** Changes that somebody does not want, as `keyOfChange` names them: they are reported as skipped. */
  readonly declined?: ReadonlySet<string>;
  /** Changes that somebody has written another way, as `keyOfChange` names the part's own. */
  readonly edited?: ReadonlyMap<string, Edited>;
  /** Changes that were edited and are in the files by now: their parts are not asked again. */
  readonly settled?: readonly Pick<Verdict, 'part' | 'files'>[];
}

/** What somebody wants in the place of a part's own change. */
export interface Edited {
  readonly edits: Readonly<Record<string, readonly Edit[]>>;
  readonly creates: Readonly<Record<string, string>>;
}

/** What names a change from plan to plan: its part, its service and its files. */
export function keyOfChange({ part, service, files }: Pick<Verdict, 'part' | 'service' | 'files'>): string {
  return JSON.stringify([part, service ?? '', ...[...files].sort()]);
}

/** The inverse. */
export function changeOf(key: string): Pick<Verdict, 'part' | 'files'> {
  const [part = '', , ...files] = JSON.parse(key) as string[];
  return { part, files };
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

function filesOf({ edits = {}, creates = {} }: Partial<Edited>): string[] {
  return [...Object.keys(edits), ...Object.keys(creates)];
}

/** Collects what the parts claim: a claim that collides with an earlier one or cannot be proved is taken back whole. */
export class Workspace {
  readonly verdicts: Verdict[] = [];
  /** Texts of the notes that the claims so far put right. */
  readonly mended = new Set<string>();
  private readonly edits = new Map<string, Claim[]>();
  private readonly creates = new Map<string, Omit<Claim, 'edits'> & { readonly text: string }>();
  private readonly repo: Snapshot;
  private readonly unsafe: boolean;
  private readonly wanted: Wanted;
  private readonly chosen: Chosen | undefined;
  readonly skips: Skips;
  /** Ids of the parts that were asked. */
  readonly ran = new Set<string>();
  /** Files with a syntax error that a verdict speaks of. */
  readonly brokenInVerdicts = new Set<string>();
  /** The edits of the part that runs are fine together, hence each of them. */
  private proved = false;

  constructor(repo: Snapshot, wanted: Wanted, skips: Skips, chosen?: Chosen) {
    this.repo = repo;
    this.chosen = chosen;
    this.unsafe = wanted.unsafe === true;
    this.wanted = wanted;
    this.skips = skips;
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
      outcomes = part.plan(this.repo, facts, step.options, this.chosen);
    } catch (error) {
      outcomes = [];
      rememberTrouble(error);
      const { message } = error as Error;
      this.verdicts.push({
        part: part.id,
        kind: 'failed',
        reason: error instanceof PluginError ? message : say`internal error: ${message}`,
        at: [],
        files: [],
        warnings: [],
        commands: [],
      });
    }
    if (where) outcomes = outcomes.map((outcome) => onlyWhere(outcome, where, step.when));
    outcomes = outcomes.flatMap((outcome) => this.skips.applied(part.id, outcome));
    this.ran.add(part.id);
    outcomes = outcomes.map((outcome) => this.withoutBroken(outcome, facts));
    this.proved = !this.wanted.edited?.size && this.proveTogether(outcomes);
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
    const own = filesOf(outcome);
    if (this.wanted.declined?.has(keyOfChange({ ...base, files: own }))) {
      return { ...base, kind: 'skipped', reason: say`you said no: ${outcome.reason}` };
    }
    if (this.wanted.settled?.some((one) => one.part === part && one.files.some((file) => own.includes(file)))) {
      return { ...base, kind: 'skipped', reason: say`edited by hand` };
    }
    const edited = this.wanted.edited?.get(keyOfChange({ ...base, files: own }));
    return this.taken(
      part,
      edited ? { ...base, reason: say`edited by hand: ${outcome.reason}` } : base,
      edited ?? outcome,
    );
  }

  /** The verdict on what is to be done, which is claimed here. */
  private taken(part: string, base: Omit<Verdict, 'kind'>, outcome: Partial<Edited> & Pick<Outcome, 'mends'>): Verdict {
    for (const [path, snippet] of Object.entries(outcome.creates ?? {})) {
      const obstacle = this.repo.has(path) ? undefined : this.repo.obstacle(path);
      if (obstacle === LEFT_ALONE) return { ...base, kind: 'skipped', reason: `${path} ${obstacle}` };
      if (obstacle) return { ...base, kind: 'manual', reason: `${path} ${obstacle}`, snippet };
    }
    const problem = this.claim(part, outcome.edits ?? {}, outcome.creates ?? {});
    if (problem) {
      // What was broken before is nobody's fault here.
      const broken = Object.keys(outcome.edits ?? {}).flatMap((path) => this.brokenBefore(path) ?? [])[0];
      if (broken !== undefined) return { ...base, kind: 'skipped', reason: say`left alone: ${broken}` };
      return { ...base, kind: 'failed', reason: problem };
    }
    for (const text of outcome.mends ?? []) this.mended.add(text);
    return { ...base, kind: 'applied', files: filesOf(outcome) };
  }

  /** Nothing of what touches a Python file in which a syntax error was met, be it elsewhere. */
  private withoutBroken(outcome: Outcome, { modules }: Facts): Outcome {
    if (outcome.kind !== 'edits') return outcome;
    for (const path of Object.keys(outcome.edits ?? {})) {
      const module = modules.module(path);
      if (!module?.seenErrors) continue;
      this.brokenInVerdicts.add(path);
      const { at, service } = outcome;
      const reason = say`left alone: ${say`${path} does not parse (line ${module.errorLine ?? 1})`}`;
      return { kind: 'skipped', reason, at, ...(service === undefined ? {} : { service }) };
    }
    return outcome;
  }

  private brokenBefore(path: string): string | undefined {
    const text = this.repo.read(path)?.text;
    return text === undefined ? undefined : brokenBefore(path, text);
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
