/** `nayek undo`, `status` and `doctor`, and what the other commands do about a patch that was cut short. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { assertOneRepository } from '../engine/place.ts';
import { listFiles } from '../repo/listing.ts';
import { commandFor, nextAfterStatus, nextSteps } from '../report/next.ts';
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
  return say`an earlier patch was cut short: rolled back ${restored.map((f) => relative(root, f)).join(', ')}`;
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
  workIsDone(say`the files are as before the patch`, say`nothing is to be done again`);
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
  const steps = reports.flatMap((report) => report.steps);
  const sound = reports.every(isSound);
  const undoable = steps.some(({ state }) => state !== 'damaged');
  const next = nextAfterStatus(undoable, !sound, dir ?? options.C);
  process.stdout.write(options.format === 'json' ? asJson(root, reports) : asText(root, reports) + next);
  return sound ? 0 : 1;
}

function asText(root: string, reports: readonly StateReport[]): string {
  const lines: string[] = [];
  for (const report of reports) {
    for (const step of report.steps) lines.push(...stepLines(root, step));
    if (report.trouble)
      lines.push(row(say`not used`, local(report.trouble.message)), row('', local(report.trouble.hint)));
    for (const { folder, why } of report.strangers) lines.push(row(say`not used`, `${folder} ${local(why)}`));
    if (report.strangers.length > 0)
      lines.push(row('', local(say`\`nayek doctor --journal --set-aside\` moves it out of the way`)));
    for (const folder of report.kept) lines.push(row(say`copies`, folder));
  }
  if (lines.length === 0) lines.push(local(say`No patch is recorded in ${root}.`));
  return `${lines.map((l) => visible(l)).join('\n')}\n`;
}

const WORDS: Readonly<Record<StepReport['state'], string>> = {
  ready: say`can undo`,
  later: say`can undo`,
  moved: say`can undo`,
  unfinished: say`cut short`,
  changed: say`changed`,
  damaged: say`damaged`,
};

function stepLines(root: string, { step, state, obstacles }: StepReport): string[] {
  const { at, recipe, files, home } = step.record;
  const where = contains(root, step.root) ? relative(root, step.root) : step.root;
  const of = where === '.' ? '' : local(say`, in ${where}`);
  const lines = [`${at}  ${recipe}, ${fileCount(files.length)}${of}`];
  if (state === 'later') lines.push(say`after the patches below`);
  if (state === 'moved') lines.push(say`recorded when the repository lay in ${home}`);
  if (state === 'unfinished') lines.push(say`\`nayek undo\` rolls it back`);
  if (state === 'changed') lines.push(say`\`nayek undo --force\` restores it and keeps copies of:`);
  if (state === 'damaged') lines.push(say`\`nayek undo --force\` restores its other files`);
  for (const { path: file, why } of obstacles) lines.push(`${file} ${local(why)}`);
  return lines.map((line, at) => row(at === 0 ? WORDS[state] : '', at === 0 ? line : local(line)));
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
  if (!options.journal) throw new NayekError('usage', say`nothing to look at`, { hint: say`pass --journal` });
  const root = path.resolve(options.C, dir ?? '.');
  const states = statesOf(root);
  if (options.setAside) {
    const moved = states.flatMap((state) => setAside(state, nodeFs));
    for (const { from, to } of moved) process.stdout.write(`${visible(local(say`moved ${from} to ${to}`))}\n`);
    if (moved.length === 0) process.stdout.write(`${local(say`Nothing is in the way of the journal.`)}\n`);
  }
  const reports = states.map((state) => inspect(state, nodeFs));
  const lines = [keyLine(states[0]?.home ?? root), ...reports.flatMap((report) => findings(root, report))];
  for (const { ok, text } of lines)
    process.stdout.write(`${local(ok ? say`ok` : say`short`).padEnd(7)}${visible(local(text))}\n`);
  const sound = lines.every((l) => l.ok);
  const look = commandFor('status', dir ?? options.C);
  const aside = `${commandFor('doctor', dir ?? options.C)} --journal --set-aside`;
  const steps = sound
    ? [say`\`${look}\` says what can be taken back`]
    : [say`\`${look}\` says what can be taken back`, say`\`${aside}\` moves what is not ours out of the way`];
  process.stdout.write(nextSteps(steps));
  return sound ? 0 : 1;
}

interface Finding {
  readonly ok: boolean;
  readonly text: string;
}

function keyLine(root: string): Finding {
  const folder = keyFile(root);
  if (folder === undefined) return { ok: true, text: say`no key yet: the first patch makes one` };
  return { ok: true, text: say`the key is ${path.join(folder, 'journal.key')}` };
}

function findings(root: string, report: StateReport): Finding[] {
  const { folder } = report.state;
  const out: Finding[] = [];
  if (report.trouble) out.push({ ok: false, text: `${report.trouble.message}: ${report.trouble.hint}` });
  for (const { folder: at, why } of report.strangers) out.push({ ok: false, text: `${at} ${why}: ${SET_ASIDE}` });
  for (const { step, state, obstacles } of report.steps) {
    const lost = obstacles.map((o) => `${o.path} ${o.why}`).join(', ');
    const of = say`the step of ${step.record.at} in ${relative(root, step.root)}`;
    if (state === 'unfinished') out.push({ ok: false, text: say`${of} was cut short: \`nayek undo\` rolls it back` });
    else if (state === 'damaged') out.push({ ok: false, text: `${of}: ${lost}` });
    else out.push({ ok: true, text: say`${of} is whole: ${fileCount(step.record.files.length)}` });
  }
  for (const at of report.remains)
    out.push({ ok: true, text: say`${at} is left of a killed run: the next one removes it` });
  if (out.length === 0) out.push({ ok: true, text: say`nothing is recorded in ${folder}` });
  return out;
}

function relative(root: string, file: string): string {
  return path.relative(root, file) || '.';
}

function fileCount(number: number): string {
  return local(number === 1 ? say`1 file` : say`${number} files`);
}

/** A line of `status`: what it is, and what there is to say of it. */
function row(word: string, text: string): string {
  return `${local(word).padEnd(13)} ${text}`;
}
