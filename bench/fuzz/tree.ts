/** Small repositories on disk. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Writes files (path below `root` → text) with the folders that they need. */
export function writeTree(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
}
