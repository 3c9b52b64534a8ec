/** Keys of INI files, in the dialect of Python's configparser; npm's `ini` reads the result, too. */
import { parse } from 'ini';
import { lineEnding, lineStart } from '../../syntax/edit.ts';
import { commentOut, type IniEntry, type IniFile, readIni } from '../../syntax/ini.ts';
import { say } from '../../system/say.ts';
import { type FoundKey, fits, type Grammar, type Home, type Reading, type SecondReading } from './key-edit.ts';
import { lineBelow, withoutLines } from './lines.ts';

/** configparser takes all of a line for the value; tools with inline comments do not. */
const INLINE_COMMENT = /(?:^|\s)[#;]/;

/** It knows neither ':' nor continuation lines, and splits names of sections at dots. */
const npmIni: SecondReading = {
  value: (text) =>
    readIni(text).entries.some((e) => e.delimiter === ':' || e.textStarts.length > 1) ? undefined : parse(text),
  place: ([section], written) => [...String(section).split('.'), written],
  // What it takes for a comment or for quotes is nothing that both readers find.
  stored: (value) => {
    const { k } = parse(`k = ${String(value)}`);
    return String(k) === String(value) ? k : undefined;
  },
};

export const iniKeys: Grammar = { read, seconds: [npmIni], stored: String };

function read(text: string): Reading | string {
  const ini = readIni(text);
  const [problem] = ini.problems;
  if (problem) return say`configparser refuses line ${problem.line} (${problem.name})`;
  const sections = new Map<string, Map<string, string>>(ini.sections.map((s) => [s.name, new Map()]));
  for (const { section, key, value } of ini.entries) sections.get(section)?.set(key, value);
  return {
    value: Object.fromEntries([...sections].map(([name, keys]) => [name, Object.fromEntries(keys)])),
    keys: ([section = '', name = '']) =>
      ini.entries
        .filter((e) => fits([section, String(name).toLowerCase()], [e.section, e.key]))
        .map((entry) => found(ini, entry)),
    homes: ([section = '']) => ini.sections.filter((s) => fits([section], [s.name])).map((s) => homeOf(ini, s.name)),
  };
}

function found(ini: IniFile, entry: IniEntry): FoundKey {
  const { text } = ini;
  const { section, key, keyStart, keyEnd, valueStart, valueEnd, value } = entry;
  const whole = text.slice(keyStart, valueEnd);
  const commented = /\n[ \t]*[#;]/.test(whole) ? say`a comment stands among its lines` : undefined;
  return {
    ...{ path: [section, key], written: text.slice(keyStart, keyEnd), value, at: keyStart },
    set: (to) => {
      if (commented !== undefined) return commented;
      if (INLINE_COMMENT.test(value)) return say`whether # or ; in its value begins a comment depends on who reads it`;
      const blank = valueStart === valueEnd && /[=:]/.test(text[valueStart - 1] ?? '') ? ' ' : '';
      return [{ start: valueStart, end: valueEnd, text: blank + String(to) }];
    },
    rename: (to) =>
      ini.entries.some((e) => e.section === section && e.key === to.toLowerCase())
        ? say`there is a ${to} already`
        : [{ start: keyStart, end: keyEnd, text: to }],
    remove: () => commented ?? withoutLines(text, keyStart, valueEnd),
    commentOut: () => commentOut(entry),
  };
}

function homeOf(ini: IniFile, section: string): Home {
  const { text } = ini;
  const entries = ini.entries.filter((e) => e.section === section);
  const last = entries.at(-1);
  const header = ini.sections.find((s) => s.name === section);
  return {
    path: [section],
    has: (key) => entries.some((e) => e.key === key.toLowerCase()),
    add: (key, to) => {
      const eol = lineEnding(text);
      if (!last) {
        let at = 0;
        for (let line = 1; line < (header?.line ?? 1); line++) at = text.indexOf('\n', at) + 1;
        return [lineBelow(text, at, `${key} = ${String(to)}`, eol)];
      }
      const between = text.slice(last.keyEnd, last.valueStart);
      const gap = /^[ \t]*[=:][ \t]+$|^=$/.test(between) ? between : ` ${last.delimiter} `;
      const indent = text.slice(lineStart(text, last.keyStart), last.keyStart);
      return [lineBelow(text, last.valueEnd, indent + key + gap + String(to), eol)];
    },
  };
}
