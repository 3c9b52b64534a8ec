/** `nayek test`: the rules of a folder against their fixtures and tests. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parts } from '../engine/parts.ts';
import { loadPlugin, MODULE } from '../engine/plugin.ts';
import type { Part } from '../model/transform.ts';
import { local } from '../report/words/local.ts';
import { FILE_LANGUAGES } from '../rules/files/change.ts';
import { type AnyRule, assertOwnIds, rulesIn } from '../rules/rule-file.ts';
import { partOf } from '../rules/rule-part.ts';
import { loadPython } from '../syntax/python/parser.ts';
import { visible } from '../syntax/visible.ts';
import { NayekError } from '../system/errors.ts';
import { nearest } from '../system/nearest.ts';
import { say } from '../system/say.ts';
import { differences, updateAfter } from '../testing/after.ts';
import { checkFixture, type Fixture, readFixture } from '../testing/fixture.ts';
import { checkRuleTest, ruleTestsIn } from '../testing/rule-tests.ts';

export interface TestOptions {
  readonly C: string;
  /** Writes `after/` as it comes out. */
  readonly update?: boolean;
}

/**
 * Rules are the rule files of the folder, own parts the modules in `parts/`, which are run; `fixtures/<id>/<case>` are the
 * fixtures of a rule, of such a part or of one that comes with nayek; YAML files with `valid` and `invalid` are ast-grep's
 * tests. Of a folder or a file whose fixtures lie above it, those of its rules and parts. Returns the exit code: 1 when
 * something fails.
 * @throws NayekError `usage` where there is nothing to test
 */
export async function test(dir: string | undefined, options: TestOptions): Promise<number> {
  const given = path.resolve(options.C, dir ?? '.');
  if (!existsSync(given)) throw new NayekError('not-a-directory', given);
  const root = statSync(given).isDirectory() ? given : path.dirname(given);
  const { counts, tell } = tally();
  const yaml = root === given ? yamlBelow(root) : YAML.test(given) ? [readYaml(given)] : [];
  const { rules, foreign } = rulesOf(yaml);
  const { own, unready } = await ownParts(given, root, tell);
  const mine = new Set([...rules, ...own].map(({ id }) => id));
  for (const id of [...foreign.keys(), ...unready.keys()]) mine.add(id);
  const known: Part[] = [...rules.map(partOf), ...own, ...parts];
  // The texts of ast-grep's tests lie in no folder: globs do not count for them.
  const bare = rules.flatMap((rule) => ('matcher' in rule ? [partOf({ ...rule, files: ['**'], ignores: [] })] : []));
  await loadPython();
  for (const part of [...known, ...bare]) await part.prepare?.();
  tellRuleTests(yaml, root, { bare, foreign, tell });
  for (const fixture of fixturesOf(root, root === given ? undefined : mine, mine)) {
    const { part } = fixture;
    const why = unready.get(part) ?? (known.some(({ id }) => id === part) ? undefined : foreign.get(part));
    if (why === undefined) tellFixture(fixture, known, options.update === true, tell);
    else tell(`${part}/${fixture.name}`, [why]);
  }
  if (counts.passed + counts.failed === 0) {
    throw new NayekError('usage', say`${given} holds neither fixtures/<id>/<case> nor tests of rules`, {
      hint: say`docs/rules.md tells how they look`,
    });
  }
  process.stdout.write(`\n${local(say`${counts.passed} passed, ${counts.failed} failed`)}\n`);
  return counts.failed > 0 ? 1 : 0;
}

type Tell = (name: string, problems: readonly string[], more?: readonly string[]) => void;

/** Tells how each test went, and counts. */
function tally(): { readonly counts: Readonly<Record<'passed' | 'failed', number>>; readonly tell: Tell } {
  const counts = { passed: 0, failed: 0 };
  const tell: Tell = (name, problems, more = []) => {
    counts[problems.length > 0 ? 'failed' : 'passed']++;
    process.stdout.write(`${local(problems.length > 0 ? say`failed` : say`ok`).padEnd(6)}  ${visible(name)}\n`);
    for (const line of [...problems, ...more]) {
      process.stdout.write(`        ${local(line).replaceAll('\n', '\n        ')}\n`);
    }
  };
  return { counts, tell };
}

interface RuleTesting extends Pick<FoundRules, 'foreign'> {
  /** The rules without their globs. */
  readonly bare: readonly Part[];
  readonly tell: Tell;
}

function tellRuleTests(yaml: readonly YamlFile[], root: string, { bare, foreign, tell }: RuleTesting): void {
  for (const ruleTest of yaml.flatMap(({ file, text }) => ruleTestsIn(text, file))) {
    const rule = bare.find((part) => part.id === ruleTest.id);
    const name = path.relative(root, ruleTest.file);
    if (rule) tell(name, checkRuleTest(ruleTest, rule));
    else if (!foreign.has(ruleTest.id)) tell(name, [say`there is no rule ${ruleTest.id} in this folder`]);
    else process.stdout.write(`${local(say`left out  ${visible(name)}: a rule for another language`)}\n`);
  }
}

