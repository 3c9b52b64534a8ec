/**
 * A database that no code reached from the entry opens yet, and that the repository names all the same: in a variable
 * with a driver beside it, a migration's URL, a service of a compose file.
 */
import { databaseKinds } from '../knowledge/databases.ts';
import type { Database, EnvVar, Evidence, ServiceSeed } from '../model/facts.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { yamlOf } from '../syntax/documents.ts';
import { field, textField } from '../syntax/yaml.ts';
import { isCompose } from './commands.ts';
import { serviceOfScheme } from './environment/schemes.ts';

type Kind = Database['kind'];

interface Named {
  readonly kind: Kind;
  readonly driver?: string;
  readonly name?: string;
  readonly at: Evidence;
}

/**
 * The kind that the evidence agrees on; undefined where nothing carries the address of a database, or where nothing
 * says of which. `installed` are the listed drivers, `ini` the URL of an alembic.ini.
 */
export function unreadDatabase(
  repo: Snapshot,
  seed: ServiceSeed,
  env: readonly EnvVar[],
  installed: readonly Named[],
  ini: Named | undefined,
): Database | undefined {
  const carriers = env.filter((e) => e.kind === 'database' && /^(?:url|host)$/.test(e.property ?? 'url'));
  const variable = carriers.find((e) => e.required) ?? carriers[0];
  if (!variable) return undefined;
  const servers: readonly Kind[] = [...new Set<Kind>(installed.map((d) => d.kind))].filter((kind) => kind !== 'sqlite');
  const said = byDefault(variable) ?? ini ?? named(variable);
  const only = servers.length === 1 ? installed.find((d) => d.kind === servers[0]) : undefined;
  const found = said ?? only ?? composed(repo, seed);
  if (!found || (servers.length > 0 && !servers.includes(found.kind) && found.kind !== 'sqlite')) return undefined;
  const driver = found.driver ?? installed.find((d) => d.kind === found.kind)?.driver;
  const name = found.name;
  return { kind: found.kind, at: variable.at, ...(driver ? { driver } : {}), ...(name ? { name } : {}) };
}

function byDefault({ default: value = '', at }: EnvVar): Named | undefined {
  const scheme = serviceOfScheme(/^([A-Za-z][\w+]*):\/\//.exec(value)?.[1] ?? '');
  return scheme?.kind && { kind: scheme.kind, at, ...(scheme.driver ? { driver: scheme.driver } : {}) };
}

function named({ name, at }: EnvVar): Named | undefined {
  const found = databaseKinds.find((row) => row.named?.test(name));
  return found && { kind: found.id, at };
}

/** The one database server that the compose files start. https://docs.docker.com/reference/compose-file/services/#image */
export function composed(repo: Snapshot, { root }: ServiceSeed): Named | undefined {
  const kinds = new Map<Kind, Named>();
  for (const path of repo.paths.filter(
    (p) => isCompose(p) && (root === '' || !p.includes('/') || p.startsWith(root)),
  )) {
    const parsed = yamlOf(repo, path);
    const services = parsed?.ok ? field(parsed.root, 'services') : undefined;
    for (const { value, line } of services?.kind === 'map' ? services.entries : []) {
      const image =
        textField(value, 'image')
          ?.replace(/^.*\//, '')
          .replace(/[:@].*$/, '') ?? '';
      const found = databaseKinds.find((row) => row.images?.test(image));
      if (found) kinds.set(found.id, { kind: found.id, at: { path, line } });
    }
  }
  return kinds.size === 1 ? [...kinds.values()][0] : undefined;
}
