/** What docs/integrations.md, action.yml and .pre-commit-hooks.yaml have other tools run, run as these tools do it. */

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildOnce, command, home } from './built.ts';
import { git, repositoryOf, SAMPLE } from './sample.ts';
import { temporaryFolder } from './temporary.ts';
import { thorough } from './tier.ts';

const docs = readFileSync(path.join(home, 'docs', 'integrations.md'), 'utf8');
let bin: string;

beforeAll(() => {
  buildOnce();
  bin = temporaryFolder('bin');
  symlinkSync(command, path.join(bin, 'nayek'));
  writeFileSync(path.join(bin, 'nayek-as.sh'), block('The name of the folder'), { mode: 0o755 });
});

const sample = (): string => repositoryOf(SAMPLE);

function shell(script: string, cwd: string, env: NodeJS.ProcessEnv = {}) {
  const all = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}`, ...env };
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], {
    cwd,
    env: all,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

/** The first code block below a heading. */
function block(heading: string): string {
  const section = docs.split(`\n## ${heading}\n`)[1] ?? '';
  return /```\w*\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
}

/** Runs it twice: it patches, new files included, and the second time changes nothing. Returns the repository. */
function patches(script: string, env: NodeJS.ProcessEnv = {}): string {
  const repo = sample();
  expect(shell(script, repo, env)).toMatchObject({ code: 0 });
  git(repo, 'add', '--all');
  const changed = git(repo, 'diff', '--cached', '--name-status').split('\n');
  expect(changed).toEqual(expect.arrayContaining(['M\tapp/main.py', 'A\tProcfile', 'A\trender.yaml']));
  const tree = git(repo, 'write-tree');
  expect(shell(script, repo, env).code).toBe(0);
  git(repo, 'add', '--all');
  expect(git(repo, 'write-tree')).toBe(tree);
  return repo;
}

const nameIn = (repo: string): string | undefined =>
  /name: (\S+)/.exec(readFileSync(path.join(repo, 'render.yaml'), 'utf8'))?.[1];

describe('commands for each repository', () => {
  it('multi-gitter, in its environment', () => {
    const [, script = ''] = /run \.\/(\S+)/.exec(block('multi-gitter')) ?? [];
    expect(nameIn(patches(script, { REPOSITORY: 'acme/billing', DRY_RUN: 'false' }))).toBe('billing');
  });

  thorough('turbolift', () => {
    const [, script = ''] = /foreach -- (nayek.*)\n/.exec(block('turbolift')) ?? [];
    patches(script);
  });

  thorough('Sourcegraph', () => {
    const { steps } = parse(block('Sourcegraph'));
    const script = steps[0].run.replace(/\$\{\{ repository\.name \}\}/, 'github.com/acme/billing');
    expect(nameIn(patches(script))).toBe('billing');
  });

  it('a repository with nothing to patch exits 2, so that it is left out', () => {
    const repo = repositoryOf({ 'README.md': 'nothing\n' });
    expect(shell('nayek patch', repo).code).toBe(2);
    expect(shell('nayek-as.sh acme/shop', repo).code).toBe(2);
    expect(git(repo, 'status', '--porcelain')).toBe('');
  });
});

thorough('pre-commit: the one fails until the other has patched', () => {
  const hooks: { id: string; entry: string; files: string; pass_filenames: boolean }[] = parse(
    readFileSync(path.join(home, '.pre-commit-hooks.yaml'), 'utf8'),
  );
  const entry = (id: string): string => hooks.find((hook) => hook.id === id)?.entry ?? '';
  const repo = sample();
  expect(hooks.every((hook) => !hook.pass_filenames)).toBe(true);
  const wanted = [
    'app/main.py',
    'requirements.txt',
    'requirements-dev.in',
    'a/pyproject.toml',
    'render.yaml',
    'Procfile',
  ];
  for (const { files } of hooks) {
    expect([...wanted, 'README.md', 'logo.png'].filter((name) => new RegExp(files).test(name))).toEqual(wanted);
  }
  expect(shell(entry('nayek-check'), repo).code).toBe(1);
  expect(git(repo, 'status', '--porcelain')).toBe('');
  // pre-commit runs while files are staged.
  execFileSync('sh', ['-c', 'echo >>app/main.py; git add app/main.py'], { cwd: repo });
  expect(shell(entry('nayek-patch'), repo).code).toBe(0);
  expect(shell(entry('nayek-check'), repo).code).toBe(0);
});

describe('action.yml', () => {
  const action = parse(readFileSync(path.join(home, 'action.yml'), 'utf8'));
  const step = action.runs.steps.find((one: { id?: string }) => one.id === 'run');

  function run(repo: string, inputs: Readonly<Record<string, string>>) {
    const folder = temporaryFolder('action');
    const output = path.join(folder, 'output');
    const values: Record<string, string> = { 'github.action_path': home };
    for (const [name, { default: value }] of Object.entries<{ default: string }>(action.inputs)) {
      values[`inputs.${name}`] = inputs[name] ?? value;
    }
    const env: Record<string, string> = { GITHUB_OUTPUT: output };
    for (const [name, text] of Object.entries<string>(step.env)) {
      env[name] = text.replace(/\$\{\{ ([\w.]+) \}\}/g, (_, key: string) => values[key] ?? '');
    }
    return { ...shell(step.run, repo, env), output: readFileSync(output, 'utf8') };
  }

  it('puts no input into a script', () => {
    for (const { run: script } of action.runs.steps) expect(script).not.toContain('${{');
  });

  it('checks, patches, and says how it ended', () => {
    const repo = sample();
    mkdirSync(path.join(repo, '..', 'empty'));
    expect(run(repo, {})).toMatchObject({ code: 1, output: 'exit-code=1\n' });
    const diff = run(repo, { command: 'patch', arguments: '--dry-run\n--only\nprocfile\n' });
    expect(diff).toMatchObject({ code: 0, out: expect.stringContaining('+++ b/Procfile'), output: 'exit-code=0\n' });
    expect(git(repo, 'status', '--porcelain')).toBe('');
    expect(run(repo, { command: 'patch' }).code).toBe(0);
    expect(existsSync(path.join(repo, 'Procfile'))).toBe(true);
    expect(run(repo, { command: 'patch', directory: '../empty' })).toMatchObject({ code: 2, output: 'exit-code=2\n' });
    expect(run(repo, { arguments: '$(touch hacked)', directory: '"; touch hacked; "' }).code).toBe(2);
    expect(existsSync(path.join(repo, 'hacked'))).toBe(false);
  });
});
