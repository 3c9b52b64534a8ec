/** Which Python a virtual environment is made with. */
import { spawnSync } from 'node:child_process';
import { findProgram } from '../system/program.ts';

export interface Python {
  readonly program: string;
  /** '3.11.7' */
  readonly version: string;
  /** Set when it is not the version that was wanted. */
  readonly wanted?: string;
}

/**
 * The Python asked for with --python (a path or a name), else one of the wanted version ('3.11', '3.11.9': the patch
 * level is not insisted on) or the nearest to it, else python3, or the first of at least `lowest`. Undefined when there
 * is none that runs.
 */
export function findPython(
  wanted: string | undefined,
  asked: string | undefined,
  root: string,
  lowest?: string,
): Python | undefined {
  if (asked !== undefined) {
    const program = asked.includes('/') ? asked : findProgram(/^\d/.test(asked) ? `python${asked}` : asked, root);
    return program ? probe(program) : undefined;
  }
  const minor = /^3\.\d+/.exec(wanted ?? '')?.[0];
  if (minor !== undefined) {
    for (const folder of ['', '/usr/bin/', '/usr/local/bin/']) {
      const program = folder === '' ? findProgram(`python${minor}`, root) : `${folder}python${minor}`;
      const found = program ? probe(program) : undefined;
      if (found) return found;
    }
  }
  const near = minor === undefined ? [] : nearest(Number(minor.slice(2)));
  const bound = minor === undefined ? Number(/^3\.(\d+)/.exec(lowest ?? '')?.[1] ?? 0) : 0;
  const above = bound > 0 ? Array.from({ length: 5 }, (_, i) => `python3.${bound + i}`) : [];
  for (const name of [...near, ...(bound > 0 ? ['python3'] : []), ...above, 'python3', 'python']) {
    const program = findProgram(name, root);
    const found = program ? probe(program) : undefined;
    if (!found || Number(found.version.split('.')[1]) < bound) continue;
    return minor === undefined || found.version.startsWith(`${minor}.`) ? found : { ...found, wanted: minor };
  }
  return undefined;
}

/** `python3.13` before `python3.11` where 3.14 is wanted: what a project lists is more likely to install there. */
function nearest(minor: number): string[] {
  const away = (n: number): number => Math.abs(n - minor) + (n < minor ? 0.5 : 0);
  return Array.from({ length: 10 }, (_, i) => minor - 5 + i)
    .sort((a, b) => away(a) - away(b))
    .map((n) => `python3.${n}`);
}

function probe(program: string): Python | undefined {
  const script = 'import sys, venv; print("%d.%d.%d" % sys.version_info[:3])';
  const { status, stdout } = spawnSync(program, ['-I', '-c', script], { encoding: 'utf8', timeout: 20_000, cwd: '/' });
  const version = stdout?.trim() ?? '';
  return status === 0 && /^3\.\d+\.\d+$/.test(version) ? { program, version } : undefined;
}
