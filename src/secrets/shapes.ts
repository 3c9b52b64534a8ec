/** Credentials that show by their form alone, in any text: issued keys, PEM blocks, hashed passwords, headers. */
import { ISSUED_FORM } from './issued.ts';
import { lineEnd } from './literal.ts';
import type { Range } from './range.ts';
import { isDense, isHarmless, isNothing } from './value.ts';

/** `$2b$12$…` and the like: what crypt(3), passlib and Django keep of a password. */
const HASHED =
  /\$(?:2[abxy]?|argon2\w{0,2}|scrypt|pbkdf2[\w-]{0,10}|[1567y]|apr1)\$[\w./$=,+-]{12,}|\b(?:pbkdf2_sha\d+|bcrypt_sha256|argon2|scrypt)\$[\w./$=,+-]{12,}|\{S?SHA(?:256|512)?\}[\w+/=]{16,}/g;
const PRIVATE = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d/g;
const AUTHORIZATION =
  /(?<![\w-])(?:bearer|basic|token|digest|apikey|api-key|negotiate|ntlm)[ \t]+([\w.~+/=:-]{6,2000})/gi;
/** In the place of a header's value all is a credential. */
const HEADER =
  /(?<![\w-])(?:(?:proxy-)?authorization|x-[a-z-]{0,30}(?:api-?key|token|secret|auth)|api-key|private-token|(?:set-)?cookie)\\?["'`]?([ \t]*[:=]|(?<=["'])[ \t]*(?:,|\][ \t]*=))[ \t]*([bfru]{0,2}\\?["'`])?([^\s"'`<>\\][^"'`<>\n\\]{3,2000})/gi;
/** `curl -u user:password`, `mysql -uroot -ppassword`, `sshpass -p password`, `redis-cli -a password`. */
const OPTIONS: readonly RegExp[] = [
  /\bcurl\b[^\n]{0,300}?[ \t](?:-u|--user|--proxy-user)[ =]?["']?[^\s:"']{1,80}:([^\s"']{1,200})/g,
  /\b(?:mysql|mysqldump|mariadb|mysqladmin)\b[^\n]{0,200}?[ \t]-p([^\s"'=-][^\s"']{2,200})/g,
  /\b(?:sshpass|docker[ \t]{1,9}login)\b[^\n]{0,200}?[ \t]-p[ \t]*["']?([^\s"']{2,200})/g,
  /\b(?:redis-cli|valkey-cli)\b[^\n]{0,200}?[ \t]-a[ \t]+["']?([^\s"']{2,200})/g,
  /\bIDENTIFIED[ \t]+(?:WITH[ \t]+\w{1,40}[ \t]+)?BY[ \t]+(?:PASSWORD[ \t]+)?'([^'\n]{1,200})'/gi,
  /\becho[ \t]+["']?([^\s"'|$`]{2,200})["']?[ \t]*\|[^\n|]{0,200}(?:--password-stdin|\bsudo[ \t]+-S|\bchpasswd|\bpasswd\b)/g,
  /\bopenssl\b[^\n]{0,200}?[ \t](?:-k[ \t]+|-pass(?:in|out)?[ \t]+pass:)["']?([^\s"']{2,200})/g,
  /\b(?:proxy_set_header|more_set_headers|RequestHeader[ \t]+set)[ \t]+(?:authorization|x-[a-z-]{0,30}(?:api-?key|token|secret|auth)|api-key)[ \t]+["']?([^\s"';$]{4,500})/gi,
  // .pgpass: host:port:database:user:password
  /^[^\s:#]{1,200}:(?:\d{2,5}|\*):[^\s:]{1,100}:[^\s:]{1,100}:(\S{2,200})$/gm,
  /(?:^|[\s"';])(?:http\.)?\.?netrc[^\n]{0,80}\bpassword[ \t]+([^\s"']{2,200})/gi,
];
/** A sum in front makes a dense word harmless. */
const BARE_KEY = /(?<=(?<![=:])[=:][ \t]{0,9}|["'])([\w+/=-]{32,200})(?=["'\s,;]|$)/gm;
const SUM =
  /(?:sha\d+|md5|hash|digest|checksum|commit|rev|revision|integrity|etag|id|uuid|fingerprint|public_?key|address)["']?[ \t]*[:=-][ \t]*["']?$/i;

/** Ranges of all of them in `text`; `isCode` tells where a name is a program's own and its value an expression. */
export function byShape(text: string, isCode: (at: number) => boolean): Range[] {
  const out: Range[] = [];
  for (const form of [ISSUED_FORM, HASHED]) {
    for (const match of text.matchAll(form)) out.push({ start: match.index, end: match.index + match[0].length });
  }
  for (const match of text.matchAll(PRIVATE)) out.push(...keyAfter(text, match.index + match[0].length));
  for (const match of text.matchAll(AUTHORIZATION)) if (isToken(match[1] ?? '')) out.push(last(match));
  for (const match of text.matchAll(HEADER)) if (!isCode(match.index)) out.push(...headerValue(match));
  for (const form of OPTIONS) {
    for (const match of text.matchAll(form)) if (!isNothing(match[1] ?? '')) out.push(last(match));
  }
  return out;
}

/** What follows the head of a private key: the rest of its line, and lines of base64 up to the line that ends it. */
function keyAfter(text: string, start: number): Range[] {
  const out: Range[] = [];
  for (let at = start; at < text.length; at = text.indexOf('\n', at) + 1) {
    const stop = lineEnd(text, at);
    const foot = text.slice(at, stop).indexOf('-----END');
    const end = foot === -1 ? stop : at + foot;
    const line = text.slice(at, end);
    // The head alone, in quotes: it is spoken of.
    if (at === start && /^["']/.test(line)) break;
    const held = line.replace(/^[\s"'#>|+*,(]+|\\[nr]|["'\s+,)\\]+$/g, '');
    const body = at === start ? held.length > 3 : /^(?:[A-Za-z0-9+/=]+|[A-Z][\w-]+: .*)?$/.test(held);
    if (!body && at > start) break;
    if (held !== '') out.push({ start: end - line.trimStart().length, end });
    if (foot !== -1 || text.indexOf('\n', at) === -1) break;
    if (at === start && /["'][\s)]*[,:)\]]|["'] /.test(line)) break;
  }
  return out;
}

/** Ranges of words as dense as a random key that stand for a value. For text whose parts are not known. */
export function denseWords(text: string): Range[] {
  const out: Range[] = [];
  for (const match of text.matchAll(BARE_KEY)) {
    if (!isDense(match[1] ?? '')) continue;
    if (!SUM.test(text.slice(Math.max(0, match.index - 60), match.index))) out.push(last(match));
  }
  return out;
}

function headerValue(match: RegExpExecArray): Range[] {
  const [all, mark = '', open = '', value = ''] = match;
  // A name in quotes has a value in quotes, or it is an expression.
  const quoted = /["'`]\s*(?:[:=,]|\]\s*=)\s*$/.test(all.slice(0, all.length - open.length - value.length));
  if (quoted && open === '') return [];
  const token = value.trim().replace(/^(?:bearer|basic|token|digest|apikey|negotiate)[ \t]+/i, '');
  if (isHarmless('authorization', token) || /^[%$<]|\{\w|^\w+[([]|^[\p{L} ,.]+$/u.test(token)) return [];
  // In a list of headers the next one follows.
  if (!/[:=]/.test(mark) && !isToken(token)) return [];
  const end = match.index + all.trimEnd().length;
  return [{ start: end - token.length, end }];
}

/** A word in the place of a token: not one of a sentence (`Bearer authentication`). */
function isToken(word: string): boolean {
  if (isNothing(word) || /^realm=/i.test(word)) return false;
  return /\d/.test(word) || /[a-z][A-Z]|[A-Z]{2}[a-z]|=$/.test(word) || (word.includes('.') && word.length > 12);
}

/** The range of a match's group, which ends it but for a quote. */
function last(match: RegExpExecArray): Range {
  const start = match.index + match[0].lastIndexOf(match[1] ?? '');
  return { start, end: start + (match[1] ?? '').length };
}
