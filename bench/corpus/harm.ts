/** The harm checks: the real command on a copy of the repository, judged by git, CPython and the facts. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import type { Facts } from '../../src/model/facts.ts';
import type { Plan } from '../../src/model/plan.ts';
import { createModuleGraph } from '../../src/python/graph.ts';
import { join } from '../../src/repo/path.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { survey } from '../../src/survey/index.ts';
import { reachableFrom } from '../../src/survey/reachable.ts';

export interface Usage {
  /** Seconds of CPU, seconds by the clock and MiB of peak memory of one dry run. */
  readonly cpu?: number;
  readonly wall?: number;
  readonly rss?: number;
}

export interface Measured extends Usage {
  readonly complaints: readonly string[];
}

/** The scorer runs as a bundle in dist/. */
const scripts = path.join(import.meta.dirname, '..', 'bench');
const SKIP = new Set(['.git', 'node_modules']);

/** Runs dry run, patch, patch again and undo on a copy. `validate` judges a render.yaml against the official schema. */
export function harm(
  source: string,
  command: string,
  repo: Snapshot,
  plan: Plan,
  validate: (document: unknown) => string[],
): Measured {
  const home = mkdtempSync(path.join(tmpdir(), 'nayek-corpus-'));
  const complaints: string[] = [];
  try {
    const before = path.join(home, 'before');
    const work = path.join(home, path.basename(source));
    copyTree(source, before);
    copyTree(source, work);
    git(work, 'init', '-q');
    git(work, 'add', '-A', '-f');
    git(
      work,
      '-c',
      'user.name=t',
      '-c',
      'user.email=t@localhost',
      '-c',
      'commit.gpgsign=false',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'x',
    );

    const dry = measured(command, ['patch', '--dry-run', work], home);
    const usage: Usage = { cpu: dry.cpu, wall: dry.wall, rss: dry.rss };
    if (plan.refusal) {
      if (dry.status !== 2) complaints.push(`refused repository: exit ${dry.status}, not 2`);
      return { complaints, ...usage };
    }
    if (dry.status !== 0) complaints.push(`dry run: exit ${dry.status}: ${dry.stderr.split('\n')[0]}`);
    if (status(work) !== '') complaints.push('dry run wrote something');
    if (dry.stdout.length > 0) {
      const applied = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: work, input: dry.stdout });
      if (applied.status !== 0) complaints.push(`git apply: ${applied.stderr.toString().split('\n')[0]}`);
      const byDiff = contents(work);
      const back = spawnSync('git', ['apply', '--whitespace=nowarn', '-R', '-'], { cwd: work, input: dry.stdout });
      if (back.status !== 0 || status(work) !== '') complaints.push('the diff does not reverse');
      const patched = run(command, ['patch', work]);
      if (patched.status !== 0) complaints.push(`patch: exit ${patched.status}: ${patched.stderr.split('\n')[0]}`);
      if (byDiff !== contents(work)) complaints.push('the diff and the patch give different bytes');
    }
    complaints.push(...declared(work, plan), ...python(before, work, plan), ...rendered(work, plan, validate));
    complaints.push(...facts(repo, plan));
    const again = run(command, ['patch', '--check', '--allow-dirty', work]);
    if (again.status !== 0) complaints.push(`second run: exit ${again.status}`);
    const undone = plan.changes.length > 0 ? run(command, ['undo', work]) : undefined;
    if (undone && undone.status !== 0) complaints.push(`undo: exit ${undone.status}: ${undone.stderr.split('\n')[0]}`);
    if (status(work) !== '') complaints.push('undo left something');
    return { complaints, ...usage };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function copyTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (SKIP.has(name)) continue;
    cpSync(path.join(from, name), path.join(to, name), { recursive: true, verbatimSymlinks: true });
  }
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
}

function status(work: string): string {
  return git(work, 'status', '--porcelain');
}

/** Names and hashes of everything that differs from the commit. */
function contents(work: string): string {
  const names = git(work, 'status', '--porcelain', '-z', '--untracked-files=all')
    .split('\0')
    .filter(Boolean)
    .map((l) => l.slice(3));
  return names
    .sort()
    .map((n) => `${n} ${git(work, 'hash-object', n).trim()}`)
    .join('\n');
}

