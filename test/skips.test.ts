/** What a repository asks to be left alone: comments, .nayekignore, nayek.yaml. docs/settings.md */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makePlan } from '../src/engine/make-plan.ts';
import { parts } from '../src/engine/parts.ts';
import { loadRecipe } from '../src/engine/recipe.ts';
import { readSettings, settingsOf } from '../src/engine/settings.ts';
import type { Plan } from '../src/model/plan.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
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
    ['for a whole file is another word', MAIN.replace(CALL, `${CALL}  # nayek: skipper`)],
    ['in a text', MAIN.replace('"""Entry point."""', '"""Entry point: nayek: skip."""')],
  ])('%s does not', (_, main) => {
    expect(verdictOf(planOf(main), 'bind')).toMatch(/^applied/);
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
