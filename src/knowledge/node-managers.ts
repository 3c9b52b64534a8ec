/** What installs and builds a front end beside the service: a row each, told by its lock. */

export interface NodeManager {
  /** Undefined for the one that is taken where no lock stands there. */
  readonly lock: string | undefined;
  /** Installs and builds what stands in a folder (quoted, '.' for the one that the command runs in). */
  readonly build: (folder: string) => string;
  readonly source: string;
}

const within = (program: string, option: string) => (folder: string) =>
  folder === '.' ? program : `${program} ${option} ${folder}`;
const npm = within('npm', '--prefix');
const yarn = within('yarn', '--cwd');
const pnpm = within('npx --yes pnpm', '--dir');
const bun = within('npx --yes bun', '--cwd');

/** In the order in which a lock counts. */
export const NODE_MANAGERS: readonly NodeManager[] = [
  {
    lock: 'pnpm-lock.yaml',
    build: (folder) => `${pnpm(folder)} install --frozen-lockfile && ${pnpm(folder)} build`,
    source: 'https://pnpm.io/cli/install',
  },
  {
    lock: 'yarn.lock',
    build: (folder) => `${yarn(folder)} install --frozen-lockfile && ${yarn(folder)} build`,
    source: 'https://classic.yarnpkg.com/en/docs/cli/install/',
  },
  {
    lock: 'bun.lock',
    build: (folder) => `${bun(folder)} install --frozen-lockfile && ${bun(folder)} run build`,
    source: 'https://bun.sh/docs/cli/install',
  },
  {
    lock: 'package-lock.json',
    build: (folder) => `${npm(folder)} ci && ${npm(folder)} run build`,
    source: 'https://docs.npmjs.com/cli/commands/npm-ci',
  },
  {
    lock: undefined,
    build: (folder) => `${npm(folder)} install && ${npm(folder)} run build`,
    source: 'https://docs.npmjs.com/cli/commands/npm-install',
  },
];

/** Where the builds of the usual bundlers put what they make: Vite, Create React App, Next's export, Svelte. */
export const BUILT_FOLDERS: ReadonlySet<string> = new Set(['dist', 'build', 'out', 'public/build']);
