/** `nayek batch` as a user runs it: the built command on real repositories, killed, resumed, and in trouble. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { outcomeOf } from '../bench/batch/outcome.ts';
import { makeRepository, SHAPE_NAMES } from '../bench/batch/repositories.ts';
import type { JobRecord } from '../src/batch/job.ts';
import type { LockFile } from '../src/batch/lock-file.ts';
import { command } from './built.ts';
import { servedCommand } from './command.ts';
import { git, repositoryOf, SAMPLE } from './sample.ts';
import { temporaryFolder } from './temporary.ts';
import { full, sampled, thorough } from './tier.ts';

let top: string;
/** One of each shape, two in `full`. */
const each = full ? 2 : 1;
let repositories: string[];

beforeAll(() => {
  top = scratch();
  repositories = Array.from({ length: each * SHAPE_NAMES.length }, (_, n) => makeRepository(top, n));
});

const scratch = (): string => temporaryFolder('batch');

const run = servedCommand();

/** With one worker, unless the arguments say how many: to start one is most of the work. */
function nayek(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const one = args[0] === 'plan' && !args.includes('--concurrency') ? ['--concurrency', '1'] : [];
  return run(options.cwd ?? top, ['batch', ...args, ...one], { ...process.env, ...options.env });
}

const state = (): string => path.join(scratch(), 'state');

