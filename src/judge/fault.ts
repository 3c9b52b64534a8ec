/** What a start command is found guilty of. */
import type { Evidence } from '../model/facts.ts';

/**
 * - `host`, `port`: it does not listen where the platform sends requests
 * - `interface`: the server cannot serve what the application speaks
 * - `installed`: the program is not among what the build installs
 * - `needs`: what is installed lacks something that this server or worker needs
 * - `module`: the application that it names is not there
 * - `connections`: the connections that the application keeps open do not fit its processes or threads
 * - `quoting`: a variable that no shell expands
 */
export type Rule = 'host' | 'port' | 'interface' | 'installed' | 'needs' | 'module' | 'connections' | 'quoting';

export interface Fault {
  readonly rule: Rule;
  /** One sentence that names the cause. */
  readonly reason: string;
  readonly at: Evidence;
  /** What is not installed. */
  readonly distribution?: string;
}

/** True where the part `gunicorn` puts an end to it: the command itself is right. */
export function isAdded({ rule, distribution }: Fault): boolean {
  return rule === 'installed' && distribution === 'gunicorn';
}
