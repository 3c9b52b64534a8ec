/** What must never be copied from a source into a generated file. */

const ISSUED =
  /^(?:sk-|pk_|sk_|rk_|ghp_|gho_|github_pat_|glpat-|xox[abp]-|AKIA|ASIA|AIza|eyJ|SG\.|hf_|whsec_|-----BEGIN)/;
const URL_PASSWORD = /^[A-Za-z][\w+.-]*:\/\/[^\s/@:]*:[^\s/@]*@/;
const HEX_KEY = /^[0-9a-fA-F]{32,}$/;
const DENSE = /^[A-Za-z0-9+/]{24,}={0,2}$/;

/** True for a URL with a password, an issued key, or text as dense as a random key. */
export function looksLikeCredential(text: string): boolean {
  const value = text.trim();
  if (ISSUED.test(value) || URL_PASSWORD.test(value) || HEX_KEY.test(value)) return true;
  return DENSE.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value);
}
