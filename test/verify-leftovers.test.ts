/** What a verification leaves: nothing that it could know of, and the next run takes away what a killed one has left. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, stop } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanup } from '../src/verify/cleanup.ts';
import { claim, disclaim, removeLeftovers, removeTree, runningIn } from '../src/verify/leftovers.ts';
import { openLog } from '../src/verify/log.ts';
import { start } from '../src/verify/process.ts';
import { poll } from '../src/verify/steps.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'nayek-left-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const onLinux = process.platform === 'linux';
const MINUTE = 60_000;
const gone = (pid: number): true | undefined => {
  try {
    return /^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'latin1')) ? true : undefined;
  } catch {
    return true;
  }
};
const ended = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.on('exit', resolve));

describe.skipIf(!onLinux)('a daemon', () => {
  it.each([
    ['in a new session with an empty environment', 'setsid env -i sleep 1000 </dev/null >/dev/null 2>&1 & exit 0'],
    ['with an empty environment only', 'env -i sleep 1000 </dev/null >/dev/null 2>&1 & exit 0'],
    ['in a new session only', 'setsid sleep 1000 </dev/null >/dev/null 2>&1 & exit 0'],
    ['below a folder of the copy', 'mkdir x; cd x; setsid env -i sleep 1000 </dev/null >/dev/null 2>&1 & exit 0'],
  ])('%s is found and ended', async (_, command) => {
    const log = openLog(path.join(home, 'log'));
    const tidy = cleanup();
    const copy = path.join(home, 'copy');
    mkdirSync(copy);
    const shop = { log, cleanup: tidy, signal: new AbortController().signal, folder: home };
    const running = start(shop, { label: 'x', command, cwd: copy, env: { PATH: process.env.PATH ?? '' } });
    await running.ended;
    const sleeper = await poll(
      () => runningIn(copy).find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith('sleep\0')),
      MINUTE,
    );
    expect(running.family().map((p) => p.pid)).toContain(sleeper);
    await running.kill();
    expect(await poll(() => gone(sleeper ?? 0), MINUTE)).toBe(true);
    expect(running.family()).toEqual([]);
    await tidy.run();
    log.close();
  });
});

describe('cleanup', () => {
  it('goes on when something cannot be taken back, and says what', async () => {
    const tidy = cleanup();
    const done: string[] = [];
    const add = (name: string, fails: boolean): void => {
      const task = (): void => {
        done.push(name);
        if (fails) throw new Error(`EPERM: ${name}`);
      };
      tidy.add({ later: task, now: task });
    };
    add('first', false);
    add('second', true);
    add('third', false);
    expect(await tidy.run()).toEqual(['EPERM: second']);
    expect(done).toEqual(['third', 'second', 'first']);
    expect(await tidy.run()).toEqual([]);
  });

  it('removes folders that were closed', () => {
    const folder = path.join(home, 'closed');
    mkdirSync(path.join(folder, 'a/b'), { recursive: true });
    writeFileSync(path.join(folder, 'a/b/c'), '');
    chmodSync(path.join(folder, 'a/b'), 0o000);
    chmodSync(path.join(folder, 'a'), 0o500);
    removeTree(folder);
    expect(existsSync(folder)).toBe(false);
  });
});

it('the log is bounded, whatever is printed', () => {
  const log = openLog(path.join(home, 'log'), 100_000);
  const line = 'x '.repeat(500);
  for (let n = 0; n < 1000; n++) log.line(line);
  log.close();
  expect(statSync(log.file).size).toBeLessThan(102_000);
  expect(readFileSync(log.file, 'utf8')).toContain('the rest is left out');
});

describe.skipIf(!onLinux)('what a killed run has left', () => {
  const owned = async (name: string, owner: 'dead' | 'alive' | 'nobody'): Promise<string> => {
    const folder = path.join(home, name);
    mkdirSync(folder);
    claim(folder);
    if (owner === 'nobody') disclaim(folder);
    if (owner === 'dead') {
      const child = spawn('true');
      await ended(child);
      writeFileSync(path.join(folder, '.nayek-owner'), `${child.pid} 1\n`);
    }
    return folder;
  };

  it('is ended and removed by the next, and nothing else', async () => {
    const left = await owned('nayek-verify-abc123', 'dead');
    const server = spawn('sleep', ['1000'], { cwd: left, env: { PATH: process.env.PATH }, detached: true });
    await poll(() => runningIn(left).find((pid) => pid === server.pid), MINUTE);
    const stays = [
      await owned('nayek-verify-def456', 'alive'),
      await owned('nayek-redis-ghi789', 'nobody'),
      await owned('other-verify-abc123', 'dead'),
      await owned('nayek-verify-abc123-mine', 'dead'),
    ];
    const target = await owned('target', 'dead');
    symlinkSync(target, path.join(home, 'nayek-verify-jkl012'));
    const end = ended(server);
    expect(removeLeftovers(home)).toEqual([left]);
    await end;
    expect(server.signalCode).toBe('SIGKILL');
    expect(existsSync(left)).toBe(false);
    for (const folder of [...stays, target]) expect(existsSync(path.join(folder)), folder).toBe(true);
  });

  it('takes no mark of another form', async () => {
    const folder = await owned('nayek-verify-abc123', 'nobody');
    for (const text of ['', '1', '1 \n', '999999999 1 x\n', 'x y\n']) {
      writeFileSync(path.join(folder, '.nayek-owner'), text);
      expect(removeLeftovers(home)).toEqual([]);
    }
  });

  it('is no server: it dies with the run', async () => {
    const bundle = path.join(home, 'process.mjs');
    await build({
      entryPoints: [path.join(import.meta.dirname, '../src/verify/process.ts')],
      ...{ bundle: true, platform: 'node', format: 'esm', outfile: bundle, logLevel: 'error' },
    });
    await stop();
    const script = `
      const { start } = await import(${JSON.stringify(bundle)});
      const log = { line() {}, masked: (t) => t };
      const shop = { log, cleanup: { add() {} }, signal: new AbortController().signal };
      const running = start(shop, { label: 'x', command: 'exec sleep 1000', cwd: '/', env: { PATH: process.env.PATH } });
      console.log(running.pid);
      setInterval(() => {}, 1000);`;
    const run = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number(await new Promise((resolve) => run.stdout.once('data', (data) => resolve(String(data)))));
    expect(
      await poll(() => (readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith('sleep') ? true : undefined), MINUTE),
    ).toBe(true);
    run.kill('SIGKILL');
    expect(await poll(() => gone(pid), MINUTE)).toBe(true);
  });
});
