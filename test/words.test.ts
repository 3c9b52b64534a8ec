/**
 * Every message in every language. A text for people is marked where it is written: `` say`${file} is a link` ``, with
 * `import { say } from '…/system/say.ts'`; its French stands in the file of its room in src/report/words/fr/:
 * `'{0} is a link': '{0} est un lien'`. CONTRIBUTING.md, "Messages", has the rules.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchProgram } from '../src/cli/batch.ts';
import { manual, program } from '../src/cli/cli.ts';
import { EXAMPLES } from '../src/cli/examples.ts';
import { helpTexts } from '../src/cli/help.ts';
import { parts } from '../src/engine/parts.ts';
import { DRIFT } from '../src/knowledge/drift.ts';
import { french } from '../src/report/words/fr/index.ts';
import { page } from '../src/report/words/fr/page.ts';
import { languageOf, useLanguage } from '../src/report/words/local.ts';
import { translator } from '../src/report/words/pattern.ts';
import { survey } from '../src/survey/index.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { errorTexts } from '../src/system/errors.ts';
import { readFixture, snapshotOf } from '../src/testing/fixture.ts';
import { messages, messagesIn, type Said } from './said.ts';
import { runs, sampled } from './tier.ts';

const HOW = `
A new message? Mark it:   import { say } from '…/src/system/say.ts';   reason: say\`\${file} is a link\`
and give its French in src/report/words/fr/<room>.ts:   '{0} is a link': '{0} est un lien',
CONTRIBUTING.md, "Messages", says more.`;

const toFrench = translator(french);
/** Those of pages are looked up, never found again: they are no part of the catalogue. */
const [scripts, said] = [true, false].map((inPage) =>
  messages().filter(({ at }) => at.includes('/browser/') === inPage),
) as [Said[], Said[]];
/** What rows of data say: src/knowledge/drift.json. */
const rows = DRIFT.filter((row) => row.older === undefined).flatMap(({ what, say }) => [what, ...(say ? [say] : [])]);

/** Help, examples, parts and their options: data, that is said where it is shown. */
const shown = [
  ...helpTexts(program()),
  ...helpTexts(batchProgram()),
  ...Object.values(EXAMPLES).flatMap((list) => list.map(([, says]) => says)),
  ...parts.flatMap((part) => [part.summary, ...Object.values(part.options).map((option) => option.help)]),
].filter((text) => /\p{L}{2}/u.test(text));

