/** What a service needs of the system, beside what its build installs. */
import { SYSTEM_PACKAGES, type SystemPackages } from '../knowledge/system-packages.ts';
import type { Dependencies, Evidence, Requirement, Service, SystemNeed } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { basename } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { dockerfileOf } from '../syntax/documents.ts';
import { say } from '../system/say.ts';
import { readRequirementTree } from './dependencies/requirement-files.ts';
import { importsAtStart, importsOf } from './imports-at-start.ts';
import type { Started } from './started.ts';

/** Undefined for none; one for each row that holds: by what is listed, by an import at start, or by the image's own `apt-get install`. */
export function findSystemNeeds(
  repo: Snapshot,
  modules: ModuleGraph,
  { dependencies, deployment }: Service,
  started: readonly Started[],
): readonly SystemNeed[] | undefined {
  const declared = (dependencies?.requirements ?? []).filter((r) => r.group === undefined);
  const listed = [...declared, ...(dependencies ? compiledLists(repo, dependencies) : [])];
  const has = (name: string): boolean => listed.some((r) => r.name === name);
  const imported = importsAtStart(modules, started);
  const out = SYSTEM_PACKAGES.flatMap((row): SystemNeed[] => {
    if (row.instead?.some(has) || (row.only !== undefined && !has(row.only))) return [];
    const compiled = listed.find((r) => row.compiled?.includes(r.name));
    if (compiled) return [{ debian: row.debian, text: compiledText(compiled.name, row), at: compiled.at }];
    const found = importsOf(imported, row.modules ?? [])[0] ?? imageOf(repo, deployment.dockerfiles, row);
    return found ? [{ debian: row.debian, text: neededText(found.name, row), at: found.at }] : [];
  });
  return out.length > 0 ? out : undefined;
}

/** What stands in the compiled lists that the build installs, also what only another distribution brings. */
function compiledLists(repo: Snapshot, { locks, install }: Dependencies): readonly Requirement[] {
  const installed = locks.filter((path) => path.endsWith('.txt') && install.includes(basename(path)));
  return installed.flatMap((path) => readRequirementTree(repo, path).requirements);
}

function compiledText(name: string, { debian, instead }: SystemPackages): string {
  const [other] = instead ?? [];
  const otherwise = other === undefined ? '' : say` ${other} needs none of it.`;
  return say`${name} is compiled when it is installed, with ${debian.join(', ')} of the system: where they are not, the build stops.${otherwise}`;
}

function neededText(name: string, { debian, instead, fetch }: SystemPackages): string {
  const [other] = instead ?? [];
  const way = fetch
    ? say`add \`${fetch}\` to the build where that may install packages, else deploy an image`
    : other
      ? say`list ${other} in its place, or deploy an image that has it`
      : say`deploy an image that has it`;
  return say`${name} needs ${debian.join(', ')} of the system, which pip does not install. On a server: \`apt-get install ${debian.join(' ')}\`; on a platform without it: ${way}.`;
}

interface Found {
  readonly name: string;
  readonly at: Evidence;
}

/** The image of the service installs one of the packages for what is imported later. */
function imageOf(
  repo: Snapshot,
  dockerfiles: readonly string[],
  { debian, modules }: SystemPackages,
): Found | undefined {
  if (!modules) return undefined;
  for (const path of dockerfiles) {
    const run = dockerfileOf(repo, path)?.find(
      ({ name, args }) =>
        name === 'RUN' && /\bapt(?:-get)?\s/.test(args) && args.split(/[\s\\;&]+/).includes(debian[0] ?? ''),
    );
    if (run) return { name: path, at: { path, line: run.line } };
  }
  return undefined;
}
