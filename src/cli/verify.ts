/** `nayek verify`: the checklist on the patched result; with --live the result is really run, in a copy. */

import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { parts } from '../engine/parts.ts';
import type { Step as PartStep } from '../engine/step.ts';
import { checklist, checkReport, decisions } from '../report/checklist.ts';
import { nextAfterBoot, nextAfterVerify } from '../report/next.ts';
import { openOutput } from '../report/output.ts';
import { note } from '../report/voice.ts';
import { language, local } from '../report/words/local.ts';
import { survey } from '../survey/index.ts';
import { shownOn, takesColour, visible } from '../syntax/visible.ts';
import { NayekError } from '../system/errors.ts';
import { readGiven } from '../system/given-file.ts';
import { interruptible } from '../system/interrupt.ts';
import { say } from '../system/say.ts';
import { causeOf, foreseenIn } from '../verify/cause.ts';
import { cleanup } from '../verify/cleanup.ts';
import { readConnection } from '../verify/connection.ts';
import { askConsent } from '../verify/consent.ts';
import { chosenTargets, type LiveOptions, type Subject, verifyLive } from '../verify/live.ts';
import { openLog } from '../verify/log.ts';
import { progress } from '../verify/progress.ts';
import { closing, stepLines, stepsReport } from '../verify/report.ts';
import type { Tolerance } from '../verify/rig.ts';
import { exitCodeOf, recorder } from '../verify/steps.ts';
import type { Target } from '../verify/targets.ts';
import { type ChoiceOptions, chosenSteps, noteFolder } from './commands.ts';
import { openRepository, planRepository } from './planning.ts';

export interface VerifyOptions extends ChoiceOptions {
  readonly format: string;
  readonly live?: boolean;
  readonly yes?: boolean;
  readonly unpatched?: boolean;
  readonly service?: string;
  readonly python?: string;
  readonly reuseEnv?: string;
  readonly install: boolean;
  readonly databaseUrl?: string;
  readonly envFile?: string;
  readonly timeout: string;
  readonly log?: string;
  readonly keep?: boolean;
}

/** Exit code: 0 all holds, 1 something does not, 2 something could not be tried, 130 interrupted. */
export async function verify(dir: string | undefined, options: VerifyOptions): Promise<number> {
  const root = path.resolve(options.C, dir ?? '.');
  const { steps, ...recipe } = await chosenSteps(options, root);
  const live = options.live ? liveOptions(options, steps) : undefined;
  const before = await openRepository(root);
  noteFolder(before);
  const how = { recipe: recipe.name, unsafe: options.unsafe === true };
  const plan = await planRepository(before, steps, how);
  const patched = options.unpatched !== true;
  const repo = patched ? before.with(new Map(plan.changes.map((c) => [c.path, c.after]))) : before;
  const facts = survey(repo);
  if (live) return boot({ plan, repo, facts }, live, { ...options, folder: dir ?? options.C });

  const checked = patched ? await planRepository(repo, steps, how) : plan;
  const points = checklist(checked, parts, options.format === 'json' ? 'en' : language());
  // What the parts said when they made the files is not said again of the files.
  const decide = [...new Set([...decisions(plan), ...decisions(checked)])];
  const out = openOutput(options.output, plan.root);
  if (options.format === 'json') out.end(`${JSON.stringify({ root: plan.root, points, decide }, null, 2)}\n`);
  else {
    const next = options.output === undefined ? nextAfterVerify(plan, patched, dir ?? options.C) : '';
    out.end(checkReport(points, decide, facts, shownOn(process.stdout, options.output)) + next);
  }
  if (plan.verdicts.some((v) => v.kind === 'failed') || points.some((p) => p.failed)) return 2;
  return points.some((p) => p.mark === 'short') ? 1 : 0;
}

function liveOptions(options: VerifyOptions, steps: readonly PartStep[]): LiveOptions {
  const fail = (what: string, hint: string): never => {
    throw new NayekError('usage', what, { hint });
  };
  const seconds = Number(options.timeout);
  if (!(seconds > 0)) fail(say`--timeout ${options.timeout} is no number of seconds`, say`such as --timeout 60`);
  if (!options.install && options.reuseEnv === undefined) {
    fail(say`--no-install needs an environment`, say`name it with --reuse-env`);
  }
  const databaseUrl = options.databaseUrl === undefined ? undefined : readConnection(options.databaseUrl);
  if (options.databaseUrl !== undefined && !databaseUrl) {
    fail(say`--database-url is no URL with a host`, say`such as postgresql://USER:PASSWORD@127.0.0.1:5432/NAME`);
  }
  return {
    patched: options.unpatched !== true,
    install: options.install,
    given: options.envFile === undefined ? {} : (parseEnv(readGiven(options.envFile)) as Record<string, string>),
    patience: seconds * 1000,
    tolerance: toleranceOf(steps),
    keep: options.keep === true,
    ...(options.service === undefined ? {} : { service: options.service }),
    ...(options.python === undefined ? {} : { python: options.python }),
    ...(options.reuseEnv === undefined ? {} : { reuseEnv: path.resolve(options.reuseEnv) }),
    ...(databaseUrl ? { databaseUrl } : {}),
  };
}

