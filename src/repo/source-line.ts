/** The line that a fact was seen on. */
import type { Evidence } from './evidence.ts';
import type { Snapshot, SourceFile } from './snapshot.ts';

const kept = new WeakMap<SourceFile, readonly string[]>();

/** Without its end; '' where the file or the line is not there. A file is taken apart once: lists have 100,000 lines. */
export function sourceLine(repo: Snapshot, { path, line }: Evidence): string {
  const file = repo.read(path);
  if (!file) return '';
  const lines = kept.get(file) ?? file.text.split('\n');
  kept.set(file, lines);
  return lines[line - 1] ?? '';
}
