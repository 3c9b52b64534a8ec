/** The requirements that a file lists, in whatever form, with what an edit of each needs. */
import { type DependencyForm, forms, type RequirementList } from '../knowledge/managers.ts';
import { basename } from '../repo/path.ts';
import { type Edit, lineEnd, lineStart } from '../syntax/edit.ts';
import { normalizeName, type ParsedRequirement, parseRequirement, readRequirements } from '../syntax/requirements.ts';
import { readInstallRequires } from '../syntax/setup-cfg.ts';
import { readToml, type TomlStrings, tableIn } from '../syntax/toml.ts';

/** One requirement of a list. */
export interface ListEntry {
  /** Normalised. */
  readonly name: string;
  /** UTF-16 offset of its name. */
  readonly at: number;
  /** `>=1.2` or, of a table, `^1.2`; undefined for a direct reference and for what is no plain text. */
  readonly specifier: string | undefined;
  /** Range of the specifier; of `name = "1.2"` what stands between the quotes. */
  readonly start: number;
  readonly end: number;
  /** A row of a table: `name = "1.2"`. */
  readonly row: boolean;
  /** Takes it away with its line or comma; undefined where the place is not clear. */
  readonly without: Edit | undefined;
}

const REQUIREMENTS = /(?:^|\/)(?:[\w.-]*requirements[\w.-]*|requirements\/[\w./-]+|constraints[\w.-]*)\.(?:txt|in)$/;

/** The kinds of file that a path may be, by its name; several for pyproject.toml. */
export function formsOf(path: string): DependencyForm[] {
  if (REQUIREMENTS.test(path)) return ['requirements'];
  const name = basename(path);
  return forms
    .filter((f) => (f.grammar === 'toml' || f.grammar === 'setup.cfg') && f.names.includes(name))
    .map((f) => f.form);
}

/** The entries of a file that may be of these kinds, in order. */
export function entriesIn(text: string, kinds: readonly DependencyForm[]): ListEntry[] {
  const rows = forms.filter((f) => kinds.includes(f.form));
  if (rows.some((f) => f.grammar === 'requirements')) return fromLines(text);
  if (rows.some((f) => f.grammar === 'setup.cfg')) return fromSetupCfg(text);
  const lists = new Map(rows.flatMap((f) => f.lists ?? []).map((list) => [list.key.join('\0'), list]));
  return fromToml(text, [...lists.values()]).sort((a, b) => a.at - b.at);
}

function fromLines(text: string): ListEntry[] {
  return readRequirements(text).flatMap((line) => {
    if (line.kind !== 'requirement') return [];
    return [{ ...ofRequirement(line), without: { start: line.start, end: line.next, text: '' } }];
  });
}

function fromSetupCfg(text: string): ListEntry[] {
  return readInstallRequires(text).map(({ requirement, own }) => ({
    ...ofRequirement(requirement),
    without: own && { start: own.start, end: lineEnd(text, own.end), text: '' },
  }));
}

function ofRequirement({ name, specifier, url }: ParsedRequirement): Omit<ListEntry, 'without'> {
  return {
    ...{ name: normalizeName(name.text), at: name.start, row: false },
    ...{ specifier: url ? undefined : specifier.text, start: specifier.start, end: specifier.end },
  };
}

function fromToml(text: string, lists: readonly RequirementList[]): ListEntry[] {
  const toml = readToml(text);
  if (!toml) return [];
  return lists.flatMap(({ style, key }) => {
    const star = key.indexOf('*');
    const groups = star < 0 ? [''] : Object.keys(tableIn(toml.value, ...key.slice(0, star)));
    return groups.flatMap((group): ListEntry[] => {
      const path = key.map((part) => (part === '*' ? group : part));
      if (style === 'strings') return ofStrings(text, toml.strings(...path));
      return (toml.entries(...path) ?? [])
        .filter((e) => !e.key.includes('.') && normalizeName(e.key) !== 'python')
        .map((e) => {
          const plain = typeof e.value === 'string' && text.slice(e.valueStart + 1, e.end - 1) === e.value;
          const alone = text.slice(lineStart(text, e.start), e.start).trim() === '';
          return {
            ...{ name: normalizeName(e.key), at: e.start, row: true },
            ...{ specifier: plain ? String(e.value) : undefined, start: e.valueStart + 1, end: e.end - 1 },
            without: alone ? { start: lineStart(text, e.start), end: lineEnd(text, e.end), text: '' } : undefined,
          };
        });
    });
  });
}

function ofStrings(text: string, array: TomlStrings | undefined): ListEntry[] {
  return (array?.items ?? []).flatMap((item, index) => {
    const parsed = parseRequirement(item.value, item.start + 1);
    if (!array || !parsed || text.slice(item.start + 1, item.end - 1) !== item.value) return [];
    return [{ ...ofRequirement(parsed), without: withoutItem(text, array, index) }];
  });
}

/** The comma before the last one may stay: TOML allows it. */
function withoutItem(text: string, { items, start, end }: TomlStrings, index: number): Edit | undefined {
  const item = items[index];
  if (!item) return undefined;
  const [previous, next] = [items[index - 1], items[index + 1]];
  const [from, to] = [lineStart(text, item.start), lineEnd(text, item.end)];
  const behind = text.slice(item.end, to);
  if (
    from > start &&
    to <= end &&
    text.slice(from, item.start).trim() === '' &&
    /^\s*(?:,\s*)?(?:#.*\s*)?$/.test(behind)
  ) {
    return { start: from, end: to, text: '' };
  }
  const between = (a: number, b: number): boolean => /^\s*,\s*$/.test(text.slice(a, b));
  if (next) return between(item.end, next.start) ? { start: item.start, end: next.start, text: '' } : undefined;
  if (previous) return between(previous.end, item.start) ? { start: previous.end, end: item.end, text: '' } : undefined;
  const comma = /^\s*,/.exec(text.slice(item.end, end))?.[0].length ?? 0;
  return { start: item.start, end: item.end + comma, text: '' };
}
