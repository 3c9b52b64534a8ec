/** The emitters, in the order in which they run. One file each. */
import type { Part } from '../src/transform.ts';
import { procfile } from './procfile.ts';
import { renderYaml } from './render-yaml.ts';

export const emitters: readonly Part[] = [procfile, renderYaml];
