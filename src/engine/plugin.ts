/**
 * Parts from ES modules: somebody's own transforms and emitters, by path or as an npm package. They are code, which runs
 * as the person who calls nayek: only those that the command line or a recipe names are loaded, and none that lies in the
 * repository that is patched, unless the command line itself names it.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import type { Outcome, Part } from '../model/transform.ts';
import { contains } from '../system/contains.ts';
import { NayekError } from '../system/errors.ts';
import { askedFor, lastAskedFor } from '../system/last-file.ts';
import { literally } from '../system/pattern.ts';
import { isRecord } from '../system/record.ts';
import { say } from '../system/say.ts';

/** Where a part comes from. */
export interface Origin {
  /** Absolute, without links. */
  readonly file: string;
  /** Of its bytes, hexadecimal. */
  readonly sha256: string;
}

const ORIGINS = new WeakMap<Part, Origin>();

/** The module that a part comes from; undefined for the others. */
export function originOf(part: Part): Origin | undefined {
  return ORIGINS.get(part);
}

/**
 * The parts that a module exports, as they are or in lists. Its code runs, unless `allow` throws.
 * @param module a path, or the name of a package, both looked up from `folder` (absolute)
 * @param allow told which file (absolute, without links) is about to be run
 * @throws NayekError `plugin`
 */
export async function loadPlugin(module: string, folder: string, allow: Allow = () => undefined): Promise<Part[]> {
  const file = fileOf(module, folder);
  allow(file);
  const fail = (why: string, cause?: unknown): never => {
    throw new NayekError('plugin', `${module}: ${why}`, { cause });
  };
  let exported: Record<string, unknown>;
  let sha256: string;
  try {
    sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
    exported = await importModule(file);
  } catch (cause) {
    const { code } = (cause ?? {}) as NodeJS.ErrnoException;
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION')
      return fail(say`this Node reads no TypeScript: 22.18 and later do`, cause);
    const line = lineIn(file, cause);
    const at = line === undefined ? module : `${module}:${line}`;
    throw new NayekError('plugin', `${at}: ${whyOf(cause)}`, { cause });
  }
  const found = [...new Set(Object.values(exported).flatMap((value) => (Array.isArray(value) ? value : [value])))];
  const parts = found.filter((value): value is Part => isRecord(value) && typeof value.plan === 'function');
  if (parts.length === 0) return fail(say`exports no part: an object with id, summary, source, options and plan`);
  return parts.map((part) => {
    const problem = problemOf(part);
    if (problem) return fail(problem);
    const plan = (...given: Parameters<Part['plan']>): readonly Outcome[] => {
      askedFor(undefined);
      try {
        return checkedOutcomes(part.plan(...given));
      } catch (error) {
        throw new PluginError(file, error);
      }
    };
    const prepare = async (): Promise<void> => {
      askedFor(undefined);
      try {
        await part.prepare?.();
      } catch (cause) {
        throw new NayekError('plugin', `${part.id}: ${new PluginError(file, cause).message}`, { cause });
      }
    };
    const checked = { ...part, plan, prepare };
    ORIGINS.set(checked, { file, sha256 });
    return checked;
  });
}

/** What a part of somebody's own has thrown, in one line: where it stands, and which file it was about. */
export class PluginError extends Error {
  constructor(file: string, cause: unknown) {
    const [why, at, about] = [whyOf(cause), placeIn(file, cause), lastAskedFor()];
    super(about === undefined ? `${at}: ${why}` : say`${at}: ${why} (the last file that it asked for is ${about})`, {
      cause,
    });
  }
}

/** The first line of what somebody's code has thrown, which may be anything: a text, a record, nothing. */
function whyOf(cause: unknown): string {
  const message: unknown = isRecord(cause) ? cause.message : cause;
  const text = typeof message === 'string' ? message : inspect(cause, { breakLength: Number.POSITIVE_INFINITY });
  return text.split('\n')[0] ?? '';
}

/** The innermost line of a module, or of those that lie beside it, in a stack; the module where there is none. */
function placeIn(file: string, error: unknown): string {
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').slice(1) : [];
  const places = frames.flatMap((frame) => {
    const [, url, line] = /(file:\/\/[^\s()]+?):(\d+):\d+\)?$/.exec(frame.trim()) ?? [];
    if (url === undefined) return [];
    const at = fileURLToPath(url.replace(/\?.*$/, ''));
    return [{ at, shown: `${shownPath(at)}:${line}` }];
  });
  const home = path.dirname(file);
  const own = places.find(({ at }) => at === file) ?? places.find(({ at }) => contains(home, at));
  return own?.shown ?? shownPath(file);
}

/** The 1-based line of a module that a stack names first; of a syntax error Node tells it only where it runs nothing. */
function lineIn(file: string, error: unknown): string | undefined {
  const known = new RegExp(`(?:${literally(pathToFileURL(file).href)}|${literally(file)}):(\\d+)`);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const line = known.exec(stack)?.[1];
  if (line !== undefined || !(error instanceof SyntaxError)) return line;
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: 10_000, env: {} });
  return known.exec(stderr ?? '')?.[1];
}

/** From the current folder, where the file lies below it. */
function shownPath(file: string): string {
  const here = realpathSync(process.cwd());
  return contains(here, file) ? path.relative(here, file) : file;
}

/** Throws where the code of a file may not run. */
export type Allow = (file: string) => void;

