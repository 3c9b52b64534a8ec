/** What people try first, and what they are used to from other tools. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { wrap } from '../src/report/wrap.ts';
import { nearest } from '../src/system/nearest.ts';
import { command, home } from './built.ts';
import { servedCommand } from './command.ts';
import { git, repositoryOf, SAMPLE } from './sample.ts';
import { temporaryFolder } from './temporary.ts';

const run = servedCommand();

describe('nayek alone', () => {
  it('says what it found, what it would do and what comes next; writes nothing', () => {
    const root = repositoryOf(SAMPLE);
    const { code, out, err } = run(root, []);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('shop: fastapi app.main:app');
    expect(out).toMatch(/Would change +app\/main\.py, requirements\.txt\nWould create +Procfile, render\.yaml\n/);
    expect(out).toContain('Next:\n  `nayek patch --dry-run`');
    expect(git(root, 'status', '--porcelain')).toBe('');
  });

  it('in a folder that is no repository: one line', () => {
    const { code, out, err } = run(temporaryFolder('empty'), []);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});

it('a report in a file says what comes next: open it, or apply it', () => {
  const root = repositoryOf(SAMPLE);
  const folder = temporaryFolder('report');
  const [page, plan] = [path.join(folder, 'it is.html'), path.join(folder, 'plan.json')];
  expect(run(root, ['patch', '--format', 'html', '-o', page]).err).toBe(`\nNext:\n  open ${page} in a browser\n`);
  const { err } = run(root, ['patch', '--dry-run', '--format', 'json', '-o', plan]);
  expect(err).toContain(`\nNext:\n  \`nayek apply ${plan}\` executes it`);
  expect(run(root, ['patch', '--format', 'sarif', '-o', path.join(folder, 'x.sarif')]).err).toBe('');
  expect(run(root, ['apply', plan]).code).toBe(0);
});

describe('a slip', () => {
  it.each([
    ['ptach', 'patch'],
    ['patch --dryrun', '--dry-run'],
    ['patch --only bnd', "'bind'"],
    ['patch --skip gunicron', "'gunicorn'"],
    ['patch --recipe rendr', "'render'"],
    ['patch --recipe heroku', "'procfile'"],
    ['patch --set procfile.wrkers=3', "'workers'"],
    ['patch --set wrkers=3', "'workers'"],
    ['explain render-yml', "'render-yaml'"],
    ['explain railway', "'procfile'"],
    ['patch --diff', '--format diff'],
    ['patch -n', '--dry-run'],
    ['patch --json', '--format json'],
    ['completion bahs', "'bash'"],
    ['batch plna', 'plan'],
    ['batch plan x --shrad 1/2', '--shard'],
    ['.', 'nayek patch .'],
  ])('nayek %s: the nearest name is %s', (line, meant) => {
    const { code, out, err } = run(repositoryOf(SAMPLE, { git: false }), line.split(' '));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.toLowerCase()).toContain('did you mean');
    expect(err).toContain(meant);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('that is near nothing is not guessed at', () => {
    expect(nearest('kubernetes', ['bind', 'render', 'procfile'])).toBeUndefined();
  });

  it('of an option points to the help of its own command', () => {
    expect(run(home, ['batch', 'plan', 'x', '--nope']).err).toContain('`nayek batch plan --help`');
    expect(run(home, ['check', '--nope']).err).toContain('`nayek check --help`');
  });
});

describe('explain', () => {
  it('knows recipes: their parts in order, and options that are not the usual ones', () => {
    const { code, out } = run(home, ['explain', 'fi9-nayek']);
    expect(code).toBe(0);
    expect(out).toMatch(/bind[\s\S]*alembic-base[\s\S]*gunicorn[\s\S]*requirement: "gunicorn\[uvicorn\]==21\.2\.0"/);
  });
});

describe('how much is said', () => {
  it('--quiet: the product alone', () => {
    const { code, out, err } = run(repositoryOf(SAMPLE), ['patch', '--dry-run', '--quiet']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^diff --git /);
  });

  it('--verbose: every place, and what was read', () => {
    const { err } = run(repositoryOf(SAMPLE), ['patch', '--dry-run', '-v']);
    expect(err).toMatch(/nayek: recipe render: bind, .*; 3 files, [\d.]+ s/);
    expect(err).not.toContain('more place');
  });

  it('--color and FORCE_COLOR colour a pipe, for reading: masked; NO_COLOR and --color never do not', () => {
    const root = repositoryOf(SAMPLE);
    const coloured = (args: string[], env = {}): boolean =>
      run(root, ['patch', '--dry-run', ...args], { ...process.env, ...env }).out.includes('\x1b[');
    expect(coloured([])).toBe(false);
    expect(coloured(['--color', 'always'])).toBe(true);
    expect(coloured([], { FORCE_COLOR: '1' })).toBe(true);
    expect(coloured([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
    expect(coloured(['--color', 'never'], { FORCE_COLOR: '1' })).toBe(false);
  });

  it('every help has examples', () => {
    for (const line of ['', 'patch', 'check', 'verify', 'apply', 'undo', 'status', 'doctor', 'explain', 'test']) {
      const help = run(home, [...line.split(' ').filter(Boolean), '--help']).out;
      expect(help, line).toMatch(/\nExamples:\n {2}nayek/);
    }
  });
});

describe.runIf(process.platform === 'linux')('behind a pager', () => {
  it('credentials are masked, and nothing is painted over it', () => {
    const folder = temporaryFolder('pager');
    // A program of that name: what a pager does with its screen is no matter here.
    const less = path.join(folder, 'less');
    copyFileSync(execFileSync('sh', ['-c', 'command -v cat'], { encoding: 'utf8' }).trim(), less);
    const root = repositoryOf({
      ...SAMPLE,
      'requirements.txt': '--extra-index-url https://me:hunter2@example.org/simple\nfastapi\nuvicorn\n',
    });
    const line = `"${process.execPath}" "${command}" patch --dry-run`;
    const paged = spawnSync('sh', ['-c', `${line} | "${less}"`], { cwd: root, encoding: 'utf8' });
    expect(paged.stderr).toBe('');
    expect(paged.stdout).toMatch(/^diff --git [\s\S]*\npending +bind [\s\S]*Next:/);
    expect(paged.stdout).not.toContain('hunter2');
    const piped = spawnSync('sh', ['-c', `${line} | cat`], { cwd: root, encoding: 'utf8' });
    expect(piped.stdout).toContain('hunter2');
    expect(piped.stderr).toMatch(/^pending +bind /m);
  });
});

describe('completion', () => {
  const complete = (script: string, ...words: string[]): string[] => {
    const list = words.map((word) => `'${word}'`).join(' ');
    const line = `source "$1"; COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _nayek; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['--norc', '-c', line, 'bash', script], { encoding: 'utf8' }).trim().split('\n');
  };

  it('in bash: commands, options, their values, parts and recipes', () => {
    const script = path.join(temporaryFolder('completion'), 'nayek.bash');
    writeFileSync(script, run(home, ['completion', 'bash']).out);
    expect(complete(script, 'nayek', 'pa')).toEqual(['patch']);
    expect(complete(script, 'nayek', 'patch', '--dr')).toEqual(['--dry-run']);
    expect(complete(script, 'nayek', 'patch', '--format', 'sa')).toEqual(['sarif']);
    expect(complete(script, 'nayek', 'patch', '--format', '=', 'sa')).toEqual(['sarif']);
    expect(complete(script, 'nayek', 'patch', '--lang', '=')).toEqual(['en', 'fr']);
    expect(complete(script, 'nayek', 'patch', '--only', 'gu')).toEqual(['gunicorn']);
    expect(complete(script, 'nayek', 'explain', 'v')).toEqual(['vps']);
    expect(complete(script, 'nayek', 'batch', 'pu')).toEqual(['publish']);
    expect(complete(script, 'nayek', 'batch', 'publish', '--mode', 'd')).toEqual(['draft']);
    expect(complete(script, 'nayek', 'patch', '--recipe', 'f')).toEqual(['fi9-nayek']);
  });

  it('for zsh and fish: each command and option', () => {
    expect(run(home, ['completion', 'zsh']).out).toMatch(/^#compdef nayek\n/);
    const fish = run(home, ['completion', 'fish']).out;
    expect(fish).toContain("-n '__fish_seen_subcommand_from patch' -l dry-run");
    expect(fish).toContain("-n '__fish_seen_subcommand_from batch; and __fish_seen_subcommand_from publish' -l mode");
  });
});

it('the man page has every command and option', () => {
  const page = readFileSync(path.join(home, 'dist', 'nayek.1'), 'utf8').replaceAll('\\-', '-');
  for (const name of ['patch', 'check', 'verify', 'apply', 'undo', 'batch plan', 'batch publish', 'new rule']) {
    expect(page).toContain(`.SS nayek ${name}\n`);
  }
  const options = run(home, ['patch', '--help']).out.match(/--[a-z-]+/g) ?? [];
  for (const option of options.filter((o) => o !== '--help')) expect(page).toContain(option);
  expect(page).not.toMatch(/^'/m);
});

describe('lines for a terminal', () => {
  it('break at words, never in a path; a narrow one has a small indent', () => {
    expect(wrap('one two three four five', 20, 2)).toBe('one two three four\n  five');
    expect(wrap('il faut que cela tienne ; ensuite', 23, 2)).toBe('il faut que cela\n  tienne ; ensuite');
    expect(wrap(`run ${'x'.repeat(30)} now please`, 20, 8)).toBe(`run\n    ${'x'.repeat(30)}\n    now please`);
    expect(wrap('\x1b[31mred\x1b[0m text stays as long as it is seen', 40, 4)).toBe(
      '\x1b[31mred\x1b[0m text stays as long as it is seen',
    );
    expect(wrap('never broken without a width at all', undefined, 2)).toBe('never broken without a width at all');
  });
});
