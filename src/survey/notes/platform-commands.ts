/** Commands that a platform is told to run, by the render.yaml and the Procfile that are there. */
import type { Evidence, ServiceSeed } from '../../model/facts.ts';
import { join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { procfileOf, yamlOf } from '../../syntax/documents.ts';
import { commandOf } from '../../syntax/procfile.ts';
import { field, textField } from '../../syntax/yaml.ts';
import { blueprintServices, rootDirOf, runtimeOf, webServiceOf } from '../blueprint.ts';

export interface PlatformCommand {
  readonly text: string;
  /** Folder that it runs in. */
  readonly folder: string;
  readonly at: Evidence;
}

/** What tells a service among those of a blueprint. */
type Told = Pick<ServiceSeed, 'root' | 'entry'>;

/** Build, release and start of one service. */
export function platformCommands(repo: Snapshot, service: Told): PlatformCommand[] {
  return [...ofBlueprint(repo, service), ...ofProcfile(repo, service)];
}

function ofBlueprint(repo: Snapshot, service: Told): PlatformCommand[] {
  const parsed = yamlOf(repo, 'render.yaml');
  const node = webServiceOf(blueprintServices(parsed?.ok ? parsed.root : undefined), service);
  if (!node || runtimeOf(node) !== 'python') return [];
  return ['buildCommand', 'preDeployCommand', 'startCommand'].flatMap((key) => {
    const text = textField(node, key);
    const line = field(node, key)?.line ?? node.line;
    return text === undefined ? [] : [{ text, folder: rootDirOf(node), at: { path: 'render.yaml', line } }];
  });
}

function ofProcfile(repo: Snapshot, { root }: Told): PlatformCommand[] {
  return [...new Set([join(root, 'Procfile'), 'Procfile'])].flatMap((path) => {
    const procfile = procfileOf(repo, path);
    const lines = ['web', 'release'].map((type) => procfile && commandOf(procfile, type));
    const folder = path === 'Procfile' ? '' : root;
    return lines.flatMap((line) => (line ? [{ text: line.command, folder, at: { path, line: line.line } }] : []));
  });
}
