/** `nayek undo`, `status` and `doctor`, and what the other commands do about a patch that was cut short. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { assertOneRepository } from '../engine/place.ts';
import { listFiles } from '../repo/listing.ts';
import { commandFor, nextSteps } from '../report/next.ts';
import { workIsDone } from '../report/output.ts';
import { note } from '../report/voice.ts';
import { local } from '../report/words/local.ts';
import { visible } from '../syntax/visible.ts';
import { contains } from '../system/contains.ts';
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { inspect, isSound, type StateReport, type StepReport } from '../writer/inspect.ts';
import { assertNoStrangers, readJournal, SET_ASIDE } from '../writer/journal.ts';
import { settle, statesNear } from '../writer/nearby.ts';
import { keyFile } from '../writer/seal.ts';
import { setAside } from '../writer/set-aside.ts';
import { type State, stateOf } from '../writer/state.ts';
import { undo, unfinished } from '../writer/undo.ts';

interface Place {
  readonly C: string;
}

/**
 * Rolls back what was cut short in the root, above it or in the folders of `paths`. Returns a line for the user when
 * something was; then the tree is to be read again.
 */
export async function rollBackUnfinished(root: string, paths: Iterable<string>): Promise<string | undefined> {
  const restored = await settle(statesNear(stateOf(root), paths, nodeFs), nodeFs);
  if (restored.length === 0) return undefined;
  return `an earlier patch was cut short: rolled back ${restored.map((f) => relative(root, f)).join(', ')}`;
}

/** What a run that writes nothing says of a patch that was cut short, and of a journal that stops those that write. */
export function unfinishedWork(root: string, paths: Iterable<string>): string | undefined {
  try {
    for (const state of statesNear(stateOf(root), paths, nodeFs)) {
      const journal = readJournal(state, nodeFs);
      assertNoStrangers(journal);
      if (unfinished(state, journal).length === 0) continue;
      return say`an earlier patch was cut short: this is planned on a half-written tree; \`nayek undo\` rolls it back`;
    }
    return undefined;
  } catch (error) {
    if (error instanceof NayekError) return `${error.message} (${error.hint})`;
    throw error;
  }
}

/** `nayek undo` */
export async function undoLast(
  dir: string | undefined,
  options: Place & { readonly force?: boolean },
): Promise<number> {
  const root = path.resolve(options.C, dir ?? '.');
  const done = await undo(root, { force: options.force === true, near: statesOf(root) });
  workIsDone('the files are as before the patch', 'nothing is to be done again');
  const name = (file: string): string => visible(relative(root, path.join(done.root, file)));
  const files = done.files.map(name).join(', ') || local(say`nothing`);
  const what = done.unfinished
    ? say`Rolled back a patch that was cut short of ${done.at}`
    : say`Restored the bytes before the patch of ${done.at}`;
  process.stdout.write(`${local(what)}: ${files}\n`);
  const status = commandFor('status', dir ?? options.C);
  process.stdout.write(nextSteps([say`\`${status}\` says what else can be taken back`]));
  for (const { path: file, mode } of done.modes) {
    note(say`${name(file)} keeps its permissions, which were changed since: ${mode.toString(8)}`);
  }
  for (const { path: file, why } of done.left) note(say`not restored: ${name(file)} ${why}`);
  if (done.copies)
    note(say`what was replaced, and the bytes before of what was not restored, are kept in ${done.copies}`);
  return done.left.length > 0 ? 2 : 0;
}

/** All state folders of a root. In a place that is no repository, such as a home folder, only its own and those above. */
function statesOf(root: string): State[] {
  const state = stateOf(root);
  let paths: string[] = [];
  try {
    assertOneRepository(state.root);
    paths = listFiles(state.root, []);
  } catch (error) {
    if (!(error instanceof NayekError)) throw error;
  }
  return statesNear(state, paths, nodeFs);
}

/** `nayek status`: 1 when something was cut short or damaged, or is not ours. */
export function status(dir: string | undefined, options: Place & { readonly format: string }): number {
  const root = path.resolve(options.C, dir ?? '.');
  const reports = statesOf(root).map((state) => inspect(state, nodeFs));
  const text = options.format === 'json' ? asJson(root, reports) : asText(root, reports);
  process.stdout.write(text);
  return reports.every(isSound) ? 0 : 1;
}

function asText(root: string, reports: readonly StateReport[]): string {
  const lines: string[] = [];
  for (const report of reports) {
    for (const step of report.steps) lines.push(...stepLines(root, step));
    if (report.trouble) lines.push(`not used    ${report.trouble.message}`, `            ${report.trouble.hint}`);
    for (const { folder, why } of report.strangers) lines.push(`not used    ${folder} ${why}`);
    if (report.strangers.length > 0)
      lines.push('            `nayek doctor --journal --set-aside` moves it out of the way');
    for (const folder of report.kept) lines.push(`copies      ${folder}`);
  }
  if (lines.length === 0) lines.push(`No patch is recorded in ${root}.`);
  return `${lines.map((l) => visible(l)).join('\n')}\n`;
}

