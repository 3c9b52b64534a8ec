/** What a value looks like, whatever it is called: a placeholder, words for people, a random key. */
import { namesPassword, wordsOf } from './names.ts';

const PLACEHOLDER =
  /^(?:\$\{?[\w.]+(?::?\?[^}]*|:?-)?\}?|\$\$?\(.*|\{.*\}|%\(.*|%[sdr]|<.*>|\[[A-Z][A-Z _-]*\]|\*+|x{3,}|\.{3,}|…|-+|_+|@\w+@|%[A-Z_]+%)$/is;
const NOTHING =
  /^(?:true|false|yes|no|on|off|null|none|nil|undefined|~|-?\d{1,2}|str(?:ing)?|int(?:eger)?|bool(?:ean)?|bytes|text|optional|required|any|read|write|unset|hidden|redacted|inherit)$/i;
/** In a template of GitHub Actions, Jinja, Go or Helm, or in Ansible. */
const TEMPLATE = /^\$?\{\{|^\{%.*%\}$|^!(?:vault|env|secret|sub|ref|getatt|reference|include)\b/is;
/** `PASSWORD`, `YOUR_API_KEY`: what to put there, not a value. */
const CAPITALS = /^[A-Z]+(?:[_-][A-Z]+)*$/;
const PATH = /^(?:[A-Za-z]:\\|~?\.{0,2}\/)(?:[\w.@${}-]+[/\\])*[\w.@${}-]*$/;
/** A pattern for values, not one of them. */
const PATTERN = /\[\^?\w-\w|\\[dws]|\(\?[:=!<]/;
const PLAIN_URL = /^[A-Za-z][\w+.-]{0,30}:\/\/[^\s@?]*$/;

/** True for a regular expression. */
export function isPattern(text: string): boolean {
  return PATTERN.test(text);
}

/** True for text that stands for a value, or for none: nothing to hide. */
export function isNothing(text: string): boolean {
  const value = text.trim();
  return value === '' || PLACEHOLDER.test(value) || NOTHING.test(value) || TEMPLATE.test(value);
}

/**
 * True for a value that is no credential although its name would say so: a placeholder, a path, an address, a sentence
 * for people, an option, or the name over again (`TOKEN = "token"`).
 */
export function isHarmless(name: string, text: string): boolean {
  const value = text.trim();
  if (isNothing(value)) return true;
  if (CAPITALS.test(value) && wordsOf(value).length > 0 && saysItself(value)) return true;
  if (isDense(value)) return false;
  if (PATH.test(value) && /[/\\]/.test(value) && value.length > 1) return true;
  if (PLAIN_URL.test(value) || isPattern(value)) return true;
  if (/^--[a-z][a-z-]*$|^-[A-Za-z]$/.test(value)) return true;
  if (isSentence(value)) return true;
  return isNameAgain(name, value);
}

/** In capitals, of words that speak about credentials. */
function saysItself(value: string): boolean {
  return /PASS|PWD|SECRET|TOKEN|KEY|CREDENTIAL|CHANGE_?ME|YOUR|REPLACE|TODO|XXX/.test(value);
}

/** Several words with a capital or a stop, as people are told something; not the lower-case words of a passphrase. */
function isSentence(value: string): boolean {
  const words = value.split(/\s+/);
  if (words.length < 2) return false;
  if (!words.every((word) => /^[\p{L}'’"(]+[,.:;!?…)"']*$/u.test(word) || /^[&/–—-]$|^\{\w*\}$|^%\w$/.test(word)))
    return /^\p{Lu}\p{Ll}/u.test(value) && words.length > 4;
  return /^\p{Lu}\p{Ll}*/u.test(value) || /[.!?:…]$/.test(value) || words.length > 7;
}

/** `ACCESS_TOKEN = "access_token"` names a field; `password = "password"` is a bad password. */
function isNameAgain(name: string, value: string): boolean {
  if (namesPassword(name) || /^secret/i.test(value) || !/^[A-Za-z][\w.-]*$/.test(value)) return false;
  const [own, said] = [wordsOf(name).join(''), wordsOf(value).join('')];
  return own === said || own.endsWith(said) || said.endsWith(own);
}

const HEX_KEY = /^(?:0x)?[0-9a-fA-F]{32,}$/;
const BASE64 = /^[A-Za-z0-9+/]{24,}={0,2}$/;
const URL_SAFE = /^[\w-]{32,}={0,2}$/;

/** Behind a short prefix of who has issued it: `abc_…`. */
const PREFIXED = /^(?!sha|md5|rev|commit|blake|crc)[a-z][a-z0-9]{1,9}[_-](?=[0-9a-f]{32,}$)/;

/** True for text as dense as a random key of 120 bits and more: it is one without any name. */
export function isDense(text: string): boolean {
  const value = text.replace(PREFIXED, '');
  if (HEX_KEY.test(value)) return /\d/.test(value) && !/^(.)\1*$/.test(value);
  if (!/[a-z]/.test(value) || !/[A-Z]/.test(value) || !/\d/.test(value)) return false;
  return (BASE64.test(value) || URL_SAFE.test(value)) && changes(value) > value.length / 5.5;
}

/**
 * True for what a name has to be helped by, as `seed` or `auth`: `user:password`, shorter keys, base32. Names of models,
 * dates, versions and addresses are none.
 */
export function isEvident(value: string): boolean {
  if (isDense(value)) return true;
  if (/\s/.test(value) || value.length < 8) return false;
  // A number.
  if (/^0x[0-9a-fA-F]{1,16}$/.test(value)) return false;
  if (/^[0-9a-fA-F]{16,}$/.test(value)) return /\d/.test(value) && /[a-f]/i.test(value);
  if (/^[A-Z2-7]{16,}={0,6}$/.test(value)) return /[2-7]/.test(value);
  if (/^[\w.+/=~!@#$%^&*-]+$/.test(value) && changes(value) > 2) {
    return value.length >= 10 && changes(value) >= value.length / 5;
  }
  return false;
}

/** `admin:pw`, where the name speaks of signing in. Neither a port nor a module's member nor an address. */
export function isUserAndPassword(value: string): boolean {
  const [, user = '', word = ''] = /^([\w.@+-]{1,64}):([^\s:/]{2,})$/.exec(value) ?? [];
  // `package.module:Class` is a member of a module.
  if (user.includes('.') && /^[A-Z]?[a-z]+(?:[A-Z_]\w*)?$/.test(word)) return false;
  return user !== '' && !isNothing(word) && !/^\d{2,5}$/.test(word);
}

/** How often the kind of character changes inside of words: seldom in a name that somebody made up, often in a key. */
function changes(value: string): number {
  return value.match(/[a-z](?=[A-Z\d])|[A-Z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
}
