/** Puts an upper bound on a requirement that a file lists, by ranges; undefined where the place is not clear. */
import { type DependencyForm, formOf } from '../knowledge/managers.ts';
import { compareVersions, lowerBound } from '../survey/dependencies/versions.ts';
import type { Edit } from '../syntax/edit.ts';
import { normalizeName, type ParsedRequirement, parseRequirement, readRequirements } from '../syntax/requirements.ts';
import { readInstallRequires } from '../syntax/setup-cfg.ts';
import { readToml, type Toml, tableIn } from '../syntax/toml.ts';

/** `range` is '<2.1'; a pin takes no bound. Every entry of the name in the file is narrowed. */
export function narrowed(text: string, form: DependencyForm, name: string, range: string): Edit[] | undefined {
  const { grammar } = formOf(form);
  const edits = grammar === 'toml' ? inToml(text, form, name, range) : inLines(text, grammar, name, range);
  return edits && edits.length > 0 ? edits : undefined;
}

function inLines(text: string, grammar: string, name: string, range: string): Edit[] | undefined {
  const found: ParsedRequirement[] =
    grammar === 'requirements'
      ? readRequirements(text).filter((l) => l.kind === 'requirement')
      : grammar === 'setup.cfg'
        ? readInstallRequires(text).map((item) => item.requirement)
        : [];
  return all(found.filter((r) => normalizeName(r.name.text) === name).map((r) => bounded(text, r, range)));
}

/** Over the whole requirement: another part may insert a line at its very end. */
function bounded(text: string, { name, specifier, url }: ParsedRequirement, range: string): Edit | undefined {
  if (url || /===?|[<]|~=/.test(specifier.text) || excludes(specifier.text, range)) return undefined;
  const closes = specifier.text.endsWith(')') ? 1 : 0;
  const kept = text.slice(name.start, specifier.end - closes);
  const bound = specifier.text === '' ? range : `,${range}`;
  return { start: name.start, end: specifier.end, text: kept + bound + (closes ? ')' : '') };
}

function inToml(text: string, form: DependencyForm, name: string, range: string): Edit[] | undefined {
  const toml = readToml(text);
  if (!toml) return undefined;
  const bound = { name, range };
  const edits = (formOf(form).lists ?? []).flatMap(({ style, key }) => {
    const star = key.indexOf('*');
    const groups = star < 0 ? [''] : Object.keys(tableIn(toml.value, ...key.slice(0, star)));
    const paths = groups.map((group) => key.map((part) => (part === '*' ? group : part)));
    return paths.flatMap((path) =>
      style === 'strings' ? inStrings(text, toml, path, bound) : inEntries(toml, path, bound),
    );
  });
  return all(edits);
}

interface Bound {
  readonly name: string;
  readonly range: string;
}

function inStrings(text: string, toml: Toml, path: readonly string[], { name, range }: Bound): (Edit | undefined)[] {
  return (toml.strings(...path)?.items ?? []).flatMap(({ value, start }) => {
    const parsed = parseRequirement(value, start + 1);
    return parsed && normalizeName(parsed.name.text) === name ? [bounded(text, parsed, range)] : [];
  });
}

function inEntries(toml: Toml, path: readonly string[], { name, range }: Bound): (Edit | undefined)[] {
  return (toml.entries(...path) ?? [])
    .filter(({ key }) => normalizeName(key) === name)
    .map(({ value, valueStart, end }) => boundedValue(value, valueStart, end, range));
}

/** `"*"` becomes `"<2.1"`, `"^2.0"` `"^2.0,<2.1"`. */
function boundedValue(value: unknown, start: number, end: number, range: string): Edit | undefined {
  if (typeof value !== 'string' || /^[\d=~]|[<|]/.test(value) || excludes(value, range)) return undefined;
  if (value === '*') return { start: start + 1, end: end - 1, text: range };
  return { start: end - 1, end: end - 1, text: `,${range}` };
}

/** True where the lower bound leaves nothing below the upper one. */
function excludes(specifier: string, range: string): boolean {
  const lower = lowerBound(specifier);
  const upper = /[\d.]+/.exec(range)?.[0];
  return lower !== undefined && upper !== undefined && compareVersions(lower, upper) >= 0;
}

function all(edits: readonly (Edit | undefined)[]): Edit[] | undefined {
  return edits.every((e) => e !== undefined) ? [...edits] : undefined;
}
