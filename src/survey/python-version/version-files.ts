/** Files that fix the version of Python, and what in them cannot be taken as one. */
import { forms } from '../../knowledge/managers.ts';
import type { Evidence } from '../../model/facts.ts';
import { basename } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { tomlOf } from '../../syntax/documents.ts';
import { valueIn } from '../../syntax/toml.ts';
import { say } from '../../system/say.ts';

/** What a file says, or tries to. */
export interface Statement {
  readonly version?: string;
  /** What is wrong with it, as a sentence. */
  readonly fault?: string;
  readonly at: Evidence;
}

type Reader = (repo: Snapshot, path: string) => Statement | undefined;

const VERSION = /^(?:cpython[-@])?(3\.\d+(?:\.\d+)?)$/;
/** A version as some other file, or another tool, would have it. */
const NEARLY = /^(?:python[-@]?|cpython[-@]?|v)?(3\.\d+(?:\.\d+)?)(?:\.[x*])?$/i;
const SHOWN = 40;

/** Readers by the name of the file, in the order in which they count within one folder. */
export const FIXING: readonly (readonly [string, Reader])[] = [
  ['.python-version', (repo, path) => words(repo, path, (line) => line.split(/\s+/))],
  ['runtime.txt', (repo, path) => words(repo, path, (line) => [line.replace(/^python-(?=3\.)/, '')])],
  ['.tool-versions', toolVersions],
  ...forms.filter((f) => f.python?.says === 'version').map(({ names }) => [names[0] ?? '', projectVersion] as const),
];

/**
 * Lines of versions; comments and empty lines do not count. pyenv takes the first of several, others refuse the file.
 * https://github.com/pyenv/pyenv/blob/master/README.md https://devcenter.heroku.com/articles/python-runtimes
 */
function words(repo: Snapshot, path: string, split: (line: string) => readonly string[]): Statement {
  const file = repo.read(path);
  if (!file) return { fault: say`${path} is no text in UTF-8.`, at: { path, line: 1 } };
  const lines = file.text.split(/\r?\n/);
  const all = lines.flatMap((line, index) => {
    const text = line.trim();
    return text === '' || text.startsWith('#')
      ? []
      : split(text).map((word) => ({ word, at: { path, line: index + 1 } }));
  });
  const [only, ...more] = all;
  if (!only) return { fault: say`${path} names no version.`, at: { path, line: 1 } };
  const found = all.find(({ word }) => VERSION.test(word)) ?? all.find(({ word }) => NEARLY.test(word));
  const version = found && NEARLY.exec(found.word)?.[1];
  if (!found || version === undefined) return { fault: noVersion(path, only.word), at: only.at };
  const { at, word } = found;
  if (more.length > 0)
    return { version, at, fault: say`${path} names several versions, of which ${version} is taken.` };
  if (file.encoding !== 'utf-8' || file.bom)
    return { version, at, fault: say`${path} is not plain UTF-8 (${file.encoding}): other tools may not read it.` };
  return VERSION.test(word)
    ? { version, at }
    : { version, at, fault: say`${path} says ${shown(word)} for ${version}.` };
}

function noVersion(path: string, word: string): string {
  if (/^(?:pypy|graalpy|jython|stackless|miniconda|anaconda|miniforge|mambaforge)/i.test(word))
    return say`${path} names ${shown(word)}, which is not CPython.`;
  return say`${path} names no version of Python 3: ${shown(word)}.`;
}

function shown(word: string): string {
  const plain = JSON.stringify(word)
    .slice(1, -1)
    .replace(/[^ -~]/g, '?');
  return plain.length > SHOWN ? `${plain.slice(0, SHOWN)}…` : plain;
}

/** https://asdf-vm.com/manage/configuration.html#tool-versions */
function toolVersions(repo: Snapshot, path: string): Statement | undefined {
  const lines = (repo.read(path)?.text ?? '').split(/\r?\n/);
  const index = lines.findIndex((line) => /^\s*python\s/.test(line));
  const word = /^\s*python\s+([^\s#]+)/.exec(lines[index] ?? '')?.[1];
  if (word === undefined) return undefined;
  const at = { path, line: index + 1 };
  const version = VERSION.exec(word)?.[1];
  return version === undefined ? { fault: noVersion(path, word), at } : { version, at };
}

/** The version in use, of a project file that names one. */
function projectVersion(repo: Snapshot, path: string): Statement | undefined {
  const found = pythonKey(repo, path, 'version');
  if (!found || found.value === '*') return undefined;
  const { value, at } = found;
  if (/^3\.\d+/.test(value)) return { version: value, at };
  return /^3?$|^[<>=~!^]/.test(value) ? undefined : { fault: noVersion(path, value), at };
}

/** What a project file of this name says of Python, by the keys of its kinds. */
export function pythonKey(
  repo: Snapshot,
  path: string,
  says: 'version' | 'specifier',
): { readonly value: string; readonly at: Evidence } | undefined {
  const text = repo.read(path)?.text;
  const toml = text?.includes('python') ? tomlOf(repo, path) : undefined;
  if (!toml) return undefined;
  const name = basename(path);
  for (const { names, python } of forms) {
    if (!names.includes(name) || python?.says !== says) continue;
    for (const key of python.keys) {
      const value = valueIn(toml.value, key);
      if (typeof value === 'string') return { value, at: { path, line: toml.line(...key) ?? 1 } };
    }
  }
  return undefined;
}
