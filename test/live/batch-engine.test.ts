/** The engine on real servers: workers and servers are killed, jobs submitted twice; nothing is lost or done twice. */

import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JobRecord } from '../../src/batch/job.ts';
import { findProgram } from '../../src/system/program.ts';
import { buildOnce, command } from '../built.ts';
import { recordingGh } from '../recording-gh.ts';
import { git, SAMPLE } from '../sample.ts';
import { temporaryFolder } from '../temporary.ts';
import { makeServer, pause, SERVERS, type Server } from './servers.ts';

const BRANCH = 'nayek/deploy-ready';
/** Seconds until the job of a dead worker goes to another. */
const PATIENCE = 4;

/**
 * A git for the workers that says which checkout it is asked for, takes its time, and kills the worker: in the middle of
 * a job or right after a push.
 */
const TREACHEROUS_GIT = `#!/bin/sh
here=$(dirname "$0")
real=${findProgram('git')}
murder() {
  worker=$(sed 's/.*) //' "/proc/$PPID/stat" | cut -d' ' -f2)
  kill -9 "$worker"
  sleep 20
}
case " $* " in
  *' read-tree --reset '*)
    name=$(basename "$PWD")
    echo "$name" >>"$here/started"
    if [ -f "$here/slow" ]; then sleep 2; fi
    while [ -f "$here/hold" ]; do sleep 0.1; done
    if [ -f "$here/always-$name" ]; then murder; fi
    if [ -f "$here/once-$name" ]; then rm "$here/once-$name"; murder; fi
    ;;
  *' push '*)
    "$real" "$@" || exit
    if [ -f "$here/once-push" ]; then rm "$here/once-push"; murder; fi
    exit 0
    ;;
esac
exec "$real" "$@"
`;

let top: string;
const running = new Set<ChildProcess>();

beforeAll(() => {
  buildOnce();
  top = temporaryFolder('engine');
  // The server of PostgreSQL is another user.
  chmodSync(top, 0o755);
});

afterEach(async () => {
  await Promise.all([...running].map(ended));
});

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await gone;
}

let count = 0;

