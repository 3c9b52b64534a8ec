/** Who runs what on which corpus, and what is demanded of nayek there. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { type CorpusName, corpus, freshCopy, type Sizes } from './corpora.ts';
import type { Peers } from './peers.ts';

export interface Contender {
  readonly tool: string;
  readonly command: readonly string[];
  /** Before each round, not measured. */
  readonly prepare?: () => void;
  /** Takes part in this many rounds at most: for what takes minutes. */
  rounds?: number;
}

export interface Contest {
  readonly id: string;
  readonly title: string;
  readonly contenders: readonly Contender[];
  /** `tool` may take at most `factor` of the wall time of `than`. */
  readonly demands: readonly { readonly tool: string; readonly factor: number; readonly than: string }[];
  /** MiB that nayek may use at its peak. */
  readonly memory: number;
}

export interface Setting {
  readonly cache: string;
  readonly sizes: Sizes;
  readonly peers: Peers;
  /** The built package. */
  readonly dist: string;
}

const NEEDLES = ['-e', 'uvicorn\\.run\\(', '-e', 'app\\.db\\.base import'];
const NAYEK = 'nayek';
const ONE_PROCESS = 'nayek, one process';
const BARE = 'node -e 0';
const AST_GREP = 'ast-grep';
const RG = 'rg -l';
const PIPED = 'rg -l | ast-grep';

/** The contests of `names`, whose corpora are built when they are not there yet. */
export function contests(names: readonly string[], setting: Setting): Contest[] {
  const all: Record<CorpusName, () => Contest[]> = {
    a: () => small(setting),
    b: () => library(setting),
    c: () => repositories(setting),
    d: () => large(setting),
    e: () => candidates(setting),
  };
  return Object.entries(all).flatMap(([name, make]) => (names.includes(name) ? make() : []));
}

function small(setting: Setting): Contest[] {
  const folder = corpus(setting.cache, 'a', setting.sizes);
  return [
    {
      id: 'a',
      title: 'one repository of 30 files, dry run',
      contenders: [
        bare,
        nayek(setting, folder),
        ...astGrep(setting, folder),
        ...ripgrep(setting, folder),
        ...libcst(setting, folder),
      ],
      demands: [{ tool: NAYEK, factor: 1.6, than: BARE }],
      memory: 100,
    },
  ];
}

function library(setting: Setting): Contest[] {
  const folder = corpus(setting.cache, 'b', setting.sizes);
  return [
    {
      id: 'b',
      title: `${setting.sizes.libraryFiles} files, ${Math.round(setting.sizes.libraryBytes / 1e6)} MB, 24 of them match, dry run`,
      contenders: [
        ...ripgrep(setting, folder),
        { tool: 'cat', command: ['sh', '-c', 'find "$0" -name "*.py" -print0 | xargs -0 cat', folder] },
        nayek(setting, folder),
        ...piped(setting, folder),
        ...astGrep(setting, folder),
        ...libcst(setting, folder, 1, '--prefilter'),
      ],
      demands: [
        { tool: NAYEK, factor: 2.5, than: RG },
        { tool: NAYEK, factor: 0.03, than: AST_GREP },
      ],
      memory: 100,
    },
  ];
}

function repositories(setting: Setting): Contest[] {
  const folder = corpus(setting.cache, 'c', setting.sizes);
  const copy = path.join(setting.cache, 'written');
  const prepare = (): void => void freshCopy(folder, copy);
  const writing = (contender: Contender): Contender => ({ ...contender, prepare });
  const title = `${setting.sizes.repositories} repositories, ${setting.sizes.repositories * 40} files`;
  return [
    {
      id: 'c',
      title: `${title}, dry run`,
      contenders: [
        ...ripgrep(setting, folder),
        ...oneProcess(setting, folder),
        batch(setting, folder),
        {
          tool: 'nayek, one process each',
          command: [
            'sh',
            '-c',
            `for d in "$0"/*; do "$1" "$2" patch --dry-run "$d"; done`,
            folder,
            process.execPath,
            command(setting),
          ],
          rounds: 1,
        },
        ...piped(setting, folder),
        ...astGrep(setting, folder),
        ...libcst(setting, folder, 1, '--prefilter'),
      ],
      demands: [
        { tool: ONE_PROCESS, factor: 0.15, than: AST_GREP },
        { tool: ONE_PROCESS, factor: 1, than: PIPED },
      ],
      memory: 100,
    },
    {
      id: 'c-write',
      title: `${title}, written`,
      contenders: [
        ...oneProcess(setting, copy, '--write').map(writing),
        ...piped(setting, copy, '-U').map(writing),
        ...astGrep(setting, copy, undefined, '-U').map(writing),
      ],
      demands: [
        { tool: ONE_PROCESS, factor: 0.2, than: AST_GREP },
        { tool: ONE_PROCESS, factor: 1, than: PIPED },
      ],
      memory: 100,
    },
  ];
}

