/** One launch of a service: release, workers, start, the checks on what runs, the stop, and the same with a wrong password. */

import path from 'node:path';
import { say } from '../system/say.ts';
import type { Attached } from './environment.ts';
import { MIGRATING, waitBehindMigrations } from './migrating.ts';
import { freePort } from './ports.ts';
import { type Asked, healthy, narrowly, waitFor } from './probe.ts';
import { describeExit, type Running, run } from './process.ts';
import { byHand, hostOf, ownWorkers, platformFor, type Rig, type Setting, settingOf, startIn } from './rig.ts';
import { type Labels, type Outcome, poll } from './steps.ts';
import type { Command, Launch, Target } from './targets.ts';
import { answeringWorkers } from './two-workers.ts';

/** Runs all steps of a launch; those that rest on a failed one are left out. */
export async function verifyLaunch(rig: Rig, target: Target, launch: Launch): Promise<void> {
  const labels: Labels = { service: target.name, origin: launch.origin };
  const declared = [...launch.declared, ...launch.workers.flatMap((w) => w.declared)];
  const attached = await rig.attach(declared);
  const port = await freePort();
  const to: Asked = { port, path: launch.health ?? '/', host: hostOf(target) };
  const setting = settingOf(rig, target, launch.declared, attached, platformFor(launch, target, port));
  let took: number | undefined;
  if (await released(rig, labels, launch, setting)) {
    const workers: StartedWorker[] = [];
    // Behind the start, whose command may migrate: a platform starts a worker again until it finds its tables.
    const besides = async (): Promise<void> => {
      workers.push(...(await startWorkers(rig, target, launch, attached, labels)));
    };
    took = await serve(rig, target, launch, setting, to, labels, besides);
    for (const worker of workers) await stop(rig, labels, worker.name, worker.running, launch.grace);
  }
  await rig.record.run(say`wrong password`, labels, () => wrongPassword(rig, target, launch, attached, took));
}

async function released(rig: Rig, labels: Labels, launch: Launch, setting: Setting): Promise<boolean> {
  const { release } = launch;
  if (!release) return true;
  return rig.record.run('release', labels, () => toTheEnd(rig, 'release', release, setting));
}

/** A command that must end with exit code 0. */
export async function toTheEnd(rig: Rig, label: string, command: Command, setting: Setting): Promise<Outcome> {
  const cwd = path.join(rig.copy, command.folder);
  const done = await run(rig.shop, { label, command: command.command, cwd, env: setting.env }, MIGRATING);
  const reproduce = byHand(command, setting);
  if (done.exit?.code === 0) return { status: 'ok', detail: command.command, reproduce };
  return { status: 'failed', detail: `${command.command}: ${describeExit(done.exit)}`, log: done.tail, reproduce };
}

/** Gives the ms that the start took; undefined where it never came up. */
async function serve(
  rig: Rig,
  target: Target,
  launch: Launch,
  setting: Setting,
  to: Asked,
  labels: Labels,
  besides: () => Promise<void>,
): Promise<number | undefined> {
  const began = performance.now();
  const running = startIn(rig, 'start', launch.start, setting);
  const reproduce = byHand(launch.start, setting);
  const up = await rig.record.run(say`start`, labels, () => isUp(rig, running, launch, to, reproduce));
  const took = up ? performance.now() - began : undefined;
  await besides();
  if (up) {
    await rig.record.run(say`all interfaces`, labels, async () => {
      const problem = await narrowly(to);
      const detail = problem ?? say`port ${to.port} is open on 0.0.0.0`;
      return { status: problem === undefined ? 'ok' : 'failed', detail, reproduce };
    });
    await rig.record.run(say`two workers`, labels, () => twoWorkers(rig, target, launch, running, to, reproduce));
    await stop(rig, labels, say`stop`, running, launch.grace, reproduce);
  }
  await running.kill();
  return took;
}

