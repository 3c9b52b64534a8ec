/** A unit that is there already, held against what it starts. */
import { readCommand } from '../../src/commands/command.ts';
import { commandMigrates } from '../../src/commands/migrates.ts';
import { isAdded } from '../../src/judge/fault.ts';
import { type Judgement, judge } from '../../src/judge/judge.ts';
import type { Service } from '../../src/model/facts.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { readUnit } from './unit-file.ts';

/**
 * The start of a unit, judged behind nginx on the same machine. Undefined where it starts no server that is known.
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#ExecStart=
 */
export function heldUnit(repo: Snapshot, service: Service, path: string, text: string): Judgement | undefined {
  const unit = readUnit(text);
  const folder = folderIn(repo, unit.value('WorkingDirectory') ?? '');
  const written = {
    command: commandIn(unit.value('ExecStart') ?? ''),
    folder: folder ?? service.root,
    at: { path, line: unit.line('ExecStart') },
  };
  const judged = judge(repo, service, written, { behind: 'proxy' });
  if (!judged.serving?.server) return undefined;
  // Where on that machine the code lies, nobody knows: only a folder of ours says what can be imported there.
  const faults = judged.faults.filter((f) => !isAdded(f) && (f.rule !== 'module' || folder !== undefined));
  return { ...judged, faults };
}

/** True when this unit, or another of the repository, brings the schema up to date. */
export function unitsMigrate(repo: Snapshot): boolean {
  return repo.paths.some((path) => {
    const text = path.endsWith('.service') ? repo.read(path)?.text : undefined;
    const unit = readUnit(text ?? '');
    return ['ExecStartPre', 'ExecStart'].some((key) => commandMigrates(commandIn(unit.value(key) ?? '')));
  });
}

/** Without the signs before the program; `$$` is a dollar. */
function commandIn(value: string): ReturnType<typeof readCommand> {
  return readCommand(value.replace(/^[-@:+!|]+/, '').replaceAll('$$', '$'));
}

/** The folder of the repository that a folder of the server ends in; undefined where none is known. */
function folderIn(repo: Snapshot, working: string): string | undefined {
  const parts = working.split('/').filter((part) => part !== '');
  const ends = parts.map((_, i) => parts.slice(i + 1).join('/')).filter((end) => end !== '');
  return ends.find((end) => repo.hasFolder(end));
}
