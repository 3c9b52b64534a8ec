/** `nayek patch -i`: what is asked together, what a "no" changes, and a real terminal. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { editable, readEdited } from '../src/cli/edited-hunks.ts';
import { type Answer, chosenByHand } from '../src/cli/interactive.ts';
import { parts } from '../src/engine/parts.ts';
import { loadRecipe } from '../src/engine/recipe.ts';
import { openRepository, planRepository } from '../src/engine/run.ts';
import { needsOf } from '../src/engine/together.ts';
import { applyEdits } from '../src/syntax/edit.ts';
import { buildOnce, command } from './built.ts';
import { repositoryOf, SAMPLE } from './sample.ts';
import { full } from './tier.ts';

beforeAll(buildOnce);

/** Answers in turn, then `q`. Changed paths of the plan that comes out, its texts, and all that was shown. */
async function answered(answers: readonly (Answer | undefined)[], files = SAMPLE, edit = (text: string) => text) {
  const repo = await openRepository(repositoryOf(files));
  const { name: recipe, steps } = loadRecipe('render', parts);
  const left = [...answers];
  let shown = '';
  const plan = await chosenByHand(await planRepository(repo, steps, { recipe }), {
    replan: (wishes) => planRepository(repo, steps, { recipe, ...wishes }),
    needs: async (of) => needsOf(repo, of, steps, { recipe }),
    show: (text) => {
      shown += text;
    },
    ask: async () => (left.length > 0 ? left.shift() : 'q'),
    edit: async (text) => edit(text),
    screen: { colour: false, width: undefined },
  });
  const texts = Object.fromEntries(plan.changes.map((c) => [c.path, c.after]));
  return { files: plan.changes.map((c) => c.path), shown, texts };
}

describe('the questions', () => {
  it('shows each change with its part, place, reason and hunks', async () => {
    const { shown, files } = await answered(['y']);
    expect(shown).toMatch(/\nbind {2}app\/main\.py:\d+: uvicorn\.run takes [\s\S]*\napp\/main\.py\n@@ .* @@\n/);
    expect(files).toEqual(['app/main.py']);
  });

  it('a requirement and what starts it go together', async () => {
    const { shown, files } = await answered(['n', 'y']);
    expect(shown).toContain('These make sense together only');
    expect(files).toEqual(['Procfile', 'render.yaml', 'requirements.txt']);
  });

  it('split, who says no to the requirement says no to what starts it', async () => {
    const { shown, files } = await answered(['y', 's', 'n']);
    expect(shown).toContain('left out, as it needs what you said no to: procfile, render-yaml');
    expect(files).toEqual(['app/main.py']);
  });

  it('a takes all, d nothing more; who breaks off writes nothing', async () => {
    expect((await answered(['a'])).files).toHaveLength(4);
    expect((await answered(['y', 'd'])).files).toEqual(['app/main.py']);
    await expect(answered(['y', undefined])).rejects.toMatchObject({ kind: 'interrupted' });
  });
});

