/**
 * Conditions of a rule on the whole file, such as "inside the module that imports this": they hold for all nodes below
 * the root or for none. ast-grep asks them for each match again, which is quadratic; here they are asked once.
 */
import { isRecord } from '../system/record.ts';

interface Matching {
  readonly rule: unknown;
  readonly utils?: unknown;
}

type Rule = Readonly<Record<string, unknown>>;

/** A rule with its conditions on the file answered: what is left of it, or whether it holds whatever the node. */
type Folded = Rule | boolean;

/** Whether the root matches this rule. */
type Asked = (rule: Rule) => boolean;

/**
 * A matcher that finds the same nodes below the root. The matcher itself where it has no condition on the file;
 * undefined where no node below the root can match.
 */
export function withoutFileConditions<M extends Matching>(matcher: M, asked: Asked): M | undefined {
  if (!isRecord(matcher.rule)) return matcher;
  const utils = isRecord(matcher.utils) ? matcher.utils : {};
  const folded = foldRule(matcher.rule, { utils, asked, within: [] });
  if (folded === false) return undefined;
  // One that holds for every node cannot be said without a condition.
  return folded === true || folded === matcher.rule ? matcher : { ...matcher, rule: folded };
}

interface Scope {
  readonly utils: Rule;
  readonly asked: Asked;
  /** Names of the utilities that are being followed. */
  readonly within: readonly string[];
}

/** The keys of a rule must all hold. https://ast-grep.github.io/guide/rule-config.html#rule-object-is-unordered */
function foldRule(rule: Rule, scope: Scope): Folded {
  const left: Record<string, unknown> = {};
  let changed = false;
  for (const [key, value] of Object.entries(rule)) {
    const folded = foldKey(key, value, scope);
    if (folded === false) return false;
    changed ||= folded !== value;
    if (folded !== true) left[key] = folded;
  }
  if (!changed) return rule;
  if (Object.keys(left).length === 0) return true;
  // Of several keys the match is the node itself; of `inside` alone it would be the outer one.
  return Object.keys(rule).length > 1 && Object.keys(left).length === 1 ? { all: [left] } : left;
}

/** What a key has to say once its conditions on the file are answered; true where nothing is left of it. */
function foldKey(key: string, value: unknown, scope: Scope): unknown {
  switch (key) {
    case 'inside':
      return isRecord(value) && isOfFile(value, scope.utils) ? scope.asked(onRoot(value)) : value;
    case 'all':
      return Array.isArray(value) ? foldList(value, scope, false) : value;
    case 'any':
      return Array.isArray(value) ? foldList(value, scope, true) : value;
    case 'not': {
      const folded = isRecord(value) ? foldRule(value, scope) : value;
      return typeof folded === 'boolean' ? !folded : folded;
    }
    case 'matches': {
      const named = typeof value === 'string' && !scope.within.includes(value) ? scope.utils[value] : undefined;
      if (!isRecord(named)) return value;
      const folded = foldRule(named, { ...scope, within: [...scope.within, String(value)] });
      // A utility also stands where it is asked of the root; only a plain answer can take its place.
      return typeof folded === 'boolean' ? folded : value;
    }
    default:
      return value;
  }
}

/** `deciding` decides the list alone: true for `any`, false for `all`. */
function foldList(rules: readonly unknown[], scope: Scope, deciding: boolean): unknown {
  const folded = rules.map((rule) => (isRecord(rule) ? foldRule(rule, scope) : rule));
  if (folded.includes(deciding)) return deciding;
  if (folded.every((rule, at) => rule === rules[at])) return rules;
  const left = folded.filter((rule) => typeof rule !== 'boolean');
  return left.length === 0 ? !deciding : left;
}

/** `inside: {kind: module, stopBy: end, …}` that captures nothing: only the root is a module. */
function isOfFile(inside: Rule, utils: Rule): boolean {
  return inside.kind === 'module' && inside.stopBy === 'end' && !('field' in inside) && !captures(inside, utils, []);
}

function onRoot(inside: Rule): Rule {
  return Object.fromEntries(Object.entries(inside).filter(([key]) => key !== 'stopBy'));
}

function captures(rule: unknown, utils: Rule, within: readonly string[]): boolean {
  if (typeof rule === 'string') return rule.includes('$');
  if (typeof rule !== 'object' || rule === null) return false;
  return Object.entries(rule).some(([key, value]) => {
    if (key === 'regex') return false;
    if (key !== 'matches' || typeof value !== 'string') return captures(value, utils, within);
    // One that is not of this file may capture what it likes.
    if (!(value in utils)) return true;
    return !within.includes(value) && captures(utils[value], utils, [...within, value]);
  });
}
