/** A repository with the seed's shape, and git around it. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inject } from 'vitest';
import { MADE, temporaryFolder } from './temporary.ts';

/** Files of the sample; a line end of the caller's choice. */
export const SAMPLE: Readonly<Record<string, string>> = {
  'app/__init__.py': '',
  'app/main.py': [
    '"""Entry point."""',
    'from fastapi import FastAPI',
    '',
    'app = FastAPI()',
    '',
    '',
    '@app.get("/health")',
    'def health():',
    '    return {"status": "ok"}',
    '',
    '',
    'if __name__ == "__main__":',
    '    import uvicorn',
    '',
    '    uvicorn.run("app.main:app", host="192.168.0.133", port=8000)',
    '',
  ].join('\n'),
  'requirements.txt': 'fastapi==0.115.0\nuvicorn[standard]==0.32.0\n',
};

/** A new folder `shop` with these files, alone in its parent, and committed. Returns its path, links resolved. */
export function repositoryOf(
  files: Readonly<Record<string, string | Buffer>>,
  options: { git?: boolean; folder?: string } = {},
) {
  const top = path.join(temporaryFolder('cli'), 'shop');
  copiedOnce([files, options], top, () => {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(top, options.folder ?? '', name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    if (options.git !== false) commitAll(top);
  });
  return path.join(top, options.folder ?? '');
}

/** Makes a repository of a folder, with one commit. */
export function commitAll(top: string): void {
  git(top, 'init', '-q', '--template=');
  appendFileSync(path.join(top, '.git', 'config'), '[core]\n\tautocrlf = false\n');
  git(top, 'add', '-A');
  git(top, '-c', 'user.name=n', '-c', 'user.email=n@example.org', 'commit', '-qm', 'start');
}

/** Fills a new folder by `make` the first time in a run, and then by copies: git takes a process for each step. */
export function copiedOnce(key: unknown, folder: string, make: () => void): void {
  const name = createHash('sha256')
    .update(JSON.stringify([key, process.umask()]))
    .digest('hex');
  const kept = path.join(inject('run'), MADE, name);
  mkdirSync(folder);
  if (existsSync(kept)) {
    cpSync(kept, folder, { recursive: true, verbatimSymlinks: true });
    return;
  }
  make();
  const copy = `${kept}.${process.pid}`;
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
  // Another worker may have been first.
  if (existsSync(kept)) rmSync(copy, { recursive: true });
  else renameSync(copy, kept);
}

/** Output of a git command. */
export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
