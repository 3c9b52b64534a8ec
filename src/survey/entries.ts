/** The deployable web services of a repository, each with the object that a server must be pointed at. */
import type { Entry, Evidence, ServiceSeed } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { basename, dirname, join, stem } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { type Candidate, findCandidates } from './candidates.ts';
import { isDockerfile } from './commands.ts';
import { isAside } from './deployed.ts';
import { folderHas, hasDependencyFile } from './folders.ts';
import { type ImportRoot, importRoots } from './import-root.ts';
import { isImportable, programOf, runFrom } from './importable.ts';
import { reachableFrom } from './reachable.ts';
import { findScripts } from './scripts.ts';
import { type Placement, placeCandidate } from './service-root.ts';
import { type StartEvidence, startEvidence } from './start-evidence.ts';

interface Ranked extends Placement {
  readonly candidate: Candidate;
  readonly evidence: readonly StartEvidence[];
  readonly score: number;
}

const FILE_SCORES: Readonly<Record<string, number>> = {
  main: 10,
  wsgi: 9,
  asgi: 9,
  app: 8,
  application: 7,
  server: 7,
  api: 7,
  __init__: 5,
  __main__: 5,
  run: 4,
  index: 4,
  streamlit_app: 10,
  home: 8,
  web: 4,
  start: 3,
};
const ATTR_SCORES: Readonly<Record<string, number>> = {
  app: 6,
  application: 6,
  api: 3,
  server: 2,
  create_app: 3,
  get_app: 3,
  make_app: 2,
};
/** Files that are started beside a service rather than as the service. */
const SIDE =
  /worker|mock|fake|stub|test|debug|demo|sample|local|dev(?:_|\.|$)|handler|lambda|cli|celery|tasks?$|shell/i;
/** Files that make an application only to fill or empty a database with it: a server that imports one does so at each start. */
const ERRAND =
  /^(?:init|initiali[sz]e|create|drop|seed|seeder|seeds|reset|populate|migrate|fill|load|clear|delete|clean|cleanup|import|export|update|setup|generate|insert|add|recreate|rebuild)(?:_(?!app|api|server|wsgi|asgi)\w+)?$|_(?:db|database|data|tables|seed|seeder|admin|users?)$/i;

/**
 * Every deployable Python web service, best first; at most one per folder. `loadPython()` must have been awaited.
 * https://asgi.readthedocs.io/en/latest/specs/main.html and https://peps.python.org/pep-3333/ define what is served.
 */
export function findEntries(repo: Snapshot, modules: ModuleGraph): ServiceSeed[] {
  const found = findCandidates(repo, modules);
  const served = found.candidates.filter((c) => !found.mounted.has(c.app.identity)).map(withDjangoIdentity);
  const seeds = seedsAmong(repo, modules, served);
  return seeds.length > 0 ? seeds : seedsAmong(repo, modules, findScripts(repo, modules));
}

function seedsAmong(repo: Snapshot, modules: ModuleGraph, candidates: readonly Candidate[]): ServiceSeed[] {
  if (candidates.length === 0) return [];
  const evidence = startEvidence(repo, modules, candidates);
  const roots = new Map<string, readonly ImportRoot[]>();
  const sizes = new Map<string, number>();
  const ranked = candidates.flatMap((candidate): Ranked[] => {
    const { path } = candidate;
    if (!roots.has(path)) roots.set(path, importRoots(repo, modules, path));
    if (!sizes.has(path)) sizes.set(path, reachableFrom(repo, modules, path).length);
    const own = evidence.get(candidate) ?? [];
    const place = placed(repo, modules, candidate, roots.get(path) ?? [], own);
    if (!place) return [];
    return [{ ...place, candidate, evidence: own, score: scoreOf(repo, candidate, place, own, sizes.get(path) ?? 1) }];
  });
  return seedsOf(repo, ranked);
}

/** Where a server imports it from; else, where the file starts a server itself, how that is run. */
function placed(
  repo: Snapshot,
  modules: ModuleGraph,
  candidate: Candidate,
  roots: readonly ImportRoot[],
  evidence: readonly StartEvidence[],
): Placement | undefined {
  const { path, kind } = candidate;
  if (kind === 'script') {
    const run = runFrom(repo, path);
    return run && { ...run, module: stem(path) };
  }
  const usable = roots.filter((r) => isImportable(repo, path, r.folder, r.module));
  const place = placeCandidate(repo, candidate, usable, evidence);
  if (place || kind !== 'instance') return place;
  const own = programOf(repo, modules, path);
  return own && { ...own, module: stem(path) };
}

/** wsgi.py and asgi.py of one Django project serve the same application. */
function withDjangoIdentity(candidate: Candidate): Candidate {
  const { app, path } = candidate;
  if (app.framework !== 'django') return candidate;
  return { ...candidate, app: { ...app, identity: `django:${dirname(path)}` } };
}

