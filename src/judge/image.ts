/** What an image starts, as a command that can be judged. https://docs.docker.com/reference/dockerfile/#entrypoint */
import { type Command, newCommand, readCommand, shellWord } from '../commands/command.ts';
import type { Evidence, Service } from '../model/facts.ts';
import { dirname } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { execForm, type Instruction, startOfImage } from '../syntax/dockerfile.ts';
import { dockerfileOf } from '../syntax/documents.ts';
import type { Fault } from './fault.ts';
import { type Judgement, judge, type Setting } from './judge.ts';
import type { Written } from './serving.ts';

export interface ImageStart extends Written {
  /** Words that no shell reads. */
  readonly execForm: boolean;
  /** The commands of its RUN lines. */
  readonly build: string;
}

/** What is certain of an image: what it copies where and which Python it installs into is not followed. */
const CERTAIN = new Set<Fault['rule']>(['host', 'interface', 'quoting']);

/**
 * The start of the image of a Dockerfile; `instead` stands in the place of its CMD, with the line that says so. Undefined
 * where it starts nothing of its own.
 */
export function startOf(
  repo: Snapshot,
  path: string,
  instead?: { readonly command: string; readonly at: Evidence },
): ImageStart | undefined {
  const instructions = dockerfileOf(repo, path) ?? [];
  const { entrypoint, cmd } = startOfImage(instructions);
  const build = instructions.flatMap((i) => (i.name === 'RUN' ? [i.args] : [])).join('\n');
  const start = (words: readonly string[] | undefined, command: Command, at: Evidence): ImageStart => ({
    command,
    folder: dirname(path),
    at,
    execForm: words !== undefined,
    build,
  });
  const lineOf = (instruction: Instruction): Evidence => ({ path, line: instruction.line });
  const own = cmd && { words: execForm(cmd.written), text: cmd.written, at: lineOf(cmd) };
  const said = instead ? { words: undefined, text: instead.command, at: instead.at } : own;
  const first = entrypoint && execForm(entrypoint.written);
  if (!entrypoint) return said && start(said.words, commandOf(said.words, said.text), said.at);
  // A shell form hears nothing of CMD.
  if (!first) return start(undefined, readCommand(entrypoint.written), lineOf(entrypoint));
  const script = scriptOfImage(repo, path, first);
  const text = script === undefined ? '' : (repo.read(script)?.text ?? '');
  if (/\bexec\s+(?:\S+\s+)*"?\$@/.test(text))
    return said && start(said.words, commandOf(said.words, said.text), said.at);
  if (script !== undefined) {
    return { ...start(undefined, newCommand('sh', script), lineOf(entrypoint)), folder: '' };
  }
  const behind = said ? (said.words ?? (instead ? readCommand(said.text).commands[0]?.words : undefined)) : [];
  if (behind === undefined) return undefined;
  const all = [...first, ...behind];
  return start(all, wordsCommand(all), said && behind.length > 0 ? said.at : lineOf(entrypoint));
}

/** The image judged as a platform runs it; only what is certain of it. A port of its own is found by most. */
export function judgeImage(
  repo: Snapshot,
  service: Service,
  start: ImageStart,
  setting: Setting,
): Judgement & { readonly ports: readonly Fault[] } {
  const judged = judge(repo, service, start, { ...setting, build: start.build, execForm: start.execForm });
  const { dependencies } = service;
  const installs = dependencies !== undefined && start.build.includes(dependencies.path.split('/').at(-1) ?? '');
  const certain = judged.faults.filter(({ rule }) => CERTAIN.has(rule) || (installs && rule === 'needs'));
  return { ...judged, faults: certain, ports: judged.faults.filter(({ rule }) => rule === 'port') };
}

function commandOf(words: readonly string[] | undefined, text: string): Command {
  return words ? wordsCommand(words) : readCommand(text);
}

/** No shell reads them: a variable is written as it is, to be seen. */
function wordsCommand(words: readonly string[]): Command {
  return newCommand(...words.map((w) => ({ sh: /[\s;&|'"()<>`\\]/.test(w) ? shellWord(w) : w })));
}

/** The script of the repository that an ENTRYPOINT runs: beside the Dockerfile, or the only one of that name. */
function scriptOfImage(repo: Snapshot, path: string, words: readonly string[]): string | undefined {
  const word = words.find((w) => /(?:\.sh|(?:^|\/)[\w-]*entrypoint[\w.-]*)$/.test(w));
  const name = word?.slice(word.lastIndexOf('/') + 1);
  if (name === undefined) return undefined;
  const all = repo.paths.filter((p) => p === name || p.endsWith(`/${name}`));
  const beside = all.find((p) => dirname(p) === dirname(path));
  return beside ?? (all.length === 1 ? all[0] : undefined);
}
