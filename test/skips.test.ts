/** What a repository asks to be left alone: comments, .nayekignore, nayek.yaml. docs/settings.md */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makePlan } from '../src/engine/make-plan.ts';
import { parts } from '../src/engine/parts.ts';
import { loadRecipe } from '../src/engine/recipe.ts';
import { readSettings, settingsOf } from '../src/engine/settings.ts';
import type { Plan } from '../src/model/plan.ts';
import type { Part } from '../src/model/transform.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { rulesIn } from '../src/rules/rule-file.ts';
import { partOf } from '../src/rules/rule-part.ts';
import type { Edit } from '../src/syntax/edit.ts';
import type { PythonModule } from '../src/syntax/python/ast.ts';
import { ensureImport, removeUnusedImport } from '../src/syntax/python/ensure-import.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { calls, dotted } from '../src/syntax/python/walk.ts';
import { servedCommand } from './command.ts';
import { repositoryOf, SAMPLE } from './sample.ts';
import { temporaryFolder } from './temporary.ts';

const run = servedCommand();
beforeAll(loadPython);

const MAIN = SAMPLE['app/main.py'] ?? '';
const CALL = 'uvicorn.run("app.main:app", host="192.168.0.133", port=8000)';

function planOf(main: string, more: Record<string, string> = {}): Plan {
  const files = { ...SAMPLE, 'app/main.py': main, ...more };
  return makePlan(memorySnapshot(files, '/shop'), loadRecipe('render', parts).steps, { recipe: 'render' });
}

function verdictOf(plan: Plan, part: string): string {
  const found = plan.verdicts.find((v) => v.part === part);
  return `${found?.kind}: ${found?.reason}`;
}

