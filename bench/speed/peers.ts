/** The other tools: found on the machine or installed into the cache folder, never into the project. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Peers {
  readonly astGrep?: string;
  readonly ripgrep?: string;
  /** A Python interpreter that has LibCST. */
  readonly libcst?: string;
  /** By tool, the version that is measured; 'not installed' for those left out. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Installs what can be installed; what cannot is left out of the table and named there. */
export function findPeers(cache: string): Peers {
  const folder = path.join(cache, 'peers');
  mkdirSync(folder, { recursive: true });
  const astGrep = existing(path.join(folder, 'node_modules/.bin/ast-grep')) ?? installAstGrep(folder);
  const libcst = existing(path.join(folder, 'python/bin/python')) ?? installLibcst(folder);
  const ripgrep = versionOf('rg') ? 'rg' : undefined;
  return {
    ...(astGrep ? { astGrep } : {}),
    ...(ripgrep ? { ripgrep } : {}),
    ...(libcst ? { libcst } : {}),
    versions: {
      'ast-grep': (astGrep && versionOf(astGrep)) ?? 'not installed',
      ripgrep: (ripgrep && versionOf(ripgrep)) ?? 'not installed',
      LibCST:
        (libcst && versionOf(libcst, '-c', 'import libcst; print(libcst._version.__version__)')) ?? 'not installed',
    },
  };
}

function existing(file: string): string | undefined {
  return existsSync(file) ? file : undefined;
}

function installAstGrep(folder: string): string | undefined {
  writeFileSync(path.join(folder, 'package.json'), '{"private": true}\n');
  // Its install script only links the binary that its launcher finds by itself, too.
  return attempt('npm', ['install', '--silent', '--no-audit', '--no-fund', '@ast-grep/cli'], folder)
    ? existing(path.join(folder, 'node_modules/.bin/ast-grep'))
    : undefined;
}

function installLibcst(folder: string): string | undefined {
  const python = path.join(folder, 'python', 'bin', 'python');
  const done =
    attempt('python3', ['-m', 'venv', 'python'], folder) &&
    attempt(python, ['-m', 'pip', 'install', '-q', 'libcst'], folder);
  return done ? python : undefined;
}

function attempt(program: string, args: readonly string[], cwd: string): boolean {
  try {
    execFileSync(program, args, { cwd, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function versionOf(program: string, ...args: readonly string[]): string | undefined {
  const done = spawnSync(program, args.length > 0 ? args : ['--version'], { encoding: 'utf8' });
  return done.status === 0 ? /\d+\.\d+(?:\.\d+)?/.exec(done.stdout)?.[0] : undefined;
}