/**
 * Refuses files of the repositories that are patched, but those of modules that the command line itself names.
 * @param roots folders of the repositories
 * @param named modules, as the command line names them
 * @param checked true where the repository is not patched: a recipe in it is looked at
 */
export function foreignTo(roots: readonly string[], named: readonly string[], checked = false): Allow {
  const known = new Set(named.map((module) => fileOf(module, process.cwd())));
  return (file) => {
    if (known.has(file) || !roots.some((root) => contains(realpathSync(root), file))) return;
    const hint = say`read it, then name it with --plugin`;
    const why = checked
      ? say`${file} lies in the repository of the recipe: a recipe alone does not run it`
      : say`${file} lies in the repository that is patched: a recipe alone does not run it`;
    throw new NayekError('plugin', why, { hint });
  };
}

/**
 * The same for parts that have been loaded.
 * @throws NayekError `plugin`
 */
export function assertForeign(parts: readonly Part[], root: string, named: readonly string[]): void {
  const allow = foreignTo([root], named);
  for (const part of parts) {
    const file = originOf(part)?.file;
    if (file !== undefined) allow(file);
  }
}

/** @throws NayekError `plugin` when there is none */
function fileOf(module: string, folder: string): string {
  const wanted = /^\.{0,2}[\\/]|^[A-Za-z]:|\.[cm]?[jt]s$/.test(module)
    ? path.resolve(folder, module)
    : packageEntry(module, folder);
  const hint = say`give the path of an ES module, or install the package`;
  let file: string;
  try {
    file = realpathSync(wanted ?? module);
  } catch (cause) {
    throw new NayekError('plugin', say`${module} is not there`, { hint, cause });
  }
  if (!statSync(file).isDirectory()) return file;
  const held = readdirSync(file)
    .filter((name) => MODULE.test(name))
    .sort();
  const one = say`name the module in it: ${held.map((name) => path.join(module, name)).join(', ')}`;
  throw new NayekError('plugin', say`${module} is a folder`, { hint: held.length > 0 ? one : hint });
}

/** Names of ES modules that may hold parts. */
export const MODULE = /(?<!\.d)\.(?:mjs|js|mts|ts)$/;

/** The file that `import` of a package means. https://nodejs.org/api/packages.html#package-entry-points */
function packageEntry(name: string, folder: string): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    const home = path.join(at, 'node_modules', name);
    if (existsSync(path.join(home, 'package.json'))) {
      const { exports: entries, main } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'));
      const top = isRecord(entries) && '.' in entries ? entries['.'] : entries;
      return path.join(home, target(top) ?? main ?? 'index.js');
    }
    if (at === path.dirname(at)) return undefined;
  }
}

function target(entry: unknown): string | undefined {
  if (typeof entry === 'string') return entry;
  if (!isRecord(entry)) return undefined;
  return target(entry.node) ?? target(entry.import) ?? target(entry.default);
}

/** In the bundle a script beside it imports: code that V8 has compiled before cannot. */
async function importModule(file: string): Promise<Record<string, unknown>> {
  const url = pathToFileURL(file).href;
  const here = typeof __dirname === 'string' ? __dirname : path.dirname(fileURLToPath(import.meta.url));
  const beside = path.join(here, 'import.cjs');
  if (!existsSync(beside)) return import(url);
  const api = pathToFileURL(path.join(here, 'index.js')).href;
  return createRequire(beside)(beside).load(url, api);
}

function problemOf(part: Part): string | undefined {
  const { id, summary, source, options } = part as Partial<Part>;
  if (typeof id !== 'string' || !/^[a-z0-9][a-z0-9-]*$/.test(id)) return say`a part has no id in kebab-case`;
  if (typeof summary !== 'string') return say`part ${id} has no summary`;
  if (typeof source !== 'string') return say`part ${id} has no source: the URL that justifies it`;
  const plain = isRecord(options) && Object.values(options).every((o) => isRecord(o) && typeof o.help === 'string');
  return plain ? undefined : say`options of part ${id} are not a mapping of name to default and help`;
}

/** What somebody's code returns may be anything. */
function checkedOutcomes(outcomes: readonly Outcome[]): readonly Outcome[] {
  if (!Array.isArray(outcomes)) throw new Error(say`plan returns no list of outcomes`);
  for (const outcome of outcomes as unknown[]) {
    if (!isRecord(outcome) || typeof outcome.reason !== 'string') throw new Error(say`an outcome has no reason`);
    if (!KINDS.has(String(outcome.kind))) throw new Error(say`${String(outcome.kind)} is no kind of an outcome`);
    if (!Array.isArray(outcome.at)) throw new Error(say`an outcome has no list \`at\``);
    const edits: unknown[] = Object.values((outcome.edits ?? {}) as object).flat();
    if (!edits.every(isEdit)) throw new Error(say`an edit is not of start <= end and a text`);
    const created: unknown[] = Object.values((outcome.creates ?? {}) as object);
    if (created.some((text) => typeof text !== 'string')) throw new Error(say`a file to create is no text`);
  }
  return outcomes;
}

function isEdit(edit: unknown): boolean {
  const { start, end, text } = edit as { start: number; end: number; text: string };
  const fits = Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end;
  return fits && typeof text === 'string';
}

const KINDS: ReadonlySet<string> = new Set(['edits', 'satisfied', 'skipped', 'manual']);
