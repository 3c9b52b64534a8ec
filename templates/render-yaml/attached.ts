/** The database and the Key Value instance that a service is connected to. https://render.com/docs/blueprint-spec */
import type { Service } from '../../src/model/facts.ts';
import { say } from '../../src/system/say.ts';
import { type Block, type Field, scalar } from './document.ts';
import { block } from './fields.ts';
import { databaseNames, unique } from './names.ts';
import type { BlueprintOptions } from './options.ts';

export interface Resource {
  readonly name: string;
  readonly block: Block;
}

/** The PostgreSQL database of a service; undefined when it has none or no variable to hand its address over by. */
export function databaseOf(service: Service, options: BlueprintOptions, warnings: string[]): Resource | undefined {
  if (service.database?.kind !== 'postgres') return undefined;
  if (!service.env.some((e) => e.kind === 'database')) {
    const { path, line } = service.database.at;
    warnings.push(say`no variable carries the database's address (${path}:${line}): it cannot be attached`);
    return undefined;
  }
  const names = databaseNames(service);
  if (options.ipAllowList === 'omit') warnings.push(say`${names.name} has no ipAllowList and is open to every address`);
  if (options.databasePlan === 'free') warnings.push(say`${names.name} is free and expires after 30 days`);
  const comment = options.databaseComment;
  const fields: Field[] = [{ key: 'name', value: scalar(names.name) }];
  if (names.databaseName) fields.push({ key: 'databaseName', value: scalar(names.databaseName) });
  if (options.databaseUser) fields.push({ key: 'user', value: scalar(names.user) });
  if (options.region !== '') fields.push({ key: 'region', value: scalar(options.region) });
  const free = options.databasePlan === 'free' && comment !== '';
  fields.push({ key: 'plan', value: scalar(options.databasePlan, free ? { comment } : {}) });
  if (options.ipAllowList !== 'omit') fields.push(closed());
  return { name: names.name, block: { kind: 'block', fields } };
}

/** The Key Value instance of a service that uses Redis; undefined as for the database. */
export function keyvalueOf(
  service: Service,
  web: string,
  names: Set<string>,
  options: BlueprintOptions,
  warnings: string[],
): Resource | undefined {
  if (!service.redis) return undefined;
  if (!service.env.some((e) => e.kind === 'redis')) {
    const { path, line } = service.redis;
    warnings.push(say`no variable carries the address of Redis (${path}:${line}): it cannot be attached`);
    return undefined;
  }
  const name = unique(`${web}-redis`, names);
  // A cache may lose keys when it is full; a broker that does so loses jobs.
  const policy = service.workers.length > 0 ? 'noeviction' : 'allkeys-lru';
  const made = block(
    [
      ['type', 'keyvalue'],
      ['name', name],
      ['plan', 'free'],
      ...(options.region === '' ? [] : [['region', options.region] as const]),
      ['maxmemoryPolicy', policy],
    ],
    [closed()],
  );
  return { name, block: made };
}

function closed(): Field {
  return { key: 'ipAllowList', value: { kind: 'list', items: [] } };
}
