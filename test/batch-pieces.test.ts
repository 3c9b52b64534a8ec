/** The pieces of a batch: manifest, keys, ledger, marks, pages, pool. Real git, made-up workers. */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { allowedEnvironment } from '../src/batch/git.ts';
import { inputKeyOf, type JobRecord, type JobSpec, jobIdOf, recordOf } from '../src/batch/job.ts';
import { latest, ledgerLine, openLedger, readLedger } from '../src/batch/ledger.ts';
import { localRepository } from '../src/batch/local.ts';
import { isRefName, parseManifest, refusedUrl } from '../src/batch/manifest.ts';
import { createPool } from '../src/batch/pool.ts';
import { reviewMarkdown } from '../src/batch/review/markdown.ts';
import { addMarks, markOf, readMarks, readMarksFile } from '../src/batch/review/marks.ts';
import { reviewPage } from '../src/batch/review/page.ts';
import { rowOf, sharedFolder } from '../src/batch/review/rows.ts';
import { stateSeal } from '../src/batch/state-seal.ts';
import { holds, keep, openStore, reap } from '../src/batch/store.ts';
import { git, repositoryOf, SAMPLE } from './sample.ts';
import { temporaryFolder } from './temporary.ts';

const scratch = (): string => temporaryFolder('batch');

const job = (n: number, extra: Partial<JobSpec> = {}): JobSpec => ({
  runId: 'r',
  jobId: `j${n}`,
  repo: `/repos/${n}`,
  name: `${n}`,
  source: { kind: 'folder', root: `/repos/${n}` },
  subdir: '',
  ref: 'main',
  baseSha: 'a'.repeat(40),
  tool: '0',
  recipe: 'render',
  steps: [],
  unsafe: false,
  inputKey: `key${n}`,
  attempt: 1,
  timeout: 60,
  branch: 'b',
  commitMessage: 'm',
  ...extra,
});
const record = (n: number, status: JobRecord['status'] = 'changed', extra: Partial<JobRecord> = {}): JobRecord =>
  recordOf(job(n), status, { startedAt: '2026-01-01T00:00:00.000Z', ms: 1, ...extra });

