/** What must never be copied from a source into a generated file: the same decision as for what is shown. */
import { findSecrets } from './find.ts';
import { holdsSecret } from './judge.ts';
import { saying } from './names.ts';
import { isDense } from './value.ts';

/** A whole value that is a header's, or the head of a key. */
const WHOLE =
  /^(?:Bearer|Token|Digest)[ \t]+\S+$|^Basic[ \t]+[A-Za-z0-9+/]{6,}={0,2}$|^-----BEGIN [A-Z ]{0,40}PRIVATE KEY/i;

/** True when a variable called `name` holds a credential, by its name or by what the value is or holds. */
export function isCredential(name: string, value: string): boolean {
  const text = value.trim();
  if (text === '') return false;
  return (
    holdsSecret(name, saying(name), text) || isDense(text) || WHOLE.test(text) || findSecrets(text, 'words').length > 0
  );
}
