/** Proofs on a changed text, by kind of file. What cannot be proved is not written. */
import { parse as parseIni } from 'ini';
import { parseTOML } from 'toml-eslint-parser';
import { parseDocument } from 'yaml';
import { type Encoding, encodable } from '../repo/source.ts';
import { parsePython } from '../syntax/python/lower.ts';
import { staysValid } from '../syntax/python/validity.ts';
import { say } from '../system/say.ts';

/** Why a file as it is cannot be changed with a proof, in a few words: it does not parse. Undefined where it does. */
export function brokenBefore(path: string, text: string): string | undefined {
  if (!path.endsWith('.py')) {
    return unprovable(path, undefined, text) === undefined ? undefined : say`${path} cannot be parsed`;
  }
  const { errors, errorLine = 1 } = parsePython(text);
  return errors > 0 ? say`${path} does not parse (line ${errorLine})` : undefined;
}

/** Undefined when `after` is fine; else why not, in one line. `before` is undefined for a created file. */
export function unprovable(
  path: string,
  before: { readonly text: string; readonly encoding: Encoding } | undefined,
  after: string,
): string | undefined {
  if (before && !encodable(after, before.encoding)) return say`${before.encoding} cannot hold the new text`;
  if (path.endsWith('.py')) {
    return staysValid(before?.text, after) ? undefined : say`the result would have a syntax error`;
  }
  try {
    if (path.endsWith('.toml')) parseTOML(after);
    if (path.endsWith('.ini') || path.endsWith('.cfg')) parseIni(after);
    if (/\.ya?ml$/.test(path)) {
      const [error] = parseDocument(after).errors;
      if (error) return say`the result would not be YAML: ${error.code}`;
    }
  } catch (error) {
    return say`the result would not parse: ${(error as Error).message.split('\n')[0]}`;
  }
  return undefined;
}
