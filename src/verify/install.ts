/** The environment of a service: a virtual environment, and in it the build command as the platform runs it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { tools } from '../knowledge/managers.ts';
import { findProgram } from '../system/program.ts';
import { say } from '../system/say.ts';
import { describeExit, run, type Shop } from './process.ts';
import type { Python } from './python.ts';
import type { Command } from './targets.ts';

const MINUTES = 60_000;
const INSTALL_TIMEOUT = 30 * MINUTES;

export interface Venv {
  /** Absolute path. */
  readonly folder: string;
  /** Variables that make it the active one. */
  readonly env: Readonly<Record<string, string>>;
}

/** `tools` is a folder of ours with installers that this machine lacks; a broken one on PATH must not hide them. */
export function venvAt(folder: string, tools: string, base: Readonly<Record<string, string>>): Venv {
  const parts = [path.join(folder, 'bin'), path.join(tools, 'bin'), base.PATH ?? '/usr/local/bin:/usr/bin:/bin'];
  return {
    folder,
    env: { ...base, PATH: parts.join(':'), VIRTUAL_ENV: folder, UV_PROJECT_ENVIRONMENT: folder },
  };
}

/** @throws Error with the last lines when the virtual environment cannot be made. */
export async function makeVenv(shop: Shop, venv: Venv, python: Python): Promise<void> {
  if (existsSync(path.join(venv.folder, 'bin', 'python'))) return;
  mkdirSync(path.dirname(venv.folder), { recursive: true });
  const command = [python.program, '-m', 'venv', venv.folder] as const;
  // An active environment's variables would lead `venv` astray.
  const { VIRTUAL_ENV: _, ...env } = venv.env;
  const made = await run(shop, { label: 'venv', command, cwd: path.dirname(venv.folder), env }, 5 * MINUTES);
  if (made.exit?.code !== 0) throw new Error(`python -m venv: ${made.tail.slice(-2).join(' ')}`);
}

/**
 * Installs those managers that the commands use and this machine lacks, each in an environment of its own, so that none of its packages is the service's.
 */
export async function makeTools(
  shop: Shop,
  commands: readonly string[],
  to: { readonly folder: string; readonly python: Python; readonly root: string; readonly env: Record<string, string> },
): Promise<string[]> {
  const missing = tools
    .map((tool) => tool.id)
    .filter(
      (tool) =>
        commands.some((c) => uses(c, tool)) && !works(tool, to.root) && !existsSync(path.join(to.folder, 'bin', tool)),
    );
  for (const tool of missing) {
    const home = path.join(to.folder, tool);
    mkdirSync(path.join(to.folder, 'bin'), { recursive: true });
    const make = `"$0" -m venv "$1" && "$1/bin/python" -m pip install --quiet --disable-pip-version-check ${tool}`;
    const command = ['sh', '-c', make, to.python.program, home] as const;
    const made = await run(shop, { label: `install ${tool}`, command, cwd: to.folder, env: to.env }, 10 * MINUTES);
    if (made.exit?.code !== 0) throw new Error(say`${tool} cannot be installed: ${made.tail.slice(-2).join(' ')}`);
    symlinkSync(path.join(home, 'bin', tool), path.join(to.folder, 'bin', tool));
  }
  return missing;
}

/** A shim of a version manager may be on PATH for a tool that is not installed. */
function works(tool: string, root: string): boolean {
  const program = findProgram(tool, root);
  return program !== undefined && spawnSync(program, ['--version'], { timeout: 30_000, cwd: '/' }).status === 0;
}

function uses(command: string, tool: string): boolean {
  return command.split(/[\s;&|()]+/).includes(tool);
}

/**
 * Commands that nayek tells the user to run after a patch and that bring a lock up to date: only these may be run for
 * them, as they belong to the installation.
 */
export function lockCommands(commands: readonly string[]): string[] {
  return [...new Set(commands)].filter((command) => BRINGS_LOCK.test(command));
}

const VERBS = tools.flatMap((tool) => tool.locks.map((verb) => `${tool.id} ${verb}`));
const BRINGS_LOCK = new RegExp(`^(?:cd [\\w./-]+ && )?(?:${VERBS.join('|')})\\b[^;&|\`$<>]*$`);

/** Runs an installation command; the answer is undefined when all went well, else what happened, with the last lines. */
export async function runBuild(
  shop: Shop,
  venv: Venv,
  copy: string,
  build: Command,
): Promise<{ readonly why: string; readonly log: readonly string[] } | undefined> {
  const cwd = path.join(copy, build.folder);
  const label = say`build in ${build.folder || '.'}`;
  const done = await run(shop, { label, command: build.command, cwd, env: venv.env }, INSTALL_TIMEOUT);
  return done.exit?.code === 0 ? undefined : { why: describeExit(done.exit), log: done.tail };
}
