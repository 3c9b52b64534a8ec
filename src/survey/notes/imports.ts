/**
 * What is imported when the service starts, and not installed: the first request is never answered.
 * https://docs.python.org/3/library/exceptions.html#ModuleNotFoundError
 */
import { bringersOf, distributionsOf, isStandard } from '../../knowledge/distributions.ts';
import { HIDDEN_NEEDS } from '../../knowledge/hidden-needs.ts';
import type { Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { say } from '../../system/say.ts';
import { type Installed, installedBy } from '../dependencies/installs-all.ts';
import { surelyExecutedFrom, surelyRunning } from '../executed.ts';
import type { Note } from './note.ts';

/** Brought by so many, it may come with another version of what is listed. */
const FEW = 3;
/** Brought by older versions of what many list: Django and pandas (pytz), requests (chardet), SQLAlchemy (greenlet). */
const OFTEN: ReadonlySet<string> = new Set(['pytz', 'six', 'chardet', 'simplejson', 'greenlet', 'setuptools', 'attrs']);

/** One note for each distribution that is missing, at its first import in the order in which files are loaded. */
export function importNotes(repo: Snapshot, modules: ModuleGraph, service: Service): Note[] {
  const { dependencies } = service;
  const installed = dependencies && installedBy(repo, dependencies);
  if (!dependencies || !installed) return [];
  const files = surelyExecutedFrom(modules, service.entry.path);
  const missing = new Map<string, Note>();
  for (const path of files) {
    for (const { module, line } of foreignImports(modules, path)) {
      const [usual, ...others] = distributionsOf(module) ?? [];
      if (usual === undefined || missing.has(usual)) continue;
      if ([usual, ...others].some((name) => installed.names.has(name))) continue;
      const sure = installed.whole && bringersOf(usual) < FEW && !OFTEN.has(usual);
      const unless = sure ? '' : say` unless something that it lists brings it along`;
      const text = say`${module} is imported when the service starts; ${dependencies.path} does not install ${usual}${unless}.`;
      missing.set(usual, { text, at: { path, line }, ...(sure ? { stops: true } : {}) });
    }
  }
  return [...missing.values(), ...hiddenNotes(repo, modules, files, dependencies.path, installed)];
}

/** What is needed without an import. */
function hiddenNotes(
  repo: Snapshot,
  modules: ModuleGraph,
  files: Iterable<string>,
  list: string,
  installed: Installed,
): Note[] {
  const found = new Map<string, Note>();
  for (const path of files) {
    for (const stmt of surelyRunning(modules.module(path)?.body ?? [])) {
      if (stmt.kind !== 'from' || stmt.level > 0) continue;
      for (const { from, names, needs, without } of HIDDEN_NEEDS) {
        if (found.has(needs) || installed.names.has(needs) || !from.test(stmt.module)) continue;
        const used = stmt.names.find((n) => !names || (names.includes(n.name) && isUsed(repo, path, n.as ?? n.name)));
        if (!used) continue;
        const { whole } = installed;
        const unless = whole ? '' : say` unless something that is listed brings it along`;
        const text = say`${used.name} needs ${needs}, which ${list} does not install${unless}: ${without}.`;
        found.set(needs, { text, at: { path, line: stmt.line }, ...(whole ? { stops: true } : {}) });
      }
    }
  }
  return [...found.values()];
}

/** True when a name stands once more than where it is imported. */
function isUsed(repo: Snapshot, path: string, name: string): boolean {
  const text = repo.read(path)?.text ?? '';
  return [...text.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length > 1;
}

interface Foreign {
  /** Dotted, with the imported name where that may be a module. */
  readonly module: string;
  readonly line: number;
}

/** Imports at the top level of a file of what is neither of the repository nor of Python itself. */
function foreignImports(modules: ModuleGraph, path: string): Foreign[] {
  const out: Foreign[] = [];
  const add = (name: string, module: string, line: number): void => {
    const top = name.split('.')[0] ?? '';
    if (!isStandard(top) && !modules.resolve(path, top, 0)) out.push({ module, line });
  };
  for (const stmt of surelyRunning(modules.module(path)?.body ?? [])) {
    if (stmt.kind === 'import') for (const { module } of stmt.names) add(module, module, stmt.line);
    if (stmt.kind === 'from' && stmt.level === 0) {
      const [first] = stmt.names;
      add(stmt.module, first ? `${stmt.module}.${first.name}` : stmt.module, stmt.line);
    }
  }
  return out;
}
