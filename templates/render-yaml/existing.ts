/** A render.yaml that is there already: what it deploys, and what Render would reject in it. */
import type { Service } from '../../src/model/facts.ts';
import { field, listField, textField, type YamlNode } from '../../src/syntax/yaml.ts';
import { say } from '../../src/system/say.ts';

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
    return home === root || root === '' || (home === '' && start.split(/[\s"';&]+/).some((w) => folderOf(w) === root));
  }
  if (runtime !== 'docker') return false;
  const context = folderOf(textField(service, 'dockerContext') ?? '');
  const dockerfile = folderOf((textField(service, 'dockerfilePath') ?? '').replace(/\/?[^/]*$/, ''));
  return [home, context, dockerfile].some((folder) => folder === root && (folder !== '' || root === ''));
}

/** The one that deploys this service: by the module that it starts and its folder, else the first that may. */
export function webServiceOf(declared: readonly YamlNode[], service: Service): YamlNode | undefined {
  const all = declared.filter((d) => deploys(d, service.root));
  const names = (d: YamlNode): boolean => (textField(d, 'startCommand') ?? '').includes(service.entry.module);
  return all.find((d) => names(d) && rootDirOf(d) === service.root) ?? all.find(names) ?? all[0];
}

/** What Render's schema no longer takes, one sentence each, with the line. https://render.com/schema/render.yaml.json */
export function outdated(root: YamlNode | undefined, path: string): string[] {
  const out: string[] = [];
  for (const service of blueprintServices(root)) {
    const name = textField(service, 'name') ?? say`a service`;
    if (field(service, 'env') && !field(service, 'runtime')) {
      out.push(say`${path}:${field(service, 'env')?.line}: \`env:\` of ${name} is called \`runtime:\` now`);
    }
    if (field(service, 'releaseCommand')) {
      const { line } = field(service, 'releaseCommand') ?? service;
      out.push(say`${path}:${line}: Render knows no \`releaseCommand\`: it is \`preDeployCommand\``);
    }
    for (const variable of listField(service, 'envVars')) {
      const value = field(variable, 'value');
      if (value?.kind !== 'scalar') continue;
      if (typeof value.value === 'boolean') {
        out.push(
          say`${path}:${value.line}: ${textField(variable, 'key') ?? say`a value`} is a boolean: it must be quoted`,
        );
      }
      if (textField(variable, 'key') === 'PYTHON_VERSION' && typeof value.value === 'number') {
        out.push(
          say`${path}:${value.line}: PYTHON_VERSION ${value.source} is read as a number: quote the full version`,
        );
      }
    }
  }
  for (const database of listField(root, 'databases')) {
    if (field(database, 'ipAllowList')) continue;
    const name = textField(database, 'name') ?? say`the database`;
    out.push(say`${path}:${database.line}: ${name} has no ipAllowList and is open to every address`);
  }
  return out;
}

export function runtimeOf(service: YamlNode): string | undefined {
  return textField(service, 'runtime') ?? textField(service, 'env');
}

export function folderOf(path: string): string {
  return path
    .replace(/^(?:\.\/+)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '');
}
