/** Which classes are pydantic settings. */

import { definitionOf, externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { topOf } from '../../python/place.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { ClassStmt } from '../../syntax/python/ast.ts';

export interface SettingsClass {
  readonly path: string;
  readonly stmt: ClassStmt;
}

/** A settings class with where it comes from. */
export interface SettingsLine extends SettingsClass {
  readonly major: 1 | 2;
  /** Itself and its bases of the repository, derived first. */
  readonly line: readonly SettingsClass[];
  /** Variables have the names of the fields to the letter. */
  readonly exact?: true;
}

const HEADER = /^[ \t]*class[ \t]+(\w+)[ \t]*\(([^()]*(?:\([^()]*\)[^()]*)*)\)[ \t]*:/gm;

/** Classes of these files that derive from pydantic's BaseSettings, also through classes of the repository. */
export function settingsClasses(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): SettingsLine[] {
  if (repo.matching(files, /\bBaseSettings\b/).length === 0) return [];
  const headers = repo.matching(files, /^[ \t]*class[ \t]+\w+[ \t]*\(/m).flatMap((path) => {
    const text = repo.read(path)?.text ?? '';
    return [...text.matchAll(HEADER)].map(([, name = '', bases = '']) => ({
      path,
      name,
      bases: bases.split(/[\s,()=[\]]+/).map((b) => b.slice(b.lastIndexOf('.') + 1)),
    }));
  });
  const names = new Set(['BaseSettings']);
  for (let before = 0; before !== names.size; ) {
    before = names.size;
    for (const h of headers) if (h.bases.some((b) => names.has(b))) names.add(h.name);
  }
  const seen = new Set<string>();
  return headers.flatMap((h) => {
    if (!h.bases.some((b) => names.has(b)) || seen.has(h.path)) return [];
    seen.add(h.path);
    const out: SettingsLine[] = [];
    for (const stmt of modules.module(h.path)?.body ?? []) {
      if (stmt.kind !== 'class') continue;
      const line: SettingsClass[] = [];
      const major = lineage(modules, { path: h.path, stmt }, line);
      if (major) out.push({ path: h.path, stmt, major, line });
    }
    return out;
  });
}

/** Collects a class and its bases of the repository; which pydantic-settings it comes from, when it does. */
export function lineage(modules: ModuleGraph, at: SettingsClass, into: SettingsClass[]): 1 | 2 | undefined {
  if (into.length > 60 || into.some((c) => c.stmt === at.stmt)) return undefined;
  into.push(at);
  let major: 1 | 2 | undefined;
  for (const base of at.stmt.bases) {
    if (base.name !== undefined || base.star) continue;
    const found = definitionOf(topOf(modules, at.path), base.value);
    if (found?.kind === 'class') major = lineage(modules, found, into) ?? major;
    if (found?.kind === 'external' && found.name.endsWith('BaseSettings')) {
      if (found.name.startsWith('pydantic_settings.')) major = 2;
      else if (found.name.startsWith('pydantic.')) major = 1;
    }
  }
  return major;
}

/** True where a class, with its bases of the repository, is a pydantic model. */
export function isModel(modules: ModuleGraph, line: readonly SettingsClass[]): boolean {
  return line.some((c) =>
    c.stmt.bases.some((b) => /(?:^|\.)BaseModel$/.test(externalName(topOf(modules, c.path), b.value) ?? '')),
  );
}

/** True when a class is named anywhere but in its own definition. */
export function isUsed(repo: Snapshot, files: readonly string[], name: string): boolean {
  const use = new RegExp(`\\b${name}\\b`, 'g');
  let uses = 0;
  for (const path of repo.matching(files, new RegExp(`\\b${name}\\b`))) {
    uses += (repo.read(path)?.text.match(use) ?? []).length;
    if (uses > 1) return true;
  }
  return false;
}
