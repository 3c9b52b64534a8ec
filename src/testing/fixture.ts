/**
 * Before/after fixtures: `<case>/before/**`, `after/**` with the files that change, and `case.yaml`. A case named skip-…
 * must change nothing. What holds for every codemod is checked with each: the result parses and a second run changes
 * nothing (the planner proves both), only files that a verdict names change, line ends stay.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { makePlan, NotConvergedError } from '../engine/make-plan.ts';
import { ownAdvice } from '../engine/restless.ts';
import type { Step } from '../engine/step.ts';
import { compiledForm, readForm } from '../engine/yaml-form.ts';
import type { Plan, Verdict } from '../model/plan.ts';
import type { Part } from '../model/transform.ts';
import { memorySnapshot, type Snapshot } from '../repo/snapshot.ts';
import { encode } from '../repo/source.ts';
import { say } from '../system/say.ts';
import form from './case.schema.json';
import { chosenSteps, type Spec } from './chosen-steps.ts';

const isCase = compiledForm(form);

/** Path → bytes. */
export type Tree = Readonly<Record<string, Buffer>>;

export interface Fixture {
  /** Id of the part that it is a case of. */
  readonly part: string;
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly spec: Spec;
  /** Why `case.yaml` is not taken, where it is not: `spec` is empty then. */
  readonly broken?: string;
  readonly before: Tree;
  /** Files that differ from `before`; undefined where there is no `after`. */
  readonly after: Tree | undefined;
}

export function readFixture(part: string, folder: string): Fixture {
  const file = path.join(folder, 'case.yaml');
  const read = existsSync(file) ? readForm(readFileSync(file, 'utf8'), isCase) : { data: {} };
  const broken = 'what' in read ? say`case.yaml:${read.line}: ${read.what}` : undefined;
  const spec = 'data' in read ? ((read.data ?? {}) as Spec) : {};
  const after = path.join(folder, 'after');
  return {
    ...{ part, folder, name: path.basename(folder), spec },
    ...(broken === undefined ? {} : { broken }),
    before: readTree(path.join(folder, 'before')),
    after: existsSync(after) ? readTree(after) : undefined,
  };
}

export function snapshotOf({ before, spec }: Pick<Fixture, 'before' | 'spec'>): Snapshot {
  return memorySnapshot(before, `/${spec.root ?? 'app'}`);
}

export interface Checked {
  /** What does not hold, a sentence each. */
  readonly problems: readonly string[];
  /** The files that the plan changes, as they would be written; undefined where there is no plan. */
  readonly result: Tree | undefined;
  /** Why the run did not end so well that `after/` may be made like the result; undefined where it may. */
  readonly keeps?: string;
}

/** Runs a fixture; `parts` are all that it may name. `loadPython()` and the parts' `prepare` must have been awaited. */
export function checkFixture(fixture: Fixture, parts: readonly Part[]): Checked {
  const { spec, part, before, broken } = fixture;
  if (broken !== undefined) return { problems: [broken], result: undefined };
  const chosen = chosenSteps(fixture, parts);
  if ('problem' in chosen) return { problems: [chosen.problem], result: undefined };
  const { steps } = chosen;
  try {
    const repo = snapshotOf(fixture);
    const plan = makePlan(repo, steps, { recipe: 'fixture', unsafe: spec.unsafe === true });
    const result = Object.fromEntries(plan.changes.map((c) => [c.path, encode(c.after, c)]));
    const found = [
      ...invariants(plan, repo),
      ...expectations(
        plan.verdicts.filter((v) => v.part === part),
        spec,
      ),
      ...outcome(fixture, result),
      ...(isPlain(before) ? underCrlf(fixture, steps, result) : []),
    ];
    const problems = found.length > 0 ? [...found, ...unsaid(plan.verdicts, found)] : [];
    const keeps = whyKept(fixture, plan, result);
    return { problems, result, ...(keeps === undefined ? {} : { keeps }) };
  } catch (error) {
    if (!(error instanceof NotConvergedError)) throw error;
    const advice = ownAdvice(error, steps);
    const problem = advice === undefined ? error.message : say`${error.message}: ${advice}`;
    return { problems: [problem], result: undefined };
  }
}

function invariants(plan: Plan, repo: Snapshot): string[] {
  const problems: string[] = [];
  for (const change of plan.changes) {
    const claimed = plan.verdicts.some((v) => v.kind === 'applied' && v.files.includes(change.path));
    if (!claimed) problems.push(`${change.path} changes, and no verdict names it`);
    if (change.before !== null && !repo.has(change.path)) problems.push(`${change.path} is no file of the repository`);
    if (change.before?.includes('\r\n') && !/[^\r]\n/.test(change.before) && /[^\r]\n/.test(change.after)) {
      problems.push(`${change.path} does not keep its line ends (CRLF)`);
    }
  }
  for (const v of plan.verdicts) if (v.kind === 'failed') problems.push(`${v.part} failed: ${v.reason}`);
  return problems;
}

