/** `nayek batch …`: its own commands and options. Each answers with its exit code; what it needs is loaded then. */

import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { WorkerArguments } from '../batch/engine/worker.ts';
import { batchError } from '../batch/job.ts';
import type { RepositorySettings } from '../batch/manifest.ts';
import type { PublishOptions } from '../batch/publish/publish.ts';
import type { ReviewOptions } from '../batch/review/review.ts';
import { STATE_FOLDER } from '../batch/store.ts';
import type { Choice } from '../model/choice.ts';
import { nextSteps } from '../report/next.ts';
import { workIsDone } from '../report/output.ts';
import { aside, note } from '../report/voice.ts';
import { local } from '../report/words/local.ts';
import { NayekError } from '../system/errors.ts';
import { interruptible } from '../system/interrupt.ts';
import { say } from '../system/say.ts';
import { examplesOf } from './examples.ts';
import { LOCAL_HELP } from './help.ts';
import { list, repeat } from './option-values.ts';

const EXITS = say`Exit: 0 fine · 1 changes pending (--check) · 2 some repository failed, or trouble · 3 done, but the report failed · 130 interrupted`;
const WORKER_FOLDER = '.nayek-worker';

function count(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError(say`not a number from 1 on`);
  return Number(value);
}

function shard(value: string): readonly [number, number] {
  const [, k, n] = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(value) ?? [];
  if (!k || !n || Number(k) > Number(n)) throw new InvalidArgumentError(say`not like 2/4`);
  return [Number(k), Number(n)];
}

function onlyFailed(value: string): true {
  if (value !== 'failed') throw new InvalidArgumentError(say`only 'failed' is known`);
  return true;
}

function identity(value: string): { readonly name: string; readonly email: string } {
  const [, name, email] = /^([^<>\n]+) <([^<>\s]+)>$/.exec(value) ?? [];
  if (!name || !email) throw new InvalidArgumentError(say`not like 'Name <name@example.org>'`);
  return { name, email };
}

/** @throws CommanderError, NayekError */
export async function batch(args: readonly string[]): Promise<number> {
  let exit: Promise<number> = Promise.resolve(0);
  const finish = async (work: Promise<number>): Promise<void> => {
    exit = work;
    await work;
  };
  await program(finish).parseAsync([...args], { from: 'user' });
  return exit;
}

/** The tree of its commands, to be looked at. */
export function batchProgram(): Command {
  return program(async () => undefined);
}

const state = new Option('--state <dir>', 'folder of the batch').default(STATE_FOLDER);
const debug = new Option('--debug', 'show where an error came from');
const output = new Option('-o, --output <file>', 'write there (readable by you only)');

const engine = new Option('--engine <url>', 'have the work done by workers: redis://…, postgres://…').env(
  'NAYEK_ENGINE',
);

/** Makes the exit code of a command that of the process. */
type Finish = (work: Promise<number>) => Promise<void>;

function program(finish: Finish): Command {
  const root = new Command('nayek batch')
    .description('Many repositories: plan, review, publish.')
    .enablePositionalOptions()
    .configureHelp(LOCAL_HELP)
    .addHelpText('after', () => `\n${local(EXITS)}`);
  addPlan(root, finish);
  addReview(root, finish);
  addPublish(root, finish);
  addState(root, finish);
  for (const command of [root, ...root.commands]) {
    // Heeded where the process starts: batch passes its words on.
    command.addOption(
      new Option('--lang <language>', 'language of what is said (default: that of LANG)').choices(['en', 'fr']),
    );
    command.addHelpText('after', () => examplesOf(command === root ? 'batch' : `batch ${command.name()}`));
    command.exitOverride().configureOutput({ outputError: () => undefined });
  }
  return root;
}

