/** Where a service must be started: the folder, the module's dotted name from there, and what sys.path lacks. */

import { distributionsOf, isStandard } from '../knowledge/distributions.ts';
import { basename, dirname, foldersUp, join, relative } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { Candidate } from './candidates.ts';
import { hasDependencyFile } from './folders.ts';
import { type ImportRoot, moduleName } from './import-root.ts';
import type { StartEvidence } from './start-evidence.ts';

export interface Placement {
  /** Folder to start in, relative. */
  readonly root: string;
  /** Dotted module. */
  readonly module: string;
  /** Folder to add to sys.path, seen from the root. */
  readonly pythonPath?: string;
  /** Script that is run instead, seen from the root. */
  readonly program?: string;
}

/** `roots`: folders from which the module can be imported, best first. */
export function placeCandidate(
  repo: Snapshot,
  candidate: Candidate,
  roots: readonly ImportRoot[],
  evidence: readonly StartEvidence[],
): Placement | undefined {
  const { path, app } = candidate;
  if (app.framework === 'django') {
    const managed = foldersUp(dirname(path)).find((f) => repo.has(join(f, 'manage.py')));
    const module = managed === undefined ? undefined : moduleName(path, managed);
    if (managed !== undefined && module) return { root: managed, module };
  }
  const best = bestRoot(repo, candidate, roots, evidence);
  if (!best) return undefined;
  const { folder, module } = best;
  const parent = dirname(folder);
  const last = basename(folder);
  if (module.includes('.') && (last === 'src' || last === 'lib') && !hasDependencyFile(repo, folder)) {
    return { root: parent, module, pythonPath: last };
  }
  const own = dirname(path);
  // `fastapi run main.py` starts in the package and puts the package's parent on sys.path by itself.
  const inside = evidence.some((e) => e.target.server === 'fastapi' && !e.target.script?.includes('/'));
  if (inside && own !== folder && dirname(own) === folder && !roots.some((r) => r.folder === own)) {
    return { root: own, module, pythonPath: '..' };
  }
  return both(repo, best, roots) ?? { root: folder, module };
}

/** Where the code imports from two folders, one inside the other: started in the outer one, with the inner one added. */
function both(repo: Snapshot, best: ImportRoot, roots: readonly ImportRoot[]): Placement | undefined {
  const lacking = (a: ImportRoot, b: ImportRoot): string[] => [...b.names].filter((n) => !a.names.has(n) && isOwn(n));
  for (const other of roots) {
    if (other === best || lacking(best, other).length === 0 || lacking(other, best).length === 0) continue;
    const [outer, inner] = other.folder.length < best.folder.length ? [other, best] : [best, other];
    // What is installed by itself is deployed by itself: the outer folder may not be there.
    if (hasDependencyFile(repo, inner.folder)) continue;
    if (outer.folder !== '' && !inner.folder.startsWith(`${outer.folder}/`)) continue;
    return { root: outer.folder, module: outer.module, pythonPath: relative(outer.folder, inner.folder) };
  }
  return undefined;
}

/** True for what nothing but the repository can mean. */
function isOwn(name: string): boolean {
  const [module = ''] = name.split('\0');
  const [top = ''] = module.split('.');
  return !isStandard(top) && distributionsOf(module) === undefined;
}

function bestRoot(
  repo: Snapshot,
  candidate: Candidate,
  roots: readonly ImportRoot[],
  evidence: readonly StartEvidence[],
): ImportRoot | undefined {
  const most = roots[0]?.resolved ?? 0;
  const tied = roots.filter((r) => r.resolved === most);
  for (const { importRoot, weight } of evidence) {
    const said = roots.find((r) => r.folder === importRoot);
    if (!said) continue;
    // An installed project (pip install .) finds its own src/ package wherever it is started.
    const installed = repo.has(join(said.folder, 'pyproject.toml')) || repo.has(join(said.folder, 'setup.py'));
    const layout = tied.some((r) => r.folder === join(said.folder, 'src'));
    if (said.resolved === most || (installed && layout && weight >= 60)) return said;
  }
  const withFile = tied.filter((r) => hasDependencyFile(repo, r.folder));
  const nearest = withFile.sort((a, b) => b.folder.length - a.folder.length)[0];
  if (nearest) return nearest;
  const outside = foldersUp(dirname(candidate.path)).find((f) => !repo.has(join(f, '__init__.py')));
  return tied.find((r) => r.folder === outside) ?? tied.sort((a, b) => b.folder.length - a.folder.length)[0];
}
