/** A SQLite file in a folder that nothing makes: SQLite makes the file, and never the folder. */
import type { Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { type Site, sites } from '../../python/sites.ts';
import { dirname, resolve } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { entryValue, stringValue } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { filePath } from '../file-paths.ts';
import { mayMakeFolder } from '../made-folders.ts';
import type { Note } from './note.ts';

/** `sqlite:///./data/app.db`: a path from the folder that the service runs in, below a folder. */
const URL = /^sqlite(?:\+\w+)?:\/\/\/(?!\/)(?:\.\/)?((?:[\w-]+\/)+)[\w.-]+$/;
const MENTIONS = /sqlite(?:\+\w+)?:\/\/\/|\bsqlite3\b/;

/** At most one, where SQLite is the database. https://www.sqlite.org/c3ref/open.html */
export function sqliteFolder(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  files: readonly string[],
): Note | undefined {
  const { database, entry, root } = service;
  // Flask-SQLAlchemy looks in its instance folder.
  if (database?.kind !== 'sqlite' || entry.framework === 'flask') return undefined;
  for (const path of repo.matching(files, MENTIONS)) {
    for (const site of sites(modules, path, ({ kind }) => kind === 'string' || kind === 'dict', MENTIONS)) {
      const folder = folderOf(site, root);
      if (folder === undefined || folder === root || folder === '' || repo.hasFolder(folder)) continue;
      if (mayMakeFolder(repo, modules, service, files, folder)) continue;
      const text = say`The SQLite file lies in ${folder}/, which the repository does not hold and nothing makes: "unable to open database file". Let the build command make it (mkdir -p ${folder}).`;
      return { text, at: { path, line: site.expr.line }, stops: true };
    }
  }
  return undefined;
}

/** The folder of the file that a URL, or a dict of Django's settings, names; undefined where that is not certain. */
function folderOf(site: Site, root: string): string | undefined {
  const { expr } = site;
  if (expr.kind === 'string') {
    const below = URL.exec(stringValue(expr) ?? '')?.[1];
    return below === undefined ? undefined : resolve(root, below.slice(0, -1));
  }
  if (expr.kind !== 'dict') return undefined;
  if (!/\.sqlite3$/.test(stringValue(entryValue(expr, 'ENGINE')) ?? '')) return undefined;
  const named = entryValue(expr, 'NAME');
  const file = named && filePath(site, named, root);
  return file === undefined ? undefined : dirname(file);
}
