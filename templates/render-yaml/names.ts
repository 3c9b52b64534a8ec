/** Names of Render's resources. */
import type { Service } from '../../src/model/facts.ts';

/** Lower case letters, digits and hyphens; 'app' when nothing is left. */
export function slug(text: string): string {
  const name = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== '')
    .join('-')
    .slice(0, 50);
  return name.replace(/-$/, '') || 'app';
}

/** `name`, or `name-2` and so on when it is taken; the answer is taken afterwards. */
export function unique(name: string, taken: Set<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count++) free = `${name}-${count}`;
  taken.add(free);
  return free;
}

export interface DatabaseNames {
  /** Of the resource: 'shop-db'. */
  readonly name: string;
  /** Inside the server, when the sources name it: 'shop_db'. */
  readonly databaseName?: string;
  readonly user: string;
}

/** Taken by the server itself or by nobody's application. */
const RESERVED = /^(?:postgres|template[01]|render|root|admin|defaultdb)$/i;
/** The database of a test run. */
const TEST = /(?:^|_)tests?(?:ing)?(?:_|$)/i;
/** Says nothing about whose database it is. */
const GENERIC = /^(?:app|db|database|main|mydb|mydatabase|dev|local)$/i;

/** Names of a service's database: by the URL in its sources, else by the service. */
export function databaseNames(service: Service): DatabaseNames {
  const found = service.database?.name ?? '';
  const usable = /^[a-z_][a-z0-9_]{0,62}$/.test(found) && !RESERVED.test(found) && !TEST.test(found);
  const base = usable && !GENERIC.test(found) ? slug(found) : slug(service.name);
  const bare = base.replace(/-?db$/, '') || base;
  return {
    name: base.endsWith('db') ? base : `${base}-db`,
    ...(usable ? { databaseName: found } : {}),
    user: `${bare.replaceAll('-', '_')}_user`,
  };
}
