/** Variables that an existing blueprint does not set and without which the program does not start. */

import type { EnvVar, Service } from '../../src/model/facts.ts';
import { join } from '../../src/repo/path.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { field, listField, textField, type YamlNode } from '../../src/syntax/yaml.ts';
import { say } from '../../src/system/say.ts';

/** More names than these are not read. */
const SHOWN = 8;

/**
 * One warning that names them, with the place of the first. Whoever deploys may have set them in the Dashboard, which no
 * file shows. https://render.com/docs/blueprint-spec#environment-variables
 */
export function unset(
  repo: Snapshot,
  service: Service,
  root: YamlNode | undefined,
  node: YamlNode,
  path: string,
): string[] {
  const given = givenBy(root, node);
  // The parts of an address stand for its URL, and the other way round.
  const attached = listField(node, 'envVars').some((item) => field(item, 'fromDatabase'));
  const missing = service.env.filter(
    (e) =>
      e.required &&
      e.kind !== 'platform' &&
      !(attached && e.kind === 'database') &&
      !given?.has(e.name) &&
      !isFiled(repo, service, e),
  );
  const [first] = missing;
  if (!given || !first) return [];
  const names = missing.map((e) => e.name);
  const shown = names.slice(0, SHOWN).join(', ');
  const more = names.length - SHOWN;
  const which = more > 0 ? say`${shown} and ${more} more` : shown;
  return [
    say`${path} does not set ${which}, without which the program does not start (${first.at.path}:${first.at.line}): declare each with \`sync: false\`, or set it in the Dashboard`,
  ];
}

/** Names that the service is given; undefined where a group of them stands in another place. */
function givenBy(root: YamlNode | undefined, node: YamlNode): ReadonlySet<string> | undefined {
  const out = new Set<string>();
  for (const item of listField(node, 'envVars')) {
    const group = textField(item, 'fromGroup');
    const found = group === undefined ? [item] : membersOf(root, group);
    if (!found) return undefined;
    for (const member of found) out.add(textField(member, 'key') ?? '');
  }
  return out;
}

function membersOf(root: YamlNode | undefined, group: string): readonly YamlNode[] | undefined {
  const found = listField(root, 'envVarGroups').find((g) => textField(g, 'name') === group);
  return found && listField(found, 'envVars');
}

/** A file of variables that belongs to the repository gives it. */
function isFiled(repo: Snapshot, { root }: Service, { name }: EnvVar): boolean {
  const files = repo.paths.filter((p) => p === join(root, '.env') || p === '.env');
  return repo.matching(files, new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=`, 'im')).length > 0;
}