async function isUp(rig: Rig, running: Running, launch: Launch, to: Asked, reproduce: string): Promise<Outcome> {
  const good = launch.health === undefined ? answers : healthy;
  const { command } = launch.start;
  const { status, ended, elsewhere } = await waitBehindMigrations(
    running,
    command,
    to,
    good,
    rig.patience,
    rig.shop.signal,
  );
  if (!ended && good(status))
    return { status: 'ok', detail: `${say`${status} from ${to.path}`}: ${command}`, reproduce };
  const why = ended
    ? say`ended with ${describeExit(running.exit)}`
    : elsewhere !== undefined
      ? say`listens on ${elsewhere}, not on port ${to.port}`
      : status === undefined
        ? say`no answer on port ${to.port} within ${Math.round(rig.patience / 1000)} s`
        : say`${status} from ${to.path}`;
  return { status: 'failed', detail: `${command}: ${why}`, log: running.tail(), reproduce };
}

/** Where no health path is declared, only the port counts; an error of the server's own does not pass for an answer. */
export function answers(status: number | undefined): boolean {
  return status !== undefined && status < 500;
}

async function twoWorkers(
  rig: Rig,
  { service }: Target,
  launch: Launch,
  running: Running,
  to: Asked,
  reproduce: string,
): Promise<Outcome> {
  const { command } = launch.start;
  const one = service.notes.find((n) => n.oneProcess);
  if (one)
    return { status: 'skipped', detail: say`one process by design: ${one.text} (${one.at.path}:${one.at.line})` };
  if (ownWorkers(service) === '1' && !/(?:--workers[ =]|-w ?)\d/.test(command))
    return { status: 'skipped', detail: say`the code takes one worker by itself` };
  if (/(?:--workers[ =]|-w ?)1\b/.test(command))
    return { status: 'skipped', detail: say`the command asks for one worker` };
  if (!/\bgunicorn\b/.test(command))
    return { status: 'skipped', detail: say`the server decides on its processes itself` };
  const { pids, alone } = await answeringWorkers(running, to, 2, rig.shop.signal);
  if (alone.length >= 2)
    return { status: 'ok', detail: say`each of ${alone.length} of ${pids.length} answers alone`, reproduce };
  const { gunicornConf } = service.deployment;
  if (pids.length < 2 && gunicornConf)
    return { status: 'skipped', detail: say`${gunicornConf.path} asks for one worker` };
  const detail = say`${alone.length} of ${pids.length} workers answer`;
  return { status: 'failed', detail, log: running.tail(), reproduce };
}

/** The last lines of a log without those that were its last before. */
export function linesSince(before: readonly string[], after: readonly string[]): readonly string[] {
  for (let kept = Math.min(before.length, after.length); kept > 0; kept--) {
    const old = before.slice(-kept);
    if (after.slice(0, kept).every((line, i) => line === old[i])) return after.slice(kept);
  }
  return after;
}

/** SIGTERM to the first process, as a platform sends it: all must end within the grace time. */
async function stop(
  rig: Rig,
  labels: Labels,
  name: string,
  running: Running,
  grace: number,
  reproduce?: string,
): Promise<void> {
  await rig.record.run(name, labels, async () => {
    const since = performance.now();
    const before = running.tail();
    const exit = await running.terminate(grace * 1000);
    const took = ((performance.now() - since) / 1000).toFixed(1);
    const more = reproduce === undefined ? {} : { reproduce };
    if (!exit)
      // An error that it logged while it was asked is not why it goes on.
      return {
        status: 'failed',
        detail: say`still runs ${grace} s after SIGTERM`,
        log: linesSince(before, running.tail()),
        ...more,
      };
    const left = await poll(() => (running.family().length === 0 ? 0 : undefined), 3000, rig.shop.signal);
    const orphans = left === 0 ? 0 : running.family().length;
    await running.kill();
    if (orphans === 0) {
      return {
        status: 'ok',
        detail: say`ended ${took} s after SIGTERM (${describeExit(exit)}), no process of it was found after that`,
        ...more,
      };
    }
    const many =
      orphans === 1
        ? say`1 process is left behind as an orphan after SIGTERM`
        : say`${orphans} processes are left behind as orphans after SIGTERM`;
    const why = rig.tolerance.orphans.get(labels.origin ?? '');
    return { status: why === undefined ? 'failed' : 'warning', detail: why ? `${many}: ${why}` : many, ...more };
  });
}

