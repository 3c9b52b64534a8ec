/**
 * Rule files in ast-grep's YAML: one rule a document. A rule written for ast-grep is read unchanged. Beside them, rules of
 * the same form for INI, TOML, YAML and requirements files.
 * https://ast-grep.github.io/reference/yaml.html
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Document, isMap, isScalar, LineCounter, parseAllDocuments } from 'yaml';
import { NayekError } from '../system/errors.ts';
import { readGiven } from '../system/given-file.ts';
import { isRecord } from '../system/record.ts';
import { say } from '../system/say.ts';
import type { Matcher } from './ast-grep.ts';
import { FILE_LANGUAGES } from './files/change.ts';
import { type FileRule, fileRuleOf } from './files/file-rule.ts';
import { type Expansion, type Fix, variablesIn } from './fix.ts';
import { headOf, type RuleHead, type RuleOrigin } from './head.ts';
import { strangeKey } from './keys.ts';
import { type Rewriter, type Rewriters, rewriteOf } from './rewrite.ts';

/** A rule for Python. */
export interface Rule extends RuleHead, RuleOrigin {
  readonly matcher: Matcher;
  readonly rewriters: Rewriters;
  /** Undefined: the rule reports only. */
  readonly fix?: Fix;
}

export type AnyRule = Rule | FileRule;

/** A rule for another language: it does nothing here. */
export interface OtherRule {
  readonly id: string;
  readonly language: string;
  readonly at: string;
}

export interface RuleFolder {
  readonly rules: readonly AnyRule[];
  readonly skipped: readonly OtherRule[];
}

/**
 * The rules of a YAML file or, sorted by name, of all YAML files below a folder. `nayek:utcnow` is one that comes along.
 * @throws NayekError `unreadable`, `broken-rule` with file and line.
 */
export function readRules(fileOrFolder: string): RuleFolder {
  const rules: AnyRule[] = [];
  const skipped: OtherRule[] = [];
  for (const file of ruleFiles(shipped(fileOrFolder))) {
    const found = rulesIn(readGiven(file, say`rule ${file}`), file);
    rules.push(...found.rules);
    skipped.push(...found.skipped);
  }
  assertOwnIds(rules);
  return { rules, skipped };
}

/**
 * No two rules have one id.
 * @throws NayekError `broken-rule` with both places
 */
export function assertOwnIds(rules: readonly AnyRule[]): void {
  const ids = new Map<string, string>();
  for (const { id, at } of rules) {
    const other = ids.get(id);
    if (other) throw new NayekError('broken-rule', say`${at}: the id ${id} is taken (${other})`);
    ids.set(id, at);
  }
}

/** The file of `nayek:<name>`; others as they are. */
function shipped(name: string): string {
  const own = /^nayek:([a-z0-9-]+)$/.exec(name)?.[1];
  if (own === undefined) return name;
  const file = path.join(shelf(), `${own}.yml`);
  if (existsSync(file)) return file;
  const known = readdirSync(shelf()).map((file) => `nayek:${file.replace(/\.yml$/, '')}`);
  throw new NayekError('usage', say`there is no rule ${name}`, { hint: say`known: ${known.sort().join(', ')}` });
}

/** Folder of the rules that come with nayek. */
export function shelf(): string {
  const here = typeof __dirname === 'string' ? __dirname : path.dirname(fileURLToPath(import.meta.url));
  const beside = path.join(here, 'rules');
  return existsSync(beside) ? beside : path.join(here, '..', '..', 'transforms', 'rules');
}

function ruleFiles(name: string): string[] {
  try {
    if (!statSync(name).isDirectory()) return [name];
    return readdirSync(name, { recursive: true, encoding: 'utf8' })
      .filter(
        (file) =>
          /\.ya?ml$/.test(file) && !/(?:^|[\\/])(?:__tests__|__snapshots__|rule-tests?|sgconfig\.ya?ml)/.test(file),
      )
      .sort()
      .map((file) => path.join(name, file));
  } catch (cause) {
    throw new NayekError('unreadable', say`rule ${name}`, { cause });
  }
}

