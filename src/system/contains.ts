/** Whether one absolute path lies in another, by their spelling: resolve links before. */
import path from 'node:path';

/** True for the folder itself and for everything below it. */
export function contains(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return !(relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative));
}