describe('manifest', () => {
  const text = [
    'version: 1',
    'defaults: {ref: main, recipe: ./own.yaml, branch: bot/deploy, timeout: 60, set: [bind.port=1]}',
    'repos:',
    '  - path: ../billing',
    '    ref: release',
    '  - url: https://git.example/org/mono.git',
    '    subdir: services/api/',
    '    unsafe: true',
    'publish: {mode: ready, forge: glab, rate: 2/minute}',
  ];

  it('takes defaults, own settings, and paths from its own folder', () => {
    const { entries, publish } = parseManifest(text.join('\n'), '/at/some/batch.yaml');
    const shared = { recipe: '/at/some/own.yaml', branch: 'bot/deploy', timeout: 60, set: ['bind.port=1'] };
    expect(entries).toEqual([
      {
        at: { path: '/at/billing' },
        subdir: '',
        settings: { ...shared, ref: 'release' },
        origin: '/at/some/batch.yaml:4',
      },
      {
        at: { url: 'https://git.example/org/mono.git' },
        subdir: 'services/api',
        settings: { ...shared, ref: 'main', unsafe: true },
        origin: '/at/some/batch.yaml:6',
      },
    ]);
    expect(publish).toEqual({ mode: 'ready', forge: 'glab', perHour: 120 });
  });

  it.each([
    ['', 'm.yaml:1: the manifest is not a mapping'],
    ['repos: []', 'm.yaml:1: version is missing (1 is the only one)'],
    ['version: 2', 'm.yaml:1: version is not 1'],
    ['version: 1\nrepos: []', 'm.yaml:2: repos is empty'],
    ['version: 1\nrepos: {a: b}', 'm.yaml:2: repos is not a list'],
    ['version: 1\nrepos:\n  - subdir: a', 'm.yaml:3: a repository has either path or url'],
    ['version: 1\nrepos:\n  - path: a\n    url: https://x.example/y', 'm.yaml:3: a repository has either path or url'],
    [
      'version: 1\nrepos:\n  - path: a\n    subdir: ../b',
      "m.yaml:4: subdir '../b' is not a plain path inside the repository",
    ],
    [
      'version: 1\nrepos:\n  - path: a\n    ref: --upload-pack=x',
      "m.yaml:4: ref '--upload-pack=x' is no name of a branch",
    ],
    ['version: 1\nrepos:\n  - path: a\n    timeout: soon', 'm.yaml:4: timeout is not a number'],
    ['version: 1\nrepos:\n  - path: a\n    timeout: -1', 'm.yaml:4: timeout is not a number of seconds'],
    ['version: 1\nrepos:\n  - path: a\n    unsafe: 1', 'm.yaml:4: unsafe is not true or false'],
    ['version: 1\npublish: {rate: often}\nrepos:\n  - path: a', "m.yaml:2: rate is not like '300/hour' or '5/minute'"],
    ['version: 1\npublish: {forge: svn}\nrepos:\n  - path: a', 'm.yaml:2: forge is none of gh, glab, none'],
    ['version: 1\nrepos:\n  - url: ext::sh', 'm.yaml:3: the url is not of the form scheme://… or user@host:path'],
    ['version: 1\nversion: 1', 'm.yaml:2: Map keys must be unique'],
  ])('%j: %s', (yaml, message) => {
    expect(() => parseManifest(yaml, 'm.yaml')).toThrow(message);
  });

  it('names the keys that it knows', () => {
    expect(() => parseManifest('version: 1\nrepos:\n  - path: a\n    pth: b', 'm.yaml')).toThrow(
      /^m\.yaml:4: a repository has no key 'pth' \(known: path, url, subdir, ref, /,
    );
  });

  it('takes no credentials, and does not repeat them', () => {
    for (const url of ['https://me:hunter2@git.example/x', `https://ghp_${'a'.repeat(36)}@github.com/o/r`]) {
      const refused = refusedUrl(url);
      expect(refused).toContain('credential helper');
      expect(refused).not.toContain('hunter2');
    }
    for (const url of [
      'https://git.example/x',
      'git@git.example:o/r.git',
      'ssh://git@git.example:2222/o/r',
      'file:///srv/r',
    ]) {
      expect(refusedUrl(url)).toBeUndefined();
    }
    for (const url of ['-x', 'ext::sh -c id', 'https://x/ y', 'fd://17', 'C:\\x'])
      expect(refusedUrl(url)).toBeDefined();
  });

  it('knows names of branches', () => {
    expect(['main', 'bot/deploy-ready', 'v1.0', 'ünï'].filter(isRefName)).toHaveLength(4);
    expect(
      ['', '-x', 'a..b', 'a b', 'a~1', 'a^', '/a', 'a/', 'a.lock', '.a', 'a/.b', '@', 'a@{1}', 'a\nb'].filter(
        isRefName,
      ),
    ).toEqual([]);
  });
});

describe('keys', () => {
  it('an input key changes with everything that a patch depends on, and with nothing else', () => {
    const base = job(1, { steps: [{ id: 'bind', options: { a: 1, b: [2, { d: 1, c: 2 }] } }] });
    const same = job(1, {
      steps: [{ id: 'bind', options: { b: [2, { c: 2, d: 1 }], a: 1 } }],
      runId: 'x',
      attempt: 2,
      timeout: 1,
    });
    expect(inputKeyOf(same)).toBe(inputKeyOf(base));
    const others: Partial<JobSpec>[] = [
      { repo: '/other' },
      { subdir: 'x' },
      { baseSha: 'b'.repeat(40) },
      { recipe: 'vps' },
      { unsafe: true },
      { steps: [] },
      { steps: [{ id: 'bind', options: { a: 2, b: [2, { d: 1, c: 2 }] } }] },
    ];
    const keys = others.map((other) => inputKeyOf({ ...base, ...other }));
    expect(new Set([...keys, inputKeyOf(base)]).size).toBe(others.length + 1);
    expect(inputKeyOf({ ...base, baseSha: null })).toBeNull();
  });

  it('a job id is what queues take', () => {
    const ids = [jobIdOf('a', 'b', ''), jobIdOf('a', '', 'b'), jobIdOf('ab', '', '')];
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^j[0-9a-f]{20}$/);
  });
});

