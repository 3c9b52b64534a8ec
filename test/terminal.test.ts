// biome-ignore-all lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
/** What a terminal is sent: one without UTF-8, a narrow one with a diff of 5,000 lines, and names that would paint on it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildOnce, command } from './built.ts';
import { servedCommand } from './command.ts';
import { git, repositoryOf, SAMPLE } from './sample.ts';
import { temporaryFolder } from './temporary.ts';
import { full } from './tier.ts';

beforeAll(buildOnce);

const run = servedCommand();

describe('a terminal without UTF-8', () => {
  const locales = [{ LC_ALL: 'C' }, { LC_ALL: 'en_US.ISO-8859-1' }, { LC_ALL: 'POSIX', LANGUAGE: 'fr' }];
  const lines = [
    '',
    'patch --dry-run',
    'check',
    'patch --help',
    'batch --help',
    'batch plan --help',
    'explain render-yaml',
    'explain settings',
    'status',
    'ptach',
    'patch --format diff --only nothing',
    'batch status --state none',
  ];
  it.each(full ? locales : locales.slice(1, 2))('shows letters that it has: %j', (locale) => {
    const root = repositoryOf(SAMPLE);
    for (const line of full ? lines : lines.slice(0, 4)) {
      for (const lang of [[], ['--lang', 'fr']]) {
        const words = [...line.split(' ').filter(Boolean), ...(line === '' ? [] : lang)];
        const { out, err } = run(root, words, { ...process.env, ...locale });
        expect((out + err).match(/.*[^\x20-\x7e\n].*/g) ?? [], words.join(' ')).toEqual([]);
        expect(out + err).not.toBe('');
      }
    }
  });

  it('changes no byte of a diff or a file', () => {
    const root = repositoryOf({ ...SAMPLE, 'app/main.py': `# été … →\n${SAMPLE['app/main.py']}` });
    const [plain, narrow] = [{}, { LC_ALL: 'C' }].map((env) =>
      run(root, ['patch', '--dry-run'], { ...process.env, ...env }),
    );
    expect(narrow?.out).toBe(plain?.out);
    run(root, ['patch', '-q'], { ...process.env, LC_ALL: 'C' });
    expect(readFileSync(path.join(root, 'app/main.py'), 'utf8')).toMatch(/^# été … →\n/);
  });
});

/** 5,000 changed lines, 1,000 in the default tier. */
const FILES = full ? 100 : 20;