function large(setting: Setting): Contest[] {
  const folder = corpus(setting.cache, 'd', setting.sizes);
  return [
    {
      id: 'd',
      title: `one file of ${setting.sizes.largeFile / 1e6} MB, dry run`,
      contenders: [
        ...ripgrep(setting, folder),
        nayek(setting, folder),
        ...astGrep(setting, folder),
        ...libcst(setting, folder, 1),
      ],
      demands: [{ tool: NAYEK, factor: 0.8, than: AST_GREP }],
      memory: 300,
    },
  ];
}

function candidates(setting: Setting): Contest[] {
  const folder = corpus(setting.cache, 'e', setting.sizes);
  return [
    {
      id: 'e',
      title: `${setting.sizes.candidates} files, every one a candidate, dry run`,
      contenders: [
        ...ripgrep(setting, folder),
        nayek(setting, folder),
        ...astGrep(setting, folder),
        ...libcst(setting, folder, 1),
      ],
      demands: [{ tool: NAYEK, factor: 1.2, than: AST_GREP }],
      memory: 250,
    },
  ];
}

const bare: Contender = { tool: BARE, command: [process.execPath, '-e', '0'] };

function command(setting: Setting): string {
  return path.join(setting.dist, 'nayek.cjs');
}

function nayek(setting: Setting, folder: string): Contender {
  return { tool: NAYEK, command: [process.execPath, command(setting), 'patch', '--dry-run', folder] };
}

function oneProcess(setting: Setting, folder: string, ...flags: readonly string[]): Contender[] {
  const script = path.join(import.meta.dirname, '..', 'bench', 'speed', 'each_repository.mjs');
  return [
    { tool: ONE_PROCESS, command: [process.execPath, script, path.join(setting.dist, 'index.js'), folder, ...flags] },
  ];
}

/** Two processes at a time; what it knows of an earlier round is removed. */
function batch(setting: Setting, folder: string): Contender {
  const state = path.join(setting.cache, 'batch');
  const script = '"$1" "$2" batch plan --state "$3" --concurrency 2 "$0"/*';
  return {
    tool: 'nayek batch plan',
    command: ['sh', '-c', script, folder, process.execPath, command(setting), state],
    prepare: () => rmSync(state, { recursive: true, force: true }),
  };
}

function rules(): string {
  return path.join(import.meta.dirname, '..', 'bench', 'speed', 'rules.yml');
}

function astGrep({ peers }: Setting, folder: string, rounds?: number, ...flags: readonly string[]): Contender[] {
  if (!peers.astGrep) return [];
  const contender = { tool: AST_GREP, command: [peers.astGrep, 'scan', '-r', rules(), ...flags, folder] };
  return [rounds === undefined ? contender : { ...contender, rounds }];
}

function ripgrep({ peers }: Setting, folder: string): Contender[] {
  return peers.ripgrep ? [{ tool: RG, command: [peers.ripgrep, '-l', '-tpy', ...NEEDLES, folder] }] : [];
}

function piped({ peers }: Setting, folder: string, ...flags: readonly string[]): Contender[] {
  if (!peers.ripgrep || !peers.astGrep) return [];
  const quoted = NEEDLES.map((n) => `'${n}'`).join(' ');
  const script = `"$1" -l0 -tpy ${quoted} "$0" | xargs -0 "$2" scan -r "$3" ${flags.join(' ')}`;
  return [{ tool: PIPED, command: ['sh', '-c', script, folder, peers.ripgrep, peers.astGrep, rules()] }];
}

function libcst({ peers }: Setting, folder: string, rounds?: number, ...flags: readonly string[]): Contender[] {
  if (!peers.libcst) return [];
  const script = path.join(import.meta.dirname, '..', 'bench', 'speed', 'libcst_peer.py');
  const tool = flags.length > 0 ? 'LibCST, prefiltered' : 'LibCST';
  return [{ tool, command: [peers.libcst, script, ...flags, folder], ...(rounds === undefined ? {} : { rounds }) }];
}
