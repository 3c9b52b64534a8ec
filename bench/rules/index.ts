/**
 * npm run rules -- <ast-grep> <folder of rules> <repository>...
 * Runs every rule of a folder through ast-grep's command and through nayek, on copies of each repository, and compares
 * the matches and the bytes that are written. ast-grep is run until it changes nothing more, as nayek goes to the end
 * at once (so it counts a match inside of another as one). Exit 1 when bytes differ.
 */

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makePlan } from '../../src/engine/make-plan.ts';
import type { Plan } from '../../src/model/plan.ts';
import { readSnapshot } from '../../src/repo/disk-snapshot.ts';
import { type Rule, readRules } from '../../src/rules/rule-file.ts';
import { partOf } from '../../src/rules/rule-part.ts';

/** ast-grep runs until nothing changes, at most. */
const RUNS = 10;

interface Row {
  readonly rule: string;
  readonly repository: string;
  readonly matches: readonly [number, number];
  readonly files: readonly [number, number];
  /** Milliseconds of the first run of each. */
  readonly ms: readonly [number, number];
  readonly differs: readonly string[];
  /** Files whose result is no Python: ast-grep writes them, nayek names them. */
  readonly refused: number;
}

const [program, folder, ...repositories] = process.argv.slice(2);
if (!program || !folder || repositories.length === 0) {
  console.error('usage: npm run rules -- <ast-grep> <folder of rules> <repository>...');
  process.exit(2);
}

const scratch = mkdtempSync(path.join(tmpdir(), 'nayek-rules-'));
const rows: Row[] = [];
try {
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!file.endsWith('.yml')) continue;
    const name = path.join(folder, file);
    let rules: readonly Rule[];
    try {
      rules = readRules(name).rules.filter((rule) => 'matcher' in rule);
    } catch (error) {
      console.log(`${file}: ${(error as Error).message}`);
      continue;
    }
    for (const repository of rules.length > 0 ? repositories : []) {
      try {
        rows.push(await compared(name, rules, repository));
      } catch (error) {
        console.log(`${file}: ${(error as Error).message}`);
        break;
      }
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
print();

async function compared(file: string, rules: readonly Rule[], repository: string): Promise<Row> {
  const copy = path.join(scratch, 'copy');
  rmSync(copy, { recursive: true, force: true });
  cpSync(repository, copy, { recursive: true, verbatimSymlinks: true });
  const repo = readSnapshot(repository);
  const parts = rules.map(partOf);
  for (const part of parts) await part.prepare?.();
  const start = performance.now();
  const plan = makePlan(
    repo,
    parts.map((part) => ({ part, options: {} })),
    { recipe: 'rules' },
  );
  const ours = performance.now() - start;
  const known = new Set(repo.paths);
  const refused = new Set(plan.verdicts.flatMap((v) => (v.kind === 'failed' ? v.at.map((a) => a.path) : [])));
  const theirStart = performance.now();
  const found = scan(file, copy).filter((match) => known.has(match));
  const theirs = performance.now() - theirStart;
  for (let run = 0; run < RUNS && updates(file, copy); run++);
  return {
    rule: path.basename(file),
    repository: path.basename(repository),
    matches: [found.length, matchesOf(plan)],
    files: [
      new Set(found).size,
      new Set(plan.verdicts.flatMap((v) => (v.kind === 'satisfied' ? [] : v.at.map((a) => a.path)))).size,
    ],
    ms: [Math.round(theirs), Math.round(ours)],
    differs: different(plan, repo.paths, copy, repository).filter((file) => !refused.has(file)),
    refused: refused.size,
  };
}

/** The file of each match. */
function scan(rule: string, root: string): string[] {
  const lines = astGrep(['scan', '-r', rule, '--json=stream', '.'], root).split('\n').filter(Boolean);
  return lines.map((line) => path.posix.normalize((JSON.parse(line) as { file: string }).file));
}

function updates(rule: string, root: string): boolean {
  const before = scan(rule, root).length;
  astGrep(['scan', '-r', rule, '-U', '.'], root);
  return before > 0 && scan(rule, root).length !== before;
}

function astGrep(args: readonly string[], cwd: string): string {
  try {
    return execFileSync(program ?? '', args, {
      cwd,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (error) {
    // Exit 1 tells that a rule of severity error has matched.
    return (error as { stdout?: string }).stdout ?? '';
  }
}

function matchesOf(plan: Plan): number {
  return plan.verdicts.reduce((sum, v) => sum + Number(/\((\d+) places?\)$/.exec(v.reason)?.[1] ?? 0), 0);
}

function different(plan: Plan, paths: readonly string[], copy: string, original: string): string[] {
  const after = new Map(plan.changes.map((change) => [change.path, change.after]));
  return paths.filter((file) => {
    if (!/\.pyi?$/.test(file)) return false;
    const theirs = readFileSync(path.join(copy, file), 'utf8');
    return theirs !== (after.get(file) ?? readFileSync(path.join(original, file), 'utf8'));
  });
}

function print(): void {
  console.log(
    '| rule | repository | matches ast-grep/nayek | files | ms | differs | refused |\n|---|---|---|---|---|---|---|',
  );
  for (const { rule, repository, matches, files, ms, differs, refused } of rows) {
    if (matches[0] + matches[1] === 0 && differs.length === 0) continue;
    const cells = [
      rule,
      repository,
      matches.join('/'),
      files.join('/'),
      ms.join('/'),
      differs.slice(0, 3).join(' ') || 'no',
      refused,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  const odd = rows.filter((r) => r.differs.length > 0);
  const total = (at: 0 | 1): number => rows.reduce((sum, r) => sum + r.matches[at], 0);
  console.log(`${rows.length} runs, ${total(0)}/${total(1)} matches, ${odd.length} runs differ`);
  process.exitCode = odd.length > 0 ? 1 : 0;
}
