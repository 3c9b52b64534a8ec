/** Credentials in addresses: the password before the '@', a token in the user's place, what a query or a path holds. */
import { holdsSecret } from './judge.ts';
import { saying } from './names.ts';
import type { Range } from './range.ts';
import { isEvident, isNothing, isPattern } from './value.ts';

/** Addresses whose path is the credential: who knows it may post there. What the group holds is hidden. */
const HOOKS: readonly RegExp[] = [
  /hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/([\w/+-]+)/g,
  /discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/([\w/-]+)/g,
  /\.webhook\.office\.com\/([^\s"'`<>]+)/g,
  /outlook\.office(?:365)?\.com\/webhook\/([^\s"'`<>]+)/g,
  /chat\.googleapis\.com\/v1\/spaces\/([^\s"'`<>]+)/g,
  /hooks\.zapier\.com\/hooks\/catch\/([\w/-]+)/g,
  /maker\.ifttt\.com\/(?:use|trigger\/[\w-]+\/(?:json\/)?with\/key)\/([\w-]+)/g,
  /open\.(?:feishu|larksuite)\.c(?:n|om)\/open-apis\/bot\/v2\/hook\/([\w-]+)/g,
  /api\.telegram\.org\/bot(\d+:[\w-]+)/g,
  /hooks\.airtable\.com\/workflows\/([\w/-]+)/g,
];

const QUERY = /[?&;]([\w-]{1,60})=([^&#;\s"'`<>]+)/g;
/** `jdbc:oracle:thin:scott/tiger@//host`, `user:password@tcp(host)` of Go's MySQL driver. */
const WITHOUT_SCHEME: readonly RegExp[] = [
  /\boracle:(?:thin|oci\d?):[\w.]{1,60}\/([^\s@/"']+)@/g,
  /\b[\w.-]{1,60}:([^\s@:"'/]+)@(?:tcp|unix)\(/g,
  // "postgresql://me:" + "password" + "@db"
  /:\/\/[\w.+-]{1,64}:["'][ \t]*\+[ \t]*["']([^"'\n]{1,200})["'][ \t]*\+[ \t]*["']@/g,
];

/** Ranges of all credentials in addresses. */
export function inUrls(text: string): Range[] {
  const out: Range[] = [];
  for (let at = text.indexOf(':/'); at !== -1; at = text.indexOf(':/', at)) {
    // One slash is enough: so a path is written that was made of a URL.
    const start = text.startsWith('://', at) ? at + 3 : at + 2;
    const end = wordEnd(text, start, quoteBefore(text, at));
    authority(text, start, end, out);
    at = Math.max(end, at + 2);
  }
  out.push(...inQueries(text));
  for (const form of [...HOOKS, ...WITHOUT_SCHEME]) {
    for (const { 0: whole, 1: value = '', index } of text.matchAll(form)) {
      if (isNothing(value) || /^[{$<]/.test(value)) continue;
      const start = index + whole.lastIndexOf(value);
      out.push({ start, end: start + value.length });
    }
  }
  return out;
}

function inQueries(text: string): Range[] {
  if (!/[?&;]/.test(text)) return [];
  return [...text.matchAll(QUERY)].flatMap(({ 0: whole, 1: name = '', 2: value = '', index }) => {
    const said = saying(name);
    if (said === undefined || value.startsWith('{') || !holdsSecret(name, said, value)) return [];
    const end = index + whole.length;
    return [{ start: end - value.length, end }];
  });
}

/** The quote that opens a literal which begins with the scheme that ends at `colon`: it closes the address, too. */
function quoteBefore(text: string, colon: number): string {
  let at = colon - 1;
  while (at >= 0 && colon - at < 40 && /[\w+.-]/.test(text.charAt(at))) at--;
  const before = text.charAt(at);
  return before === '"' || before === "'" || before === '`' ? before : '';
}

function schemeBefore(text: string, start: number): string {
  return /[\w+.-]*:\/{1,2}$/.exec(text.slice(Math.max(0, start - 40), start))?.[0] ?? '';
}

/** With a quote, its partner or the line's end; else a blank, a quote or a bracket. */
function wordEnd(text: string, start: number, quote: string): number {
  if (quote !== '') {
    let at = start;
    while (at < text.length && text[at] !== quote && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1;
    return Math.min(at, text.length);
  }
  for (let at = start; at < text.length; at++) if (' \t\r\n"\'`<>'.includes(text.charAt(at))) return at;
  return text.length;
}

/** A password may itself hold '@' or '/', so the last '@' of the word counts. */
function authority(text: string, start: number, end: number, out: Range[]): void {
  const word = text.slice(start, end);
  const at = lastAt(word);
  const user = word.slice(0, at);
  // Of several words in quotes, `http://host and a@b` is no address with a password.
  if (at === -1 || (/\s/.test(user) && /^https?:/.test(schemeBefore(text, start)))) return;
  const colon = user.indexOf(':');
  const slash = user.search(/[/?#]/);
  if (slash !== -1 && (colon === -1 || colon > slash || /^:\d+$/.test(user.slice(colon, slash)))) return;
  if (colon === -1) {
    if (user.length >= 16 && !/\s/.test(user) && !isNothing(user)) out.push({ start, end: start + at });
    return;
  }
  const password = user.slice(colon + 1);
  const name = user.slice(0, colon);
  if (isNothing(password) || /^[A-Z_]+$/.test(password) || isFilledIn(password) || isPattern(password)) {
    // https://docs.github.com: a token may stand in the user's place, with nothing for a password.
    if (password === '' && isEvident(name)) out.push({ start, end: start + colon });
    return;
  }
  if (password === 'x-oauth-basic' || isEvident(name)) out.push({ start, end: start + colon });
  out.push({ start: start + colon + 1, end: start + at });
}

/** The '@' before the host. What follows a blank or a bracket is another word's. */
function lastAt(word: string): number {
  const at = word.lastIndexOf('@');
  if (at === -1 || !/\s/.test(word)) return at;
  // With blanks inside: the last '@' that a host follows.
  for (let from = at; from !== -1; from = from === 0 ? -1 : word.lastIndexOf('@', from - 1)) {
    if (/^@[\w.[\]:{}$-]+(?:[/?#]|$)/.test(word.slice(from))) return from;
  }
  return -1;
}

/** `{user}:{password}`, `%s:%s`: put together when it runs. */
function isFilledIn(password: string): boolean {
  return /^(?:\{[^{}]*\}|%s|%\(\w+\)s|\$\{?\w+\}?|" *\+.*)$/.test(password);
}
