/** Which files a start runs besides the one of the entry: packages, migrations, workers and what they include. */
import { workerTool } from '../knowledge/workers.ts';
import type { AlembicConfig, Service } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { sites } from '../python/sites.ts';
import { dirname, join } from '../repo/path.ts';
import { keyword, lastName, stringValue } from '../syntax/python/walk.ts';
import { filesOf } from './executed.ts';

/**
 * The `__init__.py` of the packages that a module lies in, outermost first: importing it runs them before it.
 * https://docs.python.org/3/reference/import.html#regular-packages
 */
export function packagesOf(modules: ModuleGraph, file: string, folders: readonly string[]): string[] {
  const out: string[] = [];
  for (let folder = dirname(file); folder !== '' && !folders.includes(folder); folder = dirname(folder)) {
    const init = join(folder, '__init__.py');
    if (init !== file && modules.module(init)) out.unshift(init);
  }
  return out;
}

/** env.py of the migrations that run before or with the service. */
export function migrating({ migrations }: Service, alembic: readonly AlembicConfig[]): string[] {
  const config = alembic.find((c) => c.path === migrations?.config);
  return config?.env ? [config.env.path] : [];
}

/** Modules that the workers' commands name. */
export function working(modules: ModuleGraph, service: Service): string[] {
  return service.workers.flatMap(({ tool, command }) => {
    const named = workerTool(tool).names?.exec(command)?.[1];
    const module = named?.replace(/:.*$/, '') ?? '';
    // `celery -A app.tasks.queue`: the last part may be the object.
    const candidates = [module, module.slice(0, Math.max(0, module.lastIndexOf('.')))].filter((name) => name !== '');
    const path = candidates
      .map((name) => modules.resolve(service.entry.path, name, 0)?.path)
      .find((found) => found !== undefined);
    return path ? [path, ...included(modules, path)] : [];
  });
}

const INCLUDES = /\binclude\b/;

/** `Celery("shop", include=["shop.tasks"])`: https://docs.celeryq.dev/en/stable/userguide/configuration.html#std-setting-include */
function included(modules: ModuleGraph, path: string): string[] {
  if (!INCLUDES.test(modules.module(path)?.text ?? '')) return [];
  return sites(modules, path, (e) => e.kind === 'call' && lastName(e.func) === 'Celery', INCLUDES).flatMap(
    ({ expr }) => {
      const named = expr.kind === 'call' ? keyword(expr, 'include') : undefined;
      const names =
        named?.kind === 'list' || named?.kind === 'tuple' ? named.items.map((item) => stringValue(item)) : [];
      return names.flatMap((name) => (name === undefined ? [] : filesOf(modules, path, name)));
    },
  );
}
