/** `nayek batch publish` and `undo` as a user runs them, against bare repositories and a `gh` that records. */

import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JobRecord } from '../src/batch/job.ts';
import { type Commit, sealOf } from '../src/batch/publish/commit.ts';
import { createPace } from '../src/batch/publish/pace.ts';
import { servedCommand } from './command.ts';
import { recordingGh } from './recording-gh.ts';
import { commitAll, copiedOnce, git, SAMPLE } from './sample.ts';
import { temporaryFolder } from './temporary.ts';
import { full, thorough } from './tier.ts';

const BRANCH = 'nayek/deploy-ready';

const run = servedCommand();

/** A bare repository `remotes/<name>.git` below a folder, and `work/<name>`, whose origin it is, with one commit. */
function made(top: string, name: string): void {
  const from = path.join(temporaryFolder('made'), 'pair');
  const [work, bare] = [path.join('work', name), path.join('remotes', `${name}.git`)];
  copiedOnce(['forge', name], from, () => {
    for (const [file, text] of Object.entries({ ...SAMPLE, NAME: `${name}\n` })) {
      mkdirSync(path.dirname(path.join(from, work, file)), { recursive: true });
      writeFileSync(path.join(from, work, file), text);
    }
    mkdirSync(path.join(from, bare), { recursive: true });
    git(path.join(from, bare), 'init', '--quiet', '--bare', '--initial-branch=main', '--template=');
    git(path.join(from, bare), 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    commitAll(path.join(from, work));
    git(path.join(from, work), 'branch', '--quiet', '-M', 'main');
    git(path.join(from, work), 'push', '--quiet', path.join(from, bare), 'main');
  });
  cpSync(from, top, { recursive: true });
  const own = `[user]\n\tname = n\n\temail = n@example.org\n`;
  const remote = `[remote "origin"]\n\turl = ${path.join(top, bare)}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`;
  appendFileSync(path.join(top, work, '.git', 'config'), own + remote);
}

/** Remotes at https://git.example/acme/<name>.git, which git finds as bare repositories here. */
function forge(names: readonly string[]) {
  const top = temporaryFolder('publish');
  const gh = recordingGh(top);
  const config = path.join(top, 'gitconfig');
  const identity = '[user]\n\tname = Ada\n\temail = ada@example.org\n';
  writeFileSync(config, `${identity}[url "file://${top}/remotes/"]\n\tinsteadOf = https://git.example/acme/\n`);
  for (const name of names) {
    made(top, name);
  }
  const repos = names.map((name) => `  - url: https://git.example/acme/${name}.git\n`).join('');
  writeFileSync(path.join(top, 'batch.yaml'), `version: 1\nrepos:\n${repos}`);
  const store = path.join(top, '.nayek-batch');
  /** `next`: what it says to do then. */
  const nayek = (...args: readonly string[]) => {
    // One worker: to start them is most of the work.
    const { err, ...rest } = run(top, ['batch', ...args, ...(args[0] === 'plan' ? ['--concurrency', '1'] : [])], {
      ...process.env,
      ...{ GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: '1' },
      PATH: `${gh.folder}${path.delimiter}${process.env.PATH}`,
    });
    const [said = '', next = ''] = err.split(/\n\n(?=Next:\n)/);
    return { ...rest, err: next === '' ? said : `${said}\n`, next };
  };
  const records = (stage: string): JobRecord[] =>
    readFileSync(path.join(store, 'ledger.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter((r: JobRecord) => r.stage === stage);
  const last = (name: string): JobRecord | undefined => records('publish').findLast((r) => r.name === name);
  const bare = (name: string): string => path.join(top, 'remotes', `${name}.git`);
  const head = (name: string, branch = BRANCH): string => git(bare(name), 'rev-parse', '--verify', branch).trim();
  const work = (name: string): string => path.join(top, 'work', name);
  /** A commit on a branch of the remote, by a person. */
  const commit = (name: string, branch: string): void => {
    git(work(name), 'fetch', '--quiet', 'origin');
    git(work(name), 'checkout', '--quiet', '-B', branch, `origin/${branch}`);
    writeFileSync(path.join(work(name), 'by-hand'), `${branch}\n`);
    git(work(name), 'add', '-A');
    git(work(name), 'commit', '--quiet', '-m', 'by hand');
    git(work(name), 'push', '--quiet', 'origin', branch);
  };
  const mark = (marks: Readonly<Record<string, 'approve' | 'exclude'>>): void => {
    const file = path.join(top, 'marks.json');
    const plans = records('plan').filter((r) => marks[r.name]);
    const list = plans.map((r) => ({ jobId: r.jobId, patch: r.patch?.sha256, mark: marks[r.name] }));
    writeFileSync(file, JSON.stringify({ schema: 1, marks: list }));
    expect(nayek('review', '--marks', file).code).toBe(0);
  };
  return { top, store, gh, nayek, last, bare, head, work, commit, mark, records };
}

describe('publish', () => {
  it('pushes the reviewed patch as a draft, says where it is from, and a second run finds it up to date', () => {
    const f = forge(['shop']);
    expect(f.nayek('plan', 'batch.yaml').code).toBe(0);
    // Nothing is published that nobody has looked at.
    expect(f.nayek('publish')).toMatchObject({ code: 2, err: expect.stringContaining('is approved') });
    f.mark({ shop: 'approve' });
    expect(f.nayek('publish')).toMatchObject({ code: 0, err: 'nayek: 1 pr-opened\n' });
    const [plan] = f.records('plan');
    const patch = readFileSync(path.join(f.store, plan?.patch?.path ?? ''), 'utf8');
    const shown = git(f.bare('shop'), 'log', '-1', '--format=%an <%ae>%n%B', BRANCH);
    expect(shown).toContain('Ada <ada@example.org>\nPrepare for deployment\n\nNayek-Recipe: render\n');
    expect(shown).toContain(`\nNayek-Input-Key: ${plan?.inputKey}\nNayek-Patch: ${plan?.patch?.sha256}\n`);
    // The branch is the base with that patch, and nothing else.
    const index = { ...process.env, GIT_INDEX_FILE: path.join(f.top, 'index') };
    const at = { cwd: f.bare('shop'), env: index, encoding: 'utf8' } as const;
    execFileSync('git', ['read-tree', 'main'], at);
    execFileSync('git', ['apply', '--cached', '-'], { ...at, input: patch });
    expect(git(f.bare('shop'), 'rev-parse', `${BRANCH}^{tree}`)).toBe(execFileSync('git', ['write-tree'], at));
    expect(git(f.bare('shop'), 'rev-parse', `${BRANCH}^`)).toBe(git(f.bare('shop'), 'rev-parse', 'main'));
    expect(f.gh.pulls()).toEqual([
      expect.objectContaining({
        repo: 'git.example/acme/shop',
        ...{ head: BRANCH, base: 'main', draft: true, title: 'Prepare for deployment' },
        body: expect.stringMatching(/## What changes, and why[\s\S]*- \*\*bind\*\*: [\s\S]*```diff\n@@ /),
      }),
    ]);
    const head = f.head('shop');
    const count = f.gh.calls().length;
    expect(f.nayek('publish')).toMatchObject({
      code: 0,
      err: 'nayek: 1 up-to-date\n',
      next: 'Next:\n  `nayek batch undo` takes branches back\n',
    });
    expect(f.head('shop')).toBe(head);
    expect(
      f.gh
        .calls()
        .slice(count)
        .map((c) => c.args[1]),
    ).toEqual(['list']);
    expect(f.last('shop')).toMatchObject({
      status: 'up-to-date',
      headSha: head,
      prUrl: 'https://git.example/acme/shop/pull/1',
    });
    expect(f.nayek('status').out).toContain('https://git.example/acme/shop/pull/1');
    expect(readdirSync(path.join(f.store, 'work'))).toEqual([]);
    expect(f.nayek('undo')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/was pushed, and stays: .*`git push origin --delete /),
    });
    expect(f.head('shop')).toBe(head);
  });

  thorough('goes on where a kill has left it: pushed without a pull request, or without a record', () => {
    const f = forge(['shop']);
    f.nayek('plan', 'batch.yaml');
    expect(f.nayek('publish', '--unmarked', '--mode', 'push')).toMatchObject({ code: 0, err: 'nayek: 1 pushed\n' });
    const head = f.head('shop');
    expect(f.gh.calls()).toEqual([]);
    // As a kill right after the push leaves it.
    const ledger = path.join(f.store, 'ledger.jsonl');
    const lines = readFileSync(ledger, 'utf8').trimEnd().split('\n').slice(0, -1);
    writeFileSync(ledger, `${lines.join('\n')}\n`);
    expect(f.nayek('publish', '--unmarked', '--mode', 'ready')).toMatchObject({ code: 0, err: 'nayek: 1 pr-opened\n' });
    expect(f.head('shop')).toBe(head);
    expect(f.gh.pulls()).toEqual([expect.objectContaining({ draft: false })]);
  });

  thorough('updates its branch and the open pull request when the plan is another', () => {
    const f = forge(['shop']);
    f.nayek('plan', 'batch.yaml');
    f.nayek('publish', '--unmarked');
    const first = f.head('shop');
    f.commit('shop', 'main');
    expect(f.nayek('publish', '--unmarked')).toMatchObject({ code: 2, err: 'nayek: 1 stale\n' });
    expect(f.head('shop')).toBe(first);
    f.nayek('plan', 'batch.yaml');
    expect(f.nayek('publish', '--unmarked')).toMatchObject({ code: 0, err: 'nayek: 1 pr-updated\n' });
    expect(f.head('shop')).not.toBe(first);
    expect(git(f.bare('shop'), 'rev-list', '--count', `main..${BRANCH}`)).toBe('1\n');
    const [pull, ...others] = f.gh.pulls();
    expect(others).toEqual([]);
    expect(pull?.body).toContain(`nayek ${f.records('plan').at(-1)?.inputKey}`);
  });

  it('leaves alone a branch that a person touched, however', () => {
    // An amended tree and an amended message are told from another's in the same way.
    const amended = (full ? ['amended', 'renamed'] : ['amended']) as ('amended' | 'renamed')[];
    const all = ['added', ...amended, 'own'];
    const f = forge(all);
    git(f.work('own'), 'checkout', '--quiet', '-b', BRANCH);
    git(f.work('own'), 'commit', '--quiet', '--allow-empty', '-m', 'mine');
    git(f.work('own'), 'push', '--quiet', 'origin', BRANCH);
    f.nayek('plan', 'batch.yaml');
    expect(f.nayek('publish', '--unmarked', '--mode', 'push')).toMatchObject({
      code: 2,
      err: `nayek: ${all.length - 1} pushed, 1 blocked-foreign-commits\n`,
    });
    f.commit('added', BRANCH);
    for (const name of amended) {
      const change = name === 'amended' ? ['-a', '--no-edit'] : ['-m', 'another name'];
      const work = f.work(name);
      git(work, 'fetch', '--quiet', 'origin');
      git(work, 'checkout', '--quiet', '-B', BRANCH, `origin/${BRANCH}`);
      if (name === 'amended') writeFileSync(path.join(work, 'Procfile'), 'web: mine\n');
      git(work, 'commit', '--quiet', '--amend', ...change);
      git(work, 'push', '--quiet', '--force', 'origin', BRANCH);
    }
    const heads = all.map((name) => f.head(name));
    const again = f.nayek('publish', '--unmarked', '--mode', 'push');
    expect(again).toMatchObject({ code: 2, err: `nayek: ${all.length} blocked-foreign-commits\n` });
    expect(all.map((name) => f.head(name))).toEqual(heads);
    expect(f.last('added')?.error?.message).toContain(heads[0]?.slice(0, 12));
  });

  thorough('a remote that fails shows in the exit code, and the rest is done', () => {
    const f = forge(['good', 'broken', 'last']);
    f.nayek('plan', 'batch.yaml');
    rmSync(f.bare('broken'), { recursive: true });
    expect(f.nayek('publish', '--unmarked')).toMatchObject({ code: 2, err: 'nayek: 2 pr-opened, 1 failed\n' });
    expect(f.last('broken')).toMatchObject({ status: 'failed', error: { code: 'git' } });
    expect(f.gh.pulls().map((p) => p.repo)).toEqual(['git.example/acme/good', 'git.example/acme/last']);
    // Only that one again.
    expect(f.nayek('publish', '--unmarked', '--only', 'failed').err).toBe('nayek: 1 failed\n');
  });

  it('a refusing forge fails after the push, and the next run does the rest', () => {
    const f = forge(['shop']);
    f.nayek('plan', 'batch.yaml');
    writeFileSync(
      path.join(f.gh.folder, 'fail'),
      'HTTP 403: secondary rate limit (token ghp_0123456789abcdefghijABCDEFGHIJ)',
    );
    const failed = f.nayek('publish', '--unmarked');
    expect(failed).toMatchObject({ code: 2, out: expect.stringContaining('forge: gh: HTTP 403') });
    expect(failed.out + readFileSync(path.join(f.store, 'ledger.jsonl'), 'utf8')).not.toContain('ghp_0');
    rmSync(path.join(f.gh.folder, 'fail'));
    expect(f.nayek('publish', '--unmarked').code).toBe(0);
    expect(f.gh.pulls()).toHaveLength(1);
  });

  thorough('respects the marks of the review, for the very patch only', () => {
    const f = forge(['yes', 'no', 'unseen']);
    f.nayek('plan', 'batch.yaml');
    f.mark({ yes: 'approve', no: 'exclude' });
    const { code, err } = f.nayek('publish', '--mode', 'push');
    expect({ code, err }).toEqual({
      code: 0,
      err: 'nayek: 1 excluded, 1 without a mark left out\nnayek: 1 pushed\n',
    });
    expect(f.records('publish').map((r) => r.name)).toEqual(['yes']);
    expect(f.nayek('publish', '--mode', 'push', '--unmarked').err).toContain('1 excluded\n');
    expect(f.last('no')).toBeUndefined();
    // Another plan: what was approved is not what it is now.
    f.nayek('plan', 'batch.yaml', '--skip', 'procfile');
    expect(f.nayek('publish', '--mode', 'push')).toMatchObject({
      code: 2,
      err: expect.stringContaining('is approved'),
    });
    // A damaged patch is not applied.
    f.mark({ yes: 'approve' });
    const plan = f.records('plan').findLast((r) => r.name === 'yes');
    writeFileSync(path.join(f.store, plan?.patch?.path ?? ''), '');
    expect(f.nayek('publish', '--mode', 'push')).toMatchObject({ code: 2, out: expect.stringContaining('damaged') });
  });

  thorough('a pull request that somebody has closed is not opened again for the same patch', () => {
    const f = forge(['shop']);
    f.nayek('plan', 'batch.yaml');
    f.nayek('publish', '--unmarked');
    f.gh.setPulls(f.gh.pulls().map((p) => ({ ...p, state: 'CLOSED' })));
    git(f.bare('shop'), 'branch', '-D', BRANCH);
    expect(f.nayek('publish', '--unmarked')).toMatchObject({ code: 0, err: 'nayek: 1 pr-closed\n' });
    expect(() => f.head('shop')).toThrow();
    f.nayek('plan', 'batch.yaml', '--skip', 'procfile');
    expect(f.nayek('publish', '--unmarked').err).toBe('nayek: 1 pr-opened\n');
  });

  thorough('opens a merge request by glab, as a draft', () => {
    const f = forge(['shop']);
    const script = [
      `#!${process.execPath}`,
      "const fs = require('node:fs');",
      "const at = (name) => require('node:path').join(__dirname, name);",
      'const args = process.argv.slice(2);',
      "fs.appendFileSync(at('glab.jsonl'), JSON.stringify(args) + '\\n');",
      "const made = fs.existsSync(at('made'));",
      "const url = 'https://git.example/acme/shop/-/merge_requests/7';",
      "const request = { iid: 7, web_url: url, state: 'opened', description: '', source_project_id: 1, target_project_id: 1 };",
      "if (args.includes('GET')) console.log(JSON.stringify(made ? [request, { ...request, iid: 9, source_project_id: 2 }] : []));",
      "else { fs.writeFileSync(at('made'), ''); console.log(JSON.stringify(request)); }",
    ];
    writeFileSync(path.join(f.gh.folder, 'glab'), script.join('\n'), { mode: 0o755 });
    f.nayek('plan', 'batch.yaml');
    expect(f.nayek('publish', '--unmarked', '--forge', 'glab').err).toBe('nayek: 1 pr-opened\n');
    expect(f.last('shop')?.prUrl).toBe('https://git.example/acme/shop/-/merge_requests/7');
    expect(f.nayek('publish', '--unmarked', '--forge', 'glab').err).toBe('nayek: 1 up-to-date\n');
    const calls: string[][] = readFileSync(path.join(f.gh.folder, 'glab.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const at = 'projects/acme%2Fshop/merge_requests';
    const query = '?source_branch=nayek%2Fdeploy-ready&state=all&per_page=30';
    expect(calls.map((args) => args.slice(0, 6))).toEqual(
      ['GET', 'POST', 'GET'].map((method) => [
        ...['api', '--hostname', 'git.example', '--method', method, method === 'GET' ? `${at}${query}` : at],
      ]),
    );
    expect(calls[1]).toEqual(
      expect.arrayContaining([
        ...[`source_branch=${BRANCH}`, 'target_branch=main', 'title=Draft: Prepare for deployment'],
        expect.stringMatching(/^description=## What changes, and why\n/),
      ]),
    );
    expect(f.gh.calls()).toEqual([]);
  });

  thorough('a local repository goes to its origin, and what it has not pushed stays here', () => {
    const f = forge(['shop']);
    const work = f.work('shop');
    git(work, 'remote', 'set-url', 'origin', 'https://git.example/acme/shop.git');
    const hook = path.join(work, '.git', 'hooks', 'pre-push');
    mkdirSync(path.dirname(hook), { recursive: true });
    writeFileSync(hook, `#!/bin/sh\ntouch ${f.top}/hooked\n`, { mode: 0o755 });
    f.nayek('plan', work);
    expect(f.nayek('publish', '--unmarked').err).toBe('nayek: 1 pr-opened\n');
    expect(git(work, 'status', '--porcelain') + git(work, 'branch', '--list', BRANCH)).toBe('');
    expect(existsSync(path.join(f.top, 'hooked'))).toBe(false);
    git(work, 'commit', '--quiet', '--allow-empty', '-m', 'not pushed');
    f.nayek('plan', work);
    expect(f.nayek('publish', '--unmarked')).toMatchObject({ code: 2, err: 'nayek: 1 stale\n' });
    git(work, 'remote', 'set-url', 'origin', 'https://ada:hunter2hunter2@git.example/acme/shop.git');
    const { code, out } = f.nayek('publish', '--unmarked');
    expect(code).toBe(2);
    expect(out).toContain('holds a password');
    expect(out).not.toContain('hunter2');
  });

  thorough('services of one repository have a branch each; entries that share one are refused', () => {
    const f = forge(['mono']);
    const work = f.work('mono');
    for (const name of ['api', 'web']) {
      for (const [file, text] of Object.entries(SAMPLE)) {
        mkdirSync(path.dirname(path.join(work, 'services', name, file)), { recursive: true });
        writeFileSync(path.join(work, 'services', name, file), text);
      }
    }
    git(work, 'add', '-A');
    git(work, 'commit', '--quiet', '-m', 'services');
    git(work, 'push', '--quiet', 'origin', 'main');
    const entries = (branch: string) =>
      ['api', 'web']
        .map((name) => `  - url: https://git.example/acme/mono.git\n    subdir: services/${name}\n${branch}`)
        .join('');
    writeFileSync(path.join(f.top, 'batch.yaml'), `version: 1\nrepos:\n${entries('')}`);
    f.nayek('plan', 'batch.yaml');
    expect(f.nayek('publish', '--unmarked', '--mode', 'push').err).toBe('nayek: 2 pushed\n');
    expect([f.head('mono', `${BRANCH}-services-api`), f.head('mono', `${BRANCH}-services-web`)]).toHaveLength(2);
    writeFileSync(path.join(f.top, 'batch.yaml'), `version: 1\nrepos:\n${entries('    branch: same\n')}`);
    f.nayek('plan', 'batch.yaml');
    expect(f.nayek('publish', '--unmarked', '--mode', 'push').err).toBe('nayek: 1 failed, 1 pushed\n');
  });
});

describe('undo', () => {
  thorough('takes back branches on this machine, and none that changed since', () => {
    const f = forge(['one', 'two', 'three']);
    f.nayek('plan', f.work('one'), f.work('two'), f.work('three'));
    expect(f.nayek('undo')).toMatchObject({ code: 2, err: expect.stringContaining('nothing to undo') });
    expect(f.nayek('publish', '--unmarked', '--mode', 'local').err).toBe('nayek: 3 committed\n');
    expect(f.nayek('publish', '--unmarked', '--mode', 'local').err).toBe('nayek: 3 up-to-date\n');
    const has = (name: string): boolean => git(f.work(name), 'branch', '--list', BRANCH) !== '';
    expect(['one', 'two', 'three'].map(has)).toEqual([true, true, true]);
    expect(git(f.work('one'), 'status', '--porcelain')).toBe('');
    expect(() => f.head('one')).toThrow();
    git(f.work('two'), 'branch', '-f', BRANCH, 'main');
    git(f.work('three'), 'checkout', '--quiet', BRANCH);
    const { code, out } = f.nayek('undo');
    expect(code).toBe(2);
    expect(out).toContain('is not what publish has made');
    expect(out).toContain('is checked out');
    expect(['one', 'two', 'three'].map(has)).toEqual([false, true, true]);
    git(f.work('three'), 'checkout', '--quiet', 'main');
    f.nayek('undo');
    expect(has('three')).toBe(false);
  });
});

describe('pieces', () => {
  it('a host gets no more than its rate in any hour, and a second between two; earlier runs count', async () => {
    let time = 10_000_000;
    const clock = {
      now: () => time,
      sleep: async (ms: number) => {
        time += ms;
      },
    };
    const at: number[] = [];
    const pace = createPace(3, [time - 3_000_000], clock);
    for (let i = 0; i < 5; i++) {
      await pace.turn();
      at.push(time - 10_000_000);
    }
    expect(at).toEqual([0, 1000, 600_000, 3_600_000, 3_601_000]);
  });

  it('a seal holds for its tree, parent and message alone', () => {
    const f = forge(['shop']);
    f.nayek('plan', 'batch.yaml');
    f.nayek('publish', '--unmarked', '--mode', 'push');
    const [sha = '', tree = '', parent = '', ...lines] = git(
      f.bare('shop'), 'log', '-1', '--format=%H%n%T%n%P%n%B', BRANCH,
    ).split('\n'); // biome-ignore format: a command
    const commit: Commit = { sha, tree, parents: [parent], message: lines.join('\n') };
    expect(sealOf(commit)).toMatchObject({ inputKey: f.records('plan')[0]?.inputKey });
    const forged = [
      { ...commit, tree: parent },
      { ...commit, parents: [tree] },
      { ...commit, parents: [parent, sha] },
      { ...commit, parents: [] },
      { ...commit, message: commit.message.replace('Prepare', 'prepare') },
      { ...commit, message: `${commit.message}\nSigned-off-by: somebody` },
    ];
    expect(forged.map(sealOf)).toEqual(forged.map(() => undefined));
  });
});
