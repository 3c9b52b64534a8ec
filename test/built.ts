/** The built command. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

export const home = path.join(import.meta.dirname, '..');
export const command = path.join(home, 'dist', 'nayek.cjs');

/** Builds it where it is missing. */
export function buildOnce(): void {
  if (!existsSync(command)) execFileSync(process.execPath, ['build.mjs'], { cwd: home, stdio: 'ignore' });
}
