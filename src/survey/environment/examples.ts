/** Values in .env.example and the like: a hint for variables that the code reads, nothing more. */
import type { ServiceSeed } from '../../model/facts.ts';
import { join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { isCredential } from '../../secrets/credential.ts';

const NAMES = ['.env.example', '.env.sample', '.env.template', '.env.dist', 'env.example', 'env.sample', 'example.env', '.example.env', 'sample.env']; // biome-ignore format: a list of names
const LINE = /^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(.*)$/gm;
const PLACEHOLDER =
  /your|change|replace|some[_-]|example|xxx|\.\.\.|<|>|\$\{|\*{3}|todo|localhost|127\.0\.0\.1|secret|password/i;

/** Names with the usable values that the service's example files (or the repository's) give them. */
export function exampleValues(repo: Snapshot, seed: ServiceSeed): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const folder of new Set([seed.root, ''])) {
    for (const name of NAMES) {
      const text = repo.has(join(folder, name)) ? (repo.read(join(folder, name))?.text ?? '') : '';
      for (const [, variable = '', written = ''] of text.matchAll(LINE)) {
        const value = unquoted(written.trim());
        if (value === '' || out.has(variable) || PLACEHOLDER.test(value) || isCredential(variable, value)) continue;
        out.set(variable, value);
      }
    }
  }
  return out;
}

function unquoted(written: string): string {
  const quote = written[0];
  if (quote === '"' || quote === "'") {
    const end = written.indexOf(quote, 1);
    return end > 0 ? written.slice(1, end) : '';
  }
  const comment = written.search(/\s#/);
  return (comment < 0 ? written : written.slice(0, comment)).trim();
}
