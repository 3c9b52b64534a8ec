/** A front end of the repository whose built files the application serves, and that no checkout holds. */
import { BUILT_FOLDERS, NODE_MANAGERS, type NodeManager } from '../knowledge/node-managers.ts';
import type { FrontEnd, Service } from '../model/facts.ts';
import { externalName } from '../python/definition.ts';
import { envAccess } from '../python/env-access.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Place } from '../python/place.ts';
import { meaningOf } from '../python/values.ts';
import { dirname, isWithin, join, resolve } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { jsonOf } from '../syntax/documents.ts';
import type { CallExpr, Expr } from '../syntax/python/ast.ts';
import { calls, keyword, positional } from '../syntax/python/walk.ts';
import { tableIn } from '../syntax/toml.ts';
import { serviceFiles } from './environment/files.ts';
import { filePath } from './file-paths.ts';
import { imageFrontEnds } from './front-end-image.ts';

/** Calls that are given a folder of files to serve: the keywords, and the folder that a relative path starts from. */
const SERVE: readonly {
  readonly name: RegExp;
  readonly keywords: readonly string[];
  readonly first?: true;
  readonly from: 'service' | 'module';
}[] = [
  { name: /^(?:starlette|fastapi)\.staticfiles\.StaticFiles$/, keywords: ['directory'], first: true, from: 'service' },
  {
    name: /^(?:starlette|fastapi)\.templating\.Jinja2Templates$/,
    keywords: ['directory'],
    first: true,
    from: 'service',
  },
  { name: /^flask\.Flask$/, keywords: ['static_folder', 'template_folder'], from: 'module' },
];
const NEEDLE = /StaticFiles|Jinja2Templates|static_folder|template_folder/;
/** `outDir: '../static'` of Vite. https://vite.dev/config/build-options.html#build-outdir */
const OUT_DIR = /\boutDir:\s*["']([^"'$]+)["']/;

/** The first folder that is served, not in the repository, and made by the build of a package.json; else what the image builds. */
export function findFrontEnd(repo: Snapshot, modules: ModuleGraph, service: Service): FrontEnd | undefined {
  const packages = repo.paths.filter((p) => p === 'package.json' || p.endsWith('/package.json'));
  if (packages.length === 0) return undefined;
  for (const path of repo.matching(serviceFiles(repo, modules, service), NEEDLE)) {
    for (const { call, around } of calls(modules.module(path)?.body ?? [], NEEDLE)) {
      const place = { modules, path, around };
      for (const { expr, folder } of foldersOf(externalName(place, call.func), call, path, service)) {
        const served = servedFolder(place, expr, folder);
        if (served === undefined || repo.hasFolder(served)) continue;
        const built = builtBy(repo, packages.map(dirname), served);
        if (built) return { ...built, served, at: { path, line: call.line } };
      }
    }
  }
  return builtByImage(repo, service);
}

/** What no checkout holds. */
function builtByImage(repo: Snapshot, service: Service): FrontEnd | undefined {
  for (const { folder, from, to, at } of imageFrontEnds(repo, service)) {
    const manager = managerIn(repo, folder);
    if (repo.has(to) || repo.hasFolder(to) || !manager || !hasBuild(repo, folder)) continue;
    return { folder, build: manager.build, served: to, at, ...(from === to ? {} : { made: from }) };
  }
  return undefined;
}

/** As `filePath`; of a folder that a variable of the environment names, the default. */
function servedFolder(place: Place, expr: Expr, folder: string): string | undefined {
  const meant = meaningOf(place, expr);
  const fallback = meant?.kind === 'value' ? envAccess(meant, meant.expr)?.fallback : undefined;
  return meant?.kind === 'value' && fallback ? filePath(meant, fallback, folder) : filePath(place, expr, folder);
}

function foldersOf(
  name: string | undefined,
  call: CallExpr,
  path: string,
  { root }: Service,
): { readonly expr: Expr; readonly folder: string }[] {
  const row = SERVE.find((one) => name !== undefined && one.name.test(name));
  if (!row) return [];
  const folder = row.from === 'module' ? dirname(path) : root;
  const given = row.keywords.map((one) => keyword(call, one));
  return [row.first ? positional(call)[0] : undefined, ...given].flatMap((expr) => (expr ? [{ expr, folder }] : []));
}

/** The first of the folders whose build makes what is served, with its build. */
function builtBy(
  repo: Snapshot,
  homes: readonly string[],
  served: string,
): Pick<FrontEnd, 'folder' | 'build'> | undefined {
  const folder = homes.find((home) => outputs(repo, home).some((out) => isWithin(served, out)));
  if (folder === undefined) return undefined;
  const manager = managerIn(repo, folder);
  return manager && { folder, build: manager.build };
}

function managerIn(repo: Snapshot, folder: string): NodeManager | undefined {
  return NODE_MANAGERS.find(({ lock }) => lock === undefined || repo.has(join(folder, lock)));
}

function hasBuild(repo: Snapshot, home: string): boolean {
  return typeof tableIn(jsonOf(repo, join(home, 'package.json')), 'scripts').build === 'string';
}

/** Folders that the `build` script of a package.json makes, as far as it can be known. */
function outputs(repo: Snapshot, home: string): string[] {
  const script = tableIn(jsonOf(repo, join(home, 'package.json')), 'scripts').build;
  if (typeof script !== 'string') return [];
  const configured = repo.paths
    .filter((p) => dirname(p) === home && /(?:^|\/)(?:vite|vue)\.config\.\w+$/.test(p))
    .flatMap((p) => OUT_DIR.exec(repo.read(p)?.text ?? '')?.[1] ?? []);
  const said = configured.length > 0 ? configured : [...BUILT_FOLDERS];
  return said.flatMap((out) => resolve(home, out) || []);
}

/** The command that builds it, and copies what it makes to where it is served; `shown` is a path of the repository as it is written. */
export function buildOfFrontEnd({ folder, build, served, made }: FrontEnd, shown: (path: string) => string): string {
  const command = build(shown(folder));
  if (made === undefined) return command;
  const [to, from] = isFile(served) ? [dirname(served), made] : [served, `${made}/.`];
  return `${command} && mkdir -p ${shown(to)} && cp -R ${shown(from)} ${shown(to)}`;
}

/** True for a path that ends in a file's name. */
export function isFile(path: string): boolean {
  return /\.\w+$/.test(path);
}
