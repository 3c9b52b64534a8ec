import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertChoice } from '../src/engine/checked-choice.ts';
import { chooseSteps, loadRecipe, recipeNames } from '../src/engine/recipe.ts';
import { type Choice, plan } from '../src/index.ts';
import type { Part } from '../src/model/transform.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { NayekError } from '../src/system/errors.ts';
import { emitters } from '../templates/index.ts';
import { transforms } from '../transforms/index.ts';
import { temporaryFolder } from './temporary.ts';

const part = (id: string, options: Record<string, unknown> = {}): Part => ({
  id,
  summary: id,
  source: '',
  options: Object.fromEntries(Object.entries(options).map(([k, d]) => [k, { default: d, help: '' }])),
  plan: () => [],
});
const parts = [
  part('one', { flag: false, count: 4, name: 'x', list: ['a'], map: {}, any: null }),
  part('two'),
  part('three'),
];

function fileOf(text: string): string {
  const file = path.join(temporaryFolder('recipe'), 'own.yaml');
  writeFileSync(file, text);
  return file;
}

function load(text: string) {
  return loadRecipe(fileOf(text), parts);
}

function kindOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof NayekError) return `${error.kind}: ${error.message}`;
    throw error;
  }
  return 'nothing thrown';
}

describe('loadRecipe', () => {
  it('merges options over the defaults, in order', () => {
    const recipe = load('name: mine\nsummary: {en: Hello}\nparts:\n- two\n- id: one\n  options: {count: 2}\n');
    expect(recipe.name).toBe('mine');
    expect(recipe.summary).toEqual({ en: 'Hello' });
    expect(recipe.steps.map((s) => s.part.id)).toEqual(['two', 'one']);
    expect(recipe.steps[1]?.options).toEqual({ flag: false, count: 2, name: 'x', list: ['a'], map: {}, any: null });
  });

  it.each(recipeNames())('%s, which comes with nayek, fits the parts', (name) => {
    const recipe = loadRecipe(name, [...transforms, ...emitters]);
    expect(recipe.name).toBe(name);
    expect(recipe.steps.length).toBeGreaterThan(0);
    expect(Object.keys(recipe.summary).sort()).toEqual(['en', 'fr']);
  });

  it('has render, the default, among them', () => expect(recipeNames()).toContain('render'));

  it.each([
    ['parts: [one]', 'name is missing'],
    ['name: x', 'parts is not a list'],
    ['[1, 2]', 'not a mapping'],
    ['name: x\nparts: [four]', 'unknown part "four"'],
    ['name: x\nparts: [one, one]', 'listed twice'],
    ['name: x\nparts: [{id: one, options: {nope: 1}}]', 'no option nope'],
    ['name: x\nparts: [{id: one, options: {toString: 1}}]', 'no option toString'],
    ['name: x\nparts: [{id: one, options: {count: many}}]', 'one.count is not a number'],
    ['name: x\nparts: [{id: one, options: [1]}]', 'not a mapping'],
    ['name: x\nname: y\nparts: []', 'not YAML'],
    ['a: [', 'not YAML'],
  ])('refuses %j', (text, why) => {
    const said = kindOf(() => load(text));
    expect(said).toMatch(/^broken-recipe: /);
    expect(said).toContain(why);
    expect(said).not.toContain('\n');
  });

  it.each([
    ['parts:\n- one\n', ':1: name is missing'],
    ['name: x\nparts: one\n', ':2: parts is not a list'],
    ['name: x\nname: y\nparts: []', ':2: is not YAML: Map keys must be unique'],
    ['name: x\nparts:\n- one\n- rule: nowhere.yml\n', ':4: '],
  ])('says the line of what is wrong in %j', (text, why) => {
    expect(kindOf(() => load(text))).toContain(`own.yaml${why}`);
  });

  it('refuses a name that is none and a file that is not there', () => {
    expect(kindOf(() => loadRecipe('nope', parts))).toBe("usage: no recipe 'nope'");
    expect(kindOf(() => loadRecipe('./nope.yaml', parts))).toBe('unreadable: recipe ./nope.yaml cannot be read');
  });

  it('survives an alias bomb', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `x${i}: &x${i} [${`*x${i - 1},`.repeat(9)}]`);
    levels[0] = 'x0: &x0 [1]';
    expect(kindOf(() => load(`${levels.join('\n')}\nname: x\nparts: []`))).toMatch(/^broken-recipe: /);
  });
});