describe('ledger', () => {
  it('a torn last line is no record, and is cut off before the next one', () => {
    const store = openStore(path.join(scratch(), 'state'));
    const whole = openLedger(store, readLedger(store));
    whole.append(record(1));
    whole.append(record(2, 'failed'));
    whole.close();
    const file = path.join(store, 'ledger.jsonl');
    const line = Buffer.from(`${JSON.stringify(record(3, 'changed', { name: 'ü' }))}\n`);
    for (const cut of [1, 10, line.indexOf(0xc3) + 1, line.length - 1]) {
      appendFileSync(file, line.subarray(0, cut));
      const torn = readLedger(store);
      expect(torn.records.map((r) => r.jobId)).toEqual(['j1', 'j2']);
      const writer = openLedger(store, torn);
      writer.close();
      expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
    }
    const again = openLedger(store, readLedger(store));
    again.append(record(2, 'no-change'));
    again.close();
    expect(latest(readLedger(store).records).get('j2')?.status).toBe('no-change');
  });

  it('a line in the middle that is no record is named', () => {
    const store = openStore(path.join(scratch(), 'state'));
    writeFileSync(path.join(store, 'ledger.jsonl'), `${ledgerLine(record(1), stateSeal(store))}\nnonsense\n`);
    expect(() => readLedger(store)).toThrow(/ledger\.jsonl:2: not a record/);
  });
});

describe('state folder', () => {
  it('is for its owner only, and keeps what it stores by its hash', () => {
    const store = openStore(path.join(scratch(), 'state'));
    const kept = keep(store, 'patches', Buffer.from('one'));
    expect(keep(store, 'patches', Buffer.from('one'))).toEqual(kept);
    for (const entry of ['.', 'patches', 'reports', 'work', 'clones']) {
      expect(statSync(path.join(store, entry)).mode & 0o777).toBe(0o700);
    }
    expect(statSync(path.join(store, kept.path)).mode & 0o777).toBe(0o600);
    expect(holds(store, kept)).toBe(true);
    writeFileSync(path.join(store, kept.path), 'two');
    expect(holds(store, kept)).toBe(false);
    keep(store, 'patches', Buffer.from('one'));
    expect(holds(store, kept)).toBe(true);
    expect(holds(store, { ...kept, path: '../../etc/passwd' })).toBe(false);
  });

  it('leftovers of a killed run go', () => {
    const store = openStore(path.join(scratch(), 'state'));
    mkdirSync(path.join(store, 'work', '1-0123456789ab', 'deep'), { recursive: true });
    mkdirSync(path.join(store, 'clones', 'tmp-1-0123456789ab'));
    const [used, old] = ['a', 'b'].map((c) => `${c.repeat(16)}-${c.repeat(20)}`) as [string, string];
    mkdirSync(path.join(store, 'clones', used));
    mkdirSync(path.join(store, 'clones', old));
    writeFileSync(path.join(store, 'patches', '.nayek-1-01234567.tmp'), '');
    const kept = keep(store, 'patches', Buffer.from('one'));
    reap(store, new Set([used]));
    expect(readdirSync(path.join(store, 'work'))).toEqual([]);
    expect(readdirSync(path.join(store, 'clones'))).toEqual([used]);
    expect(readdirSync(path.join(store, 'patches'))).toEqual([path.basename(kept.path)]);
  });
});

describe('marks', () => {
  const patch = { path: `patches/${'1'.repeat(64)}.patch`, sha256: '1'.repeat(64) };

  it('belong to the very patch that was read', () => {
    const store = openStore(path.join(scratch(), 'state'));
    const file = path.join(store, 'exported.json');
    writeFileSync(file, JSON.stringify({ schema: 1, marks: [{ jobId: 'j1', patch: patch.sha256, mark: 'approve' }] }));
    addMarks(store, readMarksFile(file));
    expect(markOf(readMarks(store), record(1, 'changed', { patch }))).toBe('approve');
    expect(markOf(readMarks(store), record(2, 'changed', { patch }))).toBeUndefined();
    const other = { ...patch, sha256: '2'.repeat(64) };
    expect(markOf(readMarks(store), record(1, 'changed', { patch: other }))).toBeUndefined();
    addMarks(store, [{ jobId: 'j1', patch: patch.sha256, mark: 'exclude' }]);
    expect(readMarks(store)).toEqual([{ jobId: 'j1', patch: patch.sha256, mark: 'exclude' }]);
  });

  it.each([
    '',
    '[]',
    '{"schema":2,"marks":[]}',
    '{"schema":1,"marks":[{"jobId":"../x","patch":"1","mark":"approve"}]}',
  ])('no marks: %s', (text) => {
    const file = path.join(scratch(), 'marks.json');
    writeFileSync(file, text);
    expect(() => readMarksFile(file)).toThrow('holds no marks');
  });
});