/** Checks one case, and takes over what came out where it is to be updated. */
function tellFixture(fixture: Fixture, known: readonly Part[], update: boolean, tell: Tell): void {
  const name = `${fixture.part}/${fixture.name}`;
  const { problems, result, keeps } = checkFixture(fixture, known);
  const shown = problems.length > 0 ? differences(fixture, result) : [];
  // Without a plan there is nothing to take over: what stands there stays.
  if (!update || problems.length === 0 || !result) tell(name, [...problems, ...shown]);
  else if (keeps !== undefined) tell(name, [...problems, say`--update leaves after/ as it is: ${keeps}`, ...shown]);
  else {
    const done = updateAfter(fixture, result);
    tell(name, checkFixture(readFixture(fixture.part, fixture.folder), known).problems, [...done, ...shown]);
  }
}

interface FoundRules {
  readonly rules: readonly AnyRule[];
  /** Ids of rules that do nothing here → why. */
  readonly foreign: ReadonlyMap<string, string>;
}

/** @throws NayekError `broken-rule`, as a patch with these rules would */
function rulesOf(yaml: readonly YamlFile[]): FoundRules {
  const read = yaml.filter(({ text }) => holdsRule(text)).map(({ file, text }) => rulesIn(text, file));
  const rules = read.flatMap((r) => r.rules);
  assertOwnIds(rules);
  const foreign = new Map<string, string>();
  for (const { id, at, language } of read.flatMap((r) => r.skipped)) {
    const near = nearest(language, ['python', ...FILE_LANGUAGES]);
    const why = say`${at}: a rule for another language (${language})`;
    foreign.set(id, near === undefined ? why : say`${why}: did you mean ${near}?`);
  }
  return { rules, foreign };
}

/**
 * Own parts that are ready, and why others are not, by id. A module of a folder that cannot be loaded is told as a failure.
 * @throws NayekError `plugin` for the module that was named
 */
async function ownParts(
  given: string,
  root: string,
  tell: Tell,
): Promise<{ own: readonly Part[]; unready: ReadonlyMap<string, string> }> {
  const own: Part[] = [];
  const unready = new Map<string, string>();
  for (const module of modulesOf(given, root)) {
    try {
      for (const part of await loadPlugin(module, root)) {
        const why = await unreadyBy(part);
        if (why === undefined) own.push(part);
        else unready.set(part.id, why);
      }
    } catch (error) {
      if (module === given || !isPluginError(error)) throw error;
      tell(path.relative(root, module), [error.message]);
    }
  }
  return { own, unready };
}

async function unreadyBy(part: Part): Promise<string | undefined> {
  try {
    await part.prepare?.();
    return undefined;
  } catch (error) {
    if (isPluginError(error)) return error.message;
    throw error;
  }
}

function isPluginError(error: unknown): error is NayekError {
  return error instanceof NayekError && error.kind === 'plugin';
}

/** The ES modules of own parts: what was named, or those in `parts/`, or in a folder of that name. */
function modulesOf(given: string, root: string): string[] {
  if (given !== root) return MODULE.test(given) ? [given] : [];
  const home = path.basename(root) === 'parts' ? root : path.join(root, 'parts');
  if (!existsSync(home)) return [];
  return readdirSync(home)
    .filter((name) => MODULE.test(name))
    .sort()
    .map((name) => path.join(home, name));
}

interface YamlFile {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
}

/** YAML files that are no part of a fixture, sorted, each read once. */
function yamlBelow(root: string): YamlFile[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => YAML.test(name) && !/(?:^|[\\/])(?:__snapshots__|fixtures|node_modules|\.git)[\\/]/.test(name))
    .sort()
    .map((name) => readYaml(path.join(root, name)));
}

const YAML = /\.ya?ml$/;

function readYaml(file: string): YamlFile {
  return { file, text: readFileSync(file, 'utf8') };
}

/** Some document has two of the keys that make a rule: a slip in one makes it none the less a rule. */
function holdsRule(text: string): boolean {
  return [/^language:/m, /^id:/m, /^(?:rule|change):/m].filter((key) => key.test(text)).length > 1;
}

/** Folders above the one that was named in which its fixtures may lie. */
const ABOVE = 3;

/** The fixtures of a folder, of some ids where told so; where it has none, those above it of its own ids. */
function fixturesOf(root: string, some: ReadonlySet<string> | undefined, mine: ReadonlySet<string>): Fixture[] {
  let home = path.join(root, 'fixtures');
  for (let up = 0, at = root; up < ABOVE && !existsSync(home); up++) {
    at = path.dirname(at);
    home = path.join(at, 'fixtures');
  }
  const wanted = path.dirname(home) === root ? some : mine;
  return foldersIn(home)
    .filter((id) => wanted?.has(id) ?? true)
    .flatMap((id) =>
      foldersIn(path.join(home, id))
        .filter((name) => existsSync(path.join(home, id, name, 'before')))
        .map((name) => readFixture(id, path.join(home, id, name))),
    );
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
