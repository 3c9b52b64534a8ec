/**
 * Commands that an installation of the project puts on the PATH.
 * https://packaging.python.org/en/latest/specifications/entry-points/#use-for-scripts
 */
import { forms } from '../knowledge/managers.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { iniOf, tomlOf } from '../syntax/documents.ts';
import { iniEntry, readIni } from '../syntax/ini.ts';
import type { Expr } from '../syntax/python/ast.ts';
import { parsePython } from '../syntax/python/lower.ts';
import { calls, entryValue, keyword, lastName, stringValue } from '../syntax/python/walk.ts';
import { tableIn } from '../syntax/toml.ts';

export interface ConsoleScript {
  readonly name: string;
  readonly module: string;
  readonly attr: string;
  /** The project file. */
  readonly path: string;
}

const READERS: readonly (readonly [
  RegExp,
  (repo: Snapshot, path: string) => readonly (readonly [string, string])[],
])[] = [
  [/(?:^|\/)pyproject\.toml$/, inProject],
  [/(?:^|\/)setup\.cfg$/, inSetupCfg],
  [/(?:^|\/)setup\.py$/, inSetupPy],
];

const kept = new WeakMap<Snapshot, readonly ConsoleScript[]>();

/** Console scripts of every pyproject.toml, setup.cfg and setup.py. */
export function consoleScripts(repo: Snapshot): readonly ConsoleScript[] {
  let known = kept.get(repo);
  if (!known) {
    known = repo.paths.flatMap((path) => {
      const read = READERS.find(([name]) => name.test(path))?.[1];
      return (read?.(repo, path) ?? []).flatMap(([name, target]): ConsoleScript[] => {
        const [, module, attr] = /^\s*([A-Za-z_][\w.]*):([A-Za-z_]\w*)/.exec(target) ?? [];
        return module && attr ? [{ name, module, attr, path }] : [];
      });
    });
    kept.set(repo, known);
  }
  return known;
}

const TABLES = forms.flatMap(({ scripts }) => (scripts ? [scripts] : []));

function inProject(repo: Snapshot, path: string): (readonly [string, string])[] {
  if (!repo.read(path)?.text.includes('scripts')) return [];
  const toml = tomlOf(repo, path)?.value;
  return TABLES.flatMap((table) =>
    Object.entries(tableIn(toml, ...table)).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    ),
  );
}

/** https://setuptools.pypa.io/en/latest/userguide/entry_point.html */
function inSetupCfg(repo: Snapshot, path: string): (readonly [string, string])[] {
  const ini = repo.read(path)?.text.includes('console_scripts') ? iniOf(repo, path) : undefined;
  return pairs(ini && iniEntry(ini, 'options.entry_points', 'console_scripts')?.value);
}

/** Literal `entry_points` of `setup(…)`: the file is parsed, never run. */
function inSetupPy(repo: Snapshot, path: string): (readonly [string, string])[] {
  const text = repo.read(path)?.text ?? '';
  if (!text.includes('console_scripts')) return [];
  return calls(parsePython(text).body).flatMap(({ call }) => {
    const given = lastName(call.func) === 'setup' ? keyword(call, 'entry_points') : undefined;
    if (given?.kind !== 'dict')
      return readIni(stringValue(given) ?? '').entries.flatMap(({ section, key, value }) =>
        section === 'console_scripts' ? [[key, value] as const] : [],
      );
    const list = entryValue(given, 'console_scripts');
    return list ? listed(list).flatMap(pairs) : [];
  });
}

function listed(expr: Expr): (string | undefined)[] {
  return expr.kind === 'list' || expr.kind === 'tuple'
    ? expr.items.map((item) => stringValue(item))
    : [stringValue(expr)];
}

/** `name = module:attr`, one a line. */
function pairs(text: string | undefined): (readonly [string, string])[] {
  return (text ?? '').split('\n').flatMap((line) => {
    const at = line.indexOf('=');
    return at < 1 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1)] as const];
  });
}
