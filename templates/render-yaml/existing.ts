/** What Render would reject in a render.yaml that is there already. */
import type { Service } from '../../src/model/facts.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { blueprintServices, runtimeOf } from '../../src/survey/blueprint.ts';
import { isNotDeployed } from '../../src/survey/deployed.ts';
import { field, listField, textField, type YamlNode } from '../../src/syntax/yaml.ts';
import { say } from '../../src/system/say.ts';

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
    out.push(...listField(service, 'envVars').flatMap((variable) => unquoted(variable, path)));
  }
  for (const database of listField(root, 'databases')) {
    if (field(database, 'ipAllowList')) continue;
    const name = textField(database, 'name') ?? say`the database`;
    out.push(say`${path}:${database.line}: ${name} has no ipAllowList and is open to every address`);
  }
  return out;
}

/** Names that an application gives a route of its own. */
const HEALTH = /health|ready|alive|live|status|ping/i;

/**
 * A health check of a service that nothing of its sources mentions: the deploy waits for it, and fails.
 * https://render.com/docs/health-checks
 */
export function unanswered(repo: Snapshot, service: Service, node: YamlNode, path: string): string[] {
  const asked = field(node, 'healthCheckPath');
  const name = (textField(node, 'healthCheckPath') ?? '')
    .split(/[/?#]/)
    .filter((part) => part !== '')
    .at(-1);
  if (!asked || name === undefined || !/^[\w-]+$/.test(name) || !HEALTH.test(name) || runtimeOf(node) !== 'python')
    return [];
  // A library may have such a route.
  if (!service.dependencies || service.dependencies.requirements.some((r) => HEALTH.test(r.name))) return [];
  const others = repo.paths.filter((p) => p !== path && !isNotDeployed(p) && !p.endsWith('.lock'));
  if (repo.matching(others, new RegExp(name, 'i')).length > 0) return [];
  return [
    say`${path}:${asked.line}: nothing of the service mentions ${name}, where Render asks whether it is healthy: the deploy fails with 404`,
  ];
}

/** A value of a variable that YAML does not read as the text that it is. */
function unquoted(variable: YamlNode, path: string): string[] {
  const value = field(variable, 'value');
  const key = textField(variable, 'key');
  if (value?.kind !== 'scalar') return [];
  if (typeof value.value === 'boolean')
    return [say`${path}:${value.line}: ${key ?? say`a value`} is a boolean: it must be quoted`];
  return key === 'PYTHON_VERSION' && typeof value.value === 'number'
    ? [say`${path}:${value.line}: PYTHON_VERSION ${value.source} is read as a number: quote the full version`]
    : [];
}
