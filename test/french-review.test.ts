/** `nayek batch review` in French: the page, what its scripts will say, and the Markdown form; and what publish would do. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { page as words } from '../src/report/words/fr/page.ts';
import { servedCommand } from './command.ts';
import { repositoryOf, SAMPLE } from './sample.ts';
import { temporaryFolder } from './temporary.ts';

const run = servedCommand();
const top = temporaryFolder('french-review');
const state = path.join(top, 'state');

/** English that may not be left outside of code, names and diffs. */
const ENGLISH =
  /\b(?:the|which|with|from|does|not|is|are|has|its|this|that|nothing|without|every|must|pending|applied)\b/;

beforeAll(() => {
  const bare = repositoryOf({
    'app.py': 'import flask\napp = flask.Flask(__name__)\napp.run(host="10.0.0.1", port=80)\n',
  });
  expect(run(top, ['batch', 'plan', repositoryOf(SAMPLE), bare, '--state', state]).code).toBe(0);
});

describe('in French', () => {
  it('the Markdown form: heads, kinds, statuses, reasons and warnings', () => {
    const { out, code } = run(top, ['batch', 'review', '--state', state, '--format', 'markdown', '--lang', 'fr']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^# 2 dépôts\n\n\| dépôt \| état \| à faire \| à la main \| échec \| fichiers \| \+ \| − \| marque \|/,
    );
    expect(out).toContain('| changé | ');
    expect(out).toMatch(/^- à faire \*\*bind\*\* /m);
    const prose = out.replace(/^(`{3,})[\s\S]*?^\1$/gm, '').replace(/`[^`\n]*`/g, '');
    expect(prose.split('\n').filter((line) => ENGLISH.test(line.replace(/\S*[/_=]\S*/g, '')))).toEqual([]);
  });

  it('the page brings the words of its scripts, and reasons, statuses and title are French', () => {
    const file = path.join(top, 'review.html');
    expect(run(top, ['batch', 'review', '--state', state, '--lang', 'fr', '-o', file]).code).toBe(0);
    const page = readFileSync(file, 'utf8');
    const data = (id: string) => JSON.parse(new RegExp(`id="${id}">(.*)</script>`).exec(page)?.[1] ?? 'null');
    expect(page).toMatch(
      /<html lang="fr">[\s\S]*<title>nayek : revue d&#39;un lot<\/title>[\s\S]*<noscript>Cette page /,
    );
    expect(data('words')).toEqual(words);
    expect(data('batch').statuses).toEqual({ changed: 'changé' });
    expect(data('labels').sideBySide).toBe('Côte à côte');
    const { verdicts, notes } = data('detail-0');
    const said = [...verdicts.flatMap((v: { reason: string; warnings: string[] }) => [v.reason, ...v.warnings])];
    for (const note of notes) said.push(note.text);
    expect(said.filter((text) => ENGLISH.test(text.replace(/`[^`]*`|\S*[/_=]\S*/g, '')))).toEqual([]);
  });

  it('groups are those of the English page', () => {
    const groups = (lang: string): string[] => {
      const file = path.join(top, `${lang}.html`);
      run(top, ['batch', 'review', '--state', state, '--lang', lang, '-o', file]);
      const [, batch = ''] = /id="batch">(.*)<\/script>/.exec(readFileSync(file, 'utf8')) ?? [];
      return JSON.parse(batch).rows.map((row: { group: string }) => row.group);
    };
    expect(groups('fr')).toEqual(groups('en'));
  });
});

it('a dry run of publish refuses what has no place to be pushed to, as publish would', () => {
  const publish = (...words: readonly string[]) =>
    run(top, ['batch', 'publish', '--dry-run', '--unmarked', '--state', state, ...words]);
  const { code, out, err } = publish('--mode', 'push');
  expect(code).toBe(2);
  expect(out.match(/it has no remote 'origin' to push to/g)).toHaveLength(2);
  expect(err).toContain('0 would be published, 2 refused; nothing was changed');
  expect(publish('--mode', 'local').out).toMatch(/branch nayek\/deploy-ready on this machine/);
});
