/** Types of columns that an extension of PostgreSQL brings, where nothing makes the extension. */
import type { Evidence, Service } from '../../model/facts.ts';
import { externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { topOf } from '../../python/place.ts';
import { basename, dirname } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { Expr, Stmt } from '../../syntax/python/ast.ts';
import { expressionsOf } from '../../syntax/python/children.ts';
import { descend } from '../../syntax/python/walk.ts';
import { literally } from '../../system/pattern.ts';
import { say } from '../../system/say.ts';
import { creations, makesTable } from '../made-tables.ts';
import type { Started } from '../started.ts';
import type { Note } from './note.ts';

/** Extensions that Render's PostgreSQL has: https://render.com/docs/postgresql-extensions */
const EXTENSIONS: readonly (readonly [RegExp, string])[] = [
  /** https://github.com/pgvector/pgvector-python */
  [
    /^pgvector\.(?:sqlalchemy|django|peewee)\.(?:\w+\.)?(?:Vector|HalfVec|SparseVec|VECTOR|HALFVEC|SPARSEVEC)\w*$/,
    'vector',
  ],
  /** https://geoalchemy-2.readthedocs.io/en/latest/ */
  [/^geoalchemy2\.(?:types\.)?(?:Geometry|Geography)$/, 'postgis'],
  [/^(?:sqlalchemy\.dialects\.postgresql\.CITEXT|citext\.CIText)$/, 'citext'],
  [/^sqlalchemy\.dialects\.postgresql\.HSTORE$/, 'hstore'],
];
const MENTIONS = /\b(?:pgvector|geoalchemy2|CITEXT|CIText|HSTORE)\b/;
/** What makes one: SQL, Django's operations, helpers. */
const MAKES = /CREATE\s+EXTENSION|\w+Extension\(|create_extension|postgis\.(?:backends|db)|backends\.postgis/i;

/**
 * At most one, where the start makes the tables or the migrations do. What a compose file mounts into the image of its
 * database makes the extension there and nowhere else: https://hub.docker.com/_/postgres (Initialization scripts).
 */
export function missingExtension(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  found: { readonly started: readonly Started[]; readonly revisions: readonly string[] },
): Note | undefined {
  if (service.database?.kind !== 'postgres') return undefined;
  const files = [...new Set([...found.started.map((s) => s.path), ...found.revisions])];
  const wanting = new Set(repo.matching(files, MENTIONS));
  if (wanting.size === 0) return undefined;
  const need = fromRevisions(modules, found.revisions, wanting) ?? fromModels(modules, found.started, wanting);
  if (!need) return undefined;
  const makers = repo.matching(repo.paths, MAKES).filter((p) => !/\.(?:md|rst|txt|lock)$/i.test(p));
  if (makers.some((p) => !isMounted(repo, p))) return undefined;
  const { migrations } = service;
  const when = need.by === 'migrations' && migrations ? `\`${migrations.command}\`` : 'create_all';
  const aside = makers[0] === undefined ? '' : say` (${makers[0]} runs in compose's own database only)`;
  const text = say`Nothing makes PostgreSQL's extension ${need.extension}, whose type a column has, on a database of a platform${aside}: ${when} stops with "type does not exist". Run \`psql "$DATABASE_URL" -c 'CREATE EXTENSION IF NOT EXISTS ${need.extension}'\` once before the first start, with that database's address.`;
  return { text, at: need.at, stops: true };
}

interface Wanted {
  readonly extension: string;
  readonly at: Evidence;
  readonly by: 'migrations' | 'start';
}

function extensionOf(
  modules: ModuleGraph,
  path: string,
  exprs: readonly Expr[],
): { name: string; line: number } | undefined {
  for (const expr of exprs.flatMap((e) => [...descend(e)])) {
    const called = expr.kind === 'call' ? externalName(topOf(modules, path), expr.func) : undefined;
    const row = called === undefined ? undefined : EXTENSIONS.find(([type]) => type.test(called));
    if (row) return { name: row[1], line: expr.line };
  }
  return undefined;
}

function fromRevisions(
  modules: ModuleGraph,
  revisions: readonly string[],
  files: ReadonlySet<string>,
): Wanted | undefined {
  for (const path of revisions.filter((p) => files.has(p))) {
    const upgrade = modules.module(path)?.body.find((s) => s.kind === 'function' && s.name === 'upgrade');
    for (const stmt of upgrade?.kind === 'function' ? upgrade.body : []) {
      const hit = stmt.kind === 'expr' ? extensionOf(modules, path, expressionsOf(stmt)) : undefined;
      if (hit) return { extension: hit.name, at: { path, line: hit.line }, by: 'migrations' };
    }
  }
  return undefined;
}

function fromModels(modules: ModuleGraph, started: readonly Started[], files: ReadonlySet<string>): Wanted | undefined {
  const made = creations(started);
  if (made.length === 0) return undefined;
  for (const { path, stmt, when } of started) {
    if (when !== 'service' || stmt.kind !== 'class' || !files.has(path)) continue;
    const hit = extensionOf(modules, path, stmt.body.flatMap(columnOf));
    if (hit && made.some((one) => makesTable(modules, one, path, stmt))) {
      return { extension: hit.name, at: { path, line: hit.line }, by: 'start' };
    }
  }
  return undefined;
}

function columnOf(stmt: Stmt): readonly Expr[] {
  return stmt.kind === 'assign' && stmt.value ? [stmt.value] : [];
}

/** A script that a compose file puts where the image of a database looks for what makes it, or that an image copies there. */
function isMounted(repo: Snapshot, path: string): boolean {
  if (!/\.(?:sql|sh)$/.test(path)) return false;
  const homes = [path, dirname(path)].filter((p) => p !== '').map((p) => literally(basename(p)));
  const mounts = new RegExp(
    `(?:^|[/\\s"'])(?:${homes.join('|')})/?["']?\\s*(?::|\\s)[\\s"']*/docker-entrypoint-initdb\\.d`,
    'm',
  );
  const files = repo.paths.filter((p) => /compose[\w.-]*\.ya?ml$|(?:^|\/)Dockerfile[\w.-]*$/.test(p));
  return repo.matching(files, mounts).length > 0;
}
