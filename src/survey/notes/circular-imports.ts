/** Modules that import each other in a circle which Python cannot get through: ImportError. */
import type { AlembicConfig, Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { basename } from '../../repo/path.ts';
import { say } from '../../system/say.ts';
import { importFolders } from '../import-folders.ts';
import { circleFrom } from '../import-order.ts';
import { startTargets } from '../start-targets.ts';
import type { Note } from './note.ts';

/**
 * At most one: of the service, else of the migrations, which import the same modules in another order.
 * https://docs.python.org/3/faq/programming.html#what-are-the-best-practices-for-using-import-in-a-module
 */
export function circularImport(
  modules: ModuleGraph,
  service: Service,
  alembic: readonly AlembicConfig[],
): Note | undefined {
  const { entry, migrations } = service;
  const { path, module } = entry;
  const folders = importFolders(service);
  const env = alembic.find((c) => c.path === migrations?.config)?.env?.path;
  const served = isProgram(service) ? undefined : circleFrom(modules, { path, module, folders });
  const circle = served ?? (env === undefined ? undefined : circleFrom(modules, { path: env, folders }));
  if (!circle) return undefined;
  const { asked, name, path: from, line } = circle;
  const fails = served ? say`${module} cannot be imported` : say`\`${migrations?.command ?? ''}\` fails`;
  const text =
    say`${from} imports ${name} from ${asked.path}, which is still being loaded: its line ${asked.at} leads here, and ${name} is bound in line ${asked.binds} only. ImportError, and ${fails}. ` +
    say`Import ${name} inside the function that uses it, or move it to a module that imports neither.`;
  return { text, at: { path: from, line }, stops: true };
}

/** Started as a program, the entry runs as `__main__`, and its modules in another order. */
function isProgram({ entry, deployment }: Service): boolean {
  if (entry.program !== undefined || entry.attr === '') return true;
  const file = basename(entry.path);
  return deployment.commands.some(({ command }) =>
    startTargets(command).some(({ script, module, server }) => {
      const named = script !== undefined && basename(script) === file;
      return named || (server === 'python' && module === entry.module);
    }),
  );
}