/** What the options of the recipe's parts ask for. */
function toleranceOf(steps: readonly PartStep[]): Tolerance {
  const option = (id: string): unknown => steps.find((s) => s.part.id === id)?.options.migrate;
  const migrations = new Map<string, string>();
  const orphans = new Map<string, string>();
  if (option('procfile') === 'tolerate') {
    migrations.set('Procfile', say`the recipe starts the server after a failed migration, too`);
    orphans.set('Procfile', say`the recipe starts the server in a shell that keeps SIGTERM to itself`);
  }
  if (option('procfile') === 'never') migrations.set('Procfile', say`the recipe runs no migration there`);
  if (option('render-yaml') === 'never') migrations.set('render.yaml', say`the recipe runs no migration there`);
  return { migrations, orphans };
}

/** With the folder as the user has named it. */
interface BootOptions extends VerifyOptions {
  readonly folder: string;
}

async function boot(subject: Subject, live: LiveOptions, options: BootOptions): Promise<number> {
  const targets = chosenTargets(subject, live.service);
  if (targets.length === 0) {
    const names = subject.facts.services.map((s) => s.root || s.name).join(', ');
    throw new NayekError('usage', say`no service '${live.service}'`, {
      hint: names ? say`there is: ${names}` : say`there is none`,
    });
  }
  return interruptible((signal) => run(subject, targets, live, options, signal), ['SIGINT', 'SIGTERM', 'SIGHUP']);
}

async function run(
  subject: Subject,
  targets: readonly Target[],
  live: LiveOptions,
  options: BootOptions,
  signal: AbortSignal,
): Promise<number> {
  const tidy = cleanup();
  try {
    note(
      say`This installs and runs the code of ${subject.plan.root}, in a copy of it; it listens on all interfaces while it runs.`,
    );
    if (!(await askConsent(local(say`Run it?`), options.yes === true, signal))) return 2;
    const out = openOutput(options.output, subject.plan.root);
    const name = path.basename(subject.plan.root).replace(/[^\w.-]/g, '_');
    const log = openLog(options.log ?? path.join(tmpdir(), `nayek-verify-${name}-${process.pid}.log`));
    const summary = options.format !== 'json';
    const colour = options.output === undefined && takesColour(process.stdout);
    const lines: string[] = [];
    const show = progress(process.stderr);
    let service: string | undefined;
    const print = (text: string): void => {
      lines.push(text);
      if (summary && options.output === undefined) process.stdout.write(`${text}\n`);
    };
    const record = recorder(
      (step, labels) => show.begin([labels.service, labels.origin, local(step)].filter(Boolean).join(': ')),
      (step) => {
        show.end();
        log.line(`=== ${step.status} ${step.name} (${step.ms} ms): ${step.detail}`);
        if (step.service !== undefined && step.service !== service) print(`\n${visible(step.service)}`);
        service = step.service ?? service;
        print(stepLines(step, log.masked, colour));
      },
      signal,
      (lines, detail) => {
        const cause = causeOf(lines);
        const foreseen = cause && foreseenIn(subject.plan, cause, detail);
        return { ...(cause ? { cause: cause.text } : {}), ...(foreseen === undefined ? {} : { foreseen }) };
      },
    );
    let kept: string | undefined;
    try {
      kept = await verifyLive({ log, cleanup: tidy, signal }, record, subject, targets, live);
    } finally {
      show.end();
      for (const problem of await tidy.run()) note(say`left behind: ${problem}`);
      log.close();
    }
    const exit = exitCodeOf(record.steps);
    print(`\n${closing(record.steps)}`);
    if (kept) note(say`the copy and its environment stay in ${kept}`);
    if (exit === 0 && options.log === undefined) log.remove();
    else note(say`everything that was printed is in ${log.file}`);
    const report = stepsReport(subject.plan.root, subject.plan.recipe, record.steps, log, exit);
    const next = nextAfterBoot(subject.plan, live.patched, exit, options.folder);
    if (summary && options.output === undefined) process.stdout.write(next);
    if (!summary) out.end(`${JSON.stringify(report, null, 2)}\n`);
    else if (options.output !== undefined) out.end(`${lines.join('\n')}\n`);
    return exit;
  } finally {
    await tidy.run();
  }
}
