/**
 * A line-range reader of pip's requirements format. It loses nothing: every character belongs to one line, and the parts
 * of a line are given as ranges. https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */

/** A piece of the text: UTF-16 offsets, end exclusive. */
export interface TextRange {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What PEP 508 says one requirement is made of. https://peps.python.org/pep-0508/ */
export interface ParsedRequirement {
  /** As written. */
  readonly name: TextRange;
  readonly extras: readonly string[];
  /** All clauses as written ('==1.0', '>= 1, <2'); empty at the end of the name and extras when there are none. */
  readonly specifier: TextRange;
  /** The direct reference behind `@`. */
  readonly url?: TextRange;
  /** The environment marker behind `;`. */
  readonly marker?: TextRange;
}

interface LogicalLine {
  /** Offset of the first character. */
  readonly start: number;
  /** Offset behind the last character, before the line end. */
  readonly end: number;
  /** Offset of the next logical line: equal to `end` when the text has no final line end. */
  readonly next: number;
  /** 1-based. */
  readonly line: number;
  /** A trailing comment, with its `#`. */
  readonly comment?: TextRange;
}

export type RequirementsLine = LogicalLine &
  (
    | { readonly kind: 'blank' }
    | { readonly kind: 'comment' }
    | (ParsedRequirement & { readonly kind: 'requirement'; readonly hashed: boolean })
    /** `-r`, `-c` or `-e` with a path (relative to the file) or URL. */
    | { readonly kind: 'include' | 'constraint' | 'editable'; readonly target: string }
    /** `--index-url`, `--require-hashes`, … */
    | { readonly kind: 'option'; readonly option: string }
    /** A path or URL; the name when its fragment gives one (`#egg=name`). */
    | { readonly kind: 'location'; readonly target: string; readonly egg?: string }
    | { readonly kind: 'unknown' }
  );

/** PEP 503: 'Flask_Login' and 'flask-login' are one project. https://peps.python.org/pep-0503/#normalized-names */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** The logical lines of a requirements file in order; continuation lines count as part of the line that they continue. */
export function readRequirements(text: string): RequirementsLine[] {
  const out: RequirementsLine[] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const first = line;
    const start = at;
    let end: number;
    let joined = '';
    for (;;) {
      end = physicalEnd(text, at);
      const piece = text.slice(at, end);
      at = afterLineEnd(text, end);
      line++;
      const continues = piece.endsWith('\\') && !/^\s*#/.test(piece);
      // The backslash and the line end become spaces, so that offsets stay those of the text.
      joined += continues ? piece.slice(0, -1) + ' '.repeat(1 + at - end) : piece;
      if (!continues || at >= text.length) break;
    }
    out.push(classify(joined, { start, end, next: at, line: first }));
  }
  return out;
}

/** One PEP 508 requirement, or undefined. `offset` is added to every range. */
export function parseRequirement(text: string, offset = 0): ParsedRequirement | undefined {
  const range = (start: number, end: number): TextRange => ({
    text: text.slice(start, end),
    start: offset + start,
    end: offset + end,
  });
  const lead = skipSpace(text, 0);
  const word = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/.exec(text.slice(lead))?.[0];
  if (!word) return undefined;
  let at = lead + word.length;
  const name = range(lead, at);
  let extras: string[] = [];
  const bracket = skipSpace(text, at);
  if (text[bracket] === '[') {
    const close = text.indexOf(']', bracket);
    if (close === -1) return undefined;
    extras = text
      .slice(bracket + 1, close)
      .split(',')
      .map((e) => e.trim())
      .filter((e) => e !== '');
    at = close + 1;
  }
  const rest = skipSpace(text, at);
  const semicolon = text.indexOf(';', rest);
  const stop = semicolon === -1 ? text.length : semicolon;
  const marker = semicolon === -1 ? undefined : trimmed(range, text, semicolon + 1, text.length);
  const extra = marker && marker.text !== '' ? { marker } : {};
  if (text[rest] === '@') {
    // A URL may hold a semicolon; only ' ;' begins a marker there.
    const spaced = text.indexOf(' ;', rest);
    const urlEnd = spaced === -1 ? text.length : spaced;
    const behind = spaced === -1 ? {} : { marker: trimmed(range, text, spaced + 2, text.length) };
    return { name, extras, specifier: range(at, at), url: trimmed(range, text, rest + 1, urlEnd), ...behind };
  }
  const specifier = trimmed(range, text, rest, stop);
  if (specifier.text === '') return { name, extras, specifier: range(at, at), ...extra };
  const bare =
    specifier.text.startsWith('(') && specifier.text.endsWith(')') ? specifier.text.slice(1, -1) : specifier.text;
  const clauses = bare.split(',').map((c) => c.trim());
  if (!clauses.every((c, i) => /^(?:===|==|~=|!=|<=|>=|<|>)\s*[^\s,;()]+$/.test(c) || (c === '' && i > 0))) {
    return undefined;
  }
  return { name, extras, specifier, ...extra };
}

