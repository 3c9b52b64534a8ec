/** Builds what is measured on, once, in a cache folder outside the project. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { madeService, module, numbers, type Tree } from './made-service.ts';

export type CorpusName = 'a' | 'b' | 'c' | 'd' | 'e';

export interface Sizes {
  /** Python files of b, and their bytes. */
  readonly libraryFiles: number;
  readonly libraryBytes: number;
  /** Repositories of c, of 40 files each. */
  readonly repositories: number;
  /** Bytes of the one file of d. */
  readonly largeFile: number;
  /** Files of e, each of them a candidate. */
  readonly candidates: number;
}

export const FULL: Sizes = {
  libraryFiles: 13_377,
  libraryBytes: 162_000_000,
  repositories: 200,
  largeFile: 5_000_000,
  candidates: 1_000,
};
export const QUICK: Sizes = {
  libraryFiles: 300,
  libraryBytes: 3_600_000,
  repositories: 5,
  largeFile: 200_000,
  candidates: 40,
};

/** Raise it when a generator changes. */
const VERSION = 2;

/** Folder of a corpus below `cache`; built when it is not there yet. */
export function corpus(cache: string, name: CorpusName, sizes: Sizes): string {
  const folder = path.join(cache, `v${VERSION}-${sizes === FULL ? 'full' : 'quick'}`, name);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  BUILD[name](partial, sizes);
  renameSync(partial, folder);
  return folder;
}

/** Writes `tree` below `folder`. */
export function plant(folder: string, tree: Tree): void {
  for (const [name, text] of Object.entries(tree)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** A service whose main module is `bytes` long. */
export function largeFile(bytes: number): Tree {
  const tree = madeService({ seed: 4, files: 12, moduleBytes: 1_000 });
  const [before = '', after = ''] = (tree['app/main.py'] ?? '').split('if __name__');
  tree['app/main.py'] = `${before}${module(numbers(5), 'main', bytes)}\n\nif __name__${after}`;
  return tree;
}

const BUILD: Record<CorpusName, (folder: string, sizes: Sizes) => void> = {
  a: (folder) => plant(folder, madeService({ seed: 1, files: 30, moduleBytes: 2_000 })),
  b: (folder, sizes) => {
    // Three services whose eight matching files are the only ones among the library's.
    for (let i = 0; i < 3; i++) {
      const tree = madeService({ seed: 20 + i, files: 20, moduleBytes: 1_000 });
      for (const name of Object.keys(tree).filter((n) => n.startsWith('app/routers/') && !n.endsWith('__init__.py'))) {
        tree[name] = `from app.db.base import Base\n${tree[name]}`;
      }
      plant(path.join(folder, `service_${i}`), tree);
    }
    copyLibrary(folder, sizes.libraryFiles - 60, sizes.libraryBytes);
  },
  c: (folder, sizes) => {
    for (let i = 0; i < sizes.repositories; i++) {
      plant(path.join(folder, `repository_${i}`), madeService({ seed: 100 + i, files: 40, moduleBytes: 3_000 }));
    }
  },
  d: (folder, sizes) => plant(folder, largeFile(sizes.largeFile)),
  e: (folder, sizes) =>
    plant(
      folder,
      madeService({
        seed: 3,
        files: sizes.candidates,
        moduleBytes: 3_000,
        variables: sizes.candidates,
        everyFileMatches: true,
      }),
    ),
};

/** Copies of the Python library of this machine, without its largest files, until there are `files` of them. */
function copyLibrary(folder: string, files: number, bytes: number): void {
  const library = execFileSync('python3', ['-c', 'import sysconfig; print(sysconfig.get_paths()["stdlib"])'], {
    encoding: 'utf8',
  }).trim();
  const sources = readdirSync(library, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.py') && !name.includes('site-packages'))
    .map((name) => ({ name, size: statSync(path.join(library, name)).size }))
    .sort((x, y) => x.size - y.size || (x.name < y.name ? -1 : 1));
  let sum = 0;
  const chosen = sources
    .filter(({ size }, i) => {
      sum += size;
      return sum / (i + 1) <= bytes / files;
    })
    .sort((x, y) => (x.name < y.name ? -1 : 1));
  for (let i = 0; i < files; i++) {
    const source = chosen[i % chosen.length];
    if (!source) break;
    const target = path.join(folder, `library_${Math.floor(i / chosen.length)}`, source.name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, readFileSync(path.join(library, source.name)));
  }
}

/** A copy that a writing command may change. */
export function freshCopy(folder: string, target: string): string {
  rmSync(target, { recursive: true, force: true });
  cpSync(folder, target, { recursive: true });
  return target;
}
