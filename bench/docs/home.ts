import { existsSync } from 'node:fs';
import path from 'node:path';

/** Top of the checkout, from the sources and from the bundle in dist/. */
export const HOME =
  ['../..', '..']
    .map((up) => path.join(import.meta.dirname, up))
    .find((folder) => existsSync(path.join(folder, 'package.json'))) ?? '.';
