/** A SQLite file in a folder that nothing makes: SQLite makes the file, and never the folder. */
import type { Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { type Site, sites } from '../../python/sites.ts';
import { wholeTemplate } from '../../python/template.ts';
import { staticString } from '../../python/text.ts';
import { dirname, join, resolve } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { Expr } from '../../syntax/python/ast.ts';
import { entryValue, stringValue } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { requirementsOf } from '../dependencies/installed.ts';
import { admitsFrom } from '../dependencies/versions.ts';
import { filePath } from '../file-paths.ts';
import { mayMakeFolder } from '../made-folders.ts';
import type { Note } from './note.ts';

/** `sqlite:///./data/app.db`: a path from the folder that the service runs in, below a folder. */
const URL = /^sqlite(?:\+\w+)?:\/\/\/(?!\/)(?:\.\/)?((?:[\w-]+\/)+)[\w.-]+$/;
/** What stands before a path that is put in. */
const SCHEME = /^sqlite(?:\+\w+)?:\/\/\/$/;
const MENTIONS = /sqlite(?:\+\w+)?:\/\/\/|\bsqlite3\b/;
/** Settings of several environments in one file: which of them is in force is not followed here. */
const SETTINGS = /\bSQLALCHEMY_DATABASE_UR[IL]\s*=/g;

/** At most one, where SQLite is the database. https://www.sqlite.org/c3ref/open.html */
export function sqliteFolder(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  files: readonly string[],
): Note | undefined {
  const { database, root } = service;
  const home = database?.kind === 'sqlite' ? homeOf(repo, service) : undefined;
  if (home === undefined) return undefined;
  for (const path of repo.matching(files, MENTIONS)) {
    for (const site of sites(modules, path, mayName, MENTIONS)) {
      const folder = folderOf(site, home, root);
      if (folder === undefined || folder === root || folder === '' || repo.hasFolder(folder)) continue;
      if (isOneOfSeveral(site, modules.module(path)?.text ?? '')) continue;
      if (mayMakeFolder(repo, modules, service, files, folder)) continue;
      const text = say`The SQLite file lies in ${folder}/, which the repository does not hold and nothing makes: "unable to open database file". Let the build command make it (mkdir -p ${folder}).`;
      return { text, at: { path, line: site.expr.line }, stops: true };
    }
  }
  return undefined;
}

/**
 * The folder that a relative path is taken from. Flask-SQLAlchemy: the application's own before 3.0, then the instance
 * folder, which it makes; undefined where that may be another.
 * https://flask-sqlalchemy.palletsprojects.com/en/stable/config/#connection-url-format
 */
function homeOf(repo: Snapshot, service: Service): string | undefined {
  const { entry, root } = service;
  const [listed] = requirementsOf(service, 'flask-sqlalchemy');
  if (entry.framework !== 'flask' || !listed) return root;
  const text = repo.read(entry.path)?.text ?? '';
  if (!/\bFlask\(\s*__name__\s*\)/.test(text)) return undefined;
  const own = dirname(entry.path);
  if (!admitsFrom(listed.specifier, '3.0')) return own;
  // https://flask.palletsprojects.com/en/stable/config/#instance-folders
  let above = own;
  while (above !== root && repo.has(join(above, '__init__.py'))) above = dirname(above);
  return join(above, 'instance');
}

function mayName({ kind }: Expr): boolean {
  return kind === 'string' || kind === 'dict' || kind === 'binary' || kind === 'call';
}

function isOneOfSeveral({ around }: Site, text: string): boolean {
  return around.some((s) => s.kind === 'class') && (text.match(SETTINGS)?.length ?? 0) > 1;
}

/** The folder of the file that a URL, or a dict of Django's settings, names; undefined where that is not certain. */
function folderOf(site: Site, home: string, root: string): string | undefined {
  const { expr } = site;
  const written = stringValue(expr);
  if (written !== undefined) return relative(home, written);
  const { pieces = [], holes = [] } = wholeTemplate(site) ?? {};
  const [hole] = holes;
  if (hole && holes.length === 1 && SCHEME.test(pieces[0] ?? '')) {
    const text = staticString(site, hole);
    if (text !== undefined) return relative(home, `${pieces[0]}${text}${pieces[1]}`);
    const base = filePath(site, hole, root);
    return base === undefined ? undefined : dirname(`${base}${pieces[1]}`);
  }
  if (expr.kind !== 'dict') return undefined;
  if (!/\.sqlite3$/.test(stringValue(entryValue(expr, 'ENGINE')) ?? '')) return undefined;
  const named = entryValue(expr, 'NAME');
  const file = named && filePath(site, named, root);
  return file === undefined ? undefined : dirname(file);
}

/** Of a URL with a relative path below a folder. */
function relative(home: string, url: string): string | undefined {
  const below = URL.exec(url)?.[1];
  return below === undefined || /(?:^|[/_-])tests?(?:[/_-]|$)/.test(below)
    ? undefined
    : resolve(home, below.slice(0, -1));
}
