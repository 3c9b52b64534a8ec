/** Which Python a virtual environment is made with. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
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
  if (minor === undefined) return atLeast(Number(/^3\.(\d+)/.exec(lowest ?? '')?.[1] ?? 0), root);
  for (const series of nearest(Number(minor.slice(2)))) {
    const found = ofSeries(series, root);
    if (found) return found.version.startsWith(`${minor}.`) ? found : { ...found, wanted: minor };
  }
  const near = firstOf(['python3', 'python'], root);
  return near && { ...near, wanted: minor };
}

/** On PATH, where systems put it, or where a version manager keeps it. */
function ofSeries(series: string, root: string): Python | undefined {
  const name = `python${series}`;
  const usual = [`/usr/bin/${name}`, `/usr/local/bin/${name}`, ...kept(series)].filter((program) =>
    existsSync(program),
  );
  return firstThatRuns([findProgram(name, root), ...usual]);
}

/** The usual one, else the first of at least 3.`lowest`. */
function atLeast(lowest: number, root: string): Python | undefined {
  const above = lowest > 0 ? Array.from({ length: 5 }, (_, i) => `python3.${lowest + i}`) : [];
  return firstOf(['python3', ...above, 'python'], root, lowest);
}

/** The first of these names that is a program and runs, of at least 3.`lowest`. */
function firstOf(names: readonly string[], root: string, lowest = 0): Python | undefined {
  return firstThatRuns(
    names.map((name) => findProgram(name, root)),
    lowest,
  );
}

function firstThatRuns(programs: readonly (string | undefined)[], lowest = 0): Python | undefined {
  for (const program of programs) {
    const found = program ? probe(program) : undefined;
    if (found && Number(found.version.split('.')[1]) >= lowest) return found;
  }
  return undefined;
}

/**
 * Where version managers keep their Pythons of this version, newest first. A shim of theirs on PATH answers for the
 * version alone that is switched on. https://github.com/pyenv/pyenv#locating-pyenv-provided-python-installations
 * https://docs.astral.sh/uv/concepts/python-versions/#managed-and-system-python-installations
 */
function kept(minor: string): string[] {
  const data = process.env.XDG_DATA_HOME ?? path.join(homedir(), '.local', 'share');
  const folders = [
    path.join(process.env.PYENV_ROOT ?? path.join(homedir(), '.pyenv'), 'versions'),
    process.env.UV_PYTHON_INSTALL_DIR ?? path.join(data, 'uv', 'python'),
  ];
  const form = /^(?:cpython-)?(3\.\d+)\.(\d+)(?:-|$)/;
  return folders
    .flatMap((folder) => (existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : []))
    .flatMap((folder) => {
      const found = form.exec(path.basename(folder));
      return found?.[1] === minor ? [{ folder, patch: Number(found[2]) }] : [];
    })
    .sort((a, b) => b.patch - a.patch)
    .map(({ folder }) => path.join(folder, 'bin', `python${minor}`));
}

/** The wanted series first, then those around it: 3.13 before 3.11 where 3.14 is wanted, as what a project lists is more likely to install there. */
function nearest(minor: number): string[] {
  const away = (n: number): number => Math.abs(n - minor) + (n < minor ? 0.5 : 0);
  return Array.from({ length: 10 }, (_, i) => minor - 5 + i)
    .sort((a, b) => away(a) - away(b))
    .map((n) => `3.${n}`);
}

function probe(program: string): Python | undefined {
  const script = 'import sys, venv; print("%d.%d.%d" % sys.version_info[:3])';
  const { status, stdout } = spawnSync(program, ['-I', '-c', script], { encoding: 'utf8', timeout: 20_000, cwd: '/' });
  const version = stdout?.trim() ?? '';
  return status === 0 && /^3\.\d+\.\d+$/.test(version) ? { program, version } : undefined;
}
