/** Variables that carry the database's address. */

import type { EnvVar, Service } from '../../src/model/facts.ts';
import { basename } from '../../src/repo/path.ts';
import { isCredential } from '../../src/secrets/credential.ts';
import { requirementsOf } from '../../src/survey/dependencies/installed.ts';
import { foreignScheme } from '../../src/survey/foreign-scheme.ts';
import { say } from '../../src/system/say.ts';
import type { BlueprintOptions } from './options.ts';
import { ask, type Variable, type Variables } from './variable.ts';

/** Where a disk is mounted, below the folder that Render checks the repository out to. https://render.com/docs/disks */
export const DISK_FOLDER = '/opt/render/project/src/data';

const PROPERTY = {
  url: 'connectionString',
  host: 'host',
  port: 'port',
  user: 'user',
  password: 'password',
  database: 'database',
} as const;

/** In the order of the code; `database` is the name of the attached database. */
export function databaseVariables(
  service: Service,
  env: readonly EnvVar[],
  database: string | undefined,
  options: BlueprintOptions,
): Variables {
  const own = env.filter((e) => e.kind === 'database');
  if (service.database?.kind === 'sqlite') return sqliteVariables(own, options);
  if (service.database?.kind === 'postgres' && database !== undefined) {
    return postgresVariables(service, own, database, options);
  }
  return { list: own.flatMap((e) => suppliedVariable(e, options)), warnings: [] };
}

function postgresVariables(
  service: Service,
  own: readonly EnvVar[],
  database: string,
  options: BlueprintOptions,
): Variables {
  const warnings: string[] = [];
  const scheme = foreignScheme(service);
  const parts = new Set(own.map((e) => e.property));
  const complete = (['host', 'user', 'password', 'database'] as const).every((p) => parts.has(p));
  // Two URLs: migrations take the one whose driver `postgresql://` means, the application the other.
  const synchronous =
    own.some((e) => /ASYNC/.test(e.name)) &&
    ['psycopg2', 'psycopg2-binary'].some((name) => requirementsOf(service, name).length > 0);
  if (own.length > 0 && !own.some((e) => (e.property ?? 'url') === 'url' || e.property === 'host')) {
    const { path, line } = service.database?.at ?? service.entry.at;
    warnings.push(say`no variable names the database's host (${path}:${line}): the program does not reach ${database}`);
  }
  const list = own.flatMap((e): Variable[] => {
    const property = e.property ?? 'url';
    if (options.databaseUrl === 'supply') {
      warnings.push(say`${e.name} is asked for, although ${database} is declared: nothing connects the two`);
      return [ask(e, options)];
    }
    // The code makes it of the parts where it is not set.
    const isMade = complete && !e.required;
    const isPlain = synchronous && !/ASYNC/.test(e.name) && !(isMade && (e.default ?? '') === '');
    if (property === 'url' && scheme !== undefined && !isPlain) {
      if (isMade) {
        warnings.push(say`${e.name} is left out: the driver needs ${scheme}, and its parts are set`);
        return [];
      }
      warnings.push(
        say`${e.name}: copy the internal URL of ${database} and change its scheme to ${scheme}, which it needs`,
      );
      // The code's own fallback is no database that the service would find.
      return [ask({ ...e, required: true }, options, `internal URL of ${database}, with the scheme ${scheme}`)];
    }
    return [{ key: e.name, from: { kind: 'database', name: database, property: PROPERTY[property] } }];
  });
  return { list, warnings };
}

function sqliteVariables(own: readonly EnvVar[], options: BlueprintOptions): Variables {
  const warnings: string[] = [];
  const list = own.flatMap((e): Variable[] => {
    const address = e.default ?? '';
    const [, scheme, file = ''] = /^(sqlite(?:\+\w+)?:)\/\/\/([^?]*)/.exec(address) ?? [];
    if (!scheme) {
      const url = e.property === undefined || e.property === 'url';
      return e.required || url ? [ask(e, options, 'address of a database that stays, instead of the SQLite file')] : [];
    }
    if (options.disk > 0) {
      const name = basename(file) || 'app.db';
      return [{ key: e.name, from: { kind: 'value', value: `${scheme}///${DISK_FOLDER}/${name}` } }];
    }
    if (file.startsWith('/')) {
      return [ask(e, options, `a file in a folder that exists, such as ${scheme}////opt/render/project/src/app.db`)];
    }
    return [{ key: e.name, from: { kind: 'value', value: address } }];
  });
  if (options.disk > 0 && list.length === 0) {
    warnings.push(say`no variable names the SQLite file: put it into ${DISK_FOLDER} for the disk to keep it`);
  }
  return { list, warnings };
}

/** For a database that Render does not run. */
function suppliedVariable(variable: EnvVar, options: BlueprintOptions): Variable[] {
  const { default: value, property } = variable;
  const usual = value !== undefined && value !== '' && !isCredential(variable.name, value);
  if (usual && (property === 'port' || property === 'database')) {
    return [{ key: variable.name, from: { kind: 'value', value } }];
  }
  return [ask(variable, options)];
}
