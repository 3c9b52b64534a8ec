/** What each command does. Each answers with its exit code: 0 fine, 1 pending, 2 a part failed. */

import path from 'node:path';
import { chosenRecipe } from '../engine/chosen-recipe.ts';
import { parts } from '../engine/parts.ts';
import { partOfRepository } from '../engine/place.ts';
import { chooseSteps, loadRecipe, recipeNames } from '../engine/recipe.ts';
import { assertClean } from '../engine/run.ts';
import { narrowed, saidOf, settingsOf } from '../engine/settings.ts';
import type { Step } from '../engine/step.ts';
import type { Choice } from '../model/choice.ts';
import type { Plan, Verdict } from '../model/plan.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { LocalTest } from '../report/markdown.ts';
import { nextAfterCheck, nextAfterExplain, nextAfterFile, nextAfterPlan } from '../report/next.ts';
import { type Output, openOutput, workIsDone } from '../report/output.ts';
import { aside, heldBack, isQuiet, isVerbose, note, pager, progress } from '../report/voice.ts';
import { language } from '../report/words/local.ts';
import { shownOn, takesColour } from '../syntax/visible.ts';
import { NayekError } from '../system/errors.ts';
import { readGiven } from '../system/given-file.ts';
import { interruptible } from '../system/interrupt.ts';
import { say } from '../system/say.ts';
import { startStats, stats, statsTable, timedAsync } from '../system/stats.ts';
import { stateOf } from '../writer/state.ts';
import { applyPlan } from '../writer/write.ts';
import { rollBackUnfinished, unfinishedWork } from './journal.ts';
import { needsOf, openRepository, planRepository } from './planning.ts';
import { type Form, type Outcome, openFiles, product, savesPlan } from './product.ts';

export interface ChoiceOptions extends Choice {
  readonly C: string;
  readonly output?: string;
}

export interface PatchOptions extends ChoiceOptions {
  readonly dryRun?: boolean;
  readonly interactive?: boolean;
  readonly check?: boolean;
  readonly allowDirty?: boolean;
  readonly format?: Form;
  /** `form=file` each. */
  readonly outputFile?: readonly string[];
  readonly stats?: boolean;
}

/** What a run of `patch` does with its plan. */
interface Ending {
  readonly writes: boolean;
  readonly form: Form;
  readonly toFile: boolean;
}

function endingOf({ format, dryRun, check, output }: PatchOptions): Ending {
  // A report that is asked for is looked at, as with black, ruff and terraform; --output-file reports what was written.
  const asked = format !== undefined && format !== 'summary';
  const form = format ?? (dryRun && !check ? 'diff' : 'summary');
  return { writes: !dryRun && !check && !asked, form, toFile: output !== undefined };
}

/** `nayek patch` */
export async function patch(dir: string | undefined, options: PatchOptions): Promise<number> {
  if (options.stats) startStats();
  const ending = endingOf(options);
  const { writes, form, toFile } = ending;
  const root = path.resolve(options.C, dir ?? '.');
  const state = stateOf(root);
  const steps = await chosenSteps(options, state.root);
  const repo = await openSettled(state.root, writes);
  noteFolder(repo);
  const whole = await planned(repo, steps, options);
  if (writes && !options.allowDirty) warn(assertClean(whole));
  const plan = options.interactive ? await chosen(repo, whole, steps, options) : whole;
  const out = openOutput(options.output, repo.root);
  const files = openFiles(options.outputFile ?? [], repo.root);
  // Asked of the sources as they are before the patch.
  const inMarkdown = [form, ...files.map((f) => f.form)].includes('markdown');
  const tests = inMarkdown ? await localTests(repo) : [];
  const offered = inMarkdown ? await offeredBy(repo, steps.offers) : [];
  if (writes) {
    await timedAsync('write', () => interruptible((signal) => applyPlan(plan, { signal })));
    patched(plan);
  }
  const withStats = options.stats === true && form === 'json' && !toFile;
  const { summary: summaries } = steps;
  const outcome = { plan, written: writes, prefix: state.rootName, summaries, tests, offered, withStats };
  const saved = savesPlan(form, toFile, writes);
  if (saved || files.some((f) => savesPlan(f.form, true, writes)))
    note(say`the saved plan holds the exact edits, credentials included: its mode is 0600`);
  await hand(out, outcome, ending, nextAfterPlan(plan, writes, dir ?? options.C, options));
  for (const file of files) file.output.end(await product(file.form, outcome, true));
  if (toFile) aside(nextAfterFile(form, options.output ?? '', saved));
  if (options.stats && !withStats) process.stderr.write(statsTable(stats()));
  return exitOf(plan, options);
}

