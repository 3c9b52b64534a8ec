/** The Dockerfile that a service is built with, and what it says of Python and of the installation. */

import { TOOL_NAMES } from '../../knowledge/managers.ts';
import type { ServiceSeed } from '../../model/facts.ts';
import { basename, dirname, foldersUp } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { Instruction } from '../../syntax/dockerfile.ts';
import { dockerfileOf } from '../../syntax/documents.ts';
import { resolvePath } from './requirement-files.ts';

export interface Dockerfile {
  readonly path: string;
  readonly instructions: readonly Instruction[];
  /** True when its command starts this service's entry. */
  readonly starts: boolean;
}

const NAME = /(?:^|\/)(?:[^/]*\.)?(?:dockerfile|containerfile)(?:[._-][^/]*)?$/i;
const OTHER_USE =
  /(?:^|[^a-z])(?:dev|develop|development|local|debug|tests?|ci|e2e|lint|docs?|worker|celery|beat|cron|bot|cli|ui|frontend|client|web-?app|nginx|postgres|db|redis|train|training|jobs?)(?![a-z])/i;
const DOCKER_FOLDER =
  /(?:^|\/)(?:\.?docker|dockerfiles?|containers?|compose|deploy|deployment|envs?|infra|ops|build|images?|ci)(?:\/|$)/i;

/**
 * Dockerfiles that install Python and take in the service's folder, the likeliest production image first.
 * https://docs.docker.com/reference/dockerfile/
 */
export function findDockerfiles(repo: Snapshot, seed: ServiceSeed): Dockerfile[] {
  const above = new Set([...foldersUp(seed.root), ...foldersUp(dirname(seed.entry.path))]);
  const ranked: { file: Dockerfile; score: number }[] = [];
  for (const [path, instructions] of pythonDockerfiles(repo)) {
    const folder = dirname(path);
    const inside = seed.root !== '' && copiesFrom(instructions, folder, seed.root);
    const near = above.has(folder);
    if (!inside && folder !== seed.root) {
      if (!near && !(DOCKER_FOLDER.test(`${folder}/`) && above.has(dockerHome(folder)))) continue;
      if (seed.root !== '' && !copiesEverything(instructions)) continue;
    }
    const starts = startsEntry(instructions, seed);
    const signs = [
      [16, starts],
      [8, folder === seed.root],
      [6, inside],
      [3, /(?:^|\/)[^/]*(?:prod|release|deploy)/i.test(path)],
      [2, near],
      [2, pythonImage(instructions) !== undefined],
      [1, /(?:^|\/)dockerfile$/i.test(path)],
      [-12, OTHER_USE.test(basename(path)) || /(?:^|\/)\.devcontainer\//.test(path)],
    ] as const;
    const score = signs.reduce((sum, [weight, holds]) => sum + (holds ? weight : 0), 0);
    ranked.push({ file: { path, instructions, starts }, score });
  }
  return ranked
    .filter((r) => r.score > -4)
    .sort((a, b) => b.score - a.score)
    .map((r) => r.file);
}

const known = new WeakMap<Snapshot, ReadonlyMap<string, readonly Instruction[]>>();

const CONCERNS_PYTHON = new RegExp(`python|pip|\\b(?:${TOOL_NAMES})\\b`, 'i');

/** Every Dockerfile that has to do with Python, read once. */
function pythonDockerfiles(repo: Snapshot): ReadonlyMap<string, readonly Instruction[]> {
  const kept = known.get(repo);
  if (kept) return kept;
  const out = new Map<string, readonly Instruction[]>();
  for (const path of repo.paths) {
    if (!NAME.test(path) || /\.(?:md|dockerignore|ya?ml|json|sh|py|tmpl|txt)$/i.test(path)) continue;
    const text = repo.read(path)?.text;
    if (text === undefined || !CONCERNS_PYTHON.test(text)) continue;
    const instructions = dockerfileOf(repo, path) ?? [];
    if (instructions.some((i) => i.name === 'FROM')) out.set(path, instructions);
  }
  known.set(repo, out);
  return out;
}

/** The folder above the docker folder that a Dockerfile lies in: its usual build context. */
function dockerHome(folder: string): string {
  const parts = folder.split('/');
  const at = parts.findIndex((part) => DOCKER_FOLDER.test(part));
  return parts.slice(0, at === -1 ? parts.length : at).join('/');
}

/** Version of the Python image that the last stage stands on, with its line: '3.12', '3.11.9'. */
export function pythonImage(instructions: readonly Instruction[]): { version: string; line: number } | undefined {
  const stages = instructions.filter((i) => i.name === 'FROM');
  const byAlias = new Map<string, Instruction>();
  for (const stage of stages) {
    const alias = /\sas\s+(\S+)\s*$/i.exec(stage.args)?.[1];
    if (alias) byAlias.set(alias.toLowerCase(), stage);
  }
  const tried = new Set<Instruction>();
  for (let stage = stages.at(-1); stage && !tried.has(stage); ) {
    tried.add(stage);
    const found = imageVersion(stage);
    if (found) return found;
    const image =
      stage.args
        .replace(/^--platform=\S+\s+/, '')
        .split(/\s+/)[0]
        ?.toLowerCase() ?? '';
    stage = byAlias.get(image);
  }
  return [...stages]
    .reverse()
    .map(imageVersion)
    .find((v) => v !== undefined);
}

function imageVersion(stage: Instruction): { version: string; line: number } | undefined {
  const image = stage.args.replace(/^--platform=\S+\s+/, '').split(/\s+/)[0] ?? '';
  const version = /python[^\s/]*?[:-]?v?(\d+\.\d+(?:\.\d+)?)/i.exec(image)?.[1];
  return version?.startsWith('3.') ? { version, line: stage.line } : undefined;
}

/** Source and destination of each COPY or ADD out of the build context. */
export function copies(instructions: readonly Instruction[]): { sources: string[]; to: string }[] {
  return instructions.flatMap((i) => {
    if ((i.name !== 'COPY' && i.name !== 'ADD') || /(?:^|\s)--from=/.test(i.args)) return [];
    const words = i.args.startsWith('[')
      ? [...i.args.matchAll(/"([^"]*)"/g)].map((m) => m[1] ?? '')
      : i.args
          .split(/\s+/)
          .filter((w) => !w.startsWith('--'))
          .map((w) => w.replace(/^["']|["']$/g, ''));
    const to = words.pop();
    return to === undefined || words.length === 0 ? [] : [{ sources: words, to }];
  });
}

function copiesEverything(instructions: readonly Instruction[]): boolean {
  return copies(instructions).some((c) => c.sources.some((s) => /^\.?\/?\.?$/.test(s) || s === './' || s === '*'));
}

/** True when a COPY takes something below `root`, whether the context is the Dockerfile's folder or one above it. */
function copiesFrom(instructions: readonly Instruction[], folder: string, root: string): boolean {
  return copies(instructions).some(({ sources }) =>
    sources.some((source) =>
      foldersUp(folder).some((base) => {
        const path = resolvePath(base, source.replace(/^\/+/, ''));
        return path === root || path?.startsWith(`${root}/`) === true;
      }),
    ),
  );
}

function startsEntry(instructions: readonly Instruction[], seed: ServiceSeed): boolean {
  const commands = instructions.filter((i) => i.name === 'CMD' || i.name === 'ENTRYPOINT').map((i) => i.args);
  const { module, path } = seed.entry;
  const file = basename(path);
  const wanted = [`${module}:`, `${module}.`, `/${file}`, ` ${file}`, `"${file}`];
  return commands.some((c) => wanted.some((w) => c.includes(w)));
}
