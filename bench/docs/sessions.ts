/**
 * Recorded sessions of every command: what a person types and what the terminal then shows, from the built program in a
 * pseudo-terminal. `npm run docs` writes docs/sessions.md; test/sessions.test.ts holds that the program still says so.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeRepository } from '../batch/repositories.ts';
import { HOME } from './home.ts';

/** Columns of the terminal. */
const WIDTH = 100;

export interface Session {
  /** The commands that it shows, as they are called: `batch plan`. */
  readonly shows: readonly string[];
  readonly title: string;
  /** Where it is typed, and what lies there. */
  readonly place: 'repository' | 'services' | 'empty';
  /** Lines for the shell; keys that answer its questions stand behind `keys`. */
  readonly lines: readonly (string | { readonly line: string; readonly keys: string })[];
}

export const SESSIONS: readonly Session[] = [
  {
    shows: [''],
    title: 'What is here',
    place: 'repository',
    lines: ['nayek'],
  },
  {
    shows: ['patch', 'undo', 'status'],
    title: 'Patch, look, and take it back',
    place: 'repository',
    lines: [
      'nayek patch --dry-run --only bind,gunicorn',
      'nayek patch --check -q; echo "exit $?"',
      'nayek patch',
      'git status --short',
      'nayek status',
      'nayek undo',
      'git status --short',
      'nayek patch --dry-run | git apply',
      'git diff --stat',
    ],
  },
  {
    shows: ['patch'],
    title: 'Change by change',
    place: 'repository',
    // Asked by lines, so that what was shown can be read here: a terminal that can be painted on shows colours.
    lines: [{ line: 'TERM=dumb nayek patch -i --only bind,alembic-base,gunicorn', keys: 'ynq' }, 'git diff --stat'],
  },
  {
    shows: ['check', 'verify'],
    title: 'Whether it can be deployed',
    place: 'repository',
    lines: ['nayek check; echo "exit $?"', 'nayek patch -q', 'nayek check', 'nayek verify'],
  },
  {
    shows: ['apply'],
    title: 'A plan that is saved, read, and executed',
    place: 'repository',
    lines: [
      'nayek patch --dry-run --only bind --format json -o plan.json',
      'nayek apply plan.json',
      'nayek apply plan.json; echo "exit $?"',
    ],
  },
  {
    shows: ['patch'],
    title: "In the forms of editors and CI, and in one's own language",
    place: 'repository',
    lines: [
      'nayek patch --format github --only bind,gunicorn',
      'nayek patch --format html -o review.html',
      'nayek patch -q --dry-run --only bind --output-file sarif=nayek.sarif --output-file junit=nayek.xml && ls',
      'nayek patch --dry-run --only bind,gunicorn --lang fr --format summary',
    ],
  },
  {
    shows: ['explain', 'recipe', 'recipe list', 'recipe show', 'recipe init', 'recipe check'],
    title: 'What the parts and recipes do',
    place: 'empty',
    lines: [
      'nayek explain bind',
      'nayek explain procfile-service; echo "exit $?"',
      'nayek recipe list',
      'nayek recipe show vps',
      'nayek recipe init',
      'nayek recipe check recipe.yaml',
    ],
  },
  {
    shows: ['new', 'new rule', 'new transform', 'new emitter', 'test'],
    title: 'A codemod of your own',
    place: 'empty',
    lines: ['nayek new rule no-utcnow', 'nayek new transform greet', 'nayek new emitter hello', 'nayek test'],
  },
  {
    shows: ['doctor', 'completion', 'man'],
    title: 'The rest',
    place: 'repository',
    lines: [
      'nayek patch -q --only bind',
      'nayek doctor --journal',
      'nayek completion bash | head -3',
      'nayek man | head -4',
      'nayek ptach; echo "exit $?"',
    ],
  },
  {
    shows: ['batch', 'batch plan', 'batch status', 'batch review', 'batch publish', 'batch undo'],
    title: 'Many repositories',
    place: 'services',
    lines: [
      'nayek batch plan services/*',
      'nayek batch review',
      'nayek batch status',
      'nayek batch publish --dry-run --unmarked --mode local',
      'nayek batch publish --mode local --unmarked',
      'nayek batch status',
      'nayek batch undo',
    ],
  },
];

/** Commands without a session, and why. */
export const WITHOUT: Readonly<Record<string, string>> = {
  'batch worker': 'takes jobs from a Redis or PostgreSQL server until it is stopped',
  'batch adopt': 'for a state folder that somebody else has made',
};