describe('a long diff', () => {
  const lines = Array.from({ length: 25 }, (_, n) => `t${n} = datetime.utcnow()\n`).join('');
  const files = Object.fromEntries(
    Array.from({ length: FILES }, (_, n) => [`app/times${n}.py`, `from datetime import datetime\n\n${lines}`]),
  );
  const ways = [
    { columns: 80, env: {} },
    { columns: 40, env: {} },
    { columns: 80, env: { NO_COLOR: '1' } },
    { columns: 40, env: { NO_COLOR: '1', LC_ALL: 'C' } },
  ];

  it.each(full ? ways : ways.slice(1, 2))('is whole, and only coloured: %j', ({ columns, env }) => {
    const root = repositoryOf({ ...SAMPLE, ...files });
    const args = [path.join(import.meta.dirname, 'interactive.pty.py'), String(columns), '', process.execPath, command];
    const { NO_COLOR: _, FORCE_COLOR: __, ...rest } = process.env;
    const said = spawnSync('python3', [...args, 'patch', '--dry-run', '--rule', 'nayek:utcnow'], {
      cwd: root,
      env: { ...rest, TERM: 'xterm', LANG: 'C.UTF-8', ...env },
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    expect([said.status, said.stderr]).toEqual([0, '']);
    // Colours, and the clearing of a line of progress: nothing else.
    const escapes = said.stdout.match(/\u001b(?:\[[0-9;]*[A-Za-z]?|.)/g) ?? [];
    expect(escapes.filter((e) => !/^\u001b\[(?:[0-9;]*m|2K)$/.test(e))).toEqual([]);
    expect(escapes.some((e) => e.endsWith('m'))).toBe(!('NO_COLOR' in env));
    const text = said.stdout.replace(/\u001b\[[0-9;]*[mK]/g, '').replaceAll('\r', '');
    const shown = text.split('\n');
    expect(shown.filter((l) => /^[+-]t\d+ = /.test(l))).toHaveLength(50 * FILES);
    // What nayek itself says breaks at words.
    const own = shown.slice(shown.findLastIndex((l) => /^[ +-]t\d+ = /.test(l)) + 1);
    expect(own.join('\n')).toContain('Next:');
    expect(own.filter((l) => l.length > columns && / \S/.test(l.trim().slice(0, columns)))).toEqual([]);
  });
});

describe('hostile names', () => {
  const NAMES = {
    escape: '\u001b[2J\u001b]0;owned\u0007.py',
    line: 'a\nb::error::owned\n.py',
    markup: '<script>alert(1)<script>.py',
    fence: '```| `x`.py',
    dash: '--help.py',
    rtl: '\u202eyp.exe\u202c.py',
    bell: 'x\u0007\u009b31m.py',
  };
  /** Those with a control character are left alone, and said to be. */
  const TAKEN = [NAMES.markup, NAMES.fence, NAMES.dash, NAMES.rtl];
  const FORMS = ['diff', 'html', 'github', 'gitlab', 'junit', 'sarif', 'markdown', 'json', 'summary'];
  let root = '';
  const outputs = new Map<string, string>();

  beforeAll(() => {
    const files = Object.values(NAMES).map((name) => [
      `odd/${name}`,
      'import os\nfrom datetime import datetime\nnow = datetime.utcnow()\n',
    ]);
    root = repositoryOf({ ...SAMPLE, ...Object.fromEntries(files) });
    const folder = temporaryFolder('hostile');
    const args = FORMS.flatMap((form) => ['--output-file', `${form}=${path.join(folder, form)}`]);
    const rule = ['--recipe', 'render', '--rule', 'nayek:utcnow', '--unsafe'];
    const { code, err } = run(root, ['patch', '--dry-run', ...rule, ...args]);
    expect([code, err]).toEqual([0, expect.not.stringMatching(/\u001b|\u0007|\u009b|\u202e/)]);
    for (const form of FORMS) outputs.set(form, readFileSync(path.join(folder, form), 'utf8'));
  });

  it('are in every form, so that there is something to fear', () => {
    for (const form of FORMS) {
      expect(outputs.get(form), form).toMatch(/alert(?:\\?\(|%28)1/);
      expect(outputs.get(form), form).toContain('help.py');
    }
  });

  it.each(FORMS)('%s: no control and no reordering character, but line ends', (form) => {
    expect(outputs.get(form)?.match(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069\u200e\u200f]/gu) ?? []).toEqual([]);
  });

  it('html: no markup of theirs, no link that runs', () => {
    const page = outputs.get('html') ?? '';
    const body = page.replace(/<script>[\s\S]*<\/script>/, '').replace(/<style>[\s\S]*<\/style>/, '');
    expect(body).not.toMatch(/<script>alert|javascript:|<img/i);
    expect(page.match(/<script/g)?.length).toBe(page.match(/<\/script>/g)?.length);
  });

  it('summary: what is left alone is said, spelt out', () => {
    const said = (outputs.get('summary') ?? '').match(/^skipped .*control character/gm) ?? [];
    expect(said).toHaveLength(Object.keys(NAMES).length - TAKEN.length);
    expect(said.join()).toContain('odd/\\x1b[2J\\x1b]0;owned\\x07.py');
  });

  it('github: one annotation a line, none that a name begins', () => {
    for (const line of (outputs.get('github') ?? '').trimEnd().split('\n')) {
      expect(line).toMatch(/^::(?:error|warning|notice) (?:file=[^,:]+,line=\d+,)?title=nayek [^,:]+::/);
    }
  });

  it('gitlab and sarif: JSON, the names escaped; a name as an address is one', () => {
    expect(Array.isArray(JSON.parse(outputs.get('gitlab') ?? ''))).toBe(true);
    const uris = [...(outputs.get('sarif') ?? '').matchAll(/"uri": "([^"]*)"/g)].map(([, uri = '']) => uri);
    expect(uris.length).toBeGreaterThan(5);
    for (const uri of uris) expect(uri).toMatch(/^[\w.~!*'()%/-]+$/);
    expect(uris.map(decodeURIComponent)).toEqual(expect.arrayContaining(TAKEN.map((name) => `odd/${name}`)));
  });

  it('junit: XML that a strict reader takes', () => {
    const read = spawnSync('python3', ['-c', 'import sys, xml.etree.ElementTree as e; e.parse(sys.stdin)'], {
      input: outputs.get('junit') ?? '',
      encoding: 'utf8',
    });
    expect([read.status, read.stderr]).toEqual([0, '']);
  });

  it('markdown: no markup of theirs outside of code', () => {
    const prose = (outputs.get('markdown') ?? '')
      .replace(/^(`{3,})[\s\S]*?^\1$/gm, '')
      .replace(/(`+)[\s\S]*?[^`]\1(?!`)/g, '');
    expect(prose).not.toMatch(/(?<!\\)<script/);
  });

  it('diff: exact for git apply, in a file or a pipe', () => {
    const folder = temporaryFolder('apply');
    const { out } = run(root, ['patch', '--dry-run', '--rule', 'nayek:utcnow', '--unsafe']);
    writeFileSync(path.join(folder, 'patch'), out);
    git(root, 'apply', '--check', path.join(folder, 'patch'));
    expect(out.match(/^diff --git /gm)?.length).toBe(TAKEN.length);
  });

  it('are no options, wherever a path is given', () => {
    const top = temporaryFolder('dash');
    mkdirSync(path.join(top, '--help'));
    writeFileSync(path.join(top, '--help', 'app.py'), 'import flask\napp = flask.Flask(__name__)\n');
    const { code, out } = run(top, ['patch', '--dry-run', '--', '--help']);
    expect([code, out]).toEqual([0, expect.stringMatching(/^diff --git/)]);
  });
});