/** What commander says, and what `%s` of the table of errors stands for. */
const FOREIGN =
  /^(?:error: )?(?:unknown (?:option|command)|option '|missing required|too many arguments|\(?Did you mean|command-argument|allowed choices)/i;

/** In scripts: selectors, keys, attributes, header names. */
const NO_TEXT = /^(?:Escape|[\w.#:[\]~=*-]+(?:, [\w.#:[\]~=*-]+)+|\.\w+ .*|nayek patch.*|kind [\w-]+)$/;
/** The same in both languages. */
const SAME = /^(?:\.(?:B|SS|TH|TP|PP|br|SH (?:SYNOPSIS|DESCRIPTION))| \([\w, ]+\)$)/;

describe('the catalogue', () => {
  it('has the French of every message', () => {
    const missing = said.filter(({ id }) => /\p{L}{2}/u.test(id) && french[id] === undefined);
    expect(
      missing.map(({ id, at }) => `${at}: ${id}`),
      `messages without French${HOW}`,
    ).toEqual([]);
    expect(
      [...new Set(shown.filter((text) => french[text] === undefined))],
      'help, examples, parts and options without French in src/report/words/fr/help.ts',
    ).toEqual([]);
    const table = errorTexts().filter(
      (text) => /\p{L}/u.test(text.replace(/\{\d\}/g, '')) && french[text] === undefined,
    );
    expect(
      rows.filter((text) => french[text] === undefined),
      'rows of drift without French in src/report/words/fr/drift.ts',
    ).toEqual([]);
    expect(table, `errors of src/system/errors.ts without French in src/report/words/fr/errors.ts${HOW}`).toEqual([]);
  });

  it('has no message that nobody says', () => {
    const known = new Set([...said.map(({ id }) => id), ...errorTexts(), ...rows, ...shown]);
    const dead = Object.keys(french).filter((id) => !known.has(id) && !FOREIGN.test(id));
    expect(dead, 'French of messages that the sources do not hold: changed or gone?').toEqual([]);
  });

  it('has the same placeholders in both languages', () => {
    const runs = (text: string): string[] => [...text.matchAll(/(?:\{\d\})+/g)].map(([run]) => run).sort();
    for (const [id, text] of Object.entries(french)) expect(new Set(runs(text)), id).toEqual(new Set(runs(id)));
  });

  it('has nothing English in the French', () => {
    const plain = (text: string): string => text.replace(/`[^`]*`|"[^"]*"|\(CVE[^)]*\)|\w+\(…\)|--[\w-]+/g, ' ');
    const wrong = Object.values(french).filter((text) =>
      /\b(?:the|which|with|from|does|not|is|are|has)\b/.test(plain(text)),
    );
    expect(wrong).toEqual([]);
  });
});

describe('what runs in a browser', () => {
  it('has its words in src/report/words/fr/page.ts, which a page brings along, and nothing else there', () => {
    const ids = new Set(scripts.map(({ id }) => id));
    expect([...ids].filter((id) => page[id] === undefined)).toEqual([]);
    expect(Object.keys(page).filter((id) => !ids.has(id))).toEqual([]);
    expect(ids.size).toBeGreaterThan(40);
  });

  it('is marked: no text stands there that is not said', () => {
    const bare: string[] = [];
    for (const folder of ['src/report/page/browser', 'src/batch/review/browser']) {
      for (const name of readdirSync(path.join(import.meta.dirname, '..', folder))) {
        const text = readFileSync(path.join(import.meta.dirname, '..', folder, name), 'utf8');
        const code = text.replace(/\/\*[\s\S]*?\*\/|^import .*$/gm, '').replace(/\/\/ .*$/gm, '');
        for (const [, before, quoted = ''] of code.matchAll(/(say)?('[^'\n]*'|`(?:\\.|[^`])*`)/g)) {
          const words = quoted.slice(1, -1).replace(/\$\{[^}]*\}/g, '');
          if (!before && /\p{L}{2,}[.,!?]? \p{L}|^\p{Lu}\p{Ll}{3,}/u.test(words) && !NO_TEXT.test(words.trim()))
            bare.push(`${folder}/${name}: ${quoted}`);
        }
      }
    }
    expect(bare, `texts of a page that are not marked: say from browser/said.ts${HOW}`).toEqual([]);
  });
});