const DATE = '2026-01-01T00:00:00Z';

/** A session as Markdown, recorded in `folder`, which must be empty. @throws Error where the built program is missing */
export function recorded(session: Session, folder: string): string {
  const top = realpathSync(folder);
  const bin = path.join(top, 'bin');
  const place = path.join(top, 'you');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'nayek'), `#!/bin/sh\nexec '${process.execPath}' '${HOME}/dist/nayek.cjs' "$@"\n`);
  chmodSync(path.join(bin, 'nayek'), 0o755);
  const cwd = prepared(session.place, place);
  const env = {
    ...{ PATH: `${bin}:${process.env.PATH}`, HOME: place, TMPDIR: process.env.TMPDIR ?? '/tmp' },
    ...{ LANG: 'C.UTF-8', TERM: 'xterm', NO_COLOR: '1', GIT_PAGER: 'cat', GIT_CONFIG_NOSYSTEM: '1' },
    ...Object.fromEntries(['AUTHOR', 'COMMITTER'].flatMap((who) => identity(who))),
  };
  const out = session.lines.map((step) => {
    const { line, keys } = typeof step === 'string' ? { line: step, keys: '' } : step;
    const args = [path.join(HOME, 'test/interactive.pty.py'), String(WIDTH), keys, 'sh', '-c', line];
    const dumb = line.startsWith('TERM=dumb') ? { TERM: 'dumb' } : {};
    const { stdout, stderr, error } = spawnSync('python3', args, { cwd, env: { ...env, ...dumb }, encoding: 'utf8' });
    if (error || stderr !== '') throw error ?? new Error(stderr);
    return `$ ${line}\n${anywhere(screen(stdout), place)}`;
  });
  return `## ${session.title}\n\n\`\`\`\`console\n${out.join('\n')}\`\`\`\`\n`;
}

function identity(who: string): [string, string][] {
  return [
    [`GIT_${who}_NAME`, 'You'],
    [`GIT_${who}_EMAIL`, 'you@example.org'],
    [`GIT_${who}_DATE`, DATE],
  ];
}

/** Makes what a session is typed in; returns its folder. */
function prepared(place: Session['place'], folder: string): string {
  mkdirSync(folder);
  if (place === 'empty') return folder;
  if (place === 'services') {
    mkdirSync(path.join(folder, 'services'));
    for (const number of [1, 3, 6, 8]) makeRepository(path.join(folder, 'services'), number);
    return folder;
  }
  const repository = path.join(folder, 'konan-backend');
  cpSync(path.join(HOME, 'fixtures/recipes/fi9-nayek/before'), repository, { recursive: true });
  const git = (...args: readonly string[]): void => {
    const env = { ...process.env, ...Object.fromEntries(['AUTHOR', 'COMMITTER'].flatMap(identity)) };
    execFileSync('git', args, { cwd: repository, env, stdio: 'ignore' });
  };
  git('init', '--template=', '-b', 'main');
  git('add', '-A');
  git('commit', '-m', 'start');
  return repository;
}

/** What a terminal shows in the end: lines that were cleared are gone, and so are colours. */
function screen(text: string): string {
  return (
    text
      .replaceAll('\r\n', '\n')
      .split('\n')
      .map((line) => line.slice(line.lastIndexOf('\u001b[2K') === -1 ? 0 : line.lastIndexOf('\u001b[2K') + 4))
      .join('\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
      .replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
  );
}

/** The same on every machine and on every day: no folders, no times, no Python at hand. */
function anywhere(text: string, place: string): string {
  return text
    .replaceAll(place, '~')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-01-01T12:00:00.000Z')
    .replace(/\b(planned \d+|published \d+) in \d+ (?:s|min)(?: \([\d.]+\/s\))?/g, '$1 in 1 s')
    .replace(/[ \t]+$/gm, '');
}

/** All sessions as one document. `folderFor` gives an empty folder for each. */
export function document(folderFor: () => string): string {
  const head = [
    '# Sessions',
    '',
    'What each command shows, recorded from the program in a terminal of 100 columns, without colours (`npm run docs`). The',
    'repository is [the sample](../fixtures/recipes/fi9-nayek/before), in a folder of its own, `konan-backend`. Folders stand as',
    '`~`, times as a day of 2026.',
    '',
  ];
  return `${head.join('\n')}\n${SESSIONS.map((session) => recorded(session, folderFor())).join('\n')}`;
}
