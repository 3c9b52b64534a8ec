/** The three local tests of the document that nayek was made for: the run call, the migrations, gunicorn. */

import { newCommand, shellWord } from '../commands/command.ts';
import type { Facts, RunCall } from '../model/facts.ts';
import { join } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { requirementsOf } from '../survey/dependencies/installed.ts';
import { applicationWordOf } from '../survey/start-targets.ts';
import { workerClass } from '../survey/worker-class.ts';
import { say } from '../system/say.ts';
import { answers, toTheEnd } from './launch.ts';
import { freePort } from './ports.ts';
import { type Asked, narrowly, waitFor } from './probe.ts';
import { describeExit } from './process.ts';
import { byHand, type Rig, settingOf, startIn } from './rig.ts';
import type { Labels, Outcome } from './steps.ts';
import type { Command, Target } from './targets.ts';
import { answeringWorkers } from './two-workers.ts';

/** Runs the three; `patched` is false when they are run to see them fail. */
export async function localTests(
  rig: Rig,
  repo: Snapshot,
  facts: Facts,
  target: Target,
  patched: boolean,
): Promise<void> {
  const labels: Labels = { service: target.name };
  const attached = await rig.attach(target.declared);
  const { service } = target;

  await rig.record.run(say`run as a program`, labels, async () => {
    const command = runCommand(repo, facts, target);
    if (!command) return { status: 'skipped', detail: say`no module starts a server when it is run` };
    const port = await freePort();
    const setting = settingOf(rig, target, target.declared, attached, { HOST: '0.0.0.0', PORT: String(port) });
    const shown = { ...setting, shown: { HOST: '0.0.0.0', ...setting.shown } };
    return serves(rig, command, shown, port, 1);
  });

  await rig.record.run('migrations', labels, async () => {
    if (!service.migrations) return { status: 'skipped', detail: say`no migrations were found` };
    // Settings that ask for it are made here, too.
    const setting = settingOf(rig, target, target.declared, attached, { PORT: String(await freePort()) });
    return toTheEnd(rig, 'migrations', { folder: service.root, command: service.migrations.command }, setting);
  });

  await rig.record.run('gunicorn', labels, async () => {
    if (patched && !usesGunicorn(target)) {
      return { status: 'skipped', detail: say`the project starts itself by another server` };
    }
    const port = await freePort();
    const workers = service.notes.some((n) => n.oneProcess) ? 1 : 2;
    const command = { folder: service.root, command: gunicornCommand(target, port, workers) };
    const setting = settingOf(rig, target, target.declared, attached, { PORT: String(port) });
    return serves(rig, command, setting, port, workers);
  });
}

async function serves(
  rig: Rig,
  command: Command,
  setting: ReturnType<typeof settingOf>,
  port: number,
  workers: number,
): Promise<Outcome> {
  const running = startIn(rig, say`local test`, command, setting);
  const reproduce = byHand(command, setting);
  const to: Asked = { port, path: '/', host: `127.0.0.1:${port}` };
  const fail = (why: string): Outcome => ({
    status: 'failed',
    detail: `${command.command}: ${why}`,
    log: running.tail(),
    reproduce,
  });
  try {
    const { status, ended, elsewhere } = await waitFor(running, to, answers, rig.patience, rig.shop.signal);
    if (ended) return fail(say`ended with ${describeExit(running.exit)}`);
    if (elsewhere !== undefined) return fail(say`listens on ${elsewhere}, not on port ${port}`);
    if (!answers(status))
      return fail(status === undefined ? say`nothing answers on port ${port}` : `answers ${status}`);
    const problem = await narrowly(to);
    if (problem !== undefined) return fail(problem);
    if (workers > 1) {
      const { alone, pids } = await answeringWorkers(running, to, workers, rig.shop.signal);
      if (alone.length < workers) return fail(say`${alone.length} of ${pids.length} workers answer`);
    }
    const many = workers > 1 ? say`, ${workers} workers answer` : '';
    return { status: 'ok', detail: say`${command.command}: open on 0.0.0.0${many}`, reproduce };
  } finally {
    await running.terminate(5000);
    await running.kill();
  }
}

/** `python -m module` for the module whose run call starts the service when it is run as a program. */
export function runCommand(repo: Snapshot, facts: Facts, { service }: Pick<Target, 'service'>): Command | undefined {
  const calls = facts.runCalls.filter(
    (c) => c.service?.root === service.root && c.service.entry.module === service.entry.module,
  );
  const below = service.root === '' ? '' : `${service.root}/`;
  const runs = (call: RunCall): boolean => {
    const text = repo.read(call.path)?.text ?? '';
    return call.path.startsWith(below) && (text.includes('__main__') || call.path.endsWith('/__main__.py'));
  };
  const call = calls.find(runs);
  if (!call) return undefined;
  const from = service.entry.pythonPath ? join(service.root, service.entry.pythonPath) : service.root;
  const inside = call.path.startsWith(from === '' ? '' : `${from}/`)
    ? call.path.slice(from === '' ? 0 : from.length + 1)
    : undefined;
  if (inside === undefined || !inside.split('/').every((part) => /^\w+(?:\.py)?$/.test(part))) return undefined;
  const module = inside.replace(/\.py$/, '').replaceAll('/', '.');
  const prefix = from === service.root ? '' : `PYTHONPATH=${shellWord(service.entry.pythonPath ?? '')} `;
  return { folder: service.root, command: `${prefix}python -m ${module.replace(/\.__main__$/, '')}` };
}

function usesGunicorn({ service, launches }: Target): boolean {
  if (service.entry.program !== undefined) return false;
  return requirementsOf(service, 'gunicorn').length > 0 || launches.some((l) => /\bgunicorn\b/.test(l.start.command));
}

/** The document's third command for this service: by its target, its worker class, two workers. */
export function gunicornCommand({ service }: Pick<Target, 'service'>, port: number, workers: number): string {
  const worker = workerClass(service)?.name;
  return newCommand(
    'gunicorn',
    applicationWordOf(service),
    ...(service.entry.pythonPath ? ['--pythonpath', service.entry.pythonPath] : []),
    ...['--bind', `0.0.0.0:${port}`, '--workers', String(workers)],
    ...(worker ? ['--worker-class', worker] : []),
  ).text;
}
