/** The dependency files of one folder, each with what an install of it brings. */
import { formOf, forms, managerOf } from '../../knowledge/managers.ts';
import type { Requirement } from '../../model/facts.ts';
import { basename, dirname, join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { type Compiled, compiledBy, isHashed } from './compiled.ts';
import type { SaidInstall } from './installs.ts';
import { localRequirements } from './local-projects.ts';
import { LOCK_NAMES } from './locks.ts';
import { type Project, readProject } from './project-files.ts';
import { filesIn, firstIn, type RequirementTree, readRequirementTree, resolvePath } from './requirement-files.ts';

export interface RequirementsCandidate {
  readonly kind: 'requirements';
  /** The file that pip is called with. */
  readonly path: string;
  readonly tree: RequirementTree;
  /** Of the tree and of local projects in it. */
  readonly requirements: readonly Requirement[];
  /** Projects that it installs besides (`-e .`). */
  readonly projects: readonly Project[];
}

export interface ProjectCandidate {
  readonly kind: 'project';
  readonly path: string;
  readonly project: Project;
  /** Its own, and those of projects of the repository that it depends on. */
  readonly requirements: readonly Requirement[];
  /** Requirement files that are compiled from it. */
  readonly exports: readonly { readonly path: string; readonly compiled?: Compiled }[];
}

export type Candidate = RequirementsCandidate | ProjectCandidate;

const REQUIREMENTS = /^(?:requirements?|reqs?)(?:[-_.][\w.-]*)?\.txt$|^[\w-]+[-_.]requirements?\.txt$/i;

function requirementFiles(repo: Snapshot, folder: string, installs: readonly SaidInstall[]): string[] {
  const files = filesIn(repo, folder).filter((p) => REQUIREMENTS.test(basename(p)));
  for (const inner of ['requirements', 'requirement', 'reqs']) {
    files.push(...filesIn(repo, join(folder, inner)).filter((p) => p.endsWith('.txt')));
  }
  for (const file of installs.flatMap((i) => i.files)) {
    const path = resolvePath(folder, file);
    if (path !== undefined && repo.has(path) && !files.includes(path)) files.push(path);
  }
  // A link to a file of the repository is installed as that file, and that file is the one to edit.
  for (const [link, target] of repo.links) {
    const isList = dirname(link) === folder && REQUIREMENTS.test(basename(link));
    if (isList && target.endsWith('.txt') && !files.includes(target)) files.push(target);
  }
  return files;
}

/** Candidates of a folder; requirement files that a command names below it count too. */
export function candidatesIn(repo: Snapshot, folder: string, installs: readonly SaidInstall[]): Candidate[] {
  const files = requirementFiles(repo, folder, installs);
  const projects = projectsIn(repo, folder);
  const exported = new Map<Project, { path: string; compiled?: Compiled }[]>();
  const out: Candidate[] = [];
  for (const path of files) {
    const text = repo.read(path)?.text;
    if (text === undefined) continue;
    const compiled = compiledBy(text);
    const source = projects.find((p) => isSource(repo, p, compiled, text, folder));
    if (source) {
      exported.set(source, [...(exported.get(source) ?? []), { path, ...(compiled ? { compiled } : {}) }]);
      continue;
    }
    const tree = readRequirementTree(repo, path);
    const local = tree.projects.flatMap((p) => projectsIn(repo, p).slice(0, 1));
    const requirements = [...tree.requirements, ...local.flatMap((p) => p.requirements.filter((r) => !r.group))];
    if (requirements.length > 0) out.push({ kind: 'requirements', path, tree, requirements, projects: local });
  }
  for (const project of projects) {
    const trees = project.files.flatMap((file) => {
      const path = resolvePath(folder, file);
      return path === undefined ? [] : readRequirementTree(repo, path).requirements;
    });
    // Metadata that reads a requirements file only repeats it: that file is the one to edit.
    if (trees.length > 0) continue;
    const { path } = project;
    const requirements = [...project.requirements, ...localRequirements(repo, project)];
    if (requirements.length > 0) {
      out.push({ kind: 'project', path, project, requirements, exports: exported.get(project) ?? [] });
    }
  }
  return out;
}

function isSource(
  repo: Snapshot,
  project: Project,
  compiled: Compiled | undefined,
  text: string,
  folder: string,
): boolean {
  const name = basename(project.path);
  if (compiled?.source !== undefined) return basename(compiled.source) === name;
  if (formOf(project.form).grammar !== 'toml') return false;
  const locked = firstIn(repo, folder, ...LOCK_NAMES) !== undefined;
  if (compiled) return locked || managerOf(compiled.tool).tool !== undefined;
  return locked && (isHashed(text) || looksExported(text));
}

/** `poetry export` writes no header, but a marker behind nearly every pin. */
function looksExported(text: string): boolean {
  const lines = text.split('\n').filter((l) => /^[A-Za-z0-9]/.test(l));
  const marked = lines.filter((l) => /==[^;]+;\s*(?:python_version|python_full_version|sys_platform)\b/.test(l));
  return lines.length > 0 && marked.length * 2 > lines.length;
}

const GRAMMARS = ['toml', 'setup.cfg', 'setup.py', 'conda'];
/** Names of project files, in the order in which a build looks for them: pyproject.toml, Pipfile, setup.cfg, … */
const PROJECT_NAMES = [
  ...new Set(GRAMMARS.flatMap((grammar) => forms.filter((f) => f.grammar === grammar).flatMap((f) => f.names))),
];

/** Project files of a folder, those first that a build reads first. */
function projectsIn(repo: Snapshot, folder: string): Project[] {
  return PROJECT_NAMES.flatMap((name) => {
    const path = join(folder, name);
    const project = repo.has(path) ? readProject(repo, path) : undefined;
    return project ? [project] : [];
  });
}

/** The `.in` file that a compiled requirements file is made from. */
export function inputOf(repo: Snapshot, path: string, compiled: Compiled | undefined): string | undefined {
  const folder = dirname(path);
  const named = compiled?.source?.endsWith('.in') ? compiled.source : undefined;
  for (const base of named === undefined ? [] : [folder, dirname(folder), '']) {
    const found = resolvePath(base, named ?? '');
    if (found !== undefined && repo.has(found)) return found;
  }
  const beside = path.replace(/\.txt$/, '.in');
  return beside !== path && repo.has(beside) ? beside : undefined;
}