interface StartedWorker {
  readonly name: string;
  readonly running: Running;
}

async function startWorkers(
  rig: Rig,
  target: Target,
  launch: Launch,
  attached: Attached,
  labels: Labels,
): Promise<StartedWorker[]> {
  const out: StartedWorker[] = [];
  for (const worker of launch.workers) {
    const setting = settingOf(rig, target, worker.declared, attached, { PYTHONUNBUFFERED: '1' });
    const running = startIn(rig, worker.name, worker, setting);
    const up = await rig.record.run(worker.name, labels, () => staysUp(rig, running, worker, byHand(worker, setting)));
    if (up) out.push({ name: say`stop ${worker.name}`, running });
    else await running.kill();
  }
  return out;
}

/** A worker has no port: it says that it is ready, or is still there after five seconds. */
async function staysUp(rig: Rig, running: Running, worker: Command, reproduce: string): Promise<Outcome> {
  const says = (): string | undefined =>
    running.tail(200).find((l) => /\bready\b|\bListening on\b|Worker started|Starting worker|beat: Starting/i.test(l));
  const line = await poll(() => (running.exit ? '' : says()), 15_000, rig.shop.signal);
  if (running.exit) {
    const detail = say`${worker.command}: ended with ${describeExit(running.exit)}`;
    return { status: 'failed', detail, log: running.tail(), reproduce };
  }
  return { status: 'ok', detail: `${worker.command}: ${line ? line.trim() : say`still runs after 15 s`}`, reproduce };
}

/**
 * A deploy that cannot reach its database must not look healthy. It has three times as long as the right start took: on
 * a busy machine it would pass for one that never comes up.
 */
async function wrongPassword(rig: Rig, target: Target, launch: Launch, attached: Attached, took = 0): Promise<Outcome> {
  const resources = launch.declared.filter((d) => d.from === 'database');
  if (resources.length === 0) return { status: 'skipped', detail: say`no variable carries the address of a database` };
  const wrong: Attached = {
    ...attached,
    database(name) {
      const to = attached.database(name);
      return to && { ...to, password: 'wrong' };
    },
  };
  const port = await freePort();
  const to: Asked = { port, path: launch.health ?? '/', host: hostOf(target) };
  const setting = settingOf(rig, target, launch.declared, wrong, platformFor(launch, target, port));
  if (launch.release) {
    const outcome = await toTheEnd(rig, 'release with a wrong password', launch.release, setting);
    if (outcome.status === 'failed')
      return { status: 'ok', detail: say`the release command fails: the deploy stops there` };
  }
  const running = startIn(rig, 'start with a wrong password', launch.start, setting);
  const good = launch.health === undefined ? answers : healthy;
  const { status, ended } = await waitFor(
    running,
    to,
    good,
    Math.min(rig.patience, Math.max(25_000, 3 * took)),
    rig.shop.signal,
  );
  await running.kill();
  if (ended) return { status: 'ok', detail: say`the start fails (${describeExit(running.exit)})` };
  if (!good(status)) return { status: 'ok', detail: say`the health check never passes` };
  const looks = say`it looks healthy all the same: ${status} from ${to.path}`;
  const reproduce = byHand(launch.start, setting);
  const why = rig.tolerance.migrations.get(launch.origin);
  if (why !== undefined) return { status: 'warning', detail: `${looks}: ${why}`, reproduce };
  if (!target.service.migrations) {
    return { status: 'warning', detail: say`${looks}; nothing asks the database before the first request`, reproduce };
  }
  return { status: 'failed', detail: looks, log: running.tail(), reproduce };
}
