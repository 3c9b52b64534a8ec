/**
 * Credentials in text that is shown: URL passwords, values of names that say so, keys of known shape. Placeholders
 * (`${X}`, `{password}`, `%(pw)s`, `<password>`) are no secrets and stay. Errs towards hiding.
 */

const HIDDEN = '***';

/** Names whose value is a credential; matched at the end of the name. */
const SECRET_NAME =
  /(?:pass(?:word|wd|phrase)?|pwd|secret|secret[_-]?key(?:[_-]?base)?|(?:^|[_-])(?:auth|access|refresh|bearer|bot|api)?[_-]?token|(?:api|access|private|auth|signing|encryption|jwt|fernet|master)[_-]?key|credentials?|salt|pepper)$/i;
/** Environment names are stricter: OPENAI_KEY is a key, primary_key is none. */
const SECRET_CONSTANT = /^[A-Z][A-Z0-9_]*_(?:KEY|PASS|PW|DSN)$/;

/** Prefixes that only issued credentials have. */
const ISSUED =
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|sk-[\w-]{16,}|[sr]k_(?:live|test)_\w{10,}|whsec_\w{10,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|rnd_\w{16,}|SG\.[\w-]{16,}\.[\w-]{16,}|hf_\w{20,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*)/g;

const PLACEHOLDER = /^(?:\$\{?\w.*|\{.*\}|%\(.*|<.*>|\*+|x{3,}|\.{3})$/is;
const NOTHING = /^(?:true|false|yes|no|on|off|null|none|~|\d{1,2})$/i;

export interface MaskOptions {
  /** In Python an unquoted value is an expression, so outside of comments only literals are hidden. */
  readonly python?: boolean;
}

/** The text with credentials replaced by `***`. */
export function mask(text: string, options: MaskOptions = {}): string {
  const line = lineMasker(options);
  return text
    .split('\n')
    .map((l) => line(l))
    .join('\n');
}

/** Masks line by line, and remembers what the lines before imply: a PEM block, `key: NAME` above `value: …`. */
export function lineMasker(options: MaskOptions = {}): (line: string) => string {
  let pem = false;
  let named = false;
  return (line) => {
    if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(line)) {
      pem = !line.includes('-----END');
      return line.replace(/(-----BEGIN [A-Z ]*PRIVATE KEY-----).*/, `$1${HIDDEN}`);
    }
    if (pem) {
      pem = !line.includes('-----END');
      return pem ? HIDDEN : line;
    }
    const value = /^(\W*value["']?\s*:\s*)(\S.*)$/i.exec(line);
    if (named && value) {
      named = false;
      return `${value[1]}${hide(value[2] ?? '')}`;
    }
    const name = /^\W*(?:key|name)["']?\s*:\s*["']?([\w-]+)/i.exec(line)?.[1];
    if (name !== undefined) named = isSecretName(name);
    return maskLine(line, options.python === true);
  };
}

/** True when the value of something called so is a credential. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) || SECRET_CONSTANT.test(name);
}

function maskLine(line: string, python: boolean): string {
  return maskAssignments(maskUrls(line), python).replace(ISSUED, HIDDEN);
}

/**
 * `scheme://user:password@host`: a password may itself hold '@' or '/', so the last '@' of the word counts. One slash is
 * enough: so a path is written that was made of a URL.
 */
function maskUrls(line: string): string {
  let out = '';
  let from = 0;
  for (let at = line.indexOf(':/'); at !== -1; at = line.indexOf(':/', from)) {
    const start = line.startsWith('://', at) ? at + 3 : at + 2;
    const end = wordEnd(line, start);
    out += line.slice(from, start) + maskAuthority(line.slice(start, end));
    from = end;
  }
  return out + line.slice(from);
}

function wordEnd(line: string, start: number): number {
  for (let at = start; at < line.length; at++) if (' \t\r"\'`<>'.includes(line.charAt(at))) return at;
  return line.length;
}

function maskAuthority(word: string): string {
  const at = word.lastIndexOf('@');
  if (at === -1) return maskQuery(word);
  const user = word.slice(0, at);
  const colon = user.indexOf(':');
  const slash = user.search(/[/?#]/);
  if (slash !== -1 && (colon === -1 || colon > slash || /^:\d+$/.test(user.slice(colon, slash))))
    return maskQuery(word);
  if (colon === -1) return user.length >= 16 && !PLACEHOLDER.test(user) ? HIDDEN + maskQuery(word.slice(at)) : word;
  return `${user.slice(0, colon + 1)}${hide(user.slice(colon + 1))}${maskQuery(word.slice(at))}`;
}

function maskQuery(url: string): string {
  return url.replace(/([?&])([\w-]+)=([^&#]+)/g, (all, mark: string, name: string, value: string) =>
    isSecretName(name) ? `${mark}${name}=${hide(value)}` : all,
  );
}

/** `NAME = "x"`, `"name": "x"`, `name: x`, `NAME=x`, `getenv("NAME", "x")`. */
function maskAssignments(line: string, python: boolean): string {
  let out = '';
  let from = 0;
  // In a comment of Python, too, a value needs no quotes.
  const comment = python ? line.search(/(?:^|\s)#/) : 0;
  for (const match of line.matchAll(/[A-Za-z_][\w-]*/g)) {
    if (match.index < from || !isSecretName(match[0])) continue;
    const nameEnd = match.index + match[0].length;
    const start = valueStart(line, nameEnd);
    if (start === undefined) continue;
    const literal =
      literalAt(line, start) ?? (comment === -1 || start < comment ? undefined : bareValueAt(line, start));
    if (!literal) continue;
    out += line.slice(from, literal.start) + hide(line.slice(literal.start, literal.end));
    from = literal.end;
  }
  return out + line.slice(from);
}

/** Offset of the value that follows a name which ends at `at`: past the quote, an annotation, and `=`, `:` or `,`. */
function valueStart(line: string, at: number): number | undefined {
  const rest = line.slice(at);
  const match =
    /^["'][ \t]*\][ \t]*=(?!=)[ \t]*/.exec(rest) ??
    /^["'][ \t]*\)[ \t]*or[ \t]+/.exec(rest) ??
    /^["'][ \t]*[,:][ \t]*(?:cast[ \t]*=[ \t]*\w+[ \t]*,[ \t]*)?(?:default[ \t]*=[ \t]*)?/.exec(rest) ??
    /^[ \t]*:[ \t]*[A-Za-z_][\w.[\]| ]*=(?!=)[ \t]*/.exec(rest) ??
    /^[ \t]*(?::=|[=:](?!=))[ \t]*/.exec(rest);
  return match ? at + match[0].length : undefined;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Inside of a string literal, with a Python prefix, or as the first argument of pydantic's wrappers. */
function literalAt(line: string, start: number): Range | undefined {
  const open =
    /^(?:(?:pydantic\.)?(?:Field|SecretStr|SecretBytes|str|bytes)\([ \t]*(?:default[ \t]*=[ \t]*)?)?[a-zA-Z]{0,2}("""|'''|["'])/.exec(
      line.slice(start),
    );
  if (!open?.[1]) return undefined;
  const inside = start + open[0].length;
  const close = line.indexOf(open[1], inside);
  return { start: inside, end: close === -1 ? line.length : close };
}

function bareValueAt(line: string, start: number): Range | undefined {
  const [value = ''] = /^[^\s"'#,;)}\]][^\s,;)}\]"']*/.exec(line.slice(start)) ?? [];
  if (value === '' || value.startsWith(HIDDEN) || /[([]$|\(/.test(value)) return undefined;
  return { start, end: start + value.length };
}

function hide(value: string): string {
  const trimmed = value.trim().replace(/^["']|["']$/g, '');
  return trimmed === '' || PLACEHOLDER.test(trimmed) || NOTHING.test(trimmed) ? value : HIDDEN;
}
