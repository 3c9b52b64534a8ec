/** Which of the commands of a line is the server, also behind `sh -c` and in a script of the repository. */
import { type Command, readCommand } from '../commands/command.ts';
import type { SimpleCommand } from '../commands/lexer.ts';
import { type Program, programOf, scriptFile, scriptOf } from '../commands/program.ts';
import { type ServerName, serverNamed } from '../knowledge/servers.ts';
import type { Evidence } from '../model/facts.ts';
import { resolve } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { lineOf } from '../syntax/edit.ts';

/** A start command where it stands. */
export interface Written {
  readonly command: Command;
  /** Folder that it runs in, relative. */
  readonly folder: string;
  readonly at: Evidence;
}

export interface Serving {
  readonly program: Program;
  /** Undefined for a program that is no known server. */
  readonly server: ServerName | undefined;
  /** The simple command alone. */
  readonly text: string;
  /** Where in the written text it stands; absent when it stands in a script or inside quotes. */
  readonly range?: Pick<SimpleCommand, 'start' | 'end'>;
  readonly folder: string;
  readonly at: Evidence;
  /** Everything that runs before it, itself included. */
  readonly programs: readonly Program[];
  /** Variables that the script sets itself. */
  readonly sets: ReadonlySet<string>;
}

/** Scripts that start scripts. */
const MAX_DEPTH = 3;

/**
 * The last server of the line, else its last command. Undefined for an empty line and for a script that starts one
 * server or another, as the case may be.
 */
export function servingOf(repo: Snapshot, written: Written): Serving | undefined {
  return find(repo, written, 0);
}

function find(
  repo: Snapshot,
  { command: whole, folder, at }: Written,
  depth: number,
  script = false,
): Serving | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const { text } = whole;
  const programs: Program[] = [];
  const sets = new Set<string>();
  const found: Serving[] = [];
  let here = folder;
  for (const command of whole.commands) {
    const program = programOf(command.words);
    const place = { ...at, line: at.line + (script ? lineOf(text, command.start) - 1 : 0) };
    const inner = innerOf(repo, program, here, place);
    const deep = inner && find(repo, inner, depth + 1, inner.at.path !== at.path);
    programs.push(program, ...(deep?.programs ?? []));
    for (const name of [...setBy(program), ...(deep?.sets ?? [])]) sets.add(name);
    if (program.name === 'cd' && program.args[0]) here = resolve(here, program.args[0]) ?? here;
    else if (deep) {
      const { range: _, ...rest } = deep;
      found.push(rest);
    } else {
      const server = serverNamed(program.name, program.args);
      const said = text.slice(command.start, command.end);
      found.push({ program, server, text: said, range: command, folder: here, at: place, programs, sets });
    }
  }
  const servers = found.filter((f) => f.server !== undefined);
  if (depth > 0 && servers.length > 1 && /^\s*(?:if|case)\b/m.test(text)) return undefined;
  const last = servers.at(-1) ?? found.at(-1);
  return last && { ...last, programs, sets };
}

/** Variables that a command sets for those behind it. */
function setBy({ name, assigned, args }: Program): string[] {
  if (name === '') return assigned.map(([variable]) => variable);
  return name === 'export' ? args.map((arg) => arg.replace(/=.*$/s, '')) : [];
}

function innerOf(repo: Snapshot, program: Program, folder: string, at: Evidence): Written | undefined {
  const script = scriptOf(program);
  if (script !== undefined) return { command: readCommand(script), folder, at };
  const file = scriptFile(program);
  const path = file === undefined ? undefined : resolve(folder, file);
  const text = path === undefined ? undefined : repo.read(path)?.text;
  if (path === undefined || text === undefined) return undefined;
  return { command: readCommand(text), folder, at: { path, line: 1 } };
}
