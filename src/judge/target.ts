/** The application that a start command names: whether it is there, and what it speaks. */
import { optionValues } from '../commands/options.ts';
import { bringsOf, distributionsOf, namedLike } from '../knowledge/distributions.ts';
import type { Protocol } from '../knowledge/server-row.ts';
import type { Service } from '../model/facts.ts';
import { join, resolve } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { installsItself } from '../survey/dependencies/installed.ts';
import { type StartTarget, targetOf } from '../survey/start-targets.ts';
import { say } from '../system/say.ts';
import type { Serving } from './serving.ts';

export interface Target extends StartTarget {
  /** Its file, where one is found from the folders that the command puts on the import path. */
  readonly path?: string;
  /** Undefined where it cannot be told. */
  readonly protocol?: Protocol;
  /** Why it cannot be imported, one sentence; absent where it can or where that cannot be told. */
  readonly missing?: string;
}

/** Undefined for a command that names no application. `given`: variables that the deployment sets. */
export function applicationOf(
  repo: Snapshot,
  service: Service,
  serving: Serving,
  given: ReadonlySet<string>,
): Target | undefined {
  const target = targetOf(serving.program);
  if (!target) return undefined;
  if (target.script !== undefined) return { ...target, ...scriptMissing(repo, serving, target.script) };
  if (target.module === undefined || target.server === 'python') return target;
  const folders = importFolders(service, serving);
  const elsewhere = given.has('PYTHONPATH') || installsItself(service.dependencies);
  const own = elsewhere && target.module === service.entry.module ? service.entry.path : undefined;
  const path = moduleFile(repo, folders, target.module) ?? own;
  if (path === undefined) {
    const missing = given.has('PYTHONPATH') ? undefined : whyMissing(repo, service, folders, target.module);
    return missing === undefined ? target : { ...target, missing };
  }
  const text = repo.read(path)?.text ?? '';
  const { attr } = target;
  if (attr && text !== '' && !new RegExp(`\\b${attr}\\b|import \\*|def __getattr__`).test(text)) {
    return { ...target, path, missing: say`${path} has no \`${attr}\`` };
  }
  const protocol = protocolOf(service, path, attr, text);
  return protocol === undefined ? { ...target, path } : { ...target, path, protocol };
}

function scriptMissing(repo: Snapshot, { folder }: Serving, script: string): { missing?: string } {
  if (/[$*]/.test(script) || script.startsWith('/')) return {};
  const path = resolve(folder, script);
  return path === undefined || repo.has(path) ? {} : { missing: say`there is no ${path}` };
}

function importFolders(service: Service, { program, folder, sets }: Serving): string[] {
  const said = [
    ...optionValues(program.args, ['--chdir', '--app-dir', '--pythonpath', '--working-dir']),
    ...program.assigned.filter(([name]) => name === 'PYTHONPATH').flatMap(([, value]) => value.split(':')),
  ];
  const all = [folder, ...said.flatMap((s) => resolve(folder, s) ?? []), ...(sets.size > 0 ? [service.root] : [])];
  return [...new Set(all)];
}

function moduleFile(repo: Snapshot, folders: readonly string[], module: string): string | undefined {
  const relative = module.replaceAll('.', '/');
  const names = [`${relative}.py`, `${relative}/__init__.py`];
  return folders.flatMap((folder) => names.map((n) => join(folder, n))).find((path) => repo.has(path));
}

/**
 * Certain only where the first part of the name is the repository's own and no installation brings it, or nothing that is
 * listed can have it.
 */
function whyMissing(repo: Snapshot, service: Service, folders: readonly string[], module: string): string | undefined {
  const { dependencies } = service;
  if (installsItself(dependencies)) return undefined;
  const [top = ''] = module.split('.');
  const [folder = ''] = folders;
  const below = folder === '' ? '' : `${folder}/`;
  const relative = module.replaceAll('.', '/');
  const elsewhere = repo.paths.find((p) => p.endsWith(`/${relative}.py`) || p.endsWith(`/${relative}/__init__.py`));
  const from = folder === '' ? say`the repository's root` : folder;
  if (elsewhere) return say`${module} cannot be imported from ${from}: it is ${elsewhere}`;
  const own = repo.has(`${below}${top}.py`) || repo.paths.some((p) => p.startsWith(`${below}${top}/`));
  const plain = /^(?:main|app|server|api|wsgi|asgi|application|run|index)$/.test(top);
  if (!own && !plain && mayBeInstalled(service, module)) return undefined;
  if (folder !== '' && !repo.hasFolder(folder)) return say`there is no folder ${folder} to run it in`;
  return say`there is no module ${module} in ${from}`;
}

/** By a distribution that is known to give it, by one with a name like it, or by one that nobody knows. */
function mayBeInstalled({ dependencies, entry }: Service, module: string): boolean {
  const names = dependencies?.requirements.map((r) => r.name) ?? [];
  if (names.length === 0 || distributionsOf(module) || namedLike(module.split('.')[0] ?? '', names)) return true;
  // The project that Django's own command makes, under another name: no distribution is one.
  const project = entry.framework === 'django' && /^\w+\.[aw]sgi$/.test(module);
  return !project && names.some((name) => !bringsOf(name, []));
}

const WRAPS = /\b(?:WsgiToAsgi|AsgiToWsgi|WSGIMiddleware|ASGIMiddleware|a2wsgi|ProtocolTypeRouter|ASGIApp|WSGIApp)\b/;

function protocolOf({ entry }: Service, path: string, attr: string | undefined, text: string): Protocol | undefined {
  const own = entry.framework === 'aiohttp' ? 'aiohttp' : entry.interface;
  if (path === entry.path && (attr === entry.attr || !WRAPS.test(text))) return own;
  if (/\bget_asgi_application\s*\(|\bProtocolTypeRouter\s*\(/.test(text)) return 'asgi';
  if (/\bget_wsgi_application\s*\(/.test(text)) return 'wsgi';
  return undefined;
}
