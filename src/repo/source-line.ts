/** The line that a fact was seen on. */
import type { Evidence } from './evidence.ts';
import type { Snapshot } from './snapshot.ts';

/** Without its end; '' where the file or the line is not there. */
export function sourceLine(repo: Snapshot, { path, line }: Evidence): string {
  return repo.read(path)?.text.split('\n')[line - 1] ?? '';
}