describe('e', () => {
  it('takes what was written, proved, and plans again around it', async () => {
    const { texts, shown } = await answered(['e'], SAMPLE, (text) => text.replace('"8000"', '"9000"'));
    expect(texts['app/main.py']).toContain('os.getenv("PORT", "9000")');
    expect(texts['app/main.py']).toContain('import os\n');
    expect(shown).not.toContain('not taken');
  });

  it('asks again after what does not parse, does not apply, or goes against another part', async () => {
    const wrong = [
      [(text: string) => text.replace('int(', 'int(('), 'not taken: app/main.py: the result would have a syntax error'],
      [(text: string) => text.replace(/^-.*uvicorn.*$/m, '-    something else'), 'not taken: it does not apply'],
      [(text: string) => text.replace(/^@@ .*$/gm, '@@'), 'not taken: a hunk has no head'],
      [(text: string) => text.replace(/^[-+ ]/gm, '*'), 'not taken: a line begins neither'],
      [(text: string) => text, 'nothing was edited'],
      [() => '# nothing\n', 'nothing was edited'],
    ] as const;
    for (const [edit, says] of wrong) {
      const { texts, shown } = await answered(['e', 'y'], SAMPLE, edit);
      expect(shown).toContain(says);
      expect(texts['app/main.py']).toContain('os.getenv("PORT", "8000")');
    }
  });

  it('a file to create, one with CRLF, one without a line end at its end', async () => {
    const crlf = { ...SAMPLE, 'app/main.py': (SAMPLE['app/main.py'] ?? '').replaceAll('\n', '\r\n') };
    const edited = await answered(['e'], crlf, (text) => text.replaceAll('\r', '').replace('"8000"', '"9000"'));
    expect(edited.texts['app/main.py']?.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    const bare = { ...SAMPLE, 'requirements.txt': 'fastapi==0.115.0\nuvicorn[standard]==0.32.0' };
    const both = await answered(['n', 's', 'e', 'e'], bare, (text) =>
      text.replace(/^([+]gunicorn.*|[+]web: )/m, '$1 '),
    );
    expect(both.texts['requirements.txt']).toMatch(/\ngunicorn\S* $/);
    expect(both.texts.Procfile).toMatch(/^web: {2}/);
  });

  it('an edit of nothing is the same text', () => {
    const file = fc.array(fc.stringMatching(/^[a-z #=]{0,6}$/), { maxLength: 20 });
    fc.assert(
      fc.property(file, file, fc.boolean(), (old, fresh, ends) => {
        const [before, after] = [old, fresh].map((lines) => lines.join('\n') + (ends ? '\n' : '')) as [string, string];
        if (before === after) return;
        const edits = [{ start: 0, end: before.length, text: after }];
        const form = { encoding: 'utf-8', bom: false, sha256: null, by: [], before } as const;
        const change = { path: 'a.txt', after, edits, ...form };
        const read = readEdited(editable([change]), [change]);
        if (typeof read !== 'object') throw new Error(String(read));
        const made = applyEdits(before, read.edits['a.txt'] ?? []);
        expect(ends ? made : made.trimEnd()).toBe(ends ? after : after.trimEnd());
      }),
    );
  });
});

describe('on a terminal', () => {
  const inTerminal = (root: string, columns: number, keys: string, env: Record<string, string> = {}) => {
    const script = path.join(import.meta.dirname, 'interactive.pty.py');
    const args = [script, String(columns), keys, process.execPath, command, 'patch', '-i', root];
    const all = { ...process.env, NO_COLOR: '1', TERM: 'xterm', ...env };
    return spawnSync('python3', args, { encoding: 'utf8', env: all });
  };

  it('e opens the editor that VISUAL or EDITOR names', () => {
    const root = repositoryOf(SAMPLE);
    const { status } = inTerminal(root, 80, 'eq', { EDITOR: `sed -i 's/"8000"/"9000"/'`, VISUAL: '' });
    expect(status).toBe(0);
    expect(readFileSync(path.join(root, 'app/main.py'), 'utf8')).toContain('"PORT", "9000"');
  });

  it('one that cannot be painted on and has no size is asked by lines', () => {
    const root = repositoryOf(SAMPLE);
    const { status, stdout } = inTerminal(root, 0, 'zyq', { TERM: 'dumb' });
    expect([status, stdout.includes('\x1b')]).toEqual([0, false]);
    expect(readFileSync(path.join(root, 'app/main.py'), 'utf8')).toContain('os.getenv("PORT"');
    expect(inTerminal(root, 0, '^', { TERM: 'dumb' }).status).toBe(130);
  });

  it.each(full ? [40, 200] : [40])('%i columns: what is taken is written', (columns) => {
    const root = repositoryOf(SAMPLE);
    const { status, stdout } = inTerminal(root, columns, '?yn');
    expect([status, stdout.includes('y  take this change')]).toEqual([0, true]);
    expect(readFileSync(path.join(root, 'app/main.py'), 'utf8')).toContain('os.getenv("PORT"');
    expect(existsSync(path.join(root, 'Procfile'))).toBe(false);
  });

  it('Ctrl-C changes nothing', () => {
    const root = repositoryOf(SAMPLE);
    expect(inTerminal(root, 80, 'y^').status).toBe(130);
    expect(readFileSync(path.join(root, 'app/main.py'), 'utf8')).toBe(SAMPLE['app/main.py']);
  });

  it('without one it says what to use', () => {
    const { status, stderr } = spawnSync(process.execPath, [command, 'patch', '-i', repositoryOf(SAMPLE)], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([2, expect.stringContaining('use --only or --skip')]);
  });
});
