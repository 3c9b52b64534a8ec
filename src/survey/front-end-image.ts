/** A front end that one stage of the service's image builds, and that another one takes over: no build without Docker does. */
import type { Evidence, Service } from '../model/facts.ts';
import { basename, dirname, isWithin, join, resolve } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { Instruction } from '../syntax/dockerfile.ts';
import { dockerfileOf } from '../syntax/documents.ts';
import { copies, findDockerfiles } from './dependencies/dockerfiles.ts';

/** What an image takes over: paths from the repository's root. */
export interface ImageFrontEnd {
  /** Of the package.json. */
  readonly folder: string;
  /** What its build makes. */
  readonly from: string;
  /** Where the service has it. */
  readonly to: string;
  readonly at: Evidence;
}

interface Stage {
  readonly image: string;
  readonly name: string;
  readonly inside: readonly Instruction[];
}

/** A folder of the image and the one of the repository that it is a copy of. */
interface Copy {
  readonly image: string;
  readonly source: string;
}

const NODE_IMAGE = /(?:^|\/)(?:node|bun)(?:[:@-]|$)/;
const RUNS_NODE = /\b(?:npm|npx|yarn|pnpm|bun)\b/;

/**
 * In the likeliest image of the service: `COPY --from=assets /app/dist ./static` where the stage builds a package.json of
 * the repository. https://docs.docker.com/build/building/multi-stage/
 */
export function imageFrontEnds(repo: Snapshot, service: Service): ImageFrontEnd[] {
  const [file] = findDockerfiles(repo, service);
  if (!file) return [];
  const all = stagesOf(dockerfileOf(repo, file.path) ?? []);
  return all.flatMap((stage) => {
    const taken = stage.inside.flatMap((i) => takenOver(i, all));
    if (taken.length === 0 || /(?:^|\/)(?:nginx|caddy|httpd)\b/.test(stage.image)) return [];
    return taken.flatMap(({ of, what, to, line }) => {
      const output = absolute(of, what);
      const made = homeOf(repo, file.path, of, output);
      const source = made && mapped([made], output);
      const target = mapped(copiesOf(repo, file.path, stage), absolute(stage, to));
      if (!made || source === undefined || target === undefined || !isWithin(source, made.source)) return [];
      // `COPY --from=assets /app/dist/ ./` puts its content there; a file goes into a folder.
      const whole = /\.\w+$/.test(what) && !/\.\w+$/.test(to) ? join(target, basename(what)) : target;
      return [{ folder: made.source, from: source, to: whole, at: { path: file.path, line } }];
    });
  });
}

function stagesOf(instructions: readonly Instruction[]): Stage[] {
  const out: { image: string; name: string; inside: Instruction[] }[] = [];
  for (const one of instructions) {
    if (one.name !== 'FROM') out.at(-1)?.inside.push(one);
    else {
      const [image = '', , name = ''] = one.args.replace(/^--platform=\S+\s+/, '').split(/\s+/);
      out.push({ image, name: name.toLowerCase(), inside: [] });
    }
  }
  return out;
}

interface Taken {
  readonly of: Stage;
  readonly what: string;
  readonly to: string;
  readonly line: number;
}

/** What an instruction copies out of a stage that Node builds in. */
function takenOver({ name, args, line }: Instruction, stages: readonly Stage[]): Taken[] {
  const from = name === 'COPY' ? /(?:^|\s)--from=(\S+)/.exec(args)?.[1]?.toLowerCase() : undefined;
  const of = stages.find((s, i) => from !== undefined && (s.name === from || String(i) === from));
  const [what, to, ...more] = args.split(/\s+/).filter((word) => !word.startsWith('--'));
  if (!of || what === undefined || to === undefined || more.length > 0 || /[$*]/.test(what + to)) return [];
  const builds = NODE_IMAGE.test(of.image) || of.inside.some((i) => i.name === 'RUN' && RUNS_NODE.test(i.args));
  return builds ? [{ of, what, to, line }] : [];
}

/** The folder of the package.json above what a stage makes. */
function homeOf(repo: Snapshot, dockerfile: string, stage: Stage, output: string): Copy | undefined {
  return copiesOf(repo, dockerfile, stage).find(
    (copy) => holds(copy, output) && repo.has(join(copy.source, 'package.json')),
  );
}

/** Folders of the repository that a stage has, the deepest first; the image is built at the root, or beside its file. */
function copiesOf(repo: Snapshot, dockerfile: string, { inside }: Stage): Copy[] {
  const out: Copy[] = [];
  let workdir = '/';
  for (const one of inside) {
    if (one.name === 'WORKDIR') workdir = below(workdir, one.args);
    for (const { sources, to } of copies([one])) {
      for (const source of sources) out.push(...copyOf(repo, dockerfile, source, to, workdir));
    }
  }
  return out.sort((a, b) => b.image.length - a.image.length);
}

/** The folder that a source of a COPY is, or in which its package.json lies. */
function copyOf(repo: Snapshot, dockerfile: string, source: string, to: string, workdir: string): Copy[] {
  const bases = ['', dirname(dockerfile)].map((base) => resolve(base, source.replace(/^\/+/, '')));
  const path = bases.find((p) => p === '' || (p !== undefined && (repo.hasFolder(p) || repo.has(p))));
  if (path === undefined || /[$*]/.test(source + to)) return [];
  const isFile = path !== '' && repo.has(path);
  if (isFile && basename(path) !== 'package.json') return [];
  const folder = isFile && !to.endsWith('/') && /\.json$/.test(to) ? dirname(to) : to;
  return [{ image: below(workdir, folder), source: isFile ? dirname(path) : path }];
}

function absolute({ inside }: Stage, path: string): string {
  const workdirs = inside.filter((i) => i.name === 'WORKDIR').map((i) => i.args);
  return below(workdirs.reduce(below, '/'), path);
}

/** An absolute path without a slash at its end. */
function below(folder: string, path: string): string {
  const whole = path.startsWith('/') ? path : `${folder}/${path}`;
  return `/${resolve('', whole.replace(/^\/+/, '')) ?? ''}`;
}

function holds({ image }: Copy, path: string): boolean {
  return path === image || path.startsWith(image === '/' ? '/' : `${image}/`);
}

function mapped(copied: readonly Copy[], path: string): string | undefined {
  const found = copied.find((copy) => holds(copy, path));
  return found && resolve(found.source, path.slice(found.image.length).replace(/^\/+/, ''));
}