/** Planning. */
function addPlan(root: Command, finish: Finish): void {
  root
    .command('plan <sources...>')
    .description('plan every repository of a manifest (.yaml), or these folders; goes on where it was stopped')
    .addOption(state)
    .addOption(engine)
    .option('--concurrency <n>', 'processes at a time (default: one per processor; 64 jobs on an engine)', count)
    .option('--timeout <seconds>', 'for each repository (default: 600)', count)
    .option('--memory <megabytes>', 'heap of each process (default: 1024)', count)
    .option('--limit <n>', 'at most so many that have no plan yet', count)
    .option('--shard <k/n>', 'the k-th of n equal parts', shard)
    .option('--canary <n>', 'so many first; the others only if all of these are fine', count)
    .option('--fail-fast', 'stop at the first that fails')
    .option('--locked', 'use the commits of the lock file instead of asking again')
    .option('--check', 'exit 1 if any repository would change')
    .option('--recipe <name|file>', 'recipe to follow (default: that of the manifest, else render)')
    .option('--rule <file|folder>', 'run these ast-grep rules; with a recipe, behind its parts (repeatable)', repeat)
    .option('--plugin <file|package>', 'run the parts of this module, which is code (repeatable)', repeat)
    .option('--only <failed|ids>', '`failed`: those that failed last time; else: run these parts only', list)
    .option('--skip <ids>', 'leave these parts out', list)
    .option('--set <part.option=value>', 'set an option of a part (repeatable)', repeat)
    .option('--unsafe', 'apply what may change behaviour beyond its purpose')
    .addOption(debug)
    .action((sources, options) => finish(plan(sources, options)));
}

/** What came of it, for people. */
function addReview(root: Command, finish: Finish): void {
  root
    .command('status')
    .description('what is done, failed and left')
    .addOption(state)
    .addOption(new Option('--format <form>').choices(['text', 'json']).default('text'))
    .addOption(output)
    .addOption(debug)
    .action((options) => finish(import('../batch/status.ts').then((m) => m.status(options))));

  root
    .command('review')
    .description('a page to read all diffs, approve and exclude')
    .addOption(state)
    .addOption(new Option('--format <form>').choices(['html', 'markdown']).default('html'))
    .option('--marks <file>', 'take over what a reviewer has exported from the page')
    .option('--serve', 'answer on this machine, and keep marks as they are made')
    .addOption(output)
    .addOption(debug)
    .action((options) => finish(review(options)));
}

/** Branches and pull requests. */
function addPublish(root: Command, finish: Finish): void {
  root
    .command('publish')
    .description('the approved patches, each on a branch, as draft pull requests; branches that a person touched stay')
    .addOption(state)
    .addOption(
      new Option(
        '--mode <mode>',
        'draft (the default), ready, push: branches only, local: on this machine only',
      ).choices(['draft', 'ready', 'push', 'local']),
    )
    .addOption(new Option('--forge <program>', 'opens pull requests (default: gh)').choices(['gh', 'glab', 'none']))
    .addOption(engine)
    .option('--dry-run', 'say what would be published, and where; change nothing')
    .option('--unmarked', 'also what nobody has approved; never what is excluded')
    .option('--limit <n>', 'at most so many', count)
    .option('--only <failed>', '`failed`: those that failed last time', onlyFailed)
    .option('--author <name <email>>', 'of the commits (default: as git is configured)', identity)
    .option('--timeout <seconds>', 'for each call that goes to a remote (default: 300)', count)
    .addOption(debug)
    .action((options) => finish(publish(options)));
}

/** The state folder, workers and the way back. */
function addState(root: Command, finish: Finish): void {
  root
    .command('adopt')
    .description('take over a state folder that was moved, or that somebody else has made: if you know who')
    .addOption(state)
    .addOption(debug)
    .action((options) => finish(import('../batch/adopt.ts').then((m) => m.adopt(options))));

  root
    .command('worker')
    .description('take jobs of plan and publish from an engine, until it is stopped')
    .addOption(engine)
    .addOption(new Option('--state <dir>', 'its folder for clones and checkouts').default(WORKER_FOLDER))
    .option('--concurrency <n>', 'jobs at a time (default: one per processor)', count)
    .option('--memory <megabytes>', 'heap of each process (default: 1024)', count)
    .option('--patience <seconds>', 'when the job of a silent worker goes to another (default: 30)', count)
    .addOption(debug)
    .action((options) => finish(worker(options)));

  root
    .command('undo')
    .description('take back the branches of `publish --mode local`')
    .addOption(state)
    .addOption(debug)
    .action((options) => finish(undo(options)));

  root
    .command('worker-process', { hidden: true })
    .action(() => finish(import('../batch/worker-process.ts').then((m) => m.serve())));
}

