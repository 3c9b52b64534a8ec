/** `nayek patch -i`: what is asked together, what a "no" changes, and a real terminal. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, chosenByHand } from '../src/cli/interactive.ts';
import { parts } from '../src/engine/parts.ts';
import { loadRecipe } from '../src/engine/recipe.ts';
import { openRepository, planRepository } from '../src/engine/run.ts';
import { buildOnce, command } from './built.ts';
import { repositoryOf, SAMPLE } from './sample.ts';

beforeAll(buildOnce);

/** Answers in turn, then `q`. Changed paths of the plan that comes out, and all that was shown. */
async function answered(...answers: readonly (Answer | undefined)[]) {
  const repo = await openRepository(repositoryOf(SAMPLE));
  const { name: recipe, steps } = loadRecipe('render', parts);
  const left = [...answers];
  let shown = '';
  const plan = await chosenByHand(await planRepository(repo, steps, { recipe }), {
    replan: (declined) => planRepository(repo, steps, { recipe, declined }),
    show: (text) => {
      shown += text;
    },
    ask: async () => (left.length > 0 ? left.shift() : 'q'),
    colour: false,
  });
  return { files: plan.changes.map((c) => c.path), shown };
}

describe('the questions', () => {
  it('shows each change with its part, place, reason and hunks', async () => {
    const { shown, files } = await answered('y');
    expect(shown).toMatch(/\nbind {2}app\/main\.py:\d+: uvicorn\.run takes [\s\S]*\napp\/main\.py\n@@ .* @@\n/);
    expect(files).toEqual(['app/main.py']);
  });

  it('a requirement and what starts it go together', async () => {
    const { shown, files } = await answered('n', 'y');
    expect(shown).toContain('These make sense together only');
    expect(files).toEqual(['Procfile', 'render.yaml', 'requirements.txt']);
  });

  it('split, who says no to the requirement says no to what starts it', async () => {
    const { shown, files } = await answered('y', 's', 'n');
    expect(shown).toContain('procfile, render-yaml needs what you said no to: left out');
    expect(files).toEqual(['app/main.py']);
  });

  it('a takes all, d nothing more; who breaks off writes nothing', async () => {
    expect((await answered('a')).files).toHaveLength(4);
    expect((await answered('y', 'd')).files).toEqual(['app/main.py']);
    await expect(answered('y', undefined)).rejects.toMatchObject({ kind: 'interrupted' });
  });
});

describe('on a terminal', () => {
  const inTerminal = (root: string, columns: number, keys: string) => {
    const script = path.join(import.meta.dirname, 'interactive.pty.py');
    const args = [script, String(columns), keys, process.execPath, command, 'patch', '-i', root];
    return spawnSync('python3', args, { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', TERM: 'xterm' } });
  };

  it.each([40, 200])('%i columns: what is taken is written', (columns) => {
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