describe('chooseSteps', () => {
  const recipe = load('name: r\nparts: [two, {id: one, options: {count: 9}}]\n');
  const ids = (choice: object) => chooseSteps(recipe, parts, choice).map((s) => s.part.id);
  const options = (...set: string[]) => chooseSteps(recipe, parts, { set }).find((s) => s.part.id === 'one')?.options;

  it('keeps the order of the recipe, and takes a part from outside of it with its defaults', () => {
    expect(ids({})).toEqual(['two', 'one']);
    expect(ids({ only: ['one', 'two'] })).toEqual(['two', 'one']);
    expect(ids({ only: ['three', 'one'] })).toEqual(['one', 'three']);
    expect(ids({ skip: ['two'] })).toEqual(['one']);
  });

  it('types a value by the default', () => {
    expect(options()).toMatchObject({ count: 9 });
    expect(options('one.flag=yes')).toMatchObject({ flag: true, count: 9 });
    expect(options('one.flag=0')).toMatchObject({ flag: false });
    expect(options('one.count=2.5')).toMatchObject({ count: 2.5 });
    expect(options('one.name=a=b, c')).toMatchObject({ name: 'a=b, c' });
    expect(options('one.name=')).toMatchObject({ name: '' });
    expect(options('one.list=a, b')).toMatchObject({ list: ['a', 'b'] });
    expect(options('one.list=')).toMatchObject({ list: [] });
    expect(options('one.map={"a":1}')).toMatchObject({ map: { a: 1 } });
    expect(options('one.any=text')).toMatchObject({ any: 'text' });
    expect(options('one.count=1', 'one.count=2')).toMatchObject({ count: 2 });
    expect(options('count=7')).toMatchObject({ count: 7 });
    expect(options('count=7', 'one.count=8')).toMatchObject({ count: 8 });
  });

  it.each([
    [{ only: ['nope'] }, "--only: no part 'nope'"],
    [{ skip: ['nope'] }, "--skip: no part 'nope'"],
    [{ skip: ['one', 'two'] }, 'no part is left to run'],
    [{ set: ['one'] }, 'not of the form part.option=value'],
    [{ set: ['nope=1'] }, "no part here has an option 'nope'"],
    [{ set: ['constructor=1'] }, "no part here has an option 'constructor'"],
    [{ set: ['count=many'] }, 'not a number'],
    [{ set: ['four.x=1'] }, "no part 'four'"],
    [{ set: ['one.nope=1'] }, "no option 'nope'"],
    [{ set: ['one.constructor=1'] }, "no option 'constructor'"],
    [{ set: ['one.flag=maybe'] }, 'not true or false'],
    [{ set: ['one.count=many'] }, 'not a number'],
    [{ set: ['one.count='] }, 'not a number'],
    [{ set: ['one.map=[1]'] }, 'not a mapping'],
    [{ set: ['three.x=1'] }, "no option 'x'"],
    [{ skip: ['one'], set: ['one.flag=1'] }, 'does not run here'],
  ])('refuses %j', (choice, why) => {
    const said = kindOf(() => chooseSteps(recipe, parts, choice));
    expect(said).toMatch(/^usage: /);
    expect(said).toContain(why);
  });
});

describe('a choice that a program hands over', () => {
  it.each([
    [{ rules: ['rules/'] }, 'there is no key rules here: did you mean rule?'],
    [{ recipe: 'render', plugins: [] }, 'there is no key plugins here: did you mean plugin?'],
    [{ dryRun: true }, 'there is no key dryRun here'],
    [{ rule: 'rules/' }, 'rule is not a list of texts'],
    [{ only: [1] }, 'only is not a list of texts'],
    [{ recipe: ['render'] }, 'recipe is not a text'],
    [{ unsafe: 'no' }, 'unsafe is neither true nor false'],
    [null, 'it is not a mapping'],
    [['render'], 'it is not a mapping'],
  ])('%j is refused before anything is read', async (choice, why) => {
    const asked = plan(memorySnapshot({}), choice as Choice);
    await expect(asked).rejects.toMatchObject({ kind: 'usage', message: `the choice of a plan: ${why}` });
  });

  it('may leave out all of it, and name what is undefined', () => {
    const whole = { recipe: 'render', rule: ['r.yml'], plugin: [], only: ['bind'], skip: [], set: [], unsafe: true };
    for (const choice of [{}, { recipe: undefined, rule: undefined }, whole]) {
      expect(() => assertChoice(choice)).not.toThrow();
    }
  });
});