describe('pages', () => {
  const hostile = '</script><img src=x onerror=alert(1)>\u202e`|';
  const plan = record(1, 'changed', { patch: { path: '', sha256: '1'.repeat(64) } });
  const standing = {
    job: { ...job(1), repo: `/repos/${hostile}`, resolved: true, origin: '' },
    plan: { ...plan, error: { code: 'x', message: `${hostile} postgresql://u:hunter2@h/d` } },
  };
  const row = rowOf(standing, undefined, [], '');
  const none = { recipe: 'render', written: false, verdicts: [], skipped: [], services: [] };
  const detail = {
    ...none,
    changes: [{ path: hostile, created: true, by: ['bind'], diff: `+${hostile}\n+\`\`\`\``, hunks: [] }],
    notes: [{ text: hostile, at: undefined }],
  };

  it('the page holds no markup of a repository, and its policy names each of its scripts', () => {
    const page = reviewPage([{ row, detail }]);
    expect(page).not.toContain('<img');
    expect(page).not.toContain('hunter2');
    expect(page.match(/<\/script>/g)).toHaveLength(5);
    expect(/content="(default-src 'none'[^"]*)"/.exec(page)?.[1]).toMatch(
      /^default-src 'none'; script-src 'sha256-\S+'; style-src 'sha256-\S+'; base-uri 'none'; form-action 'none'$/,
    );
    expect(page.replace(/<script>[\s\S]*<\/script>/, '')).not.toMatch(/https?:\/\/|@import|url\(/);
  });

  it('Markdown escapes texts, and fences what holds fences', () => {
    const text = reviewMarkdown([{ row, detail }]);
    const [before = '', fenced] = text.split('\n`````diff\n');
    expect(before).not.toContain('<img');
    expect(text).not.toContain('hunter2');
    expect(fenced?.endsWith('\n`````\n')).toBe(true);
    expect(row.title).toContain('\\u{202e}');
  });

  it('titles leave out the folder that all share', () => {
    const at = (repo: string) => ({ job: { ...standing.job, repo } });
    expect(sharedFolder([at('/a/bc/x'), at('/a/bd/y')])).toBe('/a/');
    expect(sharedFolder([at('/a/b/x')])).toBe('/a/b/');
    expect(sharedFolder([])).toBe('');
  });
});

describe('local repositories', () => {
  const say = (root: string, format: string): string => git(root, 'log', '-1', `--format=${format}`).trim();

  it('HEAD is what git says: loose, packed, detached, in a worktree, bare, of a folder below', async () => {
    const root = repositoryOf({ ...SAMPLE, 'deep/er/x.py': '' });
    const sha = say(root, '%H');
    const branch = git(root, 'symbolic-ref', '--short', 'HEAD').trim();
    const whole = { gitDir: path.join(root, '.git'), top: root, prefix: '', sha, ref: branch };
    expect(await localRepository(root, undefined)).toEqual(whole);
    expect(await localRepository(path.join(root, 'deep', 'er'), undefined)).toEqual({ ...whole, prefix: 'deep/er' });
    git(root, 'pack-refs', '--all');
    expect(await localRepository(root, undefined)).toEqual(whole);
    const bare = path.join(scratch(), 'x.git');
    git(root, 'clone', '--quiet', '--bare', root, bare);
    expect(await localRepository(bare, undefined)).toEqual({ ...whole, gitDir: bare, top: bare });
    const tree = path.join(scratch(), 'tree');
    git(root, 'worktree', 'add', '--quiet', '-b', 'other', tree);
    git(tree, '-c', 'user.name=n', '-c', 'user.email=n@example.org', 'commit', '--quiet', '--allow-empty', '-m', 'x');
    const other = { ...whole, top: tree, ref: 'other', sha: say(tree, '%H') };
    expect(await localRepository(tree, undefined)).toEqual(other);
    expect(await localRepository(root, 'other')).toEqual({ ...other, top: root });
    git(root, 'checkout', '--quiet', '--detach');
    expect(await localRepository(root, undefined)).toEqual({ ...whole, ref: null });
    expect(await localRepository(root, sha.slice(0, 12))).toEqual({ ...whole, ref: null });
    git(root, 'checkout', '--quiet', '--orphan', 'unborn');
    await expect(localRepository(root, undefined)).rejects.toThrow('has no commit yet');
    await expect(localRepository(root, '--all')).rejects.toThrow("has no branch, tag or commit '--all'");
    expect(await localRepository(scratch(), undefined)).toBeUndefined();
  });
});

