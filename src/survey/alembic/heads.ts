/** How many ends the history of an Alembic script folder has. https://alembic.sqlalchemy.org/en/latest/branches.html */
import type { AlembicConfig } from '../../model/facts.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { revisionPaths } from './versions.ts';

const REVISION = /^revision\s*(?::[^=\n]*)?=\s*["']([^"'\n]+)["']/m;
const DOWN = /^down_revision\s*(?::[^=\n]*)?=\s*(None\b|["'][^"'\n]+["']|\([^()]*\)|\[[^[\]]*\])/m;

/** True when `alembic upgrade head` would stop with "Multiple head revisions": then `heads` is meant. */
export function hasSeveralHeads(repo: Snapshot, config: AlembicConfig): boolean {
  const revisions = new Set<string>();
  const followed = new Set<string>();
  for (const path of revisionPaths(repo, config)) {
    const text = repo.read(path)?.text ?? '';
    const revision = REVISION.exec(text)?.[1];
    const down = DOWN.exec(text)?.[1];
    // A file that says it otherwise may follow any of the others.
    if (revision === undefined || down === undefined) return false;
    revisions.add(revision);
    for (const [, name] of down.matchAll(/["']([^"']+)["']/g)) if (name) followed.add(name);
  }
  return [...revisions].filter((r) => !followed.has(r)).length > 1;
}
