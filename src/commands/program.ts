/** The program that a simple command runs, behind assignments and the tools that only start another command. */
import { tools } from '../knowledge/managers.ts';
import { basename } from '../repo/path.ts';

export interface Program {
  /** Assignments before the program: name and value. */
  readonly assigned: readonly (readonly [string, string])[];
  /** Tool in whose environment it runs: 'uv', 'poetry', … */
  readonly via?: string;
  /** Without its folder; the module of `python -m module`. '' when there is none. */
  readonly name: string;
  /** As written, with its folder. */
  readonly word: string;
  readonly args: readonly string[];
  /** True for `python -m`. */
  readonly module: boolean;
}

interface Wrapper {
  /** Subcommand without which it runs nothing. */
  readonly run?: string;
  /** Options that take a value. */
  readonly valued?: readonly string[];
  /** Words before the command that are no options: the duration of `timeout`, the user of `gosu`. */
  readonly skip?: number;
}

const ENVIRONMENT: Readonly<Record<string, Wrapper>> = {
  ...Object.fromEntries(tools.map(({ id, run, valued }) => [id, { run: run.slice(id.length + 1), valued }])),
  rye: { run: 'run' },
  conda: { run: 'run', valued: ['-n', '--name', '-p', '--prefix'] },
  micromamba: { run: 'run', valued: ['-n', '--name', '-p', '--prefix'] },
};

/** Commands and reserved words of the shell behind which another command stands. */
const PLAIN = [
  'exec', 'command', 'nohup', 'time', 'setsid', 'catchsegv', 'xvfb-run', 'ddtrace-run', 'run', 'run-program', 'stdbuf',
  'dumb-init', 'catatonit', 'then', 'do', 'else', '{', '!',
]; // biome-ignore format: a list of names

const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  ...PLAIN.map((name) => [name, {}] as const),
  ...Object.entries(ENVIRONMENT),
  ['sudo', { valued: ['-u', '-g'] }],
  ['env', { valued: ['-u', '--unset', '-C', '--chdir'] }],
  ['nice', { valued: ['-n'] }],
  ['timeout', { valued: ['-k', '-s'], skip: 1 }],
  ['tini', { valued: ['-p', '-e'] }],
  ['gosu', { skip: 1 }],
  ['su-exec', { skip: 1 }],
  [
    'opentelemetry-instrument',
    { valued: ['--traces_exporter', '--metrics_exporter', '--logs_exporter', '--service_name'] },
  ],
  ['newrelic-admin', { run: 'run-program' }],
  ['doppler', { run: 'run', valued: ['-p', '-c', '--project', '--config', '--token'] }],
  ['infisical', { run: 'run', valued: ['--env', '--path', '--projectId', '--token'] }],
  ['dotenv', { run: 'run', valued: ['-f', '--file'] }],
]);

const SHELL = /^(?:ba|da|z|k)?sh$/;

/** What stands before a program: variables for it, and the programs that start it; `at` is the index of its word. */
function prefixOf(words: readonly string[]): Pick<Program, 'assigned' | 'via'> & { readonly at: number } {
  const assigned: [string, string][] = [];
  let via: string | undefined;
  let at = 0;
  for (;;) {
    const word = words[at] ?? '';
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
    const wrapper = name === undefined ? WRAPPERS.get(basename(word)) : undefined;
    if (name !== undefined && value !== undefined) {
      assigned.push([name, value]);
      at++;
    } else if (wrapper) {
      const behind = afterWrapper(words, at + 1, wrapper);
      // `uv sync` runs nothing else.
      if (behind === undefined) break;
      if (basename(word) in ENVIRONMENT) via = basename(word);
      at = behind;
    } else break;
  }
  return { at, assigned, ...(via ? { via } : {}) };
}

/** Reads the words of a simple command. */
export function programOf(words: readonly string[]): Program {
  const { at, ...common } = prefixOf(words);
  const word = words[at] ?? '';
  const module = /^python[\d.]*$/.test(basename(word)) ? moduleAt(words, at + 1) : undefined;
  if (module !== undefined) {
    return { ...common, name: words[module] ?? '', word, args: words.slice(module + 1), module: true };
  }
  const waits = /(?:^|\/)[\w-]*(?:wait|entrypoint)[\w.-]*$/.test(word) ? words.indexOf('--', at) : -1;
  if (waits !== -1) return { ...programOf(words.slice(waits + 1)), ...common };
  return { ...common, name: basename(word), word, args: words.slice(at + 1), module: false };
}

/** What `sh -c` runs; undefined for another program. */
export function scriptOf({ name, args }: Program): string | undefined {
  const at = SHELL.test(name) ? args.findIndex((arg) => /^-\w*c$/.test(arg)) : -1;
  return at === -1 ? undefined : args[at + 1];
}

/** The file that a shell runs or that is a program itself: `bash start.sh`, `./start.sh`; undefined for another. */
export function scriptFile(program: Program): string | undefined {
  const { name, word, args } = program;
  if (SHELL.test(name)) {
    const file = scriptOf(program) === undefined ? args.find((arg) => !arg.startsWith('-')) : undefined;
    return file === undefined || file.startsWith('/') ? undefined : file;
  }
  return /^(?:\.\/|[\w.-]+\/)?[\w./-]+\.(?:sh|bash)$/.test(word) && !word.startsWith('/') ? word : undefined;
}

function afterWrapper(words: readonly string[], from: number, { run, valued, skip }: Wrapper): number | undefined {
  let at = run === undefined ? from : words.indexOf(run, from) + 1;
  if (run !== undefined && at === 0) return undefined;
  while (words[at]?.startsWith('-')) {
    if (words[at] === '--') {
      at++;
      break;
    }
    at += valued?.includes(words[at] ?? '') ? 2 : 1;
  }
  return at + (skip ?? 0);
}

/** Index of the module behind `python -u -m`. */
function moduleAt(words: readonly string[], from: number): number | undefined {
  let at = from;
  while (words[at]?.startsWith('-') && words[at] !== '-m' && words[at] !== '-c') {
    at += words[at] === '-W' || words[at] === '-X' ? 2 : 1;
  }
  return words[at] === '-m' && words[at + 1] !== undefined ? at + 1 : undefined;
}