function records(store: string): JobRecord[] {
  const text = readFileSync(path.join(store, 'ledger.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Resolves when none of the processes is left. */
async function ended(pids: Iterable<number>): Promise<void> {
  const alive = (): number[] =>
    [...pids].filter((pid) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    });
  await expect.poll(alive, { timeout: 300_000 }).toEqual([]);
}

/** A `git` for PATH that stops before it checks this repository out, until it is let go. */
function holdingGit(repository: string) {
  const bin = scratch();
  const [hold, held] = [path.join(bin, 'hold'), path.join(bin, 'held')];
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const wait = `echo $$ >>${held}; while [ -e ${hold} ]; do sleep 0.1; done`;
  const script = `#!/bin/sh\ncase "$*" in *${path.basename(repository)}*read-tree*) ${wait};; esac\nexec ${real} "$@"\n`;
  writeFileSync(hold, '');
  writeFileSync(path.join(bin, 'git'), script, { mode: 0o755 });
  const pids = (): number[] =>
    existsSync(held) ? readFileSync(held, 'utf8').split('\n').filter(Boolean).map(Number) : [];
  return {
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
    /** Resolves when it is there. */
    held: () => expect.poll(pids, { timeout: 300_000 }).not.toEqual([]),
    async letGo() {
      rmSync(hold);
      await ended(pids());
    },
  };
}

const ids = (some: readonly JobRecord[]): string[] => some.map((r) => r.jobId).sort();

describe('plan', () => {
  it('plans all, leaves every checkout alone, and each patch applies to its commit', () => {
    const store = state();
    const dirty = repositories[0] ?? '';
    writeFileSync(path.join(dirty, 'requirements.txt'), 'fastapi==0.1\n');
    const before = repositories.map((r) => [
      git(r, 'status', '--porcelain', '--ignored'),
      readdirSync(path.join(r, '.git')).sort(),
    ]);
    const { code, out, err } = nayek(['plan', ...repositories, '--state', store, '--concurrency', '2']);
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringContaining(`nayek: ${4 * each} changed, ${each} skipped; planned ${5 * each} in `),
    });
    expect(out.trimEnd().split('\n')).toHaveLength(repositories.length);
    expect(
      repositories.map((r) => [git(r, 'status', '--porcelain', '--ignored'), readdirSync(path.join(r, '.git')).sort()]),
    ).toEqual(before);
    git(dirty, 'checkout', '--quiet', '--', '.');
    for (const record of records(store)) {
      if (record.status !== 'changed') continue;
      const patch = path.join(store, record.patch?.path ?? '');
      git(record.repo, 'apply', '--check', patch);
      const numbers = git(record.repo, 'apply', '--numstat', patch)
        .trimEnd()
        .split('\n')
        .map((l) => l.split('\t').map(Number));
      const sum = (at: number): number => numbers.reduce((total, n) => total + (n[at] ?? 0), 0);
      expect([record.files, record.insertions, record.deletions]).toEqual([numbers.length, sum(0), sum(1)]);
    }
    expect(readdirSync(path.join(store, 'work'))).toEqual([]);
  });

  thorough('is what `patch` does in the repository itself', () => {
    const store = state();
    nayek(['plan', repositories[1] ?? '', '--state', store]);
    const [record] = records(store);
    const diff = execFileSync(process.execPath, [command, 'patch', '--dry-run', repositories[1] ?? ''], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(readFileSync(path.join(store, record?.patch?.path ?? ''))).toEqual(diff);
  });

  it('done work is not done again; new commits, options and damaged patches are', () => {
    const store = state();
    const repo = repositoryOf(SAMPLE);
    const commitMore = () =>
      git(
        repo,
        ...['-c', 'user.name=n', '-c', 'user.email=n@example.org'],
        'commit',
        '--quiet',
        '--allow-empty',
        '-m',
        'more',
      );
    const run = (...more: readonly string[]) =>
      nayek(['plan', repo, repositories[2] ?? '', '--state', store, ...more]).err;
    expect(run()).toContain('planned 2 in');
    expect(run()).toContain('planned 0 in');
    commitMore();
    expect(run()).toContain('planned 1 in');
    expect(run('--skip', 'procfile')).toContain('planned 2 in');
    expect(run('--skip', 'procfile')).toContain('planned 0 in');
    appendFileSync(path.join(store, records(store).at(-1)?.patch?.path ?? ''), 'x');
    expect(run('--skip', 'procfile')).toContain('planned 1 in');
    commitMore();
    expect(run('--skip', 'procfile', '--locked')).toContain('planned 0 in');
  });

  it('a folder without git is planned in place, each time', () => {
    const store = state();
    const folder = repositoryOf(SAMPLE, { git: false });
    for (const _ of [1, 2]) expect(nayek(['plan', folder, '--state', store]).err).toContain('1 changed; planned 1 in');
    expect(existsSync(path.join(folder, 'Procfile'))).toBe(false);
    expect(records(store)[0]).toMatchObject({ inputKey: null, baseSha: null, status: 'changed' });
  });

  it('a manifest: refs, folders, remotes; one bad repository does not stop the rest', () => {
    const store = state();
    const folder = scratch();
    const mono = repositoryOf({
      ...SAMPLE,
      ...Object.fromEntries(Object.entries(SAMPLE).map(([n, t]) => [`services/api/${n}`, t])),
    });
    git(mono, 'branch', 'release');
    const bare = path.join(folder, 'mono.git');
    git(folder, 'clone', '--quiet', '--bare', mono, bare);
    const manifest = path.join(folder, 'batch.yaml');
    const sha = git(mono, 'rev-parse', 'HEAD').trim();
    const url = `file://${bare}`;
    writeFileSync(
      manifest,
      [
        'version: 1',
        'repos:',
        `  - url: ${url}`,
        `  - {url: '${url}', subdir: services/api, ref: release}`,
        `  - {url: '${url}', ref: ${sha}}`,
        `  - {path: ${path.relative(folder, mono)}, subdir: services/api, recipe: procfile}`,
        `  - {path: ${mono}/services/api}`,
        `  - {path: ${mono}, ref: gone}`,
        `  - {url: 'file://${folder}/none.git'}`,
        `  - {path: nowhere}`,
        `  - {url: '${url}', subdir: services/web}`,
      ].join('\n'),
    );
    const { code, err } = nayek(['plan', manifest, '--state', store]);
    expect(err).toContain('5 changed, 4 failed; planned 9');
    expect(code).toBe(2);
    const lock: LockFile = JSON.parse(readFileSync(path.join(store, 'lock.json'), 'utf8'));
    const last = new Map(records(store).map((r) => [r.jobId, r]));
    const all = lock.repos.map((r) => last.get(r.jobId));
    expect(all.map((r) => r?.status)).toEqual([...Array(5).fill('changed'), ...Array(4).fill('failed')]);
    const branch = git(mono, 'symbolic-ref', '--short', 'HEAD').trim();
    expect(lock.repos.slice(0, 5).map((r) => [r.ref, r.baseSha, r.name, r.subdir])).toEqual([
      [branch, sha, 'mono', ''],
      ['release', sha, 'mono', 'services/api'],
      [null, sha, 'mono', ''],
      [branch, sha, 'shop', 'services/api'],
      [branch, sha, 'shop', 'services/api'],
    ]);
    expect(all.slice(5).map((r) => r?.error?.code)).toEqual(['git', 'git', 'not-a-directory', 'git']);
    for (const record of all.slice(0, 5)) git(mono, 'apply', '--check', path.join(store, record?.patch?.path ?? ''));
    const inside = readFileSync(path.join(store, all[1]?.patch?.path ?? ''), 'utf8');
    expect(inside).toContain('+++ b/services/api/Procfile');
    // Both refs are one commit: fetched once, and not again when the options change.
    expect(readdirSync(path.join(store, 'clones'))).toHaveLength(1);
    rmSync(bare, { recursive: true });
    expect(nayek(['plan', manifest, '--state', store, '--locked', '--skip', 'gunicorn']).err).toContain(
      '5 changed, 4 failed',
    );
    const status = nayek(['status', '--state', store, '--format', 'json']);
    expect(JSON.parse(status.out).counts).toEqual({ changed: 5, failed: 4 });
    expect(status.code).toBe(2);
  });

  it('runs nothing of a repository, and fetches nothing large', () => {
    const trap = path.join(scratch(), 'sprung');
    const files = { ...SAMPLE, '.gitattributes': '*.py filter=trap ident text eol=crlf\n', 'ID.py': 'x = "$Id$"\n' };
    const repo = repositoryOf(files);
    for (const hook of ['post-checkout', 'post-index-change', 'reference-transaction']) {
      const file = path.join(repo, '.git', 'hooks', hook);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, `#!/bin/sh\ntouch ${trap}\n`);
      chmodSync(file, 0o755);
    }
    for (const [name, value] of [
      ['filter.trap.smudge', `touch ${trap}; cat`],
      ['core.fsmonitor', `touch ${trap}; false`],
      ['core.hooksPath', path.join(repo, '.git', 'hooks')],
    ] as const) {
      git(repo, 'config', name, value);
    }
    const store = state();
    expect(nayek(['plan', repo, `--state=${store}`]).err).toContain('1 changed');
    expect(existsSync(trap)).toBe(false);
    // The trap works: git itself springs it.
    git(repo, 'checkout', '--quiet', '--force', 'HEAD', '--', '.');
    git(repo, 'checkout', '--quiet', '-b', 'other');
    expect(existsSync(trap)).toBe(true);
    // The patch is for the bytes of the commit, whatever the attributes say.
    const [record] = records(store);
    execFileSync('git', ['apply', '--cached', '--check', path.join(store, record?.patch?.path ?? '')], { cwd: repo });
  });

  thorough('a repository that hangs is stopped in time, with all that it has started', async () => {
    const bin = scratch();
    const pid = path.join(bin, 'pid');
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    writeFileSync(
      path.join(bin, 'git'),
      `#!/bin/sh\ncase "$*" in *repo-0003*read-tree*) echo $$ > ${pid}; exec sleep 1000;; esac\nexec ${real} "$@"\n`,
    );
    chmodSync(path.join(bin, 'git'), 0o755);
    const store = state();
    const env = { PATH: `${bin}${path.delimiter}${process.env.PATH}` };
    // Two seconds for the one that needs for ever; the others have their time.
    const manifest = path.join(bin, 'batch.yaml');
    const entries = repositories.slice(0, 6).map((repo, n) => `  - {path: ${repo}, timeout: ${n === 3 ? 2 : 3600}}\n`);
    writeFileSync(manifest, `version: 1\nrepos:\n${entries.join('')}`);
    const { code, err } = nayek(['plan', manifest, '--state', store, '--concurrency', '2'], { env });
    expect(err).toMatch(/^nayek: 4 changed, 1 skipped, 1 timeout;|^nayek: 4 changed, 1 timeout, 1 skipped;/);
    expect(code).toBe(2);
    await ended([Number(readFileSync(pid, 'utf8'))]);
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('timeout: 2}', 'timeout: 3600}'));
    expect(nayek(['plan', manifest, '--state', store, '--only', 'failed']).err).toContain('1 changed; planned 1');
  });
});