/**
 * The rules of one text; `origin` names it in messages.
 * @throws NayekError `broken-rule`
 */
export function rulesIn(text: string, origin: string): RuleFolder {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, logLevel: 'silent' });
  const rules: AnyRule[] = [];
  const skipped: OtherRule[] = [];
  if (!Array.isArray(documents)) return { rules, skipped };
  for (const document of documents) {
    const [start = 0, end = text.length] = document.contents?.range ?? [];
    const at = `${origin}:${lines.linePos(start).line}`;
    const [error] = document.errors;
    if (error) {
      const [message = ''] = error.message.split('\n');
      throw new NayekError('broken-rule', `${origin}:${lines.linePos(error.pos[0]).line}: ${message}`);
    }
    if (document.contents === null) continue;
    // Aliases are followed a hundred times at most: a bomb is an error.
    const data: unknown = document.toJS({ maxAliasCount: 100 });
    if (!isRecord(data))
      throw new NayekError('broken-rule', say`${at}: a rule is a mapping with id, language and rule`);
    const language = String(data.language).toLowerCase();
    const kind = FILE_LANGUAGES.find((name) => name === language || (name === 'yaml' && language === 'yml'));
    const source = text.slice(start, end);
    const failKey = (place: readonly (string | number)[]): ((why: string) => never) =>
      failAt(`${origin}:${lines.linePos(keyOffset(document, place)).line}`);
    assertLanguage(data, failAt(at), failKey);
    if (language === 'python' || language === 'py') {
      const strange = strangeKey(data);
      if (strange) failKey(strange.place)(strange.why);
      rules.push(ruleOf(data, at, source));
    } else if (kind && data.rule === undefined) rules.push(fileRuleOf(data, kind, { source, at }, failAt(at)));
    else skipped.push({ id: String(data.id), language: String(data.language), at });
  }
  return { rules, skipped };
}

/** What has no language and yet would be a rule is a mistake, be it that the key is misspelt. */
function assertLanguage(
  data: Record<string, unknown>,
  fail: (why: string) => never,
  failKey: (place: readonly (string | number)[]) => (why: string) => never,
): void {
  if (data.language !== undefined || typeof data.id !== 'string') return;
  if (!isRecord(data.rule) && data.change === undefined) return;
  const strange = isRecord(data.rule) ? strangeKey(data) : undefined;
  if (strange) failKey(strange.place)(strange.why);
  fail(say`language is missing`);
}

/** Where a key stands, by its place from the top of the document. */
function keyOffset(document: Document.Parsed, place: readonly (string | number)[]): number {
  const holder: unknown = place.length > 1 ? document.getIn(place.slice(0, -1), true) : document.contents;
  const pair = isMap(holder) ? holder.items.find((p) => isScalar(p.key) && p.key.value === place.at(-1)) : undefined;
  return (isScalar(pair?.key) ? pair.key.range?.[0] : undefined) ?? document.contents?.range?.[0] ?? 0;
}

function failAt(at: string): (why: string) => never {
  return (why) => {
    throw new NayekError('broken-rule', `${at}: ${why}`);
  };
}

function ruleOf(data: Record<string, unknown>, at: string, source: string): Rule {
  const fail = failAt(at);
  const head = headOf(data, fail);
  if (!isRecord(data.rule)) return fail(say`rule is missing`);
  const matcher = matcherOf(data);
  const rewriters = rewritersOf(data.rewriters, matcher, fail);
  assertRewriters([matcher, ...[...rewriters.values()].map((r) => r.matcher)], rewriters, fail);
  const fix = fixOf(data.fix, matcher, fail);
  assertBound(fix, [matcher], fail);
  return { ...head, matcher, rewriters, source, at, ...(fix ? { fix } : {}) };
}

