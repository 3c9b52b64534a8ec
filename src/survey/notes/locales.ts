/** A locale that is set when the service starts, and that small images and platforms do not have. */
import type { Service } from '../../model/facts.ts';
import { externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { staticString } from '../../python/text.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { keyword, positional } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { callsAtStart } from '../at-import.ts';
import { deploymentFiles } from '../deployment-files.ts';
import type { Note } from './note.ts';

/** Locales of every system; the empty name is that of the environment. https://docs.python.org/3/library/locale.html */
const EVERYWHERE = /^(?:|C|POSIX|C\.(?:UTF-?8|utf-?8))$/;
const SETS = /\bsetlocale\b/;
/** What brings more of them. https://manpages.debian.org/bookworm/locales/locale-gen.8.en.html */
const BRINGS = /locale-gen|localedef|locales-all|update-locale|locale\.gen|language-pack|heroku-buildpack-locale/;
const SETTINGS = /(?:^|\/)(?:\.locales|Aptfile|app\.json|cloud-init[\w.-]*|[\w.-]+\.ya?ml)$/;

/** At most one: the first stops the rest. */
export function missingLocale(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  files: readonly string[],
): Note | undefined {
  if (repo.matching(files, SETS).length === 0) return undefined;
  for (const place of callsAtStart(modules, service.entry)) {
    if (externalName(place, place.expr.func) !== 'locale.setlocale') continue;
    const named = keyword(place.expr, 'locale') ?? positional(place.expr)[1];
    const name = named && staticString(place, named);
    if (name === undefined || EVERYWHERE.test(name)) continue;
    if (repo.paths.includes('.locales') || repo.matching(deploymentFiles(repo, SETTINGS), BRINGS).length > 0) {
      return undefined;
    }
    const text = say`The locale ${name} is asked for when the service starts: where the system has none of that name, as Debian's slim images, locale.Error ends it. Install it in the image (locales, locale-gen), or catch the error.`;
    return { text, at: { path: place.path, line: place.expr.line } };
  }
  return undefined;
}
