/** The emitters, in the order in which they run. One file each. */
import type { Part } from '../src/model/transform.ts';
import { deployReadme } from './deploy-readme.ts';
import { envFile } from './env-file.ts';
import { nginx } from './nginx.ts';
import { procfile } from './procfile.ts';
import { renderYaml } from './render-yaml.ts';
import { systemd } from './systemd.ts';

export const emitters: readonly Part[] = [procfile, renderYaml, systemd, nginx, envFile, deployReadme];
