/** The Python files that a platform's commands run by their path. */
import { readCommand } from '../commands/command.ts';
import { programOf, scriptFile } from '../commands/program.ts';
import type { ServiceSeed } from '../model/facts.ts';
import { resolve } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { platformCommands } from './notes/platform-commands.ts';
import { targetOf } from './start-targets.ts';

/** Scripts that run scripts that run scripts. */
const DEEPEST = 3;

/** In the order of the commands, also through shell scripts. */
export function platformScripts(repo: Snapshot, seed: Pick<ServiceSeed, 'root' | 'entry'>): Run[] {
  return platformCommands(repo, seed).flatMap(({ text, folder }) => scriptsOf(repo, text, folder, 0));
}

export interface Run {
  readonly path: string;
  /** Where it is run. */
  readonly folder: string;
}

/** Python files that a shell line runs, also through shell scripts; none where it changes its folder on the way. */
function scriptsOf(repo: Snapshot, text: string, folder: string, depth: number): Run[] {
  const { commands } = readCommand(text);
  const programs = commands.map(({ words }) => programOf(words));
  if (depth > DEEPEST || programs.some(({ name }) => name === 'cd' || name === 'pushd')) return [];
  return programs.flatMap((program) => {
    const shell = scriptFile(program);
    const inner = shell === undefined ? undefined : resolve(folder, shell);
    if (inner !== undefined) return scriptsOf(repo, repo.read(inner)?.text ?? '', folder, depth + 1);
    const script = targetOf(program)?.script;
    const path = script === undefined ? undefined : resolve(folder, script);
    return path !== undefined && repo.has(path) ? [{ path, folder }] : [];
  });
}
