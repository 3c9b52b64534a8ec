/** The file that a deployed service is installed from. */

import { bringsOf } from '../knowledge/distributions.ts';
import { SERVER_PACKAGES } from '../knowledge/servers.ts';
import type { Dependencies, Requirement, ServiceSeed } from '../model/facts.ts';
import { basename, dirname, foldersUp, join } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { procfileOf, tomlOf } from '../syntax/documents.ts';
import { commandOf } from '../syntax/procfile.ts';
import { tableIn } from '../syntax/toml.ts';
import { type Install, pipRequirements, projectCommand } from './dependencies/build-command.ts';
import {
  type Candidate,
  candidatesIn,
  inputOf,
  type ProjectCandidate,
  type RequirementsCandidate,
} from './dependencies/candidates.ts';
import { compiledBy, isHashed } from './dependencies/compiled.ts';
import { isDevGroup } from './dependencies/dev-group.ts';
import { discovers } from './dependencies/discovery.ts';
import { bringsFramework } from './dependencies/frameworks.ts';
import { chosenGroups, ofGroups } from './dependencies/groups.ts';
import { findInstalls, type SaidInstall } from './dependencies/installs.ts';
import { stops } from './dependencies/lock-hash.ts';
import { findLocks, isLockOf, lockedIn, pin } from './dependencies/locks.ts';
import { readRequirementTree } from './dependencies/requirement-files.ts';

const DEV_FILE =
  /(?:^|[^a-z])(?:dev|develop|development|local|tests?|testing|lint|docs?|ci|debug|typing|build|tools?|format|mypy|pre-?commit|notebooks?|benchmarks?)(?![a-z])/i;
const OTHER_FILE =
  /(?:^|[^a-z])(?:worker|celery|bot|cli|train|training|gpu|cuda|optional|extras?|mac|macos|win|windows|min|lowest|old|backup|full|freeze|lock)(?![a-z])/i;
const PRODUCTION_FILE = /(?:^|[^a-z])(?:prod|production|deploy|heroku|render)(?![a-z])/i;

/** The server that a command names. */
const SERVES = new RegExp(`\\b(?:${SERVER_PACKAGES.join('|')})\\b`);

/** What a script that builds or starts the service says; a workflow that tests it is less. */
const NAMED = 10;

export interface Choice {
  readonly dependencies: Dependencies;
  /** The repository's own build, or its platform's, installs this file. */
  readonly named: boolean;
}

/**
 * The dependency file of a service: the nearest to its root (going up to the repository's root) that declares its web
 * framework; between several in one folder the one that the Dockerfile, render.yaml or build scripts install, then the
 * production one. Undefined when there is none.
 */
export function findDependencies(repo: Snapshot, seed: ServiceSeed): Dependencies | undefined {
  return dependencyChoices(repo, seed)[0]?.dependencies;
}

/** What `findDependencies` chooses, and behind it what else declares the framework there; no list of a development group. */
export function dependencyChoices(repo: Snapshot, seed: ServiceSeed): Choice[] {
  const installs = findInstalls(repo, seed);
  const folders = [...new Set([...foldersUp(seed.root), ...foldersUp(dirname(seed.entry.path))])];
  let weak: { best: Candidate; all: readonly Candidate[] } | undefined;
  for (const folder of folders) {
    const all = candidatesIn(repo, folder, installs);
    const ranked = all
      .map((candidate) => ({ candidate, score: scoreOf(repo, candidate, installs, seed) }))
      .filter((r) => r.score > -50)
      .sort((a, b) => b.score - a.score);
    const [first] = ranked;
    if (!first) continue;
    if (bringsFramework(first.candidate.requirements, seed.entry.framework)) {
      const whole = ranked.filter((r) => r === first || r.score >= 100).map((r) => r.candidate);
      return whole.map((candidate) => ({
        dependencies: describe(repo, seed, candidate, all, installs),
        named: evidenceOf(repo, candidate, installs) >= NAMED,
      }));
    }
    weak ??= { best: first.candidate, all };
  }
  return weak ? [{ dependencies: describe(repo, seed, weak.best, weak.all, installs), named: false }] : [];
}