function matcherOf({ rule, constraints, utils, transform }: Record<string, unknown>): Matcher {
  return {
    rule,
    ...(constraints === undefined ? {} : { constraints }),
    ...(utils === undefined ? {} : { utils }),
    ...(transform === undefined ? {} : { transform }),
  };
}

/** https://ast-grep.github.io/reference/yaml/rewriter.html; utils of the rule count in its rewriters, too. */
function rewritersOf(value: unknown, outer: Matcher, fail: (why: string) => never): Map<string, Rewriter> {
  const out = new Map<string, Rewriter>();
  if (value === undefined || value === null) return out;
  if (!Array.isArray(value)) return fail(say`rewriters are a list of rules with id and fix`);
  for (const item of value) {
    if (!isRecord(item) || typeof item.id !== 'string') return fail(say`a rewriter has no id`);
    const { id } = item;
    const failHere = (why: string): never => fail(say`rewriter ${id}: ${why}`);
    if (!isRecord(item.rule)) return failHere(say`rule is missing`);
    const utils = { ...(outer.utils as object | undefined), ...(item.utils as object | undefined) };
    const matcher = matcherOf({ ...item, ...(Object.keys(utils).length > 0 ? { utils } : {}) });
    const fix = fixOf(item.fix, matcher, failHere) ?? failHere(say`fix is missing`);
    assertBound(fix, [matcher, outer], failHere);
    out.set(id, { id, matcher, fix });
  }
  return out;
}

/** Every rewriter that a transform names is there. */
function assertRewriters(matchers: readonly Matcher[], known: Rewriters, fail: (why: string) => never): void {
  for (const { transform } of matchers) {
    for (const entry of Object.values(isRecord(transform) ? transform : {})) {
      const missing = rewriteOf(entry)?.rewriters.find((id) => !known.has(id));
      if (missing !== undefined) fail(say`transform uses the rewriter ${missing}, which is not there`);
    }
  }
}

/** Every variable of a fix is bound or made by one of the matchers. */
function assertBound(fix: Fix | undefined, matchers: readonly Matcher[], fail: (why: string) => never): void {
  const known = new Set(
    matchers.flatMap((matcher) => [
      ...variablesIn(JSON.stringify(matcher)),
      ...Object.keys(isRecord(matcher.transform) ? matcher.transform : {}),
    ]),
  );
  const unknown = variablesIn(fix?.template ?? '').find((name) => !known.has(name));
  if (unknown) fail(say`fix uses $${unknown}, which nothing in the rule binds`);
}

/** https://ast-grep.github.io/reference/yaml/fix.html; of several, the first, as ast-grep itself applies it. */
function fixOf(value: unknown, matcher: Matcher, fail: (why: string) => never): Fix | undefined {
  const fix: unknown = Array.isArray(value) ? value[0] : value;
  if (fix === undefined || fix === null) return undefined;
  if (typeof fix === 'string') return { template: fix };
  if (!isRecord(fix) || typeof fix.template !== 'string')
    return fail(say`fix is neither a text nor a mapping with template`);
  const grown = (side: unknown): Expansion | undefined => {
    if (side === undefined) return undefined;
    if (!isRecord(side)) return fail(say`expandStart and expandEnd are rules`);
    const { stopBy = 'neighbor', ...rule } = side;
    const same = matcher.utils === undefined ? {} : { utils: matcher.utils };
    if (stopBy === 'neighbor' || stopBy === 'end') return { matcher: { rule, ...same }, stopBy };
    return isRecord(stopBy)
      ? { matcher: { rule, ...same }, stopBy: { rule: stopBy, ...same } }
      : fail(say`stopBy is not a rule`);
  };
  const [expandStart, expandEnd] = [grown(fix.expandStart), grown(fix.expandEnd)];
  return { template: fix.template, ...(expandStart ? { expandStart } : {}), ...(expandEnd ? { expandEnd } : {}) };
}
