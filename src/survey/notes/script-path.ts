/** Python files that a platform's commands run by their path: their own folder is on the import path, and not the one that they are run in. */
import type { Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { dirname, relative } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { say } from '../../system/say.ts';
import { installsItself } from '../dependencies/installed.ts';
import { holdModule, installedModules } from '../import-folders.ts';
import { platformScripts } from '../platform-scripts.ts';
import { absolute, deploymentAdds, ELSEWHERE } from './import-path.ts';
import type { Note } from './note.ts';

/** At most one. https://docs.python.org/3/library/sys_path_init.html */
export function scriptPath(repo: Snapshot, modules: ModuleGraph, service: Service): Note | undefined {
  if (installsItself(service.dependencies)) return undefined;
  const isInstalled = installedModules(service.dependencies);
  for (const { path, folder } of platformScripts(repo, service)) {
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