const WORDS: Readonly<Record<StepReport['state'], string>> = {
  ready: 'can undo',
  later: 'can undo',
  moved: 'can undo',
  unfinished: 'cut short',
  changed: 'changed',
  damaged: 'damaged',
};

function stepLines(root: string, { step, state, obstacles }: StepReport): string[] {
  const { at, recipe, files, home } = step.record;
  const where = contains(root, step.root) ? relative(root, step.root) : step.root;
  const of = where === '.' ? '' : `, in ${where}`;
  const lines = [`${WORDS[state].padEnd(11)} ${at}  ${recipe}, ${count(files.length, 'file')}${of}`];
  if (state === 'later') lines.push('after the patches below');
  if (state === 'moved') lines.push(`recorded when the repository lay in ${home}`);
  if (state === 'unfinished') lines.push('`nayek undo` rolls it back');
  if (state === 'changed') lines.push('`nayek undo --force` restores it and keeps copies of:');
  if (state === 'damaged') lines.push('`nayek undo --force` restores its other files');
  for (const { path: file, why } of obstacles) lines.push(`${file} ${why}`);
  return lines.map((line, at) => (at === 0 ? line : `            ${line}`));
}

function asJson(root: string, reports: readonly StateReport[]): string {
  const states = reports.map(({ state, steps, strangers, trouble, kept, remains }) => ({
    folder: state.folder,
    steps: steps.map(({ step, state: is, obstacles }) => ({
      folder: step.folder,
      root: step.root,
      at: step.record.at,
      recipe: step.record.recipe,
      state: is,
      files: step.record.files.map((f) => f.path),
      obstacles,
    })),
    strangers,
    ...(trouble ? { trouble } : {}),
    kept,
    remains,
  }));
  return `${JSON.stringify({ root, states }, null, 2)}\n`;
}

/** `nayek doctor --journal`: 1 when something falls short. */
export function doctor(
  dir: string | undefined,
  options: Place & { readonly journal?: boolean; readonly setAside?: boolean },
): number {
  if (!options.journal) throw new NayekError('usage', 'nothing to look at', { hint: 'pass --journal' });
  const root = path.resolve(options.C, dir ?? '.');
  const states = statesOf(root);
  if (options.setAside) {
    const moved = states.flatMap((state) => setAside(state, nodeFs));
    for (const { from, to } of moved) process.stdout.write(`${visible(`moved ${from} to ${to}`)}\n`);
    if (moved.length === 0) process.stdout.write('Nothing is in the way of the journal.\n');
  }
  const reports = states.map((state) => inspect(state, nodeFs));
  const lines = [keyLine(states[0]?.home ?? root), ...reports.flatMap((report) => findings(root, report))];
  for (const { ok, text } of lines) process.stdout.write(`${ok ? 'ok     ' : 'short  '}${visible(text)}\n`);
  return lines.every((l) => l.ok) ? 0 : 1;
}

interface Finding {
  readonly ok: boolean;
  readonly text: string;
}

function keyLine(root: string): Finding {
  const folder = keyFile(root);
  if (folder === undefined) return { ok: true, text: 'no key yet: the first patch makes one' };
  return { ok: true, text: `the key is ${path.join(folder, 'journal.key')}` };
}

function findings(root: string, report: StateReport): Finding[] {
  const { folder } = report.state;
  const out: Finding[] = [];
  if (report.trouble) out.push({ ok: false, text: `${report.trouble.message}: ${report.trouble.hint}` });
  for (const { folder: at, why } of report.strangers) out.push({ ok: false, text: `${at} ${why}: ${SET_ASIDE}` });
  for (const { step, state, obstacles } of report.steps) {
    const lost = obstacles.map((o) => `${o.path} ${o.why}`).join(', ');
    const of = `the step of ${step.record.at} in ${relative(root, step.root)}`;
    if (state === 'unfinished') out.push({ ok: false, text: `${of} was cut short: \`nayek undo\` rolls it back` });
    else if (state === 'damaged') out.push({ ok: false, text: `${of}: ${lost}` });
    else out.push({ ok: true, text: `${of} is whole: ${count(step.record.files.length, 'file')}` });
  }
  for (const at of report.remains)
    out.push({ ok: true, text: `${at} is left of a killed run: the next one removes it` });
  if (out.length === 0) out.push({ ok: true, text: `nothing is recorded in ${folder}` });
  return out;
}

function relative(root: string, file: string): string {
  return path.relative(root, file) || '.';
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
