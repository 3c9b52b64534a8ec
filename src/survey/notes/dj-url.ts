/** dj_database_url.config takes the name of a variable: given the address itself, it finds nothing. */

import type { Service } from '../../model/facts.ts';
import { externalName } from '../../python/definition.ts';
import { envAccess } from '../../python/env-access.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { calls, descend, keyword, positional } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { djangoModules } from '../django-apps.ts';
import type { Note } from './note.ts';

/** At most one. https://github.com/jazzband/dj-database-url#usage */
export function addressAsName(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  files: readonly string[],
): Note | undefined {
  const all = [...new Set([...files, ...djangoModules(repo, modules, service)])];
  for (const path of repo.matching(all, /\bdj_database_url\b/)) {
    for (const { call, around } of calls(modules.module(path)?.body ?? [], /\bconfig\b/)) {
      const place = { modules, path, around };
      if (externalName(place, call.func) !== 'dj_database_url.config') continue;
      const named = positional(call)[0] ?? keyword(call, 'env');
      if (!named || ![...descend(named)].some((e) => envAccess(place, e))) continue;
      const text = say`dj_database_url.config takes the name of a variable, and gets the address in it: no database is found, and Django stops with ImproperlyConfigured. Call dj_database_url.parse, or pass default=.`;
      return { text, at: { path, line: call.line }, stops: true };
    }
  }
  return undefined;
}