/** Line ends as Python's `str.splitlines()` knows them, which is what pip splits with. */
const LINE_ENDS = '\n\r\v\f\u001c\u001d\u001e\u0085\u2028\u2029';
const LINE_END = new RegExp(`[${LINE_ENDS}]`, 'g');

function physicalEnd(text: string, at: number): number {
  LINE_END.lastIndex = at;
  return LINE_END.test(text) ? LINE_END.lastIndex - 1 : text.length;
}

function afterLineEnd(text: string, end: number): number {
  if (end >= text.length) return text.length;
  return text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
}

function skipSpace(text: string, at: number): number {
  while (at < text.length && /\s/.test(text[at] ?? '')) at++;
  return at;
}

function trimmed(
  range: (start: number, end: number) => TextRange,
  text: string,
  start: number,
  end: number,
): TextRange {
  while (start < end && /\s/.test(text[start] ?? '')) start++;
  while (end > start && /\s/.test(text[end - 1] ?? '')) end--;
  return range(start, end);
}

function classify(joined: string, place: Omit<LogicalLine, 'comment'>): RequirementsLine {
  if (joined.trim() === '') return { ...place, kind: 'blank' };
  const hash = commentStart(joined);
  const code = hash === -1 ? joined : joined.slice(0, hash);
  if (code.trim() === '') return { ...place, kind: 'comment' };
  const comment =
    hash === -1
      ? {}
      : { comment: { text: joined.slice(hash), start: place.start + hash, end: place.start + joined.length } };
  const base: LogicalLine = { ...place, ...comment };
  const dash = /(?:^|\s)-/.exec(code);
  const args = dash ? code.slice(0, dash.index) : code;
  const options = dash ? code.slice(dash.index).trim() : '';
  if (args.trim() === '') return optionLine(base, options);
  const parsed = isLocation(args.trim()) ? undefined : parseRequirement(args, place.start);
  if (parsed) return { ...base, kind: 'requirement', ...parsed, hashed: /(?:^|\s)--hash[ =]/.test(options) };
  if (!isLocation(args.trim())) return { ...base, kind: 'unknown' };
  const egg = /[#&]egg=([A-Za-z0-9._-]+)/.exec(args)?.[1];
  return { ...base, kind: 'location', target: args.trim(), ...(egg ? { egg } : {}) };
}

/** pip: `(^|\s+)#.*$`. */
function commentStart(line: string): number {
  for (let at = line.indexOf('#'); at !== -1; at = line.indexOf('#', at + 1)) {
    if (at === 0 || /\s/.test(line[at - 1] ?? '')) return at;
  }
  return -1;
}

function optionLine(base: LogicalLine, options: string): RequirementsLine {
  const match = /^(?:(-[rce])\s*=?\s*|--(requirement|constraint|editable)(?:=|\s+))(\S.*)$/.exec(options);
  if (!match) return { ...base, kind: 'option', option: options };
  const target = (match[3] ?? '').trim().replace(/^(['"])(.*)\1$/, '$2');
  const letter = match[1]?.[1] ?? match[2]?.[0];
  const kind = letter === 'r' ? 'include' : letter === 'c' ? 'constraint' : 'editable';
  return { ...base, kind, target };
}

function isLocation(args: string): boolean {
  if (/^[A-Za-z0-9._-]+\s*(?:\[[^\]]*\]\s*)?@/.test(args)) return false;
  return (
    /^(?:[a-z][a-z0-9+.-]*:\/\/|file:|\.{1,2}(?:$|[/\\[])|~?\/)/i.test(args) || /\.(?:whl|zip|tar\.gz)$/.test(args)
  );
}