function scoreOf(
  repo: Snapshot,
  candidate: Candidate,
  place: Placement,
  evidence: readonly StartEvidence[],
  size: number,
): number {
  const { path, attr, kind, app } = candidate;
  const file = stem(path).toLowerCase();
  let score = (evidence[0]?.weight ?? 0) + Math.min(15, 5 * Math.max(0, evidence.length - 1));
  score +=
    { instance: 12, factory: 6, import: file === 'wsgi' || file === 'asgi' ? 14 : 0, script: 0 }[kind] +
    8 * app.wrapped;
  score += (ATTR_SCORES[attr] ?? 0) + (FILE_SCORES[file] ?? 0) - (SIDE.test(file) || ERRAND.test(file) ? 15 : 0);
  score += Math.min(20, 3 * Math.log2(size)) - place.root.split('/').length;
  // What a server can import is started by one.
  if (place.program !== undefined) score -= 30;
  if (hasDependencyFile(repo, place.root)) score += 8;
  if (folderHas(repo, place.root, isDockerfile)) score += 5;
  if (repo.has(join(place.root, 'alembic.ini'))) score += 3;
  if (app.framework === 'django') score += djangoScore(repo, candidate, place);
  return isAside(path) ? score - 60 : score;
}

/** wsgi.py unless the ASGI one routes other protocols too (Channels). */
function djangoScore(repo: Snapshot, candidate: Candidate, place: Placement): number {
  const managed = repo.has(join(place.root, 'manage.py')) ? 10 : -10;
  const routes = /ProtocolTypeRouter|get_default_application/.test(repo.read(candidate.path)?.text ?? '');
  if (candidate.app.interface === 'wsgi') return managed + 5;
  return managed + (routes ? 12 : 0);
}

function bestPerRoot(ranked: readonly Ranked[]): Ranked[] {
  const sorted = [...ranked].sort((a, b) => b.score - a.score || (a.candidate.path < b.candidate.path ? -1 : 1));
  const applications = new Set<string>();
  const roots = new Set<string>();
  const out: Ranked[] = [];
  for (const one of sorted) {
    const { identity } = one.candidate.app;
    if (applications.has(identity)) continue;
    applications.add(identity);
    if (roots.has(one.root)) continue;
    roots.add(one.root);
    out.push(one);
  }
  return out;
}

/** The best one, and every other that has deployment files or a start command of its own. */
function seedsOf(repo: Snapshot, all: readonly Ranked[]): ServiceSeed[] {
  const [first, ...rest] = bestPerRoot(all);
  if (!first) return [];
  if (isAside(first.candidate.path) && !standsAlone(repo, first)) return [];
  const kept = [first, ...rest.filter((r) => !isAside(r.candidate.path) && standsAlone(repo, r))];
  const names = new Set<string>();
  const beside = leftOut(all, kept);
  return kept.map((r, i) => ({
    root: r.root,
    name: nameFor(repo, r.root, names),
    entry: entryOf(r),
    ...(i === 0 && beside.length > 0 ? { beside } : {}),
  }));
}

/** Applications that a command of the repository starts and that none of the services is. */
function leftOut(all: readonly Ranked[], kept: readonly Ranked[]): NonNullable<ServiceSeed['beside']> {
  const served = new Set(kept.map((r) => r.candidate.app.identity));
  const out = new Map<string, { readonly what: string; readonly at: Evidence }>();
  for (const { candidate, evidence, module } of all) {
    const { app, path, attr } = candidate;
    const file = stem(path);
    const said = evidence.find((e) => e.source !== 'readme' && e.source !== 'code' && e.target.server !== 'python');
    if (!said || served.has(app.identity) || isAside(path) || SIDE.test(file) || ERRAND.test(file)) continue;
    if (!out.has(app.identity)) out.set(app.identity, { what: `${module}:${attr}`, at: said.at });
  }
  return [...out.values()];
}

/** A service beside the main one needs a start command, or both a usual name and dependencies or an image of its own. */
function standsAlone(repo: Snapshot, ranked: Ranked): boolean {
  const { candidate, evidence, root } = ranked;
  const file = stem(candidate.path);
  const folder = dirname(candidate.path);
  const usual = FILE_SCORES[file] !== undefined || file === basename(folder);
  if (SIDE.test(file) && !usual) return false;
  if (usual && evidence.some((e) => e.source !== 'readme' && e.source !== 'code')) return true;
  if (root === '' || !(hasDependencyFile(repo, root) || folderHas(repo, root, isDockerfile))) return false;
  return usual || evidence.some((e) => e.source === 'code');
}

function entryOf({ candidate, module, pythonPath, program }: Ranked): Entry {
  const { app, attr, kind, path, at } = candidate;
  return {
    module,
    attr,
    factory: kind === 'factory',
    interface: app.interface,
    framework: app.framework,
    ...(pythonPath === undefined ? {} : { pythonPath }),
    ...(program === undefined ? {} : { program }),
    path,
    at,
  };
}

/** Folders whose name says nothing about the service. */
const GENERIC = new Set(['src', 'app', 'code', 'python']);

function nameFor(repo: Snapshot, root: string, taken: Set<string>): string {
  const repository =
    slug(
      repo.root
        .replaceAll('\\', '/')
        .split('/')
        .findLast((p) => p !== '') ?? '',
    ) || 'web';
  const parts = root
    .split('/')
    .map(slug)
    .filter((p) => p !== '');
  const last = parts.findLast((p) => !GENERIC.has(p)) ?? repository;
  const choices = [last, parts.join('-'), `${repository}-${last}`];
  const free = choices.find((c) => c !== '' && !taken.has(c));
  let name = free ?? last;
  for (let n = 2; taken.has(name); n++) name = `${last}-${n}`;
  taken.add(name);
  return name;
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
