/** A database's name put behind the address that a platform hands out, which names a database already. */
import type { Service } from '../../model/facts.ts';
import { envAccess } from '../../python/env-access.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { Place } from '../../python/place.ts';
import { type Site, sites } from '../../python/sites.ts';
import { staticString, variableOf } from '../../python/text.ts';
import { meaningOf } from '../../python/values.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { Expr } from '../../syntax/python/ast.ts';
import { say } from '../../system/say.ts';
import type { Note } from './note.ts';

/** The name of a database, perhaps behind a slash; options of the address begin with `?`. */
const NAME = /^\/?[A-Za-z][\w-]*$/;

/** At most one. `files`: what the service runs. https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS */
export function appendedDatabase(
  repo: Snapshot,
  modules: ModuleGraph,
  { env }: Service,
  files: readonly string[],
): Note | undefined {
  const urls = new Set(env.flatMap((e) => (e.kind === 'database' && (e.property ?? 'url') === 'url' ? [e.name] : [])));
  if (urls.size === 0) return undefined;
  const known = new RegExp([...urls].map((name) => `\\b${name}\\b`).join('|'));
  for (const path of repo.matching(files, known)) {
    for (const site of sites(
      modules,
      path,
      (e) => e.kind === 'binary' || (e.kind === 'string' && e.holes.length > 0),
    )) {
      const parts = joined(site);
      const variable = parts && addressOf(site, parts.address, urls);
      if (!variable || !parts || !NAME.test(parts.name)) continue;
      const text = say`The name of a database (${parts.name}) is put behind ${variable}: the address that a platform hands out names its database already, and there is none called by both. Use ${variable} as it is.`;
      return { text, at: { path, line: site.expr.line }, stops: true };
    }
  }
  return undefined;
}

/** `address + name`, `f"{address}/name"`. */
function joined(site: Site): { readonly address: Expr; readonly name: string } | undefined {
  const { expr } = site;
  if (expr.kind === 'binary') {
    const name = expr.op === '+' ? staticString(site, expr.right) : undefined;
    return name === undefined ? undefined : { address: expr.left, name };
  }
  if (expr.kind !== 'string' || expr.pieces[0] !== '') return undefined;
  const [address, ...more] = expr.holes;
  const texts = [...more.map((hole) => staticString(site, hole)), ''];
  if (!address || texts.includes(undefined)) return undefined;
  return {
    address,
    name: expr.pieces
      .slice(1)
      .map((piece, i) => piece + texts[i])
      .join(''),
  };
}

/** The variable that an expression holds the address of, as it came. */
function addressOf(place: Place, expr: Expr, urls: ReadonlySet<string>): string | undefined {
  const meaning = expr.kind === 'name' ? meaningOf(place, expr) : undefined;
  const [at, read] = meaning?.kind === 'value' ? [meaning, meaning.expr] : [place, expr];
  const access = envAccess(at, read);
  const variable = access && variableOf(at, access);
  return variable !== undefined && urls.has(variable) ? variable : undefined;
}