/** A place of its own for one test: repositories, workers, state folders. */
function place(server: Server, names: readonly string[]) {
  const folder = path.join(top, `t${count++}`);
  mkdirSync(folder);
  const gh = recordingGh(folder);
  writeFileSync(path.join(gh.folder, 'git'), TREACHEROUS_GIT, { mode: 0o755 });
  const config = path.join(folder, 'gitconfig');
  writeFileSync(
    config,
    `[user]\n\tname = Ada\n\temail = ada@example.org\n[url "file://${folder}/"]\n\tinsteadOf = https://git.example/acme/\n`,
  );
  const repositories = names.map((name) => {
    const work = path.join(folder, name);
    for (const [file, text] of Object.entries({ ...SAMPLE, NAME: `${name} ${folder}\n` })) {
      mkdirSync(path.dirname(path.join(work, file)), { recursive: true });
      writeFileSync(path.join(work, file), text);
    }
    git(work, 'init', '--quiet', '--initial-branch=main');
    git(work, 'add', '-A');
    git(work, '-c', 'user.name=n', '-c', 'user.email=n@example.org', 'commit', '--quiet', '-m', 'start');
    git(work, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    return work;
  });
  const env = {
    ...process.env,
    ...{ GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: '1', NAYEK_ENGINE: server.url },
    NAYEK_ENGINE_KEY: 'k'.repeat(40),
  };
  const run = (args: readonly string[], more: NodeJS.ProcessEnv = {}) => {
    const child = spawn(process.execPath, [command, 'batch', ...args], { cwd: folder, env: { ...env, ...more } });
    running.add(child);
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    const end = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      child.on('close', (code) => {
        running.delete(child);
        resolve({ code, out, err });
      });
    });
    return { child, end, said: () => out + err };
  };
  let workers = 0;
  const worker = async (more: NodeJS.ProcessEnv = {}) => {
    const args = ['worker', '--state', `worker${workers++}`, '--concurrency', '1', '--patience', String(PATIENCE)];
    const path_ = `${gh.folder}${path.delimiter}${process.env.PATH}`;
    const one = run(args, { PATH: path_, ...more });
    await expect.poll(one.said, { timeout: 600_000 }).toContain('worker for');
    return one;
  };
  const records = (state: string, stage = 'plan'): JobRecord[] =>
    readFileSync(path.join(folder, state, 'ledger.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter((r: JobRecord) => r.stage === stage);
  const started = (): string[] => {
    const file = path.join(gh.folder, 'started');
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').sort() : [];
  };
  const trap = (name: string): void => writeFileSync(path.join(gh.folder, name), '');
  const release = (name: string): void => rmSync(path.join(gh.folder, name));
  return { folder, gh, repositories, run, worker, records, started, trap, release };
}

const summary = (records: readonly JobRecord[]): string[] => records.map((r) => `${r.name} ${r.status}`).sort();

describe.each(SERVERS)('%s', (kind) => {
  let server: Server;

  beforeAll(async () => {
    server = await makeServer(kind, path.join(top, kind));
    await server.start();
  });

  afterAll(async () => {
    await server?.kill();
  });

  it('a worker killed in the middle of a job: another does it, and each is done once', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const p = place(server, names);
    p.trap('once-b');
    const workers = [await p.worker(), await p.worker()];
    const { code, err } = await p.run(['plan', ...p.repositories, '--state', 's']).end;
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('4 changed; planned 4') });
    expect(summary(p.records('s'))).toEqual(names.map((name) => `${name} changed`));
    expect(p.started()).toEqual(['a', 'b', 'b', 'c', 'd']);
    expect(p.records('s').find((r) => r.name === 'b')?.attempt).toBe(2);
    expect(workers.filter((w) => w.child.signalCode === 'SIGKILL')).toHaveLength(1);
    // The result is what the local pool makes.
    const local = await p.run(['plan', ...p.repositories, '--state', 'local'], { NAYEK_ENGINE: '' }).end;
    expect(local.code).toBe(0);
    const patches = (state: string) =>
      p
        .records(state)
        .map((r) => [r.jobId, r.patch?.sha256])
        .sort();
    expect(patches('s')).toEqual(patches('local'));
    for (const r of p.records('s')) git(r.repo, 'apply', '--check', path.join(p.folder, 's', r.patch?.path ?? ''));
  });

  it('a worker killed after the push and before its answer: one commit, one pull request', async () => {
    const p = place(server, ['shop', 'till']);
    const manifest = path.join(p.folder, 'batch.yaml');
    const urls = ['shop', 'till'].map((name) => `  - url: https://git.example/acme/${name}\n`).join('');
    writeFileSync(manifest, `version: 1\nrepos:\n${urls}`);
    await p.worker();
    await p.worker();
    expect((await p.run(['plan', manifest, '--state', 's']).end).code).toBe(0);
    p.trap('once-push');
    const { code, err } = await p.run(['publish', '--unmarked', '--state', 's']).end;
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^nayek: 2 pr-opened\n/) });
    expect(existsSync(path.join(p.gh.folder, 'once-push'))).toBe(false);
    for (const work of p.repositories) expect(git(work, 'rev-list', '--count', `main..${BRANCH}`)).toBe('1\n');
    expect(
      p.gh
        .pulls()
        .map((pull) => pull.repo)
        .sort(),
    ).toEqual(['git.example/acme/shop', 'git.example/acme/till']);
    const again = await p.run(['publish', '--unmarked', '--state', 's']).end;
    expect(again).toMatchObject({ code: 0, err: expect.stringMatching(/^nayek: 2 up-to-date\n/) });
    expect(p.gh.pulls()).toHaveLength(2);
  });

  it('a job that kills every worker is given up after the second, and the rest is done', async () => {
    const p = place(server, ['good', 'poison', 'well']);
    p.trap('always-poison');
    const workers = [await p.worker(), await p.worker(), await p.worker()];
    const { code } = await p.run(['plan', ...p.repositories, '--state', 's']).end;
    expect(code).toBe(2);
    expect(summary(p.records('s'))).toEqual(['good changed', 'poison failed', 'well changed']);
    expect(p.records('s').find((r) => r.name === 'poison')?.error?.code).toBe('crashed');
    expect(p.started().filter((name) => name === 'poison')).toHaveLength(2);
    expect(workers.filter((w) => w.child.signalCode === 'SIGKILL')).toHaveLength(2);
    // Cured, it goes through: what failed is not kept as an answer.
    rmSync(path.join(p.gh.folder, 'always-poison'));
    expect((await p.run(['plan', ...p.repositories, '--state', 's']).end).err).toContain('3 changed; planned 1');
  });

  it('the server killed and started again in the middle: all is done, each once in the ledger', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const p = place(server, names);
    p.trap('slow');
    await p.worker();
    const plan = p.run(['plan', ...p.repositories, '--state', 's']);
    await expect.poll(plan.said, { timeout: 600_000 }).toContain('changed');
    await server.kill();
    await pause(2000);
    await server.start();
    const { code, out, err } = await plan.end;
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('6 changed; planned 6') });
    expect(out.trimEnd().split('\n')).toHaveLength(6);
    expect(summary(p.records('s'))).toEqual(names.map((name) => `${name} changed`));
  });

  it('the same jobs submitted twice, and once more later, are done once', async () => {
    const names = ['a', 'b', 'c'];
    const p = place(server, names);
    p.trap('slow');
    await p.worker();
    await p.worker();
    const plan = (state: string) => p.run(['plan', ...p.repositories, '--state', state]).end;
    const both = await Promise.all([plan('one'), plan('two')]);
    expect(both.map((end) => end.code)).toEqual([0, 0]);
    expect((await plan('three')).code).toBe(0);
    expect(p.started()).toEqual(names);
    const patches = (state: string) =>
      p
        .records(state)
        .map((r) => [r.jobId, r.patch?.sha256])
        .sort();
    expect(patches('two')).toEqual(patches('one'));
    expect(patches('three')).toEqual(patches('one'));
  });

  it('two workers work at the same time, one job each', async () => {
    const p = place(server, ['a', 'b', 'c', 'd']);
    p.trap('hold');
    await p.worker();
    await p.worker();
    const plan = p.run(['plan', ...p.repositories, '--state', 's']);
    // None can end, so the second is that of the other worker.
    await expect.poll(() => p.started().length, { timeout: 600_000 }).toBe(2);
    p.release('hold');
    expect((await plan.end).code).toBe(0);
    expect(p.started()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('what the server stores says nothing of the repositories, and workers take orders under their key only', async () => {
    const p = place(server, ['shop']);
    const stranger = await p.worker({ NAYEK_ENGINE_KEY: 'x'.repeat(40) });
    const refused = await p.run(['plan', ...p.repositories, '--state', 's']).end;
    expect(refused).toMatchObject({ code: 2, out: expect.stringContaining('not sealed with this NAYEK_ENGINE_KEY') });
    await ended(stranger.child);
    await p.worker();
    expect((await p.run(['plan', ...p.repositories, '--state', 's']).end).code).toBe(0);
    const stored = server.dump();
    expect(stored).toContain(`w-${p.records('s')[0]?.jobId}`);
    for (const secret of [p.folder, 'Procfile', 'requirements.txt', 'deploy-ready']) {
      expect(stored.includes(secret), secret).toBe(false);
    }
  });
});
