/** Where nayek may be called, and which repositories the check for uncommitted changes asks. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { assertOneRepository, partOfRepository } from '../src/engine/place.ts';
import { assertClean, openRepository } from '../src/engine/run.ts';
import type { FileChange, Plan } from '../src/model/plan.ts';
import { NayekError } from '../src/system/errors.ts';
import { git } from './sample.ts';

let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'nayek-place-')));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

/** A folder below the test's own with a Python file; committed where it is a repository. */
function folder(name: string, form: 'plain' | 'repository' = 'plain'): string {
  const made = path.join(home, name);
  mkdirSync(made, { recursive: true });
  writeFileSync(path.join(made, 'main.py'), 'x = 1\n');
  if (form === 'repository') {
    git(made, 'init', '-q');
    git(made, 'add', '-A');
    commit(made);
  }
  return made;
}

function commit(top: string): void {
  git(top, '-c', 'user.name=n', '-c', 'user.email=n@example.org', 'commit', '-qm', 'start');
}

function refusal(root: string): string | undefined {
  try {
    assertOneRepository(root);
    return undefined;
  } catch (error) {
    if (!(error instanceof NayekError)) throw error;
    expect(error.kind).toBe('not-one-repository');
    expect(error.hint).toContain('nayek batch plan');
    return error.message;
  }
}

describe('a place that is no single repository is refused', () => {
  it('the root of the file system', () => {
    expect(refusal(path.parse(home).root)).toMatch(/is the root of the file system$/);
  });
  it('the home folder, and what lies above it', () => {
    const mine = folder('users/me');
    vi.stubEnv('HOME', mine);
    expect(refusal(mine)).toBe(`${mine} is the home folder`);
    expect(refusal(path.dirname(mine))).toBe(`${path.dirname(mine)} holds the home folder`);
  });
  it('a folder with two clones, at whatever depth, named', () => {
    folder('shelf/one', 'repository');
    folder('shelf/work/acme/two', 'repository');
    expect(refusal(path.join(home, 'shelf'))).toMatch(/shelf holds several repositories \(one, work\/acme\/two\)$/);
  });
  it('a folder of a repository that holds clones', () => {
    const top = folder('top', 'repository');
    folder('top/checkouts/a', 'repository');
    folder('top/checkouts/b', 'repository');
    expect(refusal(path.join(top, 'checkouts'))).toContain('(a, b)');
  });
  it('worktrees of one repository, side by side', () => {
    const top = folder('main', 'repository');
    mkdirSync(path.join(home, 'wt'));
    for (const name of ['a', 'b']) git(top, 'worktree', 'add', '-q', path.join(home, 'wt', name));
    expect(refusal(path.join(home, 'wt'))).toContain('(a, b)');
  });
  it('before anything is read', async () => {
    const mine = folder('users/me');
    vi.stubEnv('HOME', mine);
    await expect(openRepository(mine)).rejects.toThrow('is the home folder');
  });
});

describe('one repository is not refused', () => {
  it('a plain folder, with one clone in it', () => {
    folder('plain');
    folder('plain/one', 'repository');
    expect(refusal(path.join(home, 'plain'))).toBeUndefined();
  });
  it('a repository with other repositories in it', () => {
    const top = folder('top', 'repository');
    folder('top/a', 'repository');
    folder('top/b', 'repository');
    expect(refusal(top)).toBeUndefined();
  });
  it('a repository that is the home folder, as in a container', () => {
    const top = folder('app', 'repository');
    vi.stubEnv('HOME', top);
    expect(refusal(top)).toBeUndefined();
  });
  it('a folder of submodules', () => {
    const library = folder('library', 'repository');
    const top = folder('top', 'repository');
    const add = (name: string): string => {
      return git(top, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', library, `services/${name}`);
    };
    add('a');
    add('b');
    expect(refusal(path.join(top, 'services'))).toBeUndefined();
  });
  it('a folder whose packages came with their git folders', () => {
    folder('plain/venv/src/a', 'repository');
    folder('plain/node_modules/b', 'repository');
    expect(refusal(path.join(home, 'plain'))).toBeUndefined();
  });
});

describe('a folder of a repository', () => {
  it('is said to be one, with the root and what the difference means', () => {
    const top = folder('top', 'repository');
    const text = partOfRepository(folder('top/services/api'));
    expect(text).toContain(`services/api is a folder of the repository ${top}`);
    expect(text).toContain("the platform's root directory is services/api");
  });
  it('is no whole repository, no submodule, and no folder without git', () => {
    expect(partOfRepository(folder('top', 'repository'))).toBeUndefined();
    expect(partOfRepository(folder('plain'))).toBeUndefined();
  });
});

describe('uncommitted changes', () => {
  const planOf = (root: string, ...files: string[]): Plan => {
    const changes = files.map((file): FileChange => {
      return { path: file, before: 'x', after: 'y', edits: [], encoding: 'utf-8', bom: false, sha256: null, by: [] };
    });
    return { root, recipe: 't', changes, verdicts: [], warnings: [], reads: {}, skipped: [] };
  };

  it('are found in a clone below a plain folder', () => {
    const one = folder('plain/one', 'repository');
    const root = path.dirname(one);
    expect(assertClean(planOf(root, 'one/main.py'))).toBeUndefined();
    writeFileSync(path.join(one, 'main.py'), 'x = 2\n');
    expect(() => assertClean(planOf(root, 'one/main.py'))).toThrow('one/main.py');
  });
  it('are found in a repository within a repository, and in both', () => {
    const top = folder('top', 'repository');
    const inner = folder('top/deep/inner', 'repository');
    writeFileSync(path.join(inner, 'main.py'), 'x = 2\n');
    expect(() => assertClean(planOf(top, 'main.py', 'deep/inner/main.py'))).toThrow(/: deep\/inner\/main\.py$/);
    writeFileSync(path.join(top, 'main.py'), 'x = 2\n');
    expect(() => assertClean(planOf(top, 'main.py', 'deep/inner/main.py'))).toThrow('main.py, deep/inner/main.py');
  });
  it('of files that are not touched do not count', () => {
    const one = folder('plain/one', 'repository');
    writeFileSync(path.join(one, 'notes.txt'), 'mine');
    expect(assertClean(planOf(path.dirname(one), 'one/main.py'))).toBeUndefined();
  });
});
