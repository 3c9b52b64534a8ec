/** A file that is made when the service starts, in a folder that nothing makes: what makes the file never makes the folder. */
import { FILE_MAKERS, HUEY_SETTING, MENTIONS_MAKER } from '../../knowledge/file-makers.ts';
import type { Evidence, Service } from '../../model/facts.ts';
import { definitionOf, externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { type Located, located, topOf } from '../../python/place.ts';
import { makerOf, meaningOf } from '../../python/values.ts';
import { dirname } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { Expr } from '../../syntax/python/ast.ts';
import { entryValue, keyword, positional, stringValue } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { callsAtImport, callsAtStart, type RunningCall } from '../at-import.ts';
import { djangoModules, djangoNames } from '../django-apps.ts';
import { settingsFiles } from '../django-settings.ts';
import { surelyRunning } from '../executed.ts';
import { filePath } from '../file-paths.ts';
import { mayMakeFolder } from '../made-folders.ts';
import type { Note } from './note.ts';

/** What makes a file, and the expression that names it. */
interface Making {
  readonly maker: string;
  readonly file: Located;
  readonly at: Evidence;
}

/** `open(path, "w")`, `path.write_text(…)` */
const WRITES = /\bopen\s*\([^\n]*["'][wax]|\.write_(?:text|bytes)\s*\(/;
/** The settings are changed behind the assignment; what does not touch the handlers leaves their files. */
const CHANGED =
  /\b(?:LOGGING|HUEY)\s*(?:\[(?!\s*["'](?:root|loggers|formatters|filters)["'])|\.|\|)|\bdel\s+(?:LOGGING|HUEY)\b/;

/** One note for each folder. */
export function madeFiles(repo: Snapshot, modules: ModuleGraph, service: Service, files: readonly string[]): Note[] {
  const settings = settingsFiles(repo, modules, service) ?? [];
  const all = [...new Set([...files, ...settings])];
  if (repo.matching(all, MENTIONS_MAKER).length === 0 && repo.matching(all, WRITES).length === 0) return [];
  const out = new Map<string, Note>();
  for (const { maker, file, at } of makings(repo, modules, service, settings)) {
    const text = stringValue(file.expr) ?? '';
    const path = text.startsWith('file:') || text === ':memory:' ? undefined : filePath(file, file.expr, service.root);
    const folder = path === undefined ? '' : dirname(path);
    if (folder === '' || folder === service.root || out.has(folder) || repo.hasFolder(folder)) continue;
    if (mayMakeFolder(repo, modules, service, all, folder)) continue;
    const says =
      Object.hasOwn(FILE_MAKERS, maker) && FILE_MAKERS[maker]?.sqlite ? ' "unable to open database file".' : '';
    const sentence = say`${maker} makes its file in ${folder}/, which the repository does not hold and nothing makes: the service does not start.${says} Let the build command make it (mkdir -p ${folder}).`;
    out.set(folder, { text: sentence, at, stops: true });
  }
  return [...out.values()];
}

function makings(repo: Snapshot, modules: ModuleGraph, service: Service, settings: readonly string[]): Making[] {
  const started = [
    ...callsAtStart(modules, service.entry),
    ...djangoModules(repo, modules, service).flatMap((path) => callsAtImport(modules, path)),
  ];
  const configs = started.flatMap((place) => {
    const [given] = positional(place.expr);
    return given && externalName(place, place.expr.func) === 'logging.config.dictConfig' ? [located(place, given)] : [];
  });
  return [
    ...started.flatMap((place) => ofCall(place)),
    ...configs.flatMap((config) => ofLogging(config)),
    ...ofSettings(repo, modules, service, settings),
  ];
}

function ofCall(place: RunningCall): Making[] {
  const { expr, path } = place;
  const at = { path, line: expr.line };
  const written = writtenBy(place);
  if (written) return [{ ...written, at }];
  const { func } = expr;
  const named = externalName(place, func) ?? '';
  const row = Object.hasOwn(FILE_MAKERS, named) ? FILE_MAKERS[named] : undefined;
  if (row && !row.by && !isTrue(keyword(expr, 'delay'))) {
    const file = keyword(expr, row.keyword) ?? positional(expr)[row.at];
    return file ? [{ maker: named, file: located(place, file), at }] : [];
  }
  if (func.kind !== 'attribute' || func.attr !== 'connect') return [];
  const made = makerOf(place, func.value);
  const maker = (made && externalName(made, made.call.func)) ?? '';
  const late = Object.hasOwn(FILE_MAKERS, maker) ? FILE_MAKERS[maker] : undefined;
  const file =
    made && late?.by?.includes(func.attr)
      ? (keyword(made.call, late.keyword) ?? positional(made.call)[late.at])
      : undefined;
  return made && file ? [{ maker, file: located(made, file), at }] : [];
}

/** The file that a call of `open` or of a path writes anew. */
function writtenBy(place: RunningCall): Pick<Making, 'maker' | 'file'> | undefined {
  const { func } = place.expr;
  const [first, second] = positional(place.expr);
  const mode = (at: Expr | undefined): boolean => /^[wax]/.test(stringValue(keyword(place.expr, 'mode') ?? at) ?? '');
  if (func.kind === 'name') {
    if (func.id !== 'open' || !first || definitionOf(place, func) || !mode(second)) return undefined;
    return { maker: 'open', file: located(place, first) };
  }
  if (func.kind !== 'attribute') return undefined;
  const writes = /^write_(?:text|bytes)$/.test(func.attr) || (func.attr === 'open' && mode(first));
  return writes ? { maker: func.attr, file: located(place, func.value) } : undefined;
}

/** https://docs.djangoproject.com/en/stable/ref/settings/#logging, and Huey's own setting. */
function ofSettings(repo: Snapshot, modules: ModuleGraph, service: Service, settings: readonly string[]): Making[] {
  if (repo.matching(settings, CHANGED).length > 0) return [];
  const set = new Map<string, Located>();
  for (const path of settings.toReversed()) {
    for (const stmt of surelyRunning(modules.module(path)?.body ?? [])) {
      const [target] = stmt.kind === 'assign' && stmt.op === '=' ? stmt.targets : [];
      if (stmt.kind === 'assign' && target?.kind === 'name' && stmt.value)
        set.set(target.id, located(topOf(modules, path), stmt.value));
    }
  }
  const own = set.get('LOGGING_CONFIG');
  const logging = own ? undefined : set.get('LOGGING');
  const huey = set.get(HUEY_SETTING.name);
  const app = huey && djangoNames(repo, modules, service).some(({ module }) => module === HUEY_SETTING.app);
  return [
    ...(logging ? ofLogging(logging) : []),
    ...(huey && app ? ofDict(huey, HUEY_SETTING.kind, HUEY_SETTING.file) : []),
  ];
}

/** The handlers of a configuration: all are made, used or not. https://docs.python.org/3/library/logging.config.html */
function ofLogging(config: Located): Making[] {
  const dict = dictOf(config);
  const handlers = dict?.expr.kind === 'dict' ? entryValue(dict.expr, 'handlers') : undefined;
  const all = dict && handlers ? dictOf(located(dict, handlers)) : undefined;
  if (all?.expr.kind !== 'dict') return [];
  return all.expr.entries.flatMap(({ key, value }) => (key ? ofDict(located(all, value), 'class', 'filename') : []));
}

/** `{"class": "logging.FileHandler", "filename": …}` */
function ofDict(place: Located, kind: string, file: string): Making[] {
  const dict = dictOf(place);
  if (dict?.expr.kind !== 'dict' || isTrue(entryValue(dict.expr, 'delay'))) return [];
  const maker = stringValue(entryValue(dict.expr, kind)) ?? '';
  const named = entryValue(dict.expr, file);
  if (!named || !Object.hasOwn(FILE_MAKERS, maker)) return [];
  return [{ maker, file: located(dict, named), at: { path: dict.path, line: named.line } }];
}

function dictOf(place: Located): Located | undefined {
  if (place.expr.kind === 'dict') return place;
  const meant = meaningOf(place, place.expr);
  return meant?.kind === 'value' && meant.expr.kind === 'dict' ? meant : undefined;
}

function isTrue(expr: Expr | undefined): boolean {
  return expr !== undefined && !(expr.kind === 'constant' && expr.value === false);
}
