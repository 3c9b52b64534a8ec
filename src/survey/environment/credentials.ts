/** What must never be copied from a source into a generated file. */

/**
 * Prefixes of issued keys, after https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml, and of the keys
 * that `django-admin startproject` writes.
 */
const ISSUED =
  /(?:^|[\s"'=,;])(?:sk-|pk_|sk_|rk_|gh[posur]_|github_pat_|glpat-|glsa_|xox[abeprs]-|xapp-|AKIA|ASIA|AIza|ya29\.|eyJ|SG\.|hf_|gsk_|r8_|tvly-|nvapi-|xai-|pcsk_|phc_|sbp_|rnd_|npm_|pypi-|dckr_pat_|do[opr]_v1_|shp(?:at|ca|pa|ss)_|lin_api_|ntn_|whsec_|key-[0-9a-f]{32}|AC[0-9a-f]{32}|django-insecure-|-----BEGIN)/;
/** `$2b$12$…` and the like: what crypt(3), passlib and Django keep of a password. */
const HASHED = /^(?:\$(?:2[abxy]?|argon2\w*|scrypt|pbkdf2[\w-]*|[156]|apr1)\$|pbkdf2_sha\d+\$|\{SSHA\})/;
const URL_PASSWORD = /[A-Za-z][\w+.-]{0,30}:\/\/[^\s/@:]*:[^\s/@]*@/;
/** A Sentry DSN or a token in the user's place. */
const URL_TOKEN = /^[A-Za-z][\w+.-]{0,30}:\/\/[^\s/@:]{16,}@/;
const HOOK =
  /hooks\.slack\.com\/(?:services|workflows)\/|discord(?:app)?\.com\/api\/webhooks\/|\.webhook\.office\.com\//;
const AUTHORIZATION = /^(?:Bearer|Basic|Token|Digest)\s+\S/i;
/** `password=…` in a connection string, `?api_key=…` in an address. */
const PAIR =
  /(?:^|[\s;&?,])(?:password|passwd|pwd|secret|client_secret|(?:access_?|auth_?)?token|api_?key|(?:shared)?access_?key|account_?key|sig)=[^\s;&]/i;
const HEX_KEY = /^[0-9a-fA-F]{32,}$/;
const DENSE = /^[A-Za-z0-9+/]{24,}={0,2}$/;
const URL_SAFE = /^[\w-]{32,}={0,2}$/;

/** True for a URL with a password, an issued key, a hashed password, or text as dense as a random key. */
export function looksLikeCredential(text: string): boolean {
  const value = text.trim();
  const known = [ISSUED, HASHED, URL_PASSWORD, URL_TOKEN, HOOK, AUTHORIZATION, PAIR, HEX_KEY];
  if (known.some((form) => form.test(value))) return true;
  if (!/[a-z]/.test(value) || !/[A-Z]/.test(value) || !/\d/.test(value)) return false;
  return DENSE.test(value) || (URL_SAFE.test(value) && changes(value) > value.length / 5);
}

/** How often the kind of character changes inside of words: seldom in a name that somebody made up, often in a key. */
function changes(value: string): number {
  return value.match(/[a-z](?=[A-Z\d])|[A-Z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
}