/** Puts out what was asked for, with what the parts say and what to do next. */
async function hand(out: Output, outcome: Outcome, { form, toFile }: Ending, next: string): Promise<void> {
  const text = await timedAsync('report', () => product(form, outcome, toFile));
  // Below the diff, where the reader's eyes are in the end; a pager shows what is said before it, behind the product.
  const paging = pager() !== undefined;
  if (form === 'diff' && paging) await noteVerdicts(outcome.plan, next);
  const ended = form === 'summary' && !toFile && !isQuiet() ? `${text}${next}` : text;
  const paged = typeof ended === 'string' && !toFile;
  out.end(paged ? `${ended}${heldBack()}` : ended);
  if (form === 'diff' && !paging) await noteVerdicts(outcome.plan, next);
}

function exitOf(plan: Plan, { check }: PatchOptions): number {
  if (plan.verdicts.some((v) => v.kind === 'failed')) return 2;
  return check && plan.changes.length > 0 ? 1 : 0;
}

/** What the parts that a recipe only offers would change, or leave by hand. */
async function offeredBy(repo: Snapshot, offers: readonly Step[]): Promise<readonly Verdict[]> {
  if (offers.length === 0) return [];
  const { verdicts } = await planRepository(repo, offers, { recipe: 'offers' });
  return verdicts.filter((v) => v.kind === 'applied' || v.kind === 'manual');
}

/** What the user takes of a plan. */
async function chosen(
  repo: Snapshot,
  plan: Plan,
  { name, steps }: Awaited<ReturnType<typeof chosenSteps>>,
  options: ChoiceOptions,
): Promise<Plan> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new NayekError('usage', say`-i asks, and there is no terminal to ask on`, {
      hint: say`use --only or --skip`,
    });
  }
  const [{ chosenByHand }, { askOnTerminal }, { edit }] = await Promise.all([
    import('./interactive.ts'),
    import('./ask-terminal.ts'),
    import('./edited-hunks.ts'),
  ]);
  const how = { recipe: name, unsafe: options.unsafe === true };
  return chosenByHand(plan, {
    replan: (wishes) => planRepository(repo, steps, { ...how, ...wishes }),
    needs: async (of) => {
      const done = progress(say`looking at what belongs together; nothing has been written`);
      return needsOf(repo, of, steps, how).finally(done);
    },
    show: (text) => void process.stdout.write(text),
    ask: askOnTerminal,
    edit,
    screen: shownOn(process.stdout),
  });
}

/** With fewer files nobody waits. */
const WORTH_SAYING = 200;

async function planned(
  repo: Snapshot,
  { name, steps }: Awaited<ReturnType<typeof chosenSteps>>,
  options: ChoiceOptions,
) {
  const files = repo.paths.length;
  // Ctrl-C ends a run at once: what was said before tells how things stand.
  const done = files < WORTH_SAYING ? undefined : progress(say`planning, ${files} files; nothing has been written`);
  const start = performance.now();
  try {
    return await planRepository(repo, steps, { recipe: name, unsafe: options.unsafe === true });
  } finally {
    done?.();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    if (isVerbose()) note(say`recipe ${name}: ${steps.map((s) => s.part.id).join(', ')}; ${files} files, ${seconds} s`);
  }
}

/** Reads a repository in which no patch is half-written: where this run writes, it is rolled back first. */
async function openSettled(root: string, writes: boolean): Promise<Snapshot> {
  if (!writes) {
    const read = await openRepository(root);
    warn(unfinishedWork(root, read.paths));
    return read;
  }
  inform(await rollBackUnfinished(root, []));
  const repo = await openRepository(root);
  const below = await rollBackUnfinished(root, repo.paths);
  inform(below);
  return below === undefined ? repo : openRepository(root);
}

async function localTests(repo: Snapshot): Promise<readonly LocalTest[]> {
  const { survey } = await import('../survey/index.ts');
  return (await import('../verify/local-test-commands.ts')).localTestsOf(repo, survey(repo));
}

/** The diff goes to stdout, and what the parts say about it to stderr. */
async function noteVerdicts(plan: Plan, next: string): Promise<void> {
  const { summary } = await import('../report/summary.ts');
  const between = process.stdout.isTTY && process.stderr.isTTY ? '\n' : '';
  aside(`${between}${summary(plan, { written: false, ...shownOn(process.stderr), verbose: isVerbose() })}${next}`);
}