function expectations(mine: readonly Verdict[], spec: Spec): string[] {
  const problems: string[] = [];
  const kinds = mine.map((v) => v.kind);
  if (spec.verdict !== undefined && !isDeepStrictEqual(kinds, [spec.verdict].flat())) {
    problems.push(`the verdict is ${kinds.join(', ') || 'missing'}, not ${[spec.verdict].flat().join(', ')}`);
  }
  const heard = mine.flatMap((v) => [v.reason, ...v.warnings, ...v.commands, v.snippet ?? '']).join('\n');
  for (const said of spec.says === undefined ? [] : [spec.says].flat()) {
    if (!heard.includes(said)) problems.push(`nothing says ${JSON.stringify(said)}; what is said:\n${heard}`);
  }
  return problems;
}

function outcome({ name, before, after }: Fixture, result: Tree): string[] {
  const changed = Object.keys(result);
  if (name.startsWith('skip-')) {
    if (after) return ['a case named skip-… has no folder after/'];
    return changed.map((file) => `${file} changes, though the case is named skip-…`);
  }
  if (!after) return ['the folder after/ is missing (or the name is not skip-…)'];
  const wanted = Object.keys(after).filter((file) => !before[file]?.equals(after[file] as Buffer));
  return [...new Set([...changed, ...wanted])].sort().flatMap((file) => {
    const [is, should] = [result[file] ?? before[file], after[file] ?? before[file]];
    return is && should?.equals(is) ? [] : [`${file} is not as in after/`];
  });
}

/** What the parts leave to a person or leave alone, and why, as far as nothing has told it yet. */
function unsaid(verdicts: readonly Verdict[], told: readonly string[]): string[] {
  return verdicts.flatMap(({ part, kind, reason, at: [place] }) => {
    if ((kind !== 'manual' && kind !== 'skipped') || told.some((problem) => problem.includes(reason))) return [];
    const what = kind === 'manual' ? say`${part} leaves this to you: ${reason}` : say`${part} skips this: ${reason}`;
    return [place ? `${what} (${place.path}:${place.line})` : what];
  });
}

/** Why `after/` must stay: a part failed, nothing came of it, or a file in it is left to a person this time. */
function whyKept({ name, spec, after = {} }: Fixture, plan: Plan, result: Tree): string | undefined {
  const failed = plan.verdicts.find((v) => v.kind === 'failed');
  if (failed) return say`${failed.part} failed`;
  const changes = Object.keys(result).length > 0;
  if (name.startsWith('skip-')) return changes ? say`the case is named skip-…, and yet something changes` : undefined;
  if (!changes) return say`nothing changes`;
  if (spec.verdict !== undefined && [spec.verdict].flat().includes('manual')) return undefined;
  const left = plan.verdicts.flatMap((v) => (v.kind === 'manual' ? v.at.map(({ path }) => path) : []));
  const lost = left.find((file) => after[file] && !result[file]);
  return lost === undefined ? undefined : say`${lost} is left to you`;
}

/** The same case with CRLF gives the same, with CRLF. */
function underCrlf({ before, spec }: Fixture, steps: readonly Step[], result: Tree): string[] {
  const windows = Object.fromEntries(Object.entries(before).map(([file, bytes]) => [file, crlf(bytes)]));
  const plan = makePlan(snapshotOf({ before: windows, spec }), steps, {
    recipe: 'fixture',
    unsafe: spec.unsafe === true,
  });
  const edited = plan.changes.filter((c) => c.before !== null);
  // A file without a line end gives no hint, and keeps what it gets.
  const wanted = (file: string): Buffer | undefined =>
    result[file] && (before[file]?.includes('\n') ? crlf(result[file]) : result[file]);
  const same = edited.filter((c) => wanted(c.path)?.equals(encode(c.after, c)));
  const expected = Object.keys(result).filter((file) => before[file]);
  if (same.length === expected.length && edited.length === expected.length) return [];
  const good = new Set(same.map((c) => c.path));
  const names = [...new Set([...expected, ...edited.map((c) => c.path)])].filter((file) => !good.has(file));
  return [`with CRLF line ends the result is another one: ${names.join(', ')}`];
}

/** UTF-8 or ASCII texts with bare line feeds: bytes can be put between them. */
function isPlain(tree: Tree): boolean {
  return Object.values(tree).every((bytes) => !bytes.includes('\r') && !bytes.includes(0));
}

function crlf(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}

function readTree(folder: string): Tree {
  const out: Record<string, Buffer> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const full = path.join(entry.parentPath, entry.name);
    out[path.relative(folder, full).replaceAll('\\', '/')] = readFileSync(full);
  }
  return out;
}