describe('# nayek: skip', () => {
  it.each([
    ['behind the call', MAIN.replace(CALL, `${CALL}  # nayek: skip`)],
    ['of that part', MAIN.replace(CALL, `${CALL}  # nayek: skip[bind]`)],
    ['of several parts', MAIN.replace(CALL, `${CALL}  # nayek: skip[gunicorn, bind]`)],
    ['with a reason', MAIN.replace(CALL, `${CALL}  # nayek: skip[bind] - only on my laptop`)],
    ['on the line above', MAIN.replace(`    ${CALL}`, `    # nayek: skip[bind]\n    ${CALL}`)],
    ['above all code', `# nayek: skip[bind]\n${MAIN}`],
    ['in a file with CRLF', MAIN.replace(CALL, `${CALL}  # nayek: skip`).replaceAll('\n', '\r\n')],
  ])('%s leaves the call alone', (_, main) => {
    const plan = planOf(main);
    expect(verdictOf(plan, 'bind')).toMatch(/^skipped: left alone: app\/main\.py:\d+ says `# nayek: skip/);
    expect(plan.changes.map((c) => c.path)).not.toContain('app/main.py');
    expect(plan.warnings.filter((w) => w.includes('leaves nothing alone'))).toEqual([]);
  });

  it.each([
    ['of another part', MAIN.replace(CALL, `${CALL}  # nayek: skip[gunicorn]`)],
    ['on another line', MAIN.replace('app = FastAPI()', 'app = FastAPI()  # nayek: skip[bind]')],
    ['in a text', MAIN.replace('"""Entry point."""', '"""Entry point: nayek: skip."""')],
  ])('%s does not', (_, main) => {
    expect(verdictOf(planOf(main), 'bind')).toMatch(/^applied/);
  });

  it.each([
    'skip[bind] because',
    'skip[bind]: because',
    'skip because',
    'skip, because',
    'skip [bind]',
    'skip bind',
    'skip[bind,]',
  ])('may be written `# nayek: %s`', (said) => {
    for (const mark of [`# nayek: ${said}`, `# NAYEK: ${said.replace('skip', 'Skip')}`, `# why # nayek:${said}`]) {
      const plan = planOf(MAIN.replace(CALL, `${CALL}  ${mark}`));
      expect(verdictOf(plan, 'bind')).toMatch(/^skipped: left alone: app\/main\.py:\d+ says `# nayek: skip/);
      expect(plan.warnings.filter((w) => w.includes('nayek:'))).toEqual([]);
    }
  });

  it.each(['ignore', 'skip[]', 'skip[bind', 'skip(bind)', 'skip["bind"]', 'skip[bind gunicorn]', 'skipper'])(
    'that cannot be read keeps the line and is told: `# nayek: %s`',
    (said) => {
      const plan = planOf(MAIN.replace(CALL, `${CALL}  # nayek: ${said}`));
      expect(verdictOf(plan, 'bind')).toContain(`says \`# nayek: ${said}\``);
      expect(plan.warnings.filter((w) => w.includes('nayek:'))).toEqual([
        expect.stringMatching(
          / is not understood: write `# nayek: skip` or `# nayek: skip\[part\]` \(app\/main\.py:\d+\)$/,
        ),
      ]);
    },
  );

  it('with a name that is almost one keeps the line and is told', () => {
    const plan = planOf(MAIN.replace(CALL, `${CALL}  # nayek: skip[bnd]`));
    expect(verdictOf(plan, 'bind')).toMatch(/^skipped: left alone/);
    expect(plan.warnings).toContainEqual(
      expect.stringMatching(
        /^`# nayek: skip\[bnd\]`: there is no part bnd here: did you mean bind\? \(app\/main\.py:\d+\)$/,
      ),
    );
  });

  it('that leaves nothing alone is reported, once its parts have run', () => {
    const plan = planOf(MAIN.replace('app = FastAPI()', 'app = FastAPI()  # nayek: skip[bind]'));
    expect(plan.warnings).toContain('`# nayek: skip[bind]` leaves nothing alone: it can go (app/main.py:4)');
    const other = planOf(MAIN.replace('app = FastAPI()', 'app = FastAPI()  # nayek: skip[nginx]'));
    expect(other.warnings.join()).not.toContain('leaves nothing alone');
  });

  it('holds in requirements, too', () => {
    const plan = planOf(MAIN, { 'requirements.txt': `# nayek: skip[gunicorn]\n${SAMPLE['requirements.txt']}` });
    expect(verdictOf(plan, 'gunicorn')).toMatch(/^skipped: left alone: requirements\.txt:1 /);
  });
});

/** By part: kind, and the lines of its places. */
function told(plan: Plan): string[] {
  return plan.verdicts.map((v) => `${v.part} ${v.kind} ${v.at.map((a) => a.line).join(',')}`);
}

describe('one of several places', () => {
  const RULE = rulesIn('id: r\nlanguage: python\nrule: {pattern: foo($A)}\nfix: bar($A)\n', 'r.yml').rules.map(partOf);
  const run = async (own: readonly Part[], files: Record<string, string>): Promise<Plan> => {
    for (const part of own) await part.prepare?.();
    return makePlan(
      memorySnapshot(files),
      own.map((part) => ({ part, options: {} })),
      { recipe: 'own' },
    );
  };

  it.each([
    ['behind it', 'a = foo(1)\nb = foo(2)  # nayek: skip[r]\nc = foo(foo(3))\n'],
    ['above it', 'a = foo(1)\n# nayek: skip\nb = foo(2)\nc = foo(foo(3))\n'],
    [
      'above it, with lines between',
      'a = foo(1)\n# nayek: skip\n# old\n\n# nayek: skip[x]\nb = foo(2)\nc = foo(foo(3))\n',
    ],
    ['with CRLF', 'a = foo(1)\r\nb = foo(2)  # nayek: skip[r]\r\nc = foo(foo(3))\r\n'],
  ])('of a rule is left alone: %s', async (_, text) => {
    const plan = await run(RULE, { 'a.py': text });
    expect(plan.changes[0]?.after).toBe(text.replace('a = foo', 'a = bar').replace('c = foo(foo', 'c = bar(bar'));
    const line = text.split('\n').findIndex((l) => l.includes('foo(2)')) + 1;
    expect(told(plan)).toEqual([`r applied 1,${line + 1}`, `r skipped ${line}`]);
    expect(plan.verdicts[0]?.reason).toContain('(2 places)');
    expect(plan.warnings).toEqual([]);
  });

  it('of a rule does not hold for another number of its series', async () => {
    const rule = 'id: DJ102\nlanguage: python\nrule: {pattern: foo($A)}\nfix: bar($A)\n';
    const plan = await run(rulesIn(rule, 'r.yml').rules.map(partOf), { 'a.py': 'foo(1)  # nayek: skip[DJ101]\n' });
    expect([told(plan), plan.warnings]).toEqual([['DJ102 applied 1'], []]);
  });

  it.each(['skip[config-required] because', 'skip [config-required]', 'ignore', 'skip[config-requird]', 'skip[]'])(
    'of a rule is left alone by `# nayek: %s`',
    async (said) => {
      const rule = 'id: config-required\nlanguage: python\nrule: {pattern: foo($A)}\nfix: bar($A)\n';
      const text = `a = foo(1)\nb = foo(2)  # nayek: ${said}\n# NAYEK: ${said}\nc = foo(3)\n`;
      const plan = await run(rulesIn(rule, 'r.yml').rules.map(partOf), { 'a.py': text });
      expect(plan.changes.map((c) => c.after)).toEqual([text.replace('a = foo', 'a = bar')]);
      expect(plan.warnings).toHaveLength(/because| \[/.test(said) ? 0 : 2);
    },
  );

  it('of a rule without fix is not told', async () => {
    const bare = rulesIn('id: r\nlanguage: python\nrule: {pattern: foo($A)}\n', 'r.yml').rules.map(partOf);
    const plan = await run(bare, { 'a.py': 'foo(1)  # nayek: skip[r]\nfoo(2)\n' });
    expect(told(plan)).toEqual(['r manual 2', 'r skipped 1']);
  });

  it.each([
    [
      'yaml',
      'change: [{set: services.*.plan, to: pro}]',
      'render.yaml',
      'services:\n  - plan: free # nayek: skip[r]\n  - plan: free\n',
      'services:\n  - plan: free # nayek: skip[r]\n  - plan: pro\n',
    ],
    [
      'requirements',
      'change: [{raise: fastapi>=0.110}, {raise: httpx>=0.27}]',
      'requirements.txt',
      'fastapi==0.100 # nayek: skip[r]\nhttpx==0.20\n',
      'fastapi==0.100 # nayek: skip[r]\nhttpx==0.27\n',
    ],
    [
      'ini',
      'change: [{set: [a, plan], to: pro}, {set: [b, plan], to: pro}]',
      'render.ini',
      '[a]\nplan = free\n[b]\n# nayek: skip because\nplan = free\n',
      '[a]\nplan = pro\n[b]\n# nayek: skip because\nplan = free\n',
    ],
  ])('of a rule for %s', async (language, change, file, before, after) => {
    const rules = rulesIn(`id: r\nlanguage: ${language}\n${change}\n`, 'r.yml').rules.map(partOf);
    const plan = await run(rules, { 'a.py': '', [file]: before });
    expect(plan.changes.map((c) => c.after)).toEqual([after]);
    expect(told(plan).map((t) => t.split(' ')[1])).toEqual(['applied', 'skipped']);
    expect(plan.warnings).toEqual([]);
  });

  /** A part with one outcome for a file: `clock()` → `tick()`, with the imports. */
  const clocks = (extra: (module: PythonModule) => readonly Edit[] = () => []): Part => ({
    ...{ id: 'clocks', summary: '', source: '', options: {}, anywhere: true },
    plan: (_, facts) =>
      facts.modules.files.flatMap((path) => {
        const module = facts.modules.module(path);
        const found = module ? calls(module.body).filter(({ call }) => dotted(call.func) === 'time.time') : [];
        if (!module || found.length === 0) return [];
        const { name, edit } = ensureImport(module, { module: 'time', name: 'monotonic' });
        const uses = found.map(({ call }) => ({ start: call.func.start, end: call.func.end, text: name }));
        const unused = removeUnusedImport(module, 'time', uses);
        const list = [...(edit ? [edit] : []), ...uses, ...(unused ? [unused] : []), ...extra(module)];
        const at = found.map(({ call }) => ({ path, line: call.line }));
        return [{ kind: 'edits', reason: 'clocks', at, edits: { [path]: list } }];
      }),
  });
  const TEXT = 'import time\n\na = time.time()\nb = time.time()  # nayek: skip[clocks]\nc = time.time()\n';

  it('of a part that edits several is left alone, and what it needs stays imported', async () => {
    const plan = await run([clocks()], { 'a.py': TEXT });
    expect(plan.changes[0]?.after).toBe(
      TEXT.replace('import time\n', 'import time\nfrom time import monotonic\n')
        .replace('a = time.time', 'a = monotonic')
        .replace('c = time.time', 'c = monotonic'),
    );
    expect(told(plan)).toEqual(['clocks applied 3,5', 'clocks skipped 4']);
    expect(plan.warnings).toEqual([]);
  });

  it('which is the only one leaves no import behind', async () => {
    const plan = await run([clocks()], { 'a.py': 'import time\n\nb = time.time()  # nayek: skip\n' });
    expect([plan.changes, told(plan)]).toEqual([[], ['clocks skipped 3']]);
  });

  it.each([
    [
      'a definition changes with them',
      TEXT.replace('c =', 'def old(): ...\n\n\nc ='),
      (m: PythonModule) => [{ start: m.text.indexOf('old'), end: m.text.indexOf('old') + 3, text: 'new' }],
    ],
    ['a target changes with them', TEXT, (m: PythonModule) => [{ ...span(m, 'c ='), text: 'd =' }]],
    [
      'a function is put in',
      TEXT,
      (m: PythonModule) => [{ start: m.text.length, end: m.text.length, text: 'def f(): ...\n' }],
    ],
  ])('takes all of the outcome with it where %s', async (_, text, extra) => {
    const plan = await run([clocks(extra)], { 'a.py': text });
    expect(plan.changes).toEqual([]);
    expect(plan.verdicts.map((v) => v.kind)).toEqual(['skipped']);
  });

  it('says nothing of a bare comment, which may be for a rule of another run', async () => {
    const text = 'x = 1  # nayek: skip\ny = 2  # nayek: skip[r]\nz = 3  # nayek: skip[r, other]\nfoo(1)\n';
    const plan = await run(RULE, { 'a.py': text });
    expect(plan.warnings).toEqual(['`# nayek: skip[r]` leaves nothing alone: it can go (a.py:2)']);
  });

  it('counts every comment of a file, not the first alone', async () => {
    const plan = await run(RULE, { 'a.py': 'foo(1)  # nayek: skip[r]\nfoo(2)  # nayek: skip[r]\n' });
    expect(plan.warnings).toEqual([]);
  });
});

function span({ text }: PythonModule, part: string): { start: number; end: number } {
  return { start: text.indexOf(part), end: text.indexOf(part) + part.length };
}

describe('.nayekignore', () => {
  it('keeps files from being read, changed and created', () => {
    const root = repositoryOf({ ...SAMPLE, '.nayekignore': 'Procfile\n/requirements.txt\n' });
    const { out } = run(root, ['patch']);
    expect(out).toMatch(/^skipped +procfile .*Procfile is ignored by a \.nayekignore$/m);
    expect(readFileSync(path.join(root, 'requirements.txt'), 'utf8')).toBe(SAMPLE['requirements.txt']);
    expect(out).toMatch(/^applied +bind /m);
  });
});

describe('nayek.yaml', () => {
  it('chooses recipe, options and the parts to leave out; the command line wins', () => {
    const text = 'recipe: vps\nskip: [nginx]\noptions:\n  procfile: {workers: 3}\n';
    const root = repositoryOf({ ...SAMPLE, 'nayek.yaml': text });
    const { out, err } = run(root, ['patch', '--check']);
    expect(err).toBe('nayek: nayek.yaml: recipe vps, without nginx, sets procfile.workers\n');
    expect(out).toMatch(/^pending +systemd /m);
    expect(out).not.toMatch(/ nginx /);
    const render = run(root, ['patch', '--dry-run', '--recipe', 'render']);
    expect(render.out).toMatch(/^\+web: gunicorn .*--workers 3/m);
    expect(run(root, ['patch', '--check', '--only', 'nginx']).out).toMatch(/^pending +nginx /m);
    const set = run(root, ['patch', '--dry-run', '--recipe', 'render', '--set', 'procfile.workers=2']);
    expect(set.out).toMatch(/^\+web: gunicorn .*--workers 2/m);
  });

  it.each([
    ['unsafe: true', /no key unsafe/],
    ['rule: rules/', /no key rule/],
    ['plugin: ./evil.mjs', /no key plugin/],
    ['recipe: ./own.yaml', /no recipe '\.\/own\.yaml'/],
    ['recipe: rendr', /no recipe 'rendr'/],
    ['skip: nginx', /not a list/],
    ['skip: [ngnix]', /no part 'ngnix'/],
    ['options: {bnd: {}}', /no part 'bnd'/],
    ['options: {procfile: {workers: many}}', /workers/],
    ['options: {procfile: {nope: 1}}', /nope/],
    ['a: &a [*a]', /YAML|key a/],
    ['x: [1', /not YAML/],
    ['- bind', /not a mapping/],
  ])('refuses %s', (text, why) => {
    expect(() => readSettings(text, parts)).toThrow(why);
  });

  it('may be empty, and a link in its place is not followed', () => {
    const nothing = { skip: [], options: {} };
    expect(readSettings('# nothing yet\n', parts)).toEqual(nothing);
    const folder = temporaryFolder('settings');
    expect(settingsOf(folder, parts)).toEqual(nothing);
    writeFileSync(path.join(folder, 'elsewhere.yaml'), 'recipe: vps\n');
    symlinkSync('elsewhere.yaml', path.join(folder, 'nayek.yaml'));
    expect(settingsOf(folder, parts)).toEqual(nothing);
  });
});