/** How sure it is that what builds the service installs this; 0 where nothing says so. */
function evidenceOf(repo: Snapshot, candidate: Candidate, installs: readonly SaidInstall[]): number {
  if (candidate.kind === 'requirements') {
    const said = 2 * weightOf(installs, (i) => names(i, candidate.path));
    // The build of a Procfile's platform installs the list beside it, whatever an image installs.
    const folder = dirname(candidate.path);
    const beside = candidate.path === join(folder, 'requirements.txt');
    const built = beside && repo.has(join(folder, 'Procfile')) && !lacksServer(repo, folder, candidate);
    return said + (built && findLocks(repo, folder).length === 0 ? 22 : 0);
  }
  const asProject = weightOf(installs, (i) => (i.extras ?? i.groups ?? i.tool) !== undefined);
  return 2 * Math.max(asProject, ...candidate.exports.map((e) => weightOf(installs, (i) => names(i, e.path))), 0);
}

/** The Procfile's command names a server that the list does not have: it was written for another list. */
function lacksServer(repo: Snapshot, folder: string, { requirements }: RequirementsCandidate): boolean {
  const procfile = procfileOf(repo, join(folder, 'Procfile'));
  const web = SERVES.exec((procfile && commandOf(procfile, 'web')?.command) ?? '')?.[0];
  return web !== undefined && !requirements.some(({ name }) => name === web || bringsOf(name, [])?.includes(web));
}

function scoreOf(repo: Snapshot, candidate: Candidate, installs: readonly SaidInstall[], seed: ServiceSeed): number {
  let score = bringsFramework(candidate.requirements, seed.entry.framework) ? 100 : 0;
  score += evidenceOf(repo, candidate, installs);
  if (candidate.kind === 'requirements') {
    const name = candidate.path.slice(dirname(dirname(candidate.path)).length);
    const base = basename(candidate.path);
    if (isDevList(candidate.path)) score -= 60;
    else if (PRODUCTION_FILE.test(base)) score += 4;
    else if (base === 'requirements.txt') score += 3;
    else if (OTHER_FILE.test(base)) score -= 3;
    else if (/(?:base|common|main|core|app|api|server|backend|web)/i.test(name)) score += 1;
    return score;
  }
  const { project, exports } = candidate;
  if (project.form === 'setup.py' || project.form === 'setup.cfg') score += 1;
  else if (project.form !== 'conda') score += 2;
  const locks = findLocks(repo, dirname(candidate.path));
  // A lock says that the project is kept with its tool; a list beside it is easily a leftover.
  if (exports.length > 0 || locks.length > 0) score += 4;
  // An install that stops is worth less than a list that may lack something, which is added.
  const [own] = locks.filter((l) => isLockOf(l, candidate.path));
  if (own && stops(repo, own, candidate.path)) score -= 40;
  return score;
}

function isDevList(path: string): boolean {
  return DEV_FILE.test(basename(path));
}

/** What a script installs for development is no part of a deployment; what an image or render.yaml does is. */
function trusted(path: string): number {
  return isDevList(path) ? 6 : 5;
}

function weightOf(installs: readonly SaidInstall[], test: (install: SaidInstall) => boolean): number {
  return Math.max(0, ...installs.filter(test).map((i) => i.weight));
}

function names(install: SaidInstall, path: string): boolean {
  return install.files.some((f) => {
    const file = f.replace(/^(?:\.{0,2}\/)+/, '');
    if (file === path || path.endsWith(`/${file}`) || file.endsWith(`/${path}`)) return true;
    // `/app/requirements.txt` stands in a folder of the image.
    const inside = f.startsWith('/') ? file.slice(file.indexOf('/') + 1) : '';
    return inside !== '' && (inside === path || path.endsWith(`/${inside}`));
  });
}

function describe(
  repo: Snapshot,
  seed: ServiceSeed,
  candidate: Candidate,
  all: readonly Candidate[],
  installs: readonly SaidInstall[],
): Dependencies {
  return candidate.kind === 'project'
    ? ofProject(repo, seed, candidate, installs)
    : ofRequirements(repo, seed, candidate, all, installs);
}