/** `nayek check` */
export async function check(
  dir: string | undefined,
  options: ChoiceOptions & { readonly format: string },
): Promise<number> {
  const root = path.resolve(options.C, dir ?? '.');
  const steps = await chosenSteps(options, root);
  const repo = await openRepository(root);
  noteFolder(repo);
  const plan = await planned(repo, steps, options);
  const { checklist, checkReport, decisions } = await import('../report/checklist.ts');
  const points = checklist(plan, parts, options.format === 'json' ? 'en' : language());
  const decide = decisions(plan);
  const out = openOutput(options.output, repo.root);
  if (options.format === 'json') out.end(`${JSON.stringify({ root: plan.root, points, decide }, null, 2)}\n`);
  else {
    const { survey } = await import('../survey/index.ts');
    const next = options.output === undefined ? nextAfterCheck(points, dir ?? options.C) : '';
    out.end(checkReport(points, decide, survey(repo), shownOn(process.stdout, options.output)) + next);
  }
  if (points.some((p) => p.failed)) return 2;
  return points.some((p) => p.mark === 'short') ? 1 : 0;
}

/** `nayek apply` */
export async function apply(
  file: string,
  options: { readonly C?: string; readonly allowDirty?: boolean },
): Promise<number> {
  const text = readGiven(file);
  const { readSavedPlan } = await import('../report/saved-plan.ts');
  const { assertOneRepository } = await import('../engine/place.ts');
  const { readSnapshot } = await import('../repo/disk-snapshot.ts');
  const plan = readSavedPlan(text, (root) => {
    const { root: real } = stateOf(options.C ?? root);
    assertOneRepository(real);
    return readSnapshot(real);
  });
  if (!options.allowDirty) warn(assertClean(plan));
  await interruptible((signal) => applyPlan(plan, { signal }));
  patched(plan);
  const { summary } = await import('../report/summary.ts');
  process.stdout.write(
    summary(plan, { written: true, ...shownOn(process.stdout) }) + nextAfterPlan(plan, true, options.C),
  );
  return plan.verdicts.some((v) => v.kind === 'failed') ? 2 : 0;
}

/** `nayek explain`; an own part shows a fixture of its own. */
export async function explain(
  id: string | undefined,
  own: Pick<ChoiceOptions, 'rule' | 'plugin'> = {},
): Promise<number> {
  if (id !== undefined && !parts.some((p) => p.id === id) && recipeNames().includes(id)) {
    return (await import('./recipe.ts')).show(id);
  }
  const { explainAll, explainOne } = await import('./explain.ts');
  const more = own.rule || own.plugin ? (await chosenRecipe(own, [])).steps.map((s) => s.part) : [];
  const known = [...more, ...parts];
  process.stdout.write(
    id
      ? await explainOne(id, known, takesColour(process.stdout))
      : explainAll(known, (name) => loadRecipe(name, parts)),
  );
  if (id) aside(nextAfterExplain({ ...own, only: [id] }));
  return 0;
}

/** What runs, by the command line and, below it, the repository's own nayek.yaml. */
export async function chosenSteps(options: ChoiceOptions, root: string) {
  const settings = settingsOf(root, parts);
  const free = options.recipe === undefined && !options.rule && !options.plugin;
  const named = options.recipe ?? (free ? settings.recipe : undefined);
  const chosen = await chosenRecipe({ ...options, ...(named === undefined ? {} : { recipe: named }) }, [root]);
  const recipe = { ...chosen, steps: narrowed(chosen.steps, settings, options.only) };
  const said = saidOf(free ? settings : { skip: settings.skip, options: settings.options });
  if (said !== undefined) note(said);
  const steps = chooseSteps(recipe, parts, options);
  const known = new Set([...steps.map((s) => s.part.id), ...(options.skip ?? [])]);
  const offers = options.only ? [] : (recipe.offers ?? []).filter((s) => !known.has(s.part.id));
  return { name: recipe.name, summary: recipe.summary, steps, offers };
}

/** Says on stderr what is left out where only a folder of a repository is looked at. */
export function noteFolder(repo: Snapshot): void {
  const part = partOfRepository(repo.root);
  if (part) note(part);
}

function patched(plan: Plan): void {
  if (plan.changes.length === 0) return;
  workIsDone(say`the files are patched`, say`\`git diff\` shows it, \`nayek undo\` takes it back`);
}

function warn(text: string | undefined): void {
  if (text) note(say`warning: ${text}`);
}

function inform(text: string | undefined): void {
  if (text) note(text);
}
