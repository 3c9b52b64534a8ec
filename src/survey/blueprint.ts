/** What a render.yaml says of its services. https://render.com/docs/blueprint-spec */
import type { ServiceSeed } from '../model/facts.ts';
import { isWithin, join } from '../repo/path.ts';
import { field, listField, textField, type YamlNode } from '../syntax/yaml.ts';

/** The services of a blueprint: top level, of projects' environments and ungrouped. https://render.com/docs/blueprint-spec */
export function blueprintServices(root: YamlNode | undefined): YamlNode[] {
  const homes = [root, field(root, 'ungrouped')];
  for (const project of listField(root, 'projects')) homes.push(...listField(project, 'environments'));
  return homes.flatMap((home) => listField(home, 'services'));
}

/** Folder that a service runs in, '' for the repository's root. */
export function rootDirOf(service: YamlNode): string {
  return folderOf(textField(service, 'rootDir') ?? '');
}

/** True when the blueprint deploys the web service of this folder, as Python or from an image built there. */
export function deploys(service: YamlNode, root: string): boolean {
  if (textField(service, 'type') !== 'web') return false;
  const runtime = runtimeOf(service);
  const home = rootDirOf(service);
  if (runtime === 'python') {
    const start = textField(service, 'startCommand') ?? '';
    // `cd app && …` in the folder above.
    const moves = (): boolean => start.split(/[\s"';&]+/).some((w) => w !== '' && join(home, folderOf(w)) === root);
    return home === root || root === '' || (isWithin(root, home) && moves());
  }
  if (runtime !== 'docker') return false;
  const context = folderOf(textField(service, 'dockerContext') ?? '');
  const dockerfile = folderOf((textField(service, 'dockerfilePath') ?? '').replace(/\/?[^/]*$/, ''));
  return [home, context, dockerfile].some((folder) => folder === root && (folder !== '' || root === ''));
}

/** The one that deploys this service: by the module that it starts and its folder, else the first that may. */
export function webServiceOf(
  declared: readonly YamlNode[],
  service: Pick<ServiceSeed, 'root' | 'entry'>,
): YamlNode | undefined {
  const all = declared.filter((d) => deploys(d, service.root));
  const names = (d: YamlNode): boolean => (textField(d, 'startCommand') ?? '').includes(service.entry.module);
  return all.find((d) => names(d) && rootDirOf(d) === service.root) ?? all.find(names) ?? all[0];
}

/** The runtime of a service. */
export function runtimeOf(service: YamlNode): string | undefined {
  return textField(service, 'runtime') ?? textField(service, 'env');
}

/** The folder that a service lies in. */
export function folderOf(path: string): string {
  return path
    .replace(/^(?:\.\/+)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '');
}
