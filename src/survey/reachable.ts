/** Which modules a module imports, directly and through others. Text only: nothing is parsed for it. */

import type { ModuleGraph } from '../python/modules.ts';
import { join } from '../repo/path.ts';
import type { Snapshot, SourceFile } from '../repo/snapshot.ts';

const FROM =
  /^[ \t]*from[ \t]+(?![ \t])(\.*)(?!\.)(?:[ \t]*([\w.]+))?[ \t]+import[ \t]+(\((?:[^()#]|#[^\n]*(?=\n)){0,20000}\)|[^\n]*(?:\\\r?\n[^\n]*)*)/gm;
const IMPORT = /^[ \t]*import[ \t]+([\w., \t]+)/gm;

/**
 * Files reachable by imports from `start` (also imports inside functions), `start` first, then in the order in which
 * imports are met, depth first. Files of the repository only.
 */
export function reachableFrom(repo: Snapshot, modules: ModuleGraph, start: string): readonly string[] {
  const known = reached.get(modules) ?? new Map<string, readonly string[]>();
  reached.set(modules, known);
  const files = known.get(start) ?? walkFrom(repo, modules, start);
  known.set(start, files);
  return files;
}

/** Many facts ask for the same walk: it is done once for a graph. */
const reached = new WeakMap<ModuleGraph, Map<string, readonly string[]>>();
/** What a file imports is the same in every graph over the same files, as long as the file is. */
const imported = new WeakMap<ModuleGraph['layout'], Map<SourceFile, readonly string[]>>();

function walkFrom(repo: Snapshot, modules: ModuleGraph, start: string): string[] {
  const seen = new Set<string>();
  const out: string[] = [];
  const stack = [start];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    out.push(next);
    stack.push(...[...importsOf(repo, modules, next)].reverse());
  }
  return out;
}

/** Files of the repository that `file` imports, packages' __init__.py on the way included, in source order. */
export function importsOf(repo: Snapshot, modules: ModuleGraph, file: string): readonly string[] {
  const source = repo.read(file);
  if (!source) return [];
  const known = imported.get(modules.layout) ?? new Map<SourceFile, readonly string[]>();
  imported.set(modules.layout, known);
  const found = known.get(source) ?? scanImports(repo, modules, source);
  known.set(source, found);
  return found;
}

function scanImports(repo: Snapshot, modules: ModuleGraph, { path: file, text }: SourceFile): string[] {
  const found: { readonly at: number; readonly path: string }[] = [];
  const add = (at: number, module: string, level: number): string | undefined => {
    const parts = module.split('.');
    let folder: string | undefined;
    for (let i = module === '' ? 0 : 1; i <= parts.length; i++) {
      const target = modules.resolve(file, parts.slice(0, i).join('.'), level);
      if (target?.path && target.path !== file) found.push({ at, path: target.path });
      folder = target?.folder;
    }
    return folder;
  };
  for (const match of text.matchAll(FROM)) {
    const [, dots = '', module = '', names = ''] = match;
    const folder = add(match.index, module, dots.length);
    if (folder === undefined) continue;
    for (const name of names.replace(/#[^\n]*/g, '').matchAll(/\b(\w+)\b(?:\s+as\s+\w+)?/g)) {
      const target = [join(folder, `${name[1]}.py`), join(folder, `${name[1]}/__init__.py`)].find((p) => repo.has(p));
      if (target && target !== file) found.push({ at: match.index, path: target });
    }
  }
  for (const match of text.matchAll(IMPORT)) {
    for (const part of (match[1] ?? '').split(',')) {
      const module = part.trim().split(/\s/)[0];
      if (module) add(match.index, module, 0);
    }
  }
  return [...new Set(found.sort((a, b) => a.at - b.at).map((f) => f.path))];
}