interface Ran {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

function run(command: string, args: readonly string[]): Ran {
  const ran = spawnSync(process.execPath, [command, ...args], { maxBuffer: 1 << 28 });
  return { status: ran.status, stdout: ran.stdout, stderr: ran.stderr.toString() };
}

/** As `run`, with the CPU seconds and the peak memory (MiB) of the process. */
function measured(command: string, args: readonly string[], home: string): Ran & Usage {
  const out = path.join(home, 'usage.json');
  const ran = spawnSync('python3', [path.join(scripts, 'measure.py'), out, process.execPath, command, ...args], {
    maxBuffer: 1 << 28,
  });
  const used: Usage = existsSync(out) ? JSON.parse(readFileSync(out, 'utf8')) : {};
  return { status: ran.status, stdout: ran.stdout, stderr: ran.stderr.toString(), ...used };
}

function declared(work: string, plan: Plan): string[] {
  const named = new Set(plan.changes.map((c) => c.path));
  const touched = git(work, 'status', '--porcelain', '-z', '--untracked-files=all')
    .split('\0')
    .filter(Boolean)
    .map((l) => l.slice(3));
  return touched.filter((t) => !named.has(t)).map((t) => `${t} changed and no part claims it`);
}

function python(before: string, after: string, plan: Plan): string[] {
  const names = plan.changes.map((c) => c.path);
  if (names.length === 0) return [];
  const ran = spawnSync(
    'python3',
    ['-I', path.join(scripts, 'corpus', 'harm.py'), addedBy(plan), before, after, ...names],
    {
      encoding: 'utf8',
    },
  );
  if (ran.error) return ['python3 is missing: nothing was compiled'];
  return ran.status === 0 ? JSON.parse(ran.stdout) : [`harm.py: ${ran.stderr.split('\n').at(-2)}`];
}

/** Names that the part `requirements` adds: the first word of each line that it inserts. */
function addedBy(plan: Plan): string {
  const own = plan.changes.flatMap((change) =>
    (change.claims ?? [])
      .filter(({ verdict }) => plan.verdicts[verdict]?.part === 'requirements')
      .flatMap((c) => c.edits),
  );
  const names = own.flatMap(({ text }) => text.split('\n').flatMap((line) => /^\s*"?([\w.-]+)/.exec(line)?.[1] ?? []));
  return names.join(',');
}

function rendered(work: string, plan: Plan, validate: (document: unknown) => string[]): string[] {
  const file = path.join(work, 'render.yaml');
  if (!plan.changes.some((c) => c.path === 'render.yaml') || !existsSync(file)) return [];
  return validate(parse(readFileSync(file, 'utf8'))).map((e) => `render.yaml: ${e}`);
}

/** What only the module graph can tell: no model import lost, and each emitted target is really there. */
function facts(repo: Snapshot, plan: Plan): string[] {
  const out: string[] = [];
  const after = repo.with(new Map(plan.changes.map((c) => [c.path, c.after])));
  for (const change of plan.changes) {
    if (!change.path.endsWith('env.py')) continue;
    const kept = new Set(reachableFrom(after, createModuleGraph(after), change.path));
    for (const file of reachableFrom(repo, createModuleGraph(repo), change.path)) {
      if (!kept.has(file)) out.push(`${change.path} no longer imports ${file}`);
    }
  }
  const now = survey(after);
  for (const service of now.services) {
    const base =
      service.entry.pythonPath === undefined ? service.root : normal(join(service.root, service.entry.pythonPath));
    const { module, attr } = service.entry;
    const target = now.modules.resolve(join(base, 'anchor.py'), module, 0);
    const top = attr.split('.')[0] ?? attr;
    if (!target?.path || !(now.modules.bindings(target.path).has(top) || defined(now, target.path, top))) {
      out.push(`${module}:${attr} is not in the sources below ${base || '.'}`);
    }
  }
  return out;
}

function defined(facts: Facts, file: string, name: string): boolean {
  return facts.modules.define(file, name) !== undefined;
}

function normal(folder: string): string {
  const clean = path.posix.normalize(folder);
  return clean === '.' ? '' : clean;
}
