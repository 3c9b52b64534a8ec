/** A small repository, a patch of it, and what a kill leaves of that. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect } from 'vitest';
import type { FileChange, Plan } from '../src/model/plan.ts';
import { NayekError } from '../src/system/errors.ts';
import { sha256 } from '../src/writer/disk.ts';
import { stateOf } from '../src/writer/state.ts';
import { isUnfinished } from '../src/writer/undo.ts';
import { applyPlan } from '../src/writer/write.ts';
import { Killed, killedAfter } from './faults.ts';

export const ground = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'nayek-state-')));
afterAll(() => fs.rmSync(ground, { recursive: true, force: true }));

export const FILES = { 'a.txt': 'a\n', 'sub/b.txt': 'b\n', 'svc/c.txt': 'c\n' };
let count = 0;

/** A path below the ground where nothing is. */
export function fresh(): string {
  return path.join(ground, `${count++}`);
}

/** A new folder with FILES. */
export function repository(git = true): string {
  const root = path.join(fresh(), 'shop');
  for (const [name, text] of Object.entries(FILES)) put(root, name, text);
  if (git) {
    execFileSync('git', ['init', '-q'], { cwd: root });
    execFileSync('git', ['add', '-A'], { cwd: root });
    execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=n@example.org', 'commit', '-qm', 's'], { cwd: root });
  }
  return root;
}

export function put(root: string, name: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  fs.writeFileSync(path.join(root, name), text);
}

/** Puts '# patched' in front of every text file and creates one in a new folder. */
export function planFor(root: string, names: readonly string[] = Object.keys(FILES)): Plan {
  const common = { encoding: 'utf-8', bom: false, by: ['t'], edits: [] } as const;
  const changes: Partial<FileChange>[] = names.map((name) => {
    const before = fs.readFileSync(path.join(root, name), 'utf8');
    return { ...common, path: name, before, after: `# patched\n${before}`, sha256: sha256(Buffer.from(before)) };
  });
  changes.push({ ...common, path: 'new/d.txt', before: null, after: 'd\n', sha256: null });
  const reads = Object.fromEntries(changes.flatMap((c) => (c.before === null ? [] : [[c.path, c.sha256 ?? '']])));
  return { root, recipe: 't', changes: changes as FileChange[], verdicts: [], warnings: [], reads, skipped: [] };
}

/** Everything below a folder but git's own: path → kind, mode, and bytes or target. */
export function tree(root: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name of fs.readdirSync(root, { recursive: true }) as string[]) {
    if (/(?:^|\/)\.git\/(?!nayek)/.test(name)) continue;
    const file = path.join(root, name);
    const stat = fs.lstatSync(file);
    const bytes = stat.isFile() ? fs.readFileSync(file, 'latin1') : stat.isSymbolicLink() ? fs.readlinkSync(file) : '';
    out[name] = `${stat.mode.toString(8)} ${bytes}`;
  }
  return out;
}

export function sources(root: string): Record<string, string> {
  return Object.fromEntries(Object.entries(tree(root)).filter(([n]) => !/^\.(?:git|nayek)(?:\/|$)/.test(n)));
}

export async function failure(work: Promise<unknown>): Promise<NayekError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof NayekError) return error;
    throw error;
  }
}

/** Leaves the patch of a root half-written, as a kill does. */
export async function cutShort(root: string, names?: readonly string[]): Promise<void> {
  await expect(applyPlan(planFor(root, names), { fs: killedAfter(2) })).rejects.toThrow(Killed);
  expect(isUnfinished(stateOf(root))).toBe(true);
}

/** Runs `work` with other variables of the environment. */
export async function within<T>(env: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  const saved = Object.keys(env).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, env);
  try {
    return await work();
  } finally {
    for (const [name, value] of saved) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

export function folderOf(root: string): string {
  return stateOf(root).folder;
}

export function edit(file: string, change: (text: string) => string): void {
  fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')));
}
