/** What a failed step says is wrong, in one sentence; and what had been said of it before anything ran. */
import { posix } from 'node:path';
import type { Evidence } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import { literally } from '../system/pattern.ts';
import { runsSame } from './same-command.ts';

export interface Cause {
  /** `app/db.py:4: ModuleNotFoundError: No module named 'x'`. */
  readonly text: string;
  /** Last place in the repository that the traceback names. */
  readonly at?: { readonly path: string; readonly line: number };
}

/** The copy of the repository in a traceback. */
const COPY = /^.*\/nayek-verify-\w{6}\/(?!env-|tools\/|home\/|tmp\/)[^/"]+\//;
const FRAME = /^\s*File "([^"]+)", line (\d+)/;
/** The last line of a traceback. https://docs.python.org/3/library/traceback.html */
const RAISED =
  /^(?:\w+\.)*\w*(?:Error|Exception|Interrupt|Exit|NotFound|Refused|Undefined|ImproperlyConfigured|DoesNotExist|Disallowed)\w*(?:: .*|$)/;
/** One that is raised as an error; most of them are only printed. */
const WARNED = /^(?:\w+\.)*\w*Warning: ./;
/** What installers, shells and servers end with. */
const SAYS = [
  /^Current Python version .* is not allowed|^Package .* not found|requires "python_version"/,
  /^(?:ERROR|error|fatal|FATAL)\b:? (?!.*subprocess)./,
  /: command not found$/,
  /^.*: not found$/,
  /No such file or directory$/,
  /^error: subprocess-exited-with-error$/,
  // The program's own log. https://docs.python.org/3/library/logging.html#logging.basicConfig
  /^(?:\d{4}-\d\d-\d\d[ T][\d:,.]+ )?(?:ERROR|CRITICAL):[\w.]+: ?./,
];

/** Undefined where the output names none. Of several tracebacks the last counts. */
export function causeOf(lines: readonly string[]): Cause | undefined {
  const plain = lines.map((line) => line.replace(/^(?:\[[^\]]*\]\s*)+/, '').trimEnd());
  const end = plain.findLastIndex((line) => RAISED.test(line));
  if (end === -1) {
    for (const form of [...SAYS, WARNED]) {
      const text = plain.findLast((line) => form.test(line));
      if (text !== undefined) return { text: withPackage(text, plain).replace(COPY, '') };
    }
    return undefined;
  }
  const text = (plain[end] ?? '').trim();
  for (let i = end - 1; i >= 0; i--) {
    const [, named = '', line = ''] = FRAME.exec(plain[i] ?? '') ?? [];
    // As sys.path has it: `prepend_sys_path = .` gives `server/./app/config.py`.
    const file = posix.normalize(named);
    if (COPY.test(file) && !file.includes('/site-packages/')) {
      const at = { path: file.replace(COPY, ''), line: Number(line) };
      return { text: `${at.path}:${at.line}: ${text}`, at };
    }
    if (/^Traceback /.test(plain[i] ?? '')) break;
  }
  return { text };
}

/** pip names what could not be built in its folder alone, `/pip-install-x1y2z3/pycairo_<hash>/`, or where it began with it. */
function withPackage(text: string, lines: readonly string[]): string {
  if (!/^error: (?:metadata-generation-failed|subprocess-exited-with-error)$/.test(text)) return text;
  const begun = /\/pip-install-\w+\/([\w.-]+)_[0-9a-f]{32}\/|^\s*Collecting ([\w.-]+)/;
  const [, folder, collected] = begun.exec(lines.findLast((line) => begun.test(line)) ?? '') ?? [];
  const name = folder ?? collected;
  return name === undefined ? text : `${text} (${name})`;
}

/** Distributions that could not be built: `Failed to build installable wheels for some pyproject.toml based projects (x, y)`. */
function unbuiltIn(text: string): string[] {
  const [, names = ''] =
    /(?:build|metadata-generation-failed|subprocess-exited-with-error)\b.*\(([\w.-]+(?:, [\w.-]+)*)\)$/.exec(text) ??
    [];
  return names === '' ? [] : names.split(', ').map((name) => name.replaceAll('_', '-'));
}

/** Names in quotes, and the last word of a module path: what a warning about the same thing would name as well. */
function namesIn(text: string): string[] {
  // The class of an exception says what failed, and not of what.
  const quoted = [...text.replace(/<class '[^']*'>/g, '').matchAll(/['"`]([\w.\-/]{3,60})['"`]/g)].map(
    (m) => m[1] ?? '',
  );
  return [...new Set(quoted.flatMap((name) => [name, name.split('.')[0] ?? '']))].filter((name) => name.length > 2);
}

/** Messages that a warning foretells word for word. */
function quotes(said: string): string[] {
  return [...said.matchAll(/"([^"]{12,})"/g)].map(([, quoted = '']) => quoted);
}

/** The folder of the repository in which a file was not found. */
function missingFolder(text: string): string | undefined {
  const [, path = ''] = /No such file or directory: b?'([^']+)'/.exec(text) ?? [];
  const folder = posix.dirname(path.replace(COPY, ''));
  return folder === '.' || folder.startsWith('/') ? undefined : folder;
}

/** Settings and variables that a cause names. */
function settingsIn(text: string): string[] {
  return text.match(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/g) ?? [];
}

/** What the plan said of it: with the same place, of the same command or file, or with a name that the cause holds. `step`: what failed, with its command. */
export function foreseenIn(plan: Plan, { text, at }: Cause, step = ''): string | undefined {
  const written = (s: { readonly text: string; readonly at: Evidence }): string =>
    `${s.text} (${s.at.path}:${s.at.line})`;
  const found = plan.stops ?? [];
  const stops = found.map(written);
  const parts = plan.verdicts.flatMap((v) => (v.kind === 'manual' ? [v.reason, ...v.warnings] : v.warnings));
  const said = [...stops, ...plan.warnings, ...parts];
  const place = at && `${at.path}:${at.line}`;
  const folder = missingFolder(text);
  const names = namesIn(text).map((name) => new RegExp(`(?<![\\w.])${literally(name)}(?!\\w)`));
  const named = (s: string): boolean =>
    names.some((name) => name.test(s)) ||
    quotes(s).some((quoted) => text.includes(quoted)) ||
    (folder !== undefined && s.includes(` ${folder}/`));
  const here = place === undefined ? [] : said.filter((s) => s.includes(place));
  // A warning may stand at the place of a failure that a stop foretells by its name: `type "vector" does not exist`.
  const same = stops.find((s) => here.includes(s)) ?? (here.length > 0 ? stops.find(named) : undefined);
  if (same !== undefined) return same;
  // Of a warning the place is not enough: one line of code can fail for several reasons.
  const warned = here.find(named);
  if (warned !== undefined) return warned;
  const command = found.find((s) =>
    [...s.text.matchAll(/`([^`]+ [^`]+)`/g)].some(([, line = '']) => step.includes(line) || runsSame(line, step)),
  );
  const near = command ?? found.find((s) => s.at.path === at?.path);
  if (near) return written(near);
  const unbuilt = unbuiltIn(text).map((name) => new RegExp(`(?<![\\w-])${literally(name)}(?![\\w-])`, 'i'));
  const built = said.find((s) => unbuilt.some((name) => name.test(s)));
  if (built !== undefined) return built;
  const set = settingsIn(text);
  const about = [...stops, ...plan.warnings].find((s) => settingsIn(s).some((name) => set.includes(name)));
  if (about !== undefined) return about;
  return [...stops, ...parts].find(named);
}
