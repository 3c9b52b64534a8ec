/**
 * Values of names in Python: what is no literal is an expression and stays. Strings and comments are text of their own,
 * in which a value needs no quotes.
 */
import { inText } from './in-text.ts';
import { judged } from './judge.ts';
import { lineStart, literalAt } from './literal.ts';
import { namesPassword, wordsOf } from './names.ts';
import { type Named, namesIn } from './names-in.ts';
import { type Part, partAt } from './python-parts.ts';
import type { Range } from './range.ts';
import { isDense, isEvident } from './value.ts';

const SUBSCRIPT = /["'][ \t]*\][ \t]*(?::[^=\n]{1,60})?=(?!=)/y;
const KEY = /["']\s{0,80}:(?!=)/y;
const ARGUMENT = /["']\s{0,80},\s{0,80}/y;
const ASSIGNED = /[ \t]*(?::[ \t]*(?:[\w.| "']|\[[^\]\n]{0,80}\]){1,80})?=(?!=)|[ \t]*:=/y;
const SEVERAL = /(?:[ \t]*,[ \t]*[\w.]{1,60}){0,9}[ \t]*=(?!=)[ \t]*/y;
const COMPARED = /(?:["'][ \t]*[\])])?[ \t]*(?:==|!=)[ \t]*/y;
/** Blanks before a value, which may stand on the next line. */
const GAP = /[ \t]*(?:(?:\\|\((?:[ \t]*#[^\n]{0,200})?)\r?\n?[ \t]*){0,3}(?:\r?\n[ \t]{1,200})?/y;
/** Further arguments before the one that counts. */
const NAMED_ARGUMENT =
  /(?:\w{1,30}[ \t]*=[ \t]*(?:["'][^"'\n]{0,80}["']|[\w.]{1,60}),\s{0,80}){0,3}default[ \t]*=[ \t]*/y;
/** Calls that look a variable up by the name that they are given, and take a value in case there is none. */
const LOOKS_UP =
  /(?:get\w{0,20}|env\w{0,20}|config\w{0,10}|setdefault|str|string|secret|option|argument|setenv|putenv|set|add|pop)\(\s{0,80}[bfru]{0,2}["'](?:--)?$/i;
/** What stands for the value of an assignment further on in its line. */
const FURTHER =
  /\b(?:or|else|lambda:|(?:default|fallback)[ \t]*=|(?:getenv|environ\.get|env|env\.str|config)\(\s{0,40}["'][^"'\n]{1,80}["'][ \t]*,)\s{0,40}\(?(?=[bfru]{0,2}["'])/gi;
/** Calls with a credential for an argument, and which one. */
const CALLS: readonly (readonly [RegExp, number])[] = [
  [/\b(?:SecretStr|SecretBytes|Fernet|MultiFernet|URLSafeSerializer|URLSafeTimedSerializer|TimestampSigner)\(/g, 0],
  [
    /\b(?:set_password|make_password|hash_password|get_password_hash|generate_password_hash|hashpw|set_unusable_key)\(/g,
    0,
  ],
  [/\b(?:HTTPBasicAuth|HTTPDigestAuth|HTTPProxyAuth|BasicAuth|HttpNtlmAuth|BasicAuthentication)\(/g, 1],
  [/\b(?:jwt\.(?:en|de)code|check_password_hash|verify_password|check_password)\(/g, 1],
  [/\bhmac\.new\(/g, 0],
  [/\b(?:smtp|server|mail|client|session|conn|imap|ftp|mailer|s)\.login\(/g, 1],
  [/\b\w{0,40}(?:auth|credentials|creds)[ \t]*=[ \t]*\(/g, 1],
];
const SIMPLE = /\s{0,40}(?:[A-Za-z]{0,2}(?:"[^"\n]{0,200}"|'[^'\n]{0,200}')|[\w.[\]]{1,80}(?:\(\))?)\s{0,40},\s{0,40}/y;

/** Adds the ranges of values in Python text to `out`. */
export function inPython(text: string, parts: readonly Part[], out: Range[]): void {
  for (const part of parts) inText(text, part.start, part.end, 'words', out);
  let done = 0;
  for (const named of namesIn(text, 0, text.length)) {
    if (named.start < done) continue;
    const part = partAt(parts, named.start);
    if (part && (part.kind === 'comment' || !isWhole(text, part, named))) continue;
    const found = part ? afterString(text, named) : afterName(text, named);
    const ranges = judged(text, named.name, named.said, found);
    out.push(...ranges);
    done = Math.max(done, ranges.at(-1)?.end ?? 0);
  }
  inCalls(text, parts, out);
  denseLiterals(text, parts, out);
}

/** The name is all that the string holds, apart from the dashes of an option and a prefix such as `X-`. */
function isWhole(text: string, part: Part, named: Named): boolean {
  return named.end === part.end && /^[-\w.]*$/.test(text.slice(part.start, Math.min(named.start, part.start + 100)));
}

function afterName(text: string, named: Named): readonly Range[] {
  const assigned = after(text, ASSIGNED, named.end);
  if (assigned === undefined) return amongSeveral(text, named) ?? compared(text, named);
  const start = after(text, GAP, assigned) ?? assigned;
  const literal = literalAt(text, start, text.length);
  const last = literal.at(-1);
  // `credentials = ("user", "password")`: the first of several is not the value.
  if (last && text[start - 1] === '(' && /^["']{1,3}\s{0,80},/.test(text.slice(last.end, last.end + 90))) return [];
  if (literal.length > 0) return literal;
  const number = /^\d{3,30}(?=[\s,)#]|$)/.exec(text.slice(start, start + 31))?.[0];
  if (number !== undefined && namesPassword(named.name)) return [{ start, end: start + number.length }];
  return further(text, start);
}

function afterString(text: string, named: Named): readonly Range[] {
  for (const pattern of [SUBSCRIPT, KEY]) {
    const at = after(text, pattern, named.end);
    if (at === undefined) continue;
    const start = after(text, GAP, at) ?? at;
    const literal = literalAt(text, start, text.length);
    return literal.length > 0 ? literal : further(text, start);
  }
  const before = text.slice(Math.max(0, named.start - 60), named.start);
  const looksUp = LOOKS_UP.test(before);
  const argument = after(text, ARGUMENT, named.end);
  if (argument !== undefined) {
    const start = after(text, NAMED_ARGUMENT, argument) ?? argument;
    const literal = literalAt(text, start, text.length);
    const value = literal.map((r) => text.slice(r.start, r.end)).join('');
    if (wordsOf(value).join('') === wordsOf(named.name).join('')) return [];
    if (literal.length > 0) return looksUp || start > argument || isEvident(value) ? literal : [];
  }
  if (looksUp) return further(text, named.end + 1, 1);
  return /(?:env|alias)[ \t]*=[ \t]*["']$/.test(before) ? fieldBefore(text, named) : compared(text, named);
}

/** `Field("value", env="NAME")` */
function fieldBefore(text: string, named: Named): readonly Range[] {
  const from = Math.max(0, named.start - 300);
  const at = text.slice(from, named.start).lastIndexOf('Field(');
  return at === -1 ? [] : literalAt(text, from + at + 'Field('.length, named.start);
}

/** `HOST, PASSWORD = "db", "value"`: the literal at the place of the name; undefined where it is not one of several. */
function amongSeveral(text: string, named: Named): readonly Range[] | undefined {
  const line = text.slice(lineStart(text, named.start), named.start);
  const values = /^[ \t]*(?:[\w.]{1,60}[ \t]*,[ \t]*){0,9}$/.test(line) ? after(text, SEVERAL, named.end) : undefined;
  let at = values;
  for (let n = line.split(',').length - 1; n > 0 && at !== undefined; n--) at = after(text, SIMPLE, at);
  if (values === undefined) return undefined;
  return at === undefined ? [] : literalAt(text, at, text.length);
}

/** A word that is compared with may be a state; what mixes letters and digits is a value. */
function compared(text: string, named: Named): readonly Range[] {
  const at = after(text, COMPARED, named.end);
  const literal = at === undefined ? [] : literalAt(text, at, text.length, false);
  const value = literal.map((r) => text.slice(r.start, r.end)).join('');
  return value.length >= 6 && /\d/.test(value) && /[A-Za-z]/.test(value) ? literal : [];
}

/** Literals that the value comes from in the end: after `or`, `else`, `default=`, in the same expression, in which `depth` brackets are open. */
function further(text: string, start: number, depth = 0): readonly Range[] {
  const out: Range[] = [];
  for (const match of text.slice(start, expressionEnd(text, start, depth)).matchAll(FURTHER)) {
    out.push(...literalAt(text, start + match.index + match[0].length, text.length));
  }
  return out;
}

/** Where the expression that begins at `start` ends, at the most 400 characters on: strings may hold brackets, too. */
function expressionEnd(text: string, start: number, open: number): number {
  const end = Math.min(text.length, start + 400);
  for (let at = start, depth = open; at < end; at++) {
    const char = text.charAt(at);
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    if (depth < 0 || (depth === 0 && (char === ',' || char === '\n'))) return at;
  }
  return end;
}

function inCalls(text: string, parts: readonly Part[], out: Range[]): void {
  for (const [pattern, position] of CALLS) {
    for (const match of text.matchAll(pattern)) {
      if (partAt(parts, match.index)) continue;
      let at: number | undefined = match.index + match[0].length;
      for (let n = 0; n < position && at !== undefined; n++) at = after(text, SIMPLE, at);
      if (at === undefined) continue;
      const start = at + (/^\s*/.exec(text.slice(at, at + 80))?.[0].length ?? 0);
      out.push(...judged(text, 'password', 'strong', literalAt(text, start, text.length)));
    }
  }
}

/** Names of what looks like a key and is none: a sum, a version, an address. */
const NO_KEY =
  /(?:hash|digest|sha\d*\w*|md5\w*|\w*sum|commit|rev|revision|integrity|etag|ids?|uuid|guid|fingerprint|public\w*|address|contract)["']?\s*(?:[=:]|==|in)\s*[\w(]*$|sha\d+[:-]$/i;

function denseLiterals(text: string, parts: readonly Part[], out: Range[]): void {
  for (const part of parts) {
    if (part.kind !== 'string' || part.end - part.start < 24 || part.end - part.start > 4000) continue;
    if (!isDense(text.slice(part.start, part.end))) continue;
    const before = text.slice(Math.max(0, part.start - 80), part.start - part.quote);
    if (!NO_KEY.test(before)) out.push({ start: part.start, end: part.end });
  }
}

function after(text: string, pattern: RegExp, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