interface PlanOptions extends Choice {
  readonly state: string;
  readonly concurrency?: number;
  readonly timeout?: number;
  readonly memory?: number;
  readonly limit?: number;
  readonly shard?: readonly [number, number];
  readonly canary?: number;
  readonly failFast?: boolean;
  readonly locked?: boolean;
  readonly engine?: string;
  readonly check?: boolean;
}

async function plan(sources: readonly string[], options: PlanOptions): Promise<number> {
  const { recipe, rule, plugin, skip, set, unsafe, timeout, check, only, ...rest } = options;
  const parts = only?.filter((id) => id !== 'failed');
  const settings: RepositorySettings = {
    ...(recipe === undefined ? {} : { recipe }),
    ...(rule ? { rule: rule.map((name) => (name.startsWith('nayek:') ? name : path.resolve(name))) } : {}),
    ...(plugin ? { plugin } : {}),
    ...(parts && parts.length > 0 ? { only: parts } : {}),
    ...(skip ? { skip } : {}),
    ...(set ? { set } : {}),
    ...(unsafe ? { unsafe } : {}),
    ...(timeout === undefined ? {} : { timeout }),
  };
  if (rest.limit !== undefined && rest.canary !== undefined && rest.canary > rest.limit) {
    throw batchError(say`--canary is larger than --limit`);
  }
  return interruptible(async (signal) => {
    const { planBatch } = await import('../batch/plan-batch.ts');
    const { closing, exitOf } = await import('../batch/status.ts');
    const onlyFailed = only?.includes('failed') === true;
    const outcome = await planBatch(sources, { ...rest, settings, onlyFailed, signal });
    workIsDone(say`the plans are in the ledger`, say`\`nayek batch status\` shows them`);
    note(closing(outcome));
    const steps =
      outcome.stopped === undefined
        ? say`\`nayek batch review\` makes a page of every diff, \`nayek batch status\` lists them`
        : say`the same command goes on where it was stopped, \`nayek batch status\` shows how things stand`;
    aside(nextSteps([steps]));
    if (outcome.stopped === 'interrupted') return 130;
    return exitOf(outcome.records, check === true);
  });
}

interface PublishArguments extends Omit<PublishOptions, 'onlyFailed' | 'signal'> {
  readonly only?: true;
}

async function publish({ only, ...options }: PublishArguments): Promise<number> {
  return interruptible(async (signal) => {
    const m = await import('../batch/publish/publish.ts');
    const exit = await m.publish({ ...options, onlyFailed: only === true, signal });
    workIsDone(say`what was published is in the ledger`, say`\`nayek batch status\` shows it`);
    return exit;
  });
}

async function review(options: ReviewOptions): Promise<number> {
  const m = await import('../batch/review/review.ts');
  return options.serve ? interruptible((signal) => m.review({ ...options, signal })) : m.review(options);
}

async function worker(options: Partial<WorkerArguments> & { readonly state: string }): Promise<number> {
  const { engine } = options;
  if (!engine) throw new NayekError('usage', say`worker needs --engine, or NAYEK_ENGINE`);
  return interruptible(async (signal) => {
    const m = await import('../batch/engine/worker.ts');
    return m.work({ ...options, engine, signal });
  });
}

async function undo(options: { readonly state: string }): Promise<number> {
  const exit = await (await import('../batch/publish/undo.ts')).undoBatch(options);
  workIsDone(say`the branches are taken back`, say`\`nayek batch status\` shows it`);
  return exit;
}