describe('choice', () => {
  const bad = (): string => path.join(top, 'nowhere');

  thorough('shards are disjoint, and together everything', () => {
    const parts = [1, 2, 3].map((k) => {
      const store = state();
      nayek(['plan', ...repositories, '--state', store, '--shard', `${k}/3`]);
      return ids(records(store));
    });
    expect(parts.map((p) => p.length)).toEqual([4, 3, 3]);
    expect(new Set(parts.flat()).size).toBe(repositories.length);
  });

  thorough('--limit goes on where the last run has stopped', () => {
    const store = state();
    for (const rest of [6, 2, 0]) {
      const { err } = nayek(['plan', ...repositories, '--state', store, '--limit', '4']);
      if (rest > 0) expect(err).toContain(`${rest} are left`);
      else expect(err).not.toContain('are left');
    }
    expect(new Set(ids(records(store))).size).toBe(repositories.length);
    expect(records(store)).toHaveLength(repositories.length);
  });

  thorough('--canary stops after the first when one of them fails', () => {
    const store = state();
    const stopped = nayek(['plan', bad(), ...repositories, '--state', store, '--canary', '2']);
    expect(stopped.code).toBe(2);
    expect(stopped.err).toContain('stopped after the canaries');
    expect(records(store)).toHaveLength(2);
    const fine = nayek(['plan', ...repositories, '--state', store, '--canary', '2']);
    expect({ code: fine.code, count: new Set(ids(records(store))).size }).toEqual({
      code: 0,
      count: repositories.length + 1,
    });
  });

  thorough('--fail-fast stops at the first that fails', () => {
    const store = state();
    const { code, err } = nayek([
      'plan',
      repositories[4] ?? '',
      bad(),
      ...repositories,
      '--state',
      store,
      '--fail-fast',
    ]);
    expect(code).toBe(2);
    expect(err).toContain('stopped at the first failure');
    expect(err).toMatch(/\d+ are left for another run/);
  });

  thorough('--check says by the exit code that something would change', () => {
    const store = state();
    expect(nayek(['plan', ...repositories, '--state', store, '--check']).code).toBe(1);
    expect(nayek(['plan', repositories[4] ?? '', '--state', store, '--check']).code).toBe(0);
  });

  it.each([
    [['plan', 'x', '--shard', '3/2'], 'not like 2/4'],
    [['plan', 'x', '--limit', '0'], 'not a number from 1 on'],
    [['plan', 'x', '--recipe', 'none'], "no recipe 'none'"],
    [['plan', 'x', '--only', 'none'], "--only: no part 'none'"],
    [['plan', 'missing.yaml'], 'missing.yaml cannot be read'],
    [['plan'], "missing required argument 'sources'"],
    [['status'], 'holds no batch'],
    [['review'], 'holds no batch'],
    [['polish'], "unknown command 'polish'"],
  ])('trouble in one line: %j', (args, message) => {
    const { code, out, err } = nayek(args, { cwd: scratch() });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('killed', () => {
  thorough('at any moment, the ledger is whole and the end is that of an undisturbed run', async () => {
    const calm = state();
    const some = sampled(repositories, 3);
    nayek(['plan', ...some, '--state', calm]);
    const expected = outcomeOf(calm);
    const store = state();
    const pids = new Set<number>();
    for (const repository of sampled(some, 9)) {
      const slow = holdingGit(repository);
      const child = spawn(process.execPath, [command, 'batch', 'plan', ...some, '--state', store], {
        stdio: 'ignore',
        env: slow.env,
      });
      const exited = once(child, 'exit');
      // Where it was done before the last kill, nothing is held.
      await Promise.race([slow.held(), exited]);
      for (const name of readdirSync(path.join(store, 'work'))) pids.add(Number.parseInt(name, 10));
      child.kill('SIGKILL');
      await exited;
      await slow.letGo();
    }
    if (existsSync(path.join(store, 'ledger.jsonl'))) appendFileSync(path.join(store, 'ledger.jsonl'), '{"torn');
    const { code } = nayek(['plan', ...some, '--state', store]);
    expect(code).toBe(0);
    expect(outcomeOf(store)).toEqual(expected);
    const done = records(store).filter((r) => r.status === 'changed' || r.status === 'skipped');
    expect(done).toHaveLength(some.length);
    expect(readdirSync(path.join(store, 'work'))).toEqual([]);
    // The workers of a killed run end, too.
    await ended(pids);
  });

  it('Ctrl-C stops the workers, keeps what is done, and exits with 130', async () => {
    const store = state();
    const slow = holdingGit(repositories.at(-1) ?? '');
    const child = spawn(process.execPath, [command, 'batch', 'plan', ...repositories, '--state', store], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: slow.env,
    });
    const exited = once(child, 'exit');
    await Promise.all([once(child.stdout, 'data'), slow.held()]);
    child.kill('SIGINT');
    expect(await exited).toEqual([130, null]);
    await slow.letGo();
    expect(records(store).some((r) => r.status === 'changed')).toBe(true);
    expect(existsSync(path.join(store, 'lock'))).toBe(false);
    expect(nayek(['plan', ...repositories, '--state', store]).code).toBe(0);
  });

  thorough('two runs do not share a batch', async () => {
    const store = state();
    const slow = holdingGit(repositories.at(-1) ?? '');
    const child = spawn(process.execPath, [command, 'batch', 'plan', ...repositories, '--state', store], {
      stdio: 'ignore',
      env: slow.env,
    });
    const exited = once(child, 'exit');
    await slow.held();
    const { code, err } = nayek(['plan', ...repositories, '--state', store]);
    await slow.letGo();
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(/^nayek: process \d+ works on the batch in /),
    });
    expect(await exited).toEqual([0, null]);
  });
});

describe('review', () => {
  it('writes a page and Markdown, and takes marks over', () => {
    const store = state();
    nayek(['plan', ...repositories, '--state', store]);
    expect(nayek(['review', '--state', store]).code).toBe(0);
    expect(readFileSync(path.join(store, 'review.html'), 'utf8')).toContain('Content-Security-Policy');
    const [record] = records(store).filter((r) => r.status === 'changed');
    const marks = path.join(store, 'exported.json');
    const mark = { jobId: record?.jobId, patch: record?.patch?.sha256, mark: 'exclude' };
    writeFileSync(marks, JSON.stringify({ schema: 1, marks: [mark, { ...mark, jobId: 'j0' }] }));
    const taken = nayek(['review', '--state', store, '--marks', marks, '--format', 'markdown']);
    expect(taken.err).toContain('took over 2 marks\nnayek: warning: 1 of them are for other patches');
    expect(taken.out).toMatch(/\| changed \|.*\| excluded \|\n/);
  });
});
