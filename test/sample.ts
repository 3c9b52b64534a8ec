/** A repository with the seed's shape, and git around it. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './temporary.ts';

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
  mkdirSync(top);
  const root = path.join(top, options.folder ?? '');
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  if (options.git !== false) {
    git(top, 'init', '-q', '--template=');
    appendFileSync(path.join(top, '.git', 'config'), '[core]\n\tautocrlf = false\n');
    git(top, 'add', '-A');
    git(top, '-c', 'user.name=n', '-c', 'user.email=n@example.org', 'commit', '-qm', 'start');
  }
  return root;
}

/** Output of a git command. */
export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
