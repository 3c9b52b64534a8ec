/** Comments the URL line of an alembic.ini out, and proves that nothing else in it changed. */
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'ini';
import { applyEdits, type Edit, indentAt, lineEnding, lineStart } from '../../src/syntax/edit.ts';
import { commentOut, type IniEntry, readIni } from '../../src/syntax/ini.ts';

/** The edits; undefined when another key or section would change by them. `comment` becomes a line above. */
export function commentUrlLine(text: string, entry: IniEntry, comment: string): Edit[] | undefined {
  const edits = commentOut(entry);
  if (comment !== '') {
    const start = lineStart(text, entry.keyStart);
    const line = `${indentAt(text, entry.keyStart)}# ${comment}${lineEnding(text)}`;
    edits.unshift({ start, end: start, text: line });
  }
  return onlyLoses(text, applyEdits(text, edits), entry) ? edits : undefined;
}

function onlyLoses(before: string, after: string, entry: IniEntry): boolean {
  const [was, is] = [readIni(before), readIni(after)];
  const rest = was.entries.filter((e) => e.keyStart !== entry.keyStart).map(plain);
  if (!isDeepStrictEqual(rest, is.entries.map(plain))) return false;
  if (
    !isDeepStrictEqual(
      was.sections.map((s) => s.name),
      is.sections.map((s) => s.name),
    )
  )
    return false;
  // A second reader agrees where it speaks the same dialect: it knows neither ':' nor continuation lines.
  if (entry.delimiter === ':' || entry.textStarts.length > 1) return true;
  const expected = parse(before);
  const section = entry.section.split('.').reduce<Record<string, unknown> | undefined>(inside, expected);
  if (section) delete section[before.slice(entry.keyStart, entry.keyEnd)];
  return isDeepStrictEqual(expected, parse(after));
}

function plain(entry: IniEntry): readonly string[] {
  return [entry.section, entry.key, entry.value];
}

function inside(value: Record<string, unknown> | undefined, name: string): Record<string, unknown> | undefined {
  return value?.[name] as Record<string, unknown> | undefined;
}
