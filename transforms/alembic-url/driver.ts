/** Which schemes of a URL have to be rewritten so that env.py's engine can use it. */
import { databaseKinds } from '../../src/knowledge/databases.ts';
import { partsOf } from '../../src/survey/alembic/url-value.ts';

/** URLs that start with one of `from` get `to` instead; both with '://'. */
export interface Rewrite {
  readonly from: readonly string[];
  readonly to: string;
}

const FAMILIES = databaseKinds.flatMap(({ scheme, bare, drivers }) => {
  if (scheme === undefined) return [];
  const known = Object.entries(drivers).filter(([, driver]) => driver.dialect);
  const but = (other: string) => known.filter(([, driver]) => driver.speaks !== other);
  return [{ name: scheme, bare, sync: but('async'), async: but('sync') }];
});

/**
 * What to rewrite, from the URL that stood in the ini (it worked with env.py's engine), the kind of engine, and the
 * declared packages. Undefined when the ini's driver does not fit the engine, or no driver for it is known.
 * `postgres://` is refused since SQLAlchemy 1.4, and the default PostgreSQL driver changed in 2.1: the driver is named
 * where it is known. https://docs.sqlalchemy.org/en/20/dialects/postgresql.html
 */
export function rewritesFor(
  iniUrl: string,
  asynchronous: boolean,
  packages: ReadonlySet<string>,
): Rewrite[] | undefined {
  const [name = '', driver] = (partsOf(iniUrl)?.scheme ?? '').split('+');
  const main = FAMILIES.find((f) => f.name === name || f.bare.includes(name));
  const out: Rewrite[] = [];
  for (const family of FAMILIES) {
    const { wrong, declared, others } = driversOf(family, asynchronous, packages);
    const own = family === main ? driver : undefined;
    if (own !== undefined && wrong.includes(own)) return undefined;
    const target = own ?? declared;
    if (family === main && asynchronous && target === undefined) return undefined;
    if (family !== main && target === undefined && others.length === 0) continue;
    const plain = family.name;
    const to = target === undefined ? plain : `${plain}+${target}`;
    const from = [...family.bare, ...others.map((d) => `${plain}+${d}`)].filter((s) => s !== to);
    // Without a known driver the plain form stays what it is.
    if (from.length > 0) out.push({ from: from.map((s) => `${s}://`), to: `${to}://` });
  }
  return out;
}

/** Drivers of a family that the kind of engine cannot use, the one of the packages that it can, and those that it cannot. */
function driversOf(family: (typeof FAMILIES)[number], asynchronous: boolean, packages: ReadonlySet<string>) {
  const right = asynchronous ? family.async : family.sync;
  const wrong = (asynchronous ? family.sync : family.async).filter(([d]) => !right.some(([r]) => r === d));
  const isDeclared = ([, d]: (typeof right)[number]): boolean => d.packages.some((p) => packages.has(p));
  return {
    wrong: wrong.map(([d]) => d),
    declared: right.find(isDeclared)?.[0],
    others: wrong.filter(isDeclared).map(([d]) => d),
  };
}