describe('environment', () => {
  it('holds nothing that git does not need, and asks nothing', () => {
    process.env.NAYEK_TEST_PASSWORD = 'x';
    process.env.GIT_DIR = '/elsewhere';
    try {
      const env = allowedEnvironment();
      expect(Object.keys(env)).not.toContain('NAYEK_TEST_PASSWORD');
      expect(Object.keys(env)).not.toContain('GIT_DIR');
      expect(env).toMatchObject({
        GIT_TERMINAL_PROMPT: '0',
        GIT_LFS_SKIP_SMUDGE: '1',
        GIT_ASKPASS: '',
        PATH: process.env.PATH,
      });
    } finally {
      delete process.env.NAYEK_TEST_PASSWORD;
      delete process.env.GIT_DIR;
    }
  });
});

describe('pool', () => {
  /** Does what the name of the job says. */
  const WORKER = `
    const answer = (job, more = {}) => process.send({ peak: 1000, record: { jobId: job.jobId, status: 'changed', attempt: job.attempt, pid: process.pid, ...more } });
    let count = 0;
    process.on('disconnect', () => process.exit());
    process.on('message', ({ job }) => {
      count++;
      if (job.name === 'crash') process.kill(process.pid, 'SIGSEGV');
      else if (job.name === 'crash-unless-fresh' && count > 1) process.exit(3);
      else if (job.name === 'hang') for (;;);
      else if (job.name === 'memory') { const all = []; for (;;) all.push(new Array(1e5).fill(count++)); }
      else answer(job);
    });
  `;

  async function results(
    names: readonly string[],
    options: { concurrency?: number; signal?: AbortSignal; stopAt?: number } = {},
  ) {
    const folder = scratch();
    const file = path.join(folder, 'worker.cjs');
    writeFileSync(file, WORKER);
    const stop = new AbortController();
    const pool = createPool({
      store: folder,
      concurrency: options.concurrency ?? 1,
      memory: 64,
      command: { file, args: [] },
      signal: stop.signal,
    });
    const out: (JobRecord & { pid?: number })[] = [];
    await pool.run(
      names.map((name, n) => job(n, { name, timeout: name === 'hang' ? 1 : 60 })),
      (r) => {
        out.push(r);
        if (out.length === options.stopAt) stop.abort();
      },
    );
    pool.close();
    return out;
  }

  it('one process takes many jobs', async () => {
    const all = await results(['a', 'b', 'c']);
    expect(all.map((r) => r.status)).toEqual(['changed', 'changed', 'changed']);
    expect(new Set(all.map((r) => r.pid)).size).toBe(1);
  });

  it('who crashes, hangs or runs out of memory fails alone', async () => {
    const all = await results(['a', 'crash', 'b', 'hang', 'c', 'memory', 'd']);
    expect(all.map((r) => [r.status, r.error?.code])).toEqual([
      ['changed', undefined],
      ['failed', 'crashed'],
      ['changed', undefined],
      ['timeout', 'timeout'],
      ['changed', undefined],
      ['failed', 'out-of-memory'],
      ['changed', undefined],
    ]);
  });

  it('a crash in a process that has worked before is tried once more in a fresh one', async () => {
    const all = await results(['a', 'crash-unless-fresh', 'b']);
    expect(all.map((r) => [r.status, r.attempt])).toEqual([
      ['changed', 1],
      ['changed', 2],
      ['changed', 1],
    ]);
  });

  it('stopped: nothing more starts, and what runs is canceled', async () => {
    const all = await results(['a', 'hang', 'b', 'c'], { concurrency: 2, stopAt: 1 });
    expect(all.map((r) => r.status).sort()).toEqual(['canceled', 'changed']);
  });

  it('a program that cannot be started fails each job', async () => {
    const pool = createPool({
      store: scratch(),
      concurrency: 2,
      memory: 64,
      command: { file: '/nowhere/at/all.cjs', args: [] },
    });
    const out: JobRecord[] = [];
    await pool.run([job(1), job(2), job(3)], (r) => out.push(r));
    pool.close();
    expect(out.map((r) => r.error?.code)).toEqual(['crashed', 'crashed', 'crashed']);
  });
});
