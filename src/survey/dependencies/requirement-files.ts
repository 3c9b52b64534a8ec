/** A requirements file with everything that it includes. */
import type { Requirement } from '../../model/facts.ts';
import { dirname, join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { requirementsOf } from '../../syntax/documents.ts';
import { normalizeName, type RequirementsLine } from '../../syntax/requirements.ts';

export interface RequirementTree {
  /** The file and those behind `-r`, in the order in which pip reads them. */
  readonly files: readonly { readonly path: string; readonly lines: readonly RequirementsLine[] }[];
  readonly requirements: readonly Requirement[];
  /** What the `-c` files say. */
  readonly constraints: readonly Requirement[];
  /** Folders of local projects that are installed with it (`-e .`). */
  readonly projects: readonly string[];
}

const trees = new WeakMap<Snapshot, Map<string, RequirementTree>>();

/** Follows `-r` and `-c` from `path`; files that are not in the repository are left out. Read once for a snapshot. */
export function readRequirementTree(repo: Snapshot, path: string): RequirementTree {
  const known = trees.get(repo) ?? new Map<string, RequirementTree>();
  trees.set(repo, known);
  let found = known.get(path);
  if (!found) {
    const tree = new Tree(repo);
    tree.read(path, tree.requirements);
    found = tree;
    known.set(path, found);
  }
  return found;
}

class Tree implements RequirementTree {
  readonly files: { path: string; lines: readonly RequirementsLine[] }[] = [];
  readonly requirements: Requirement[] = [];
  readonly constraints: Requirement[] = [];
  readonly projects: string[] = [];
  private readonly seen = new Set<string>();
  private readonly repo: Snapshot;

  constructor(repo: Snapshot) {
    this.repo = repo;
  }

  read(file: string, into: Requirement[]): void {
    if (this.seen.has(file)) return;
    this.seen.add(file);
    const lines = requirementsOf(this.repo, file);
    if (!lines) return;
    if (into === this.requirements) this.files.push({ path: file, lines });
    for (const line of lines) this.take(line, file, into);
  }

  private take(line: RequirementsLine, file: string, into: Requirement[]): void {
    const at = { path: file, line: line.line };
    if (line.kind === 'requirement') {
      const { name, extras, specifier } = line;
      into.push({ name: normalizeName(name.text), extras, specifier: specifier.text, at });
    } else if (line.kind === 'location' && line.egg) {
      into.push({ name: normalizeName(line.egg), extras: [], specifier: '', at });
    } else if (line.kind === 'include' || line.kind === 'constraint') {
      const target = resolvePath(dirname(file), line.target);
      if (target !== undefined) this.read(target, line.kind === 'constraint' ? this.constraints : into);
    } else if (line.kind === 'editable' || line.kind === 'location') {
      const folder = resolvePath(dirname(file), line.target.replace(/\[[^\]]*\]$/, ''));
      if (folder !== undefined && this.repo.hasFolder(folder)) this.projects.push(folder);
    }
  }
}

/** `folder` joined with a relative path; undefined when that leaves the repository or is absolute. */
export function resolvePath(folder: string, target: string): string | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:|[/~\\$])/i.test(target)) return undefined;
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of target.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

const listings = new WeakMap<Snapshot, Map<string, string[]>>();

/** Files directly in a folder. */
export function filesIn(repo: Snapshot, folder: string): readonly string[] {
  let listing = listings.get(repo);
  if (!listing) {
    listing = new Map();
    for (const path of repo.paths) {
      const known = listing.get(dirname(path));
      if (known) known.push(path);
      else listing.set(dirname(path), [path]);
    }
    listings.set(repo, listing);
  }
  return listing.get(folder) ?? [];
}

/** The first of these names that is a file in the folder. */
export function firstIn(repo: Snapshot, folder: string, ...names: string[]): string | undefined {
  return names.map((name) => join(folder, name)).find((path) => repo.has(path));
}
