/** What stands in the way of a migration at deploy time. */
import type { Facts, Service } from '../src/facts.ts';
import type { Snapshot } from '../src/snapshot.ts';
import { dirname } from '../src/survey/modules.ts';
import { withTree } from '../src/syntax/python/parser.ts';

/**
 * A warning for each migration that does not parse: alembic loads them all before it runs one.
 * https://alembic.sqlalchemy.org/en/latest/api/script.html
 */
export function brokenMigrations(repo: Snapshot, facts: Facts, { migrations }: Service): string[] {
  const config = facts.alembic.find((a) => a.path === migrations?.config);
  const scripts = config?.scripts ?? (config?.env && dirname(config.env.path));
  if (!migrations || scripts === undefined) return [];
  const versions = repo.paths.filter((p) => p.startsWith(`${scripts}/versions/`) && p.endsWith('.py'));
  return versions
    .filter((p) => unparsable(repo.read(p)?.text ?? ''))
    .map((path) => {
      const line = facts.modules.module(path)?.errorLine ?? 1;
      return `${path}:${line} does not parse: \`${migrations.command}\` fails until it is repaired`;
    });
}

function unparsable(text: string): boolean {
  return withTree(text, (root) => root.hasError);
}
