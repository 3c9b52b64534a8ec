/** Secrets that the program wants longer than what a platform makes up. */

import type { Service } from '../../model/facts.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { lineOf } from '../../syntax/edit.ts';
import { say } from '../../system/say.ts';
import type { Note } from './note.ts';

/** Base64 of 256 bits. https://render.com/docs/blueprint-spec#setting-environment-variables */
export const GENERATED_LENGTH = 44;

/** `len(secret_key) < 64`: the first for each variable. */
export function secretLengths(repo: Snapshot, { env }: Service, files: readonly string[]): Note[] {
  const secrets = env.filter((e) => e.kind === 'secret-generate');
  if (secrets.length === 0) return [];
  const texts = repo.matching(files, /\blen\([^()\n]*\)\s*<=?\s*\d{2,4}\b/);
  return secrets.flatMap(({ name }) => {
    const form = new RegExp(String.raw`\blen\((?:[\w.]+\.)?${name}\)\s*(<=?)\s*(\d{2,4})\b`, 'i');
    for (const path of texts) {
      const text = repo.read(path)?.text ?? '';
      const found = form.exec(text);
      const least = Number(found?.[2]) + (found?.[1] === '<=' ? 1 : 0);
      if (!found || least <= GENERATED_LENGTH) continue;
      const said = say`${name} must have ${String(least)} characters here, and a platform makes one of ${String(GENERATED_LENGTH)}: the service refuses to start. Set one by hand: openssl rand -hex ${String(Math.ceil(least / 2))}.`;
      return [{ text: said, at: { path, line: lineOf(text, found.index) }, stops: true as const }];
    }
    return [];
  });
}
