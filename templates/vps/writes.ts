/** What a service writes inside its own folder, as far as literals tell: under ProtectSystem=strict it must be named. */
import type { Evidence, Facts, Service } from '../../src/model/facts.ts';
import { evaluate } from '../../src/python/evaluate.ts';
import { str } from '../../src/python/known.ts';
import { type Place, topOf } from '../../src/python/place.ts';
import { sites } from '../../src/python/sites.ts';
import { isWithin, resolve } from '../../src/repo/path.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { sourceLine } from '../../src/repo/source-line.ts';
import { serviceFiles } from '../../src/survey/environment/files.ts';
import type { CallExpr, Expr } from '../../src/syntax/python/ast.ts';
import { dotted, keyword, lastName, positional, stringValue } from '../../src/syntax/python/walk.ts';

export interface Written {
  /** Relative to the repository's root, '' for the root itself. */
  readonly path: string;
  readonly folder: boolean;
  readonly at: Evidence;
}

const NEEDLE =
  /\bopen\(|mkdir\(|makedirs\(|FileHandler\(|basicConfig\(|persist_directory|PersistentClient\(|MEDIA_ROOT|UPLOAD|sqlite/;
const FOLDER_NAME = /(?:^|_)(?:DIR|DIRECTORY|FOLDER|MEDIA_ROOT|UPLOADS?|UPLOAD_PATH|DIR_[A-Z]+)$/;
const READ_ONLY = /(?:^|_)(?:STATIC|TEMPLATES?|CONFIG|BASE|SEED|LOCALES?|TRANSLATIONS?|MIGRATIONS?)(?:_|$)/;
/** Names that applications give to their own folder. */
const BASE = /^(?:BASE_DIR|ROOT_DIR|PROJECT_ROOT|BASE_PATH|basedir)$/;
const SQLITE = /sqlite(?:\+\w+)?:\/\/\/(?!\/|:memory:|[{%$])([^"'?{}%$\s]*)/;

/** In the order of the files; a path below another folder of the list is left out. */
export function writtenBy(repo: Snapshot, facts: Facts, service: Service): Written[] {
  const found: Written[] = [];
  const add = (path: string | undefined, folder: boolean, at: Evidence): void => {
    const whole = path === undefined ? undefined : resolve(service.root, path);
    // A line end in a name would begin another line of the unit.
    if (whole !== undefined && ![...whole].some((c) => c < ' ')) found.push({ path: whole, folder, at });
  };
  const sqlite = service.database?.kind === 'sqlite' ? sqliteFolder(repo, service) : undefined;
  if (sqlite !== undefined && service.database) add(sqlite, true, service.database.at);
  for (const { name, kind, default: value, at } of service.env) {
    const named = kind === 'plain' && FOLDER_NAME.test(name) && !READ_ONLY.test(name);
    if (named && value !== undefined && isRelative(value)) add(value, true, at);
  }
  for (const path of repo.matching(serviceFiles(repo, facts.modules, service), NEEDLE)) {
    for (const { path: target, folder, at } of namedIn(facts, path)) add(target, folder, at);
  }
  return outermost(found);
}

/** What a file writes to by its calls, and the settings that say where uploads go. */
function namedIn(
  { modules }: Facts,
  path: string,
): { readonly path: string | undefined; folder: boolean; at: Evidence }[] {
  const written = [...sites(modules, path, (e) => e.kind === 'call')].flatMap((site) => {
    const target = site.expr.kind === 'call' ? targetOf(site, site.expr) : undefined;
    return target ? [{ ...target, at: { path, line: site.stmt.line } }] : [];
  });
  const settings = [...modules.bindings(path)].flatMap(([name, [binding]]) => {
    if (!/^(?:MEDIA_ROOT|UPLOAD_(?:FOLDER|DIR|PATH|ROOT))$/.test(name) || binding?.kind !== 'assign') return [];
    const at = { path, line: binding.stmt.line };
    return [{ path: literalPath(topOf(modules, path), binding.value), folder: true, at }];
  });
  return [...written, ...settings];
}

/** The folder of the database's file, from the service root; undefined where a variable names a file elsewhere. */
function sqliteFolder(repo: Snapshot, service: Service): string | undefined {
  if (service.env.some((e) => e.kind === 'database' && (e.property ?? 'url') === 'url')) return undefined;
  const written = SQLITE.exec(sourceLine(repo, service.database?.at ?? service.entry.at))?.[1] ?? '';
  const file = written.replace(/^\.\//, '');
  return file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.';
}

/** The path that a call certainly writes to. */
function targetOf(place: Place, call: CallExpr): { path: string; folder: boolean } | undefined {
  const name = lastName(call.func);
  const [first, second] = positional(call);
  const at = (expr: Expr | undefined, folder: boolean) => {
    const path = literalPath(place, expr);
    return path === undefined || path === '' ? undefined : { path, folder };
  };
  if (name === 'makedirs' || (name === 'mkdir' && dotted(call.func) === 'os.mkdir')) return at(first, true);
  if (name === 'mkdir' && call.func.kind === 'attribute') return at(call.func.value, true);
  if (name === 'PersistentClient') return at(keyword(call, 'path') ?? first, true);
  const store = keyword(call, 'persist_directory');
  if (store) return at(store, true);
  // A rotating log is renamed, which needs the folder; a plain one only the file.
  if (/^(?:Timed)?RotatingFileHandler$/.test(name)) return folderOf(at(keyword(call, 'filename') ?? first, false));
  if (/^(?:Watched)?FileHandler$/.test(name)) return at(keyword(call, 'filename') ?? first, false);
  if (dotted(call.func) === 'logging.basicConfig') return at(keyword(call, 'filename'), false);
  const writes = /^[wax]/.test(stringValue(second ?? keyword(call, 'mode')) ?? '');
  return call.func.kind === 'name' && name === 'open' && writes ? at(first, false) : undefined;
}

function folderOf(target: { path: string; folder: boolean } | undefined): typeof target {
  if (!target) return undefined;
  const end = target.path.lastIndexOf('/');
  return { path: end <= 0 ? '.' : target.path.slice(0, end), folder: true };
}

/** A relative path that the expression is: a literal, `Path("x")`, `BASE_DIR / "x"`, `os.path.join(BASE_DIR, "x")`. */
function literalPath(place: Place, expr: Expr | undefined): string | undefined {
  const value = evaluate(place, expr, { name: (id) => (BASE.test(id) ? { type: 'path', text: '.' } : undefined) });
  const text = value === undefined || value === null ? undefined : str(value);
  const path = typeof value === 'string' || (typeof value === 'object' && value?.type === 'path') ? text : undefined;
  return path !== undefined && isRelative(path) ? path : undefined;
}

function isRelative(path: string): boolean {
  return /^(?:\.\/)?[\w][\w. -]*(?:\/[\w. -]+)*\/?$/.test(path) || path === '.';
}

function outermost(all: readonly Written[]): Written[] {
  const out: Written[] = [];
  for (const one of all) {
    if (out.some((o) => (o.folder ? isWithin(one.path, o.path) : o.path === one.path))) continue;
    if (one.folder) {
      for (let at = out.length - 1; at >= 0; at--) if (isWithin(out[at]?.path ?? '', one.path)) out.splice(at, 1);
    }
    out.push(one);
  }
  return out;
}