function ofRequirements(
  repo: Snapshot,
  seed: ServiceSeed,
  top: RequirementsCandidate,
  all: readonly Candidate[],
  installs: readonly SaidInstall[],
): Dependencies {
  // A production list beside it that lacks the framework is installed on top of it.
  const besides = all.filter(
    (c): c is RequirementsCandidate =>
      c.kind === 'requirements' &&
      c !== top &&
      ((PRODUCTION_FILE.test(c.path.slice(dirname(c.path).length)) &&
        !bringsFramework(c.requirements, seed.entry.framework)) ||
        installs.some((i) => i.weight >= trusted(c.path) && names(i, c.path) && names(i, top.path))),
  );
  const requirements = [...top.requirements, ...besides.flatMap((c) => c.requirements)];
  const at = { path: top.path, line: 1 };
  const command = pipRequirements(seed.root, [top.path, ...besides.map((c) => c.path)]);
  const holder = holderOf(top.requirements, seed) ?? top.path;
  const project = top.projects.find((p) => p.path === holder);
  const pip = { install: command, manager: 'pip', at } as const;
  if (project) return { form: project.form, path: holder, requirements, locks: [], ...pip };

  const text = repo.read(holder)?.text ?? '';
  const compiled = compiledBy(text);
  const input = inputOf(repo, holder, compiled);
  const written = !compiled && !isHashed(text) && input === undefined;
  if (written) return { form: 'requirements', path: holder, requirements, locks: [], ...pip };
  const pins = Object.fromEntries(requirements.flatMap((r) => pin(r)));
  const sources = input === undefined ? requirements : readRequirementTree(repo, input).requirements;
  return {
    form: 'requirements',
    path: input ?? holder,
    requirements: sources.length > 0 ? sources : requirements,
    locks: [holder],
    lockTool: compiled?.tool ?? 'pip-compile',
    locked: pins,
    ...pip,
  };
}

/** The file among included ones that holds the server, else the framework. */
function holderOf(requirements: readonly Requirement[], seed: ServiceSeed): string | undefined {
  const wanted = ['uvicorn', seed.entry.framework, 'gunicorn'];
  return wanted.map((name) => requirements.find((r) => r.name === name)?.at.path).find((path) => path !== undefined);
}

function ofProject(
  repo: Snapshot,
  seed: ServiceSeed,
  candidate: ProjectCandidate,
  installs: readonly SaidInstall[],
): Dependencies {
  const { project, exports, path } = candidate;
  const folder = dirname(path);
  const locks = findLocks(repo, folder).filter((l) => isLockOf(l, path));
  const said = installs.find((i) => i.tool !== undefined && locks.some((l) => l.tool.id === i.tool))?.tool;
  const lock = locks.find((l) => l.tool.id === said) ?? locks[0];
  const lockTool = lock?.tool.id ?? exports[0]?.compiled?.tool;
  const locked = lockedIn(
    repo,
    lock,
    exports.map((e) => e.path),
  );
  // `pip install -e .[dev]` sets up somebody's own machine.
  const own = installs.filter((i) => !i.extras?.length || !i.extras.every(isDevGroup));
  const asProject = own.find((i) => i.weight >= 5 && (i.extras ?? i.groups ?? i.tool) !== undefined);
  const groups = chosenGroups(project, asProject, seed.entry.framework);
  const requirements = groups ? ofGroups(project, groups) : candidate.requirements;
  const asFile = exportSaid(exports, installs, asProject?.weight ?? 0);
  const usual = exports.find((e) => !isDevList(e.path)) ?? exports[0];
  const file = asFile ?? (lock === undefined || stops(repo, lock, path) ? usual : undefined);
  const install: Install = file
    ? { install: pipRequirements(seed.root, [file.path]), manager: 'pip' }
    : projectCommand(
        seed.root,
        project,
        lock?.tool.id,
        groups ? { ...asProject, groups } : asProject,
        memberName(repo, seed, lock?.path, path),
        discovers(repo, path),
      );
  return {
    form: project.form,
    path,
    requirements,
    locks: [...locks.map((l) => l.path), ...exports.map((e) => e.path)],
    ...(lockTool ? { lockTool } : {}),
    ...(Object.keys(locked).length > 0 ? { locked } : {}),
    ...install,
    at: { path, line: requirements[0]?.at.line ?? 1 },
  };
}

/** The compiled list that a command of at least this weight installs, the heaviest first. */
function exportSaid(
  exports: ProjectCandidate['exports'],
  installs: readonly SaidInstall[],
  weight: number,
): ProjectCandidate['exports'][number] | undefined {
  return installs
    .filter((i) => i.weight >= weight)
    .map((i) => exports.find((e) => names(i, e.path) && (!isDevList(e.path) || i.weight >= trusted(e.path))))
    .find((e) => e !== undefined);
}

/** Name of a uv workspace member, where the service does not start below its folder. */
function memberName(repo: Snapshot, seed: ServiceSeed, lock: string | undefined, path: string): string | undefined {
  const folder = dirname(path);
  if (lock === undefined || dirname(lock) === folder) return undefined;
  if (seed.root === folder || seed.root.startsWith(`${folder}/`)) return undefined;
  const name = tableIn(tomlOf(repo, path)?.value, 'project').name;
  return typeof name === 'string' ? name : undefined;
}
