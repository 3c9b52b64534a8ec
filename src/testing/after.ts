/** What a fixture's `after/` holds against what came out: shown as a difference, and taken over where that was asked for. */
import { mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { visible } from '../syntax/visible.ts';
import { say } from '../system/say.ts';
import type { Fixture, Tree } from './fixture.ts';

/**
 * Makes `after/` hold what came out, which must be of a run that ended well; files that are right already, and those that
 * are as in `before/`, stay. Returns a sentence for each file written or removed. A case named skip-… keeps no `after/`.
 */
export function updateAfter({ folder, name, before, after = {} }: Fixture, result: Tree): string[] {
  const home = path.join(folder, 'after');
  const skips = name.startsWith('skip-');
  const done: string[] = [];
  for (const [file, bytes] of Object.entries(after)) {
    if (!skips && (result[file] ?? before[file])?.equals(bytes)) continue;
    if (result[file] && !skips) continue;
    rmSync(path.join(home, file));
    prune(path.dirname(path.join(home, file)), home);
    done.push(say`removed after/${visible(file)}`);
  }
  if (skips) return done;
  for (const [file, bytes] of Object.entries(result)) {
    if (after[file]?.equals(bytes)) continue;
    mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
    writeFileSync(path.join(home, file), bytes);
    done.push(say`wrote after/${visible(file)}`);
  }
  return done;
}

/** Removes a folder that has become empty, and those above it up to `home`. */
function prune(folder: string, home: string): void {
  for (let at = folder; readdirSync(at).length === 0; at = path.dirname(at)) {
    rmdirSync(at);
    if (at === home) return;
  }
}

/** From `after/` to what came out, as unified diffs; nothing where nothing came out. */
export function differences({ before, after }: Fixture, result: Tree | undefined): string[] {
  if (!result) return [];
  return Object.keys({ ...after, ...result }).flatMap((file) => {
    const [wanted, is] = [after?.[file] ?? before[file], result[file] ?? before[file]];
    if (wanted && is?.equals(wanted)) return [];
    return [
      visibleLines(createTwoFilesPatch(`after/${file}`, 'what comes out', String(wanted ?? ''), String(is ?? ''))),
    ];
  });
}

function visibleLines(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('======'))
    .map((line) => visible(line))
    .join('\n')
    .trimEnd();
}
