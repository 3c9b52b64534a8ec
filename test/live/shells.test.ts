/** The completions in the shells themselves, and the man page in man: `apt-get install zsh fish man-db`. */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { buildOnce, command, home } from '../built.ts';
import { temporaryFolder } from '../temporary.ts';

beforeAll(buildOnce);

/** The completion in a file, alone in its folder. */
function scriptFor(shell: string, name: string): string {
  const file = path.join(temporaryFolder('shells'), name);
  writeFileSync(file, execFileSync(process.execPath, [command, 'completion', shell]));
  return file;
}

const TYPED = [
  ['nayek pat', 'nayek patch'],
  ['nayek patch --form', 'nayek patch --format'],
  ['nayek patch --format ht', 'nayek patch --format html'],
  ['nayek batch pub', 'nayek batch publish'],
  ['nayek patch --only bi', 'nayek patch --only bind'],
] as const;

it.each([
  ['of fpath', (file: string) => `fpath=(${path.dirname(file)} $fpath); autoload -Uz compinit && compinit -u -D`],
  ['that is sourced', (file: string) => `autoload -Uz compinit && compinit -u -D; source ${file}`],
])('zsh, from a file %s', (_, setup) => {
  const file = scriptFor('zsh', '_nayek');
  const args = [path.join(import.meta.dirname, 'shells.py'), path.dirname(file), setup(file)];
  const { stdout, stderr } = spawnSync('python3', [...args, ...TYPED.map(([line]) => line)], { encoding: 'utf8' });
  expect([stdout.trim().split('\n'), stderr]).toEqual([TYPED.map(([, line]) => line), '']);
});

it('fish', () => {
  const file = scriptFor('fish', 'nayek.fish');
  for (const [typed, line] of TYPED) {
    const found = execFileSync('fish', ['--no-config', '-c', `source ${file}; complete -C '${typed}'`], {
      encoding: 'utf8',
    });
    expect(
      found.split('\n').map((l) => l.split('\t')[0]),
      typed,
    ).toContain(line.split(' ').at(-1));
  }
});

it('bash', () => {
  const file = scriptFor('bash', 'nayek.bash');
  const line = `source ${file}; COMP_WORDS=(nayek batch pub); COMP_CWORD=2; _nayek; echo "\${COMPREPLY[@]}"`;
  expect(execFileSync('bash', ['--norc', '-c', line], { encoding: 'utf8' })).toBe('publish\n');
});

it.each([
  ['nayek.1', 'EXIT STATUS'],
  ['fr/nayek.1', 'CODE DE SORTIE'],
])('man shows %s, without a warning', (file, head) => {
  const env = { ...process.env, MANWIDTH: '80', LC_ALL: 'C.UTF-8', MANROFFSEQ: '' };
  const { stdout, stderr } = spawnSync('man', ['--warnings', '-P', 'cat', '-l', path.join(home, 'dist', file)], {
    encoding: 'utf8',
    env,
  });
  expect(stderr).toBe('');
  expect(stdout).toMatch(new RegExp(`NAYEK\\(1\\)[\\s\\S]*\\n {3}nayek batch publish\\n[\\s\\S]*${head}\\n`));
  if (file !== 'nayek.1') expect(stdout).toContain('ce qui a été fait, par partie');
  expect(Math.max(...stdout.split('\n').map((l) => l.length))).toBeLessThanOrEqual(80);
});
