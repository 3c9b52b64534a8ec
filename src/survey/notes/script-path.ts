/** Python files that a platform's commands run by their path: their own folder is on the import path, and not the one that they are run in. */
import { readCommand } from '../../commands/command.ts';
import { programOf, scriptFile } from '../../commands/program.ts';
import type { Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { dirname, relative, resolve } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { say } from '../../system/say.ts';
import { installsItself } from '../dependencies/installed.ts';
import { holdModule, installedModules } from '../import-folders.ts';
import { targetOf } from '../start-targets.ts';
import { absolute, deploymentAdds, ELSEWHERE } from './import-path.ts';
import type { Note } from './note.ts';
import { platformCommands } from './platform-commands.ts';

/** Scripts that run scripts that run scripts. */
const DEEPEST = 3;

/** At most one. https://docs.python.org/3/library/sys_path_init.html */
export function scriptPath(repo: Snapshot, modules: ModuleGraph, service: Service): Note | undefined {
  if (installsItself(service.dependencies)) return undefined;
  const isInstalled = installedModules(service.dependencies);
  const runs = platformCommands(repo, service).flatMap(({ text, folder }) => scriptsOf(repo, text, folder, 0));
  for (const { path, folder } of runs) {
    const own = dirname(path);
    if (own === folder || repo.matching([path], ELSEWHERE).length > 0) continue;
    for (const { module, line } of absolute(modules, path)) {
      const [top = ''] = module.split('.');
      if (isInstalled(module) || holdModule(repo, [own], top) || !holdModule(repo, [folder], top)) continue;
      if (deploymentAdds(repo)) return undefined;
      const run = relative(folder, path);
      const text = say`\`python ${run}\` finds modules of ${own}/ alone, and ${module} lies beside it: the command ends there. Run \`PYTHONPATH=. python ${run}\`.`;
      return { text, at: { path, line }, stops: true };
    }
  }
  return undefined;
}

interface Run {
  readonly path: string;
  /** Where it is run. */
  readonly folder: string;
}

/** Python files that a shell line runs, also through shell scripts; none where it changes its folder on the way. */
function scriptsOf(repo: Snapshot, text: string, folder: string, depth: number): Run[] {
  const { commands } = readCommand(text);
  const programs = commands.map(({ words }) => programOf(words));
  if (depth > DEEPEST || programs.some(({ name }) => name === 'cd' || name === 'pushd')) return [];
  return programs.flatMap((program) => {
    const shell = scriptFile(program);
    const inner = shell === undefined ? undefined : resolve(folder, shell);
    if (inner !== undefined) return scriptsOf(repo, repo.read(inner)?.text ?? '', folder, depth + 1);
    const script = targetOf(program)?.script;
    const path = script === undefined ? undefined : resolve(folder, script);
    return path !== undefined && repo.has(path) ? [{ path, folder }] : [];
  });
}