describe('the man page', () => {
  afterAll(() => useLanguage('en'));

  it('is French throughout with --lang fr: its own words, commands, options, examples', async () => {
    const pages = [await manual('en'), await manual('fr')].map((text) => text.split('\n'));
    const [english = [], own = []] = pages;
    expect(own.length).toBe(english.length);
    const plain = (line: string): string => line.replaceAll('\\-', '-').replace(/`[^`]*`|\\f[BI].*?\\fR/g, '');
    const left = own.filter((line, at) => line === english[at] && /\p{L}{3}/u.test(plain(line)) && !SAME.test(line));
    expect(left, 'lines of the man page that stay English').toEqual([]);
    expect(
      own.filter((line) => !/^\.(?:B|SS) /.test(line) && /\b(?:the|which|with|from|does)\b/.test(plain(line))),
    ).toEqual([]);
  });
});

describe('what is marked', () => {
  it('is read from the sources: values, escapes, joined and nested templates', () => {
    const text = [
      "const a = say`${f(`x${1}`)} is \\`b\\` of ${'}'}`;",
      'const b = say`one ${x} ` + say`two ${y}`;',
      'const c = say`a ${deep ? say`b ${z}` : 1} c`;',
    ].join('\n');
    expect(messagesIn(text, 'x.ts').map(({ id }) => id)).toEqual([
      '{0} is `b` of {1}',
      'one {0} two {1}',
      'a {0} c',
      'b {0}',
    ]);
  });

  it('is every reason and note of a part, a judge and the survey', () => {
    const bare: string[] = [];
    for (const folder of ['src/survey', 'src/judge', 'src/engine', 'transforms', 'templates']) {
      for (const name of readdirSync(path.join(import.meta.dirname, '..', folder), {
        recursive: true,
        encoding: 'utf8',
      })) {
        if (!name.endsWith('.ts') || name.endsWith('words.ts')) continue;
        const lines = readFileSync(path.join(import.meta.dirname, '..', folder, name), 'utf8').split('\n');
        for (const [index, line] of lines.entries()) {
          const found =
            /\b(?:reason|text|why|warning):\s*(['`])(.*)\1?/.exec(line) ??
            /warnings\.push\(\s*(['`])(.*)\1?/.exec(line);
          // A word with a space before it, outside of values, is a text for people.
          if (found && /\p{L}{2,} \p{Ll}/u.test((found[2] ?? '').replace(/\$\{[^}]*\}/g, '')))
            bare.push(`${folder}/${name}:${index + 1}: ${line.trim()}`);
        }
      }
    }
    expect(bare, `messages that are not marked${HOW}`).toEqual([]);
  });

  it('is every error, hint and line that a command prints', () => {
    const bare: string[] = [];
    for (const folder of ['src/cli', 'src/batch', 'src/verify', 'src/report', 'src/writer', 'src/engine']) {
      for (const name of readdirSync(path.join(import.meta.dirname, '..', folder), {
        recursive: true,
        encoding: 'utf8',
      })) {
        // What runs in a browser has words of its own; what goes over a socket or into a commit is no line for a person.
        if (!name.endsWith('.ts') || /words\/|browser\/|serve\.ts|worker-process/.test(name)) continue;
        const text = readFileSync(path.join(import.meta.dirname, '..', folder, name), 'utf8');
        const calls =
          /(?:Error\((?:'[\w-]+', )?|hint: |\bdetail: |\bnote\(|workIsDone\(|\.write\()(['`])((?:\\.|(?!\1).)*)\1/gs;
        for (const [call, , said = ''] of text.matchAll(calls)) {
          const words = said.replace(/\$\{[^}]*\}/g, '').replace(/\\n/g, ' ');
          if (/\p{L}{2,} \p{Ll}/u.test(words)) bare.push(`${folder}/${name}: ${call}`);
        }
      }
    }
    expect(bare, `messages that are not marked${HOW}`).toEqual([]);
  });
});

describe('a translation', () => {
  it('puts values into their places, and says those that are messages themselves', () => {
    expect(toFrench('app/db.py does not parse')).toBe("app/db.py n'est pas du Python valide");
    expect(toFrench('api: gunicorn must be installed for this start command')).toContain('doit être installé');
    expect(toFrench('puts gunicorn and uvicorn-worker into requirements.txt')).toBe(
      'ajout de gunicorn et uvicorn-worker à requirements.txt',
    );
    expect(toFrench("gunicorn's default worker cannot serve app:app, which is ASGI: every request answers 500")).toBe(
      'le worker par défaut de gunicorn ne peut pas servir app:app, qui est ASGI : chaque requête répond 500',
    );
  });

  it('finds a message with its place behind it, which may be part of another', () => {
    expect(
      toFrench(
        '`app.run(port=80)` starts a server of its own when app is imported: the server that imports it never answers. Put it below `if __name__ == "__main__":`. (app.py:3)',
      ),
    ).toBe(
      '`app.run(port=80)` démarre son propre serveur à l\'import de app : le serveur qui l\'importe ne répond jamais. Placez-le sous `if __name__ == "__main__":`. (app.py:3)',
    );
    expect(toFrench('holds characters that reorder text on a screen (a.py:3)')).toMatch(/^contient .* \(a\.py:3\)$/);
  });

  it('leaves alone what is no message', () => {
    for (const text of ['', 'a.py', 'pip install -r requirements.txt', 'my own rule: datetime has no zone and so on']) {
      expect(toFrench(text)).toBe(text);
    }
  });

  it('is found again for every message with values of any kind', () => {
    const value = fc.stringMatching(/^[a-z_]{1,8}\.(?:py|yaml)$/);
    const ids = said.map(({ id }) => id).filter((id) => /\p{L}{4}/u.test(id) && french[id]);
    fc.assert(
      fc.property(fc.constantFrom(...ids), fc.array(value, { minLength: 10, maxLength: 10 }), (id, values) => {
        const fill = (text: string): string => text.replace(/\{(\d)\}/g, (_, n) => values[Number(n)] ?? '');
        expect(toFrench(fill(id)).trim()).toBe(fill(french[id] ?? '').trim());
      }),
      { numRuns: runs(2000) },
    );
  });

  it('takes no time over a long text of a repository', () => {
    const text = `${'a is b: c, '.repeat(5000)}does not parse`;
    expect(toFrench(text)).toBe(text);
  });
});

describe('the language', () => {
  it.each([
    [{ LANG: 'fr_FR.UTF-8' }, 'fr'],
    [{ LC_ALL: 'fr_CA' }, 'fr'],
    [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'fr_FR' }, 'fr'],
    [{ LANG: 'fr_FR', LC_ALL: 'C' }, 'en'],
    [{ LANG: 'en_GB', LANGUAGE: 'fr:en' }, 'fr'],
    [{ LANG: 'C.UTF-8', LANGUAGE: 'fr' }, 'en'],
    [{ LANG: 'fry_NL' }, 'en'],
    [{ LANG: 'fr_FR.ISO-8859-1' }, 'en'],
    [{ LANG: 'fr_FR.utf8' }, 'fr'],
    [{}, 'en'],
  ])('of %j is %s', (env, language) => expect(languageOf(env)).toBe(language));
});

describe('the fixtures', () => {
  beforeAll(loadPython);
  const home = path.join(import.meta.dirname, '..', 'fixtures');

  /** English that is left, outside of code and names. */
  const ENGLISH =
    /\b(?:the|which|with|from|does|not|is|are|has|its|this|that|nothing|without|every|takes|would|must|cannot)\b/;
  /** The YAML reader's own words stand behind its name. */
  const prose = (text: string): string =>
    text.replace(/blueprint valide : .*|`[^`]*`|"[^"]*"|'[^']*'|\S*[._/=:-]\S+/g, ' ');

  it('say nothing that stays English', () => {
    const left = new Set<string>();
    for (const folder of sampled(foldersOf(home), 6)) {
      for (const text of textsOf(folder)) {
        const french = toFrench(text);
        if (ENGLISH.test(prose(french))) left.add(`${text} => ${french}`);
      }
    }
    expect([...left], `texts that stay English${HOW}`).toEqual([]);
  });
});

/** What every part says of a case, and the survey. */
function textsOf(folder: string): string[] {
  const repo = snapshotOf(readFixture('facts', folder));
  const facts = survey(repo);
  const outcomes = facts.refusal
    ? []
    : parts.flatMap((part) => {
        const options = Object.entries(part.options).map(([name, option]) => [name, option.default]);
        return part.plan(repo, facts, Object.fromEntries(options));
      });
  return [
    ...outcomes.flatMap((o) => [o.reason, ...(o.warnings ?? [])]),
    ...facts.services.flatMap((s) => s.notes.map((n) => n.text)),
    ...repo.skipped.map((s) => s.reason),
    ...(facts.refusal ? [facts.refusal.reason] : []),
  ];
}

function foldersOf(home: string): string[] {
  return readdirSync(home).flatMap((part) =>
    readdirSync(path.join(home, part), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => path.join(home, part, entry.name)),
  );
}
