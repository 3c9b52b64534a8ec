/**
 * npm run settings -- <folder of checkouts>
 * The part `settings` on copies of real repositories: what it moves and what it keeps, with the reasons, and every harm:
 * Python that no longer compiles, an import that means another file or nothing, a circle of imports that was none before, a
 * second run that is not empty, an undo that leaves something. Exit 1 when there is harm.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FileChange, Verdict } from '../../src/model/plan.ts';
import { createModuleGraph } from '../../src/python/graph.ts';
import type { ModuleGraph } from '../../src/python/modules.ts';
import { readSnapshot } from '../../src/repo/disk-snapshot.ts';
import { loadPython } from '../../src/syntax/python/parser.ts';
import { statements } from '../../src/syntax/python/walk.ts';

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error('usage: npm run settings -- <folder of checkouts>');
  process.exit(2);
}
const command = path.resolve(import.meta.dirname, 'nayek.cjs');
await loadPython();
const home = mkdtempSync(path.join(tmpdir(), 'nayek-settings-'));
const recipe = path.join(home, 'recipe.yaml');
writeFileSync(recipe, 'name: settings alone\nparts: [settings]\n');
const reasons = new Map<string, number>();
let harms = 0;
try {
  for (const name of readdirSync(folder).sort()) {
    if (statSync(path.join(folder, name)).isDirectory()) harms += judge(name);
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1])) console.log(`${count}\t${reason}`);
process.exitCode = harms > 0 ? 1 : 0;

/** Prints a line for a repository; the number of harms. */
function judge(name: string): number {
  const work = path.join(home, 'work');
  rmSync(work, { recursive: true, force: true });
  cpSync(path.join(folder ?? '', name), work, { recursive: true, verbatimSymlinks: true });
  rmSync(path.join(work, '.git'), { recursive: true, force: true });
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: work, encoding: 'utf8', maxBuffer: 1 << 28 });
  git('init', '-q');
  git('add', '-A', '-f');
  git('-c', 'user.name=t', '-c', 'user.email=t@localhost', '-c', 'commit.gpgsign=false', 'commit', '-qm', 'x');
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [command, ...args], { cwd: home, encoding: 'utf8', maxBuffer: 1 << 28 });
  const asked = run('patch', '--dry-run', '--format', 'json', '--recipe', recipe, work);
  if (asked.status === 2 && asked.stdout === '') {
    console.log(`${name}\tnot patched: ${asked.stderr.split('\n')[0]}`);
    return 0;
  }
  const report = JSON.parse(asked.stdout) as { verdicts: Verdict[]; changes: Pick<FileChange, 'path'>[] };
  const [moved, kept] = [
    ['applied', 'pending'],
    ['manual', 'skipped', 'failed'],
  ].map((kinds) => report.verdicts.filter((v) => kinds.includes(v.kind)));
  for (const v of kept ?? []) {
    const shape = `${v.kind}: ${v.reason.replace(/[\w./-]+\.(?:py|ini|toml|txt)(?::\d+)?/g, 'FILE').replace(/\b[A-Z][A-Z0-9_]{2,}\b/g, 'NAME')}`;
    reasons.set(shape, (reasons.get(shape) ?? 0) + 1);
  }
  if (report.changes.length === 0 && !report.verdicts.some((v) => v.kind === 'failed')) {
    console.log([name, 'nothing moved', `${kept?.length ?? 0} kept`].join('\t'));
    return 0;
  }
  const before = importsOf(work);
  const complaints: string[] = report.verdicts.filter((v) => v.kind === 'failed').map((v) => `failed: ${v.reason}`);
  const patched = run('patch', '--recipe', recipe, work);
  if (patched.status !== 0) complaints.push(`patch: exit ${patched.status}`);
  const changed = git('status', '--porcelain', '--untracked-files=all')
    .split('\n')
    .filter(Boolean)
    .map((l) => l.slice(3));
  for (const file of changed.filter((f) => f.endsWith('.py'))) {
    const compiled = spawnSync(
      'python3',
      ['-I', '-c', 'import sys; compile(open(sys.argv[1], "rb").read(), "x", "exec")', file],
      { cwd: work, encoding: 'utf8' },
    );
    if (compiled.status !== 0) complaints.push(`${file}: ${compiled.stderr.trim().split('\n').at(-1)}`);
  }
  const after = importsOf(work);
  for (const [key, target] of before.targets) {
    const now = after.targets.get(key);
    if (now !== undefined && now !== target) complaints.push(`${key} meant ${target}, and means ${now}`);
  }
  for (const [key, target] of after.targets) {
    if (!before.targets.has(key) && target === '-') complaints.push(`${key} is new, and means nothing`);
  }
  for (const circle of after.circles)
    if (!before.circles.has(circle)) complaints.push(`a new circle of imports: ${circle}`);
  const again = run('patch', '--check', '--allow-dirty', '--recipe', recipe, work);
  if (again.status !== 0) complaints.push(`second run: exit ${again.status}`);
  if (changed.length > 0 && run('undo', work).status !== 0) complaints.push('undo fails');
  if (git('status', '--porcelain') !== '') complaints.push('undo leaves something');
  console.log(
    [name, `${moved?.length ?? 0} moved in ${changed.length} files`, `${kept?.length ?? 0} kept`, ...complaints].join(
      '\t',
    ),
  );
  return complaints.length;
}

interface Imports {
  /** `file: from .x import y` → the file and definition that it means; '-' of an own module that is not there. */
  readonly targets: ReadonlyMap<string, string>;
  /** Files that import each other at their top level. */
  readonly circles: ReadonlySet<string>;
}

function importsOf(root: string): Imports {
  const repo = readSnapshot(root);
  const graph = createModuleGraph(repo);
  const targets = new Map<string, string>();
  const edges = new Map<string, Set<string>>();
  for (const file of graph.files) {
    for (const { stmt, around } of statements(graph.module(file)?.body ?? [])) {
      if (stmt.kind !== 'from' && stmt.kind !== 'import') continue;
      const names =
        stmt.kind === 'from'
          ? stmt.names.map((n) => [stmt.module, stmt.level, n.name] as const)
          : stmt.names.map((n) => [n.module, 0, ''] as const);
      for (const [module, level, name] of names) {
        const key = `${file}: ${'.'.repeat(level)}${module} ${name}`;
        const target = meant(graph, file, module, level, name);
        targets.set(key, target);
        if (around.length > 0 || !existsSync(path.join(root, target.split('#')[0] ?? ''))) continue;
        edges.set(file, (edges.get(file) ?? new Set()).add(target.split('#')[0] ?? ''));
      }
    }
  }
  return { targets, circles: circlesOf(edges) };
}

function meant(graph: ModuleGraph, file: string, module: string, level: number, name: string): string {
  const found = graph.resolve(file, module, level)?.path;
  if (!found) return level > 0 ? '-' : 'elsewhere';
  if (name === '') return found;
  const child = graph.resolve(file, module === '' ? name : `${module}.${name}`, level)?.path;
  const defined = graph.define(found, name);
  return defined ? `${found}#${defined.kind}` : (child ?? '-');
}

/** Pairs of files that reach each other. */
function circlesOf(edges: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const out = new Set<string>();
  for (const from of edges.keys()) {
    const seen = new Set<string>();
    const open = [...(edges.get(from) ?? [])];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      if (edges.get(at)?.has(from)) out.add([from, at].sort().join(' <-> '));
      open.push(...(edges.get(at) ?? []));
    }
  }
  return out;
}
