/**
 * The dialect of Python's configparser, read with ranges; never printed back.
 * https://docs.python.org/3/library/configparser.html#supported-ini-file-structure
 */
import type { Edit } from './edit.ts';

export interface IniEntry {
  readonly section: string;
  /** Lower case, as configparser's optionxform makes it. */
  readonly key: string;
  /** 1-based line of the key. */
  readonly line: number;
  /** UTF-16 range of the key as written. */
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly delimiter: '=' | ':';
  /** UTF-16 range from the first to the last character of the value, continuation lines included; empty when none. */
  readonly valueStart: number;
  readonly valueEnd: number;
  /** As configparser gives it before interpolation: continuation lines joined by '\n'. */
  readonly value: string;
  /** Start of the text of each line that makes up the entry, after its indentation. */
  readonly textStarts: readonly number[];
}

export interface IniSection {
  readonly name: string;
  readonly line: number;
}

/** What configparser (strict, as Alembic makes it) would refuse. */
export interface IniProblem {
  readonly kind: 'duplicate-section' | 'duplicate-key' | 'no-section' | 'not-an-entry';
  readonly line: number;
  /** Section or key. */
  readonly name: string;
}

export interface IniFile {
  readonly text: string;
  readonly sections: readonly IniSection[];
  readonly entries: readonly IniEntry[];
  readonly problems: readonly IniProblem[];
}

interface Line {
  readonly start: number;
  /** Without the line end. */
  readonly text: string;
}

/** Reads `text`; never throws: what configparser would refuse is listed in `problems`. */
export function readIni(text: string): IniFile {
  const sections: IniSection[] = [];
  const problems: IniProblem[] = [];
  const entries: OpenEntry[] = [];
  const known = new Set<string>();
  let section: string | undefined;
  let open: OpenEntry | undefined;
  let indent = 0;
  let number = 0;
  const meet = (id: string, kind: IniProblem['kind'], name: string): void => {
    if (known.has(id)) problems.push({ kind, line: number, name });
    known.add(id);
  };
  for (const { start, text: raw } of linesOf(text)) {
    number++;
    const body = raw.trim();
    if (body === '') {
      open?.lines.push('');
      continue;
    }
    if (body.startsWith('#') || body.startsWith(';')) continue;
    const lead = raw.length - raw.trimStart().length;
    const at = start + lead;
    if (open && lead > indent) {
      lengthen(open, body, at);
      continue;
    }
    indent = lead;
    open = undefined;
    const header = /^\[(.+)\]/.exec(body)?.[1];
    if (header !== undefined) {
      meet(`section\0${header}`, 'duplicate-section', header);
      sections.push({ name: header, line: number });
      section = header;
      continue;
    }
    const mark = body.search(/[=:]/);
    const name = mark < 0 ? body : body.slice(0, mark).trimEnd();
    if (section === undefined || mark < 0 || name === '') {
      problems.push({ kind: section === undefined ? 'no-section' : 'not-an-entry', line: number, name });
      continue;
    }
    open = entryAt(section, number, at, body, mark);
    meet(`key\0${section}\0${open.key}`, 'duplicate-key', open.key);
    entries.push(open);
  }
  return { text, sections, problems, entries: entries.map(close) };
}

type OpenEntry = { -readonly [K in keyof Omit<IniEntry, 'value' | 'textStarts'>]: IniEntry[K] } & {
  readonly lines: string[];
  readonly textStarts: number[];
};

/** The entry whose first line is `body` with its delimiter at `mark`. */
function entryAt(section: string, line: number, at: number, body: string, mark: number): OpenEntry {
  const name = body.slice(0, mark).trimEnd();
  const after = body.slice(mark + 1);
  const value = after.trimStart();
  const valueStart = at + mark + 1 + (value === '' ? 0 : after.length - value.length);
  return {
    section,
    key: name.toLowerCase(),
    line,
    keyStart: at,
    keyEnd: at + name.length,
    delimiter: body[mark] === ':' ? ':' : '=',
    valueStart,
    valueEnd: valueStart + value.length,
    lines: [value],
    textStarts: [at],
  };
}

/** By a continuation line. */
function lengthen(entry: OpenEntry, body: string, at: number): void {
  entry.lines.push(body);
  entry.textStarts.push(at);
  if (entry.valueStart === entry.valueEnd) entry.valueStart = at;
  entry.valueEnd = at + body.length;
}

function close({ lines, ...entry }: OpenEntry): IniEntry {
  let last = lines.length;
  while (last > 1 && lines[last - 1] === '') last--;
  return { ...entry, value: lines.slice(0, last).join('\n') };
}

/** Python's text mode: '\n', '\r\n' and a lone '\r' end a line. */
function* linesOf(text: string): Generator<Line> {
  let start = 0;
  while (start < text.length) {
    let end = start;
    while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
    yield { start, text: text.slice(start, end) };
    start = end + (text[end] === '\r' && text[end + 1] === '\n' ? 2 : 1);
  }
}

/** The entry in force: the last of that name, as the lenient reading has it. */
export function iniEntry(ini: IniFile, section: string, key: string): IniEntry | undefined {
  return ini.entries.findLast((e) => e.section === section && e.key === key);
}

/** Names that BasicInterpolation puts in for `%(name)s`; `%%` is a percent sign. */
export function interpolatedNames(value: string): string[] {
  const out: string[] = [];
  for (const match of value.matchAll(/%%|%\(([^()\s]+)\)s/g)) if (match[1] !== undefined) out.push(match[1]);
  return out;
}

/** Comments out every line of an entry where it stands: '# ' before its text, the indentation kept. */
export function commentOut(entry: IniEntry): Edit[] {
  return entry.textStarts.map((at) => ({ start: at, end: at, text: '# ' }));
}
