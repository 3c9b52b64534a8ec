/** How the project starts itself, where that works on a platform that hands over PORT. */

import { type Command, newCommand, shellWord, withoutExec } from '../commands/command.ts';
import { shellWords } from '../commands/lexer.ts';
import { commandMigrates } from '../commands/migrates.ts';
import { hasOption, withoutOptions } from '../commands/options.ts';
import { programOf, scriptOf } from '../commands/program.ts';
import { type Step, stepOf } from '../commands/steps.ts';
import type { Evidence, Service } from '../model/facts.ts';
import { dirname, join } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { blueprintServices, rootDirOf, runtimeOf } from '../survey/blueprint.ts';
import { consoleScripts } from '../survey/console-scripts.ts';
import { procfileOf, yamlOf } from '../syntax/documents.ts';
import { commandOf, type ProcfileLine } from '../syntax/procfile.ts';
import { textField } from '../syntax/yaml.ts';
import { isAdded } from './fault.ts';
import { judge } from './judge.ts';
import type { Written } from './serving.ts';

export interface OwnStart {
  /** To be run in the service root. */
  readonly command: Command;
  readonly at: Evidence;
  readonly migrates: boolean;
  /** What serves, where the command says it. */
  readonly server?: string;
}

/**
 * The start command of the project's Procfile or render.yaml, of a Dockerfile by `fastapi run`, or of a Dockerfile by a
 * console script of the project that takes --port. Undefined when there is none or it would not follow PORT.
 * https://fastapi.tiangolo.com/deployment/manually/
 */
export function ownStart(repo: Snapshot, service: Service): OwnStart | undefined {
  return fromProcfile(repo, service) ?? fromBlueprint(repo, service) ?? fromImage(repo, service);
}

/** What the project's Procfile runs before a release. */
export function ownRelease(repo: Snapshot, service: Service): Step | undefined {
  for (const path of new Set([join(service.root, 'Procfile'), 'Procfile'])) {
    const release = processOf(repo, path, 'release');
    if (release) return stepOf(dirname(path), release.command);
  }
  return undefined;
}

/** The command as it can be taken over: it passes, or options mend it; undefined where neither holds. */
function usable(repo: Snapshot, service: Service, written: Written): OwnStart | undefined {
  const judged = judge(repo, service, written, { behind: 'platform' });
  const faults = judged.faults.filter((f) => !isAdded(f));
  const taken = faults.length > 0 ? judged.mended : judged.followsPort ? written.command : undefined;
  return taken && own(taken, written.at, judged.serving?.server);
}

function processOf(repo: Snapshot, path: string, type: string): ProcfileLine | undefined {
  const procfile = procfileOf(repo, path);
  return procfile && commandOf(procfile, type);
}

function fromProcfile(repo: Snapshot, service: Service): OwnStart | undefined {
  for (const path of new Set([join(service.root, 'Procfile'), 'Procfile'])) {
    const web = processOf(repo, path, 'web');
    if (!web) continue;
    const { folder, command } = stepOf(dirname(path), web.command);
    const at = { path, line: web.line };
    const taken = folder === service.root ? usable(repo, service, { command, folder, at }) : undefined;
    if (taken !== undefined) return taken;
  }
  return undefined;
}

function fromBlueprint(repo: Snapshot, service: Service): OwnStart | undefined {
  const parsed = yamlOf(repo, 'render.yaml');
  for (const node of blueprintServices(parsed?.ok ? parsed.root : undefined)) {
    const start = textField(node, 'startCommand')?.trim();
    const python = runtimeOf(node) === 'python';
    if (!start || start.includes('\n') || !python || textField(node, 'type') !== 'web') continue;
    const { folder, command } = stepOf(rootDirOf(node), start);
    const at = { path: 'render.yaml', line: node.line };
    const taken = folder === service.root ? usable(repo, service, { command, folder, at }) : undefined;
    if (taken !== undefined) return taken;
  }
  return undefined;
}

function fromImage(repo: Snapshot, service: Service): OwnStart | undefined {
  const gunicorn = service.dependencies?.requirements.some((r) => r.name === 'gunicorn') === true;
  for (const { command, at } of service.deployment.commands) {
    const words = programWords(imageWords(command));
    const run = gunicorn ? undefined : fastapiRun(repo, service, words);
    if (run) return own(run, at, 'fastapi run');
    const local = consoleScript(repo, service, words);
    if (local) return own(local, at, words[0]);
  }
  return undefined;
}

/** The words of an image's command, also where it is given to a shell. */
function imageWords(text: string): readonly string[] {
  const words = shellWords(text) ?? [];
  const script = scriptOf(programOf(words));
  return script === undefined ? words : (shellWords(script) ?? []);
}

/** `fastapi run` finds main.py by itself; host, port and number of workers are the platform's. */
function fastapiRun(repo: Snapshot, service: Service, words: readonly string[]): Command | undefined {
  if (words[0] !== 'fastapi' || words[1] !== 'run' || words.some((w) => w.includes('$'))) return undefined;
  const kept = withoutOptions(words.slice(2), ['--host', '--port', '--workers']);
  const file = kept.find((word) => !word.startsWith('-'));
  const found = file
    ? repo.has(join(service.root, file.replace(/^\.\//, '')))
    : ['main.py', 'app.py', 'api.py', 'app/main.py', 'app/app.py', 'app/api.py'].some((f) =>
        repo.has(join(service.root, f)),
      ) || repo.read(join(service.root, 'pyproject.toml'))?.text.includes('[tool.fastapi]');
  return found ? newCommand('fastapi', 'run', ...kept, '--port', { sh: '$PORT' }) : undefined;
}

/** A command that the project installs and starts its image with, told to listen on PORT. */
function consoleScript(repo: Snapshot, service: Service, words: readonly string[]): Command | undefined {
  const [name] = words;
  if (!name || !hasOption(words, ['--host']) || !installs(repo, service, name)) return undefined;
  const kept = withoutOptions(words, ['--host', '--port']);
  if (kept.some((word) => word.includes('$') || word === '--reload')) return undefined;
  const written = kept.map((word) => ({ sh: optionWord(word) }));
  return newCommand(...written, '--host', '0.0.0.0', '--port', { sh: '$PORT' });
}

/** A console script of the service's own project, or of the one at the root where that has none. */
function installs(repo: Snapshot, service: Service, name: string): boolean {
  const homes = [join(service.root, 'pyproject.toml'), 'pyproject.toml'];
  const found = homes.map((path) => consoleScripts(repo).filter((s) => s.path === path)).find((s) => s.length > 0);
  return found?.some((script) => script.name === name) === true;
}

/** `--name='*'` rather than `'--name=*'`. */
function optionWord(word: string): string {
  const [, option, value] = /^(--[\w-]+=)(.*)$/s.exec(word) ?? [];
  return option && value !== undefined ? `${option}${shellWord(value)}` : shellWord(word);
}

/** The words from the program on: without `exec`, assignments, `uv run` and its like, `python -m`. */
export function programWords(words: readonly string[]): readonly string[] {
  const { name, args } = programOf(words);
  return name === '' ? [] : [name, ...args];
}

function own(command: Command, { path, line }: Evidence, server: string | undefined): OwnStart {
  const migrates = commandMigrates(command);
  return { command: withoutExec(command), at: { path, line }, migrates, ...(server === undefined ? {} : { server }) };
}
