/**
 * `transform` with `rewrite`: the WebAssembly of ast-grep knows no rewriters, so what they make is made here, node by
 * node as ast-grep does it; everything else of `transform` is ast-grep's own.
 * https://ast-grep.github.io/reference/yaml/rewriter.html
 */
import { isRecord } from '../system/record.ts';
import { say } from '../system/say.ts';
import { type Find, type Matcher, type MatchNode, matchesIn, transformedBy } from './ast-grep.ts';
import { type Captures, editOf, type Fix, indentBefore, indented, rangeOfAll, variablesIn } from './fix.ts';

/** A rule that is applied to the nodes of a variable. */
export interface Rewriter {
  readonly id: string;
  readonly matcher: Matcher;
  readonly fix: Fix;
}

export type Rewriters = ReadonlyMap<string, Rewriter>;

/** A `rewrite` of a `transform`. */
export interface Rewrite {
  /** The variable with its sigil. */
  readonly source: string;
  readonly rewriters: readonly string[];
  readonly joinBy?: string;
}

/** A rewriter may rewrite what it has matched with others, or with itself; one that goes deeper feeds itself. */
const DEEPEST = 64;

/** Raised for a rewriter that is applied to its own match again and again. */
export class EndlessError extends Error {}

/** The `rewrite` that an entry of `transform` is; undefined for the other kinds. */
export function rewriteOf(entry: unknown): Rewrite | undefined {
  if (typeof entry === 'string') return shortRewrite(entry);
  if (!isRecord(entry) || !isRecord(entry.rewrite)) return undefined;
  const { source, rewriters, joinBy } = entry.rewrite;
  if (typeof source !== 'string' || !Array.isArray(rewriters)) return undefined;
  return { source, rewriters: rewriters.map(String), ...(joinBy === undefined ? {} : { joinBy: String(joinBy) }) };
}

/** `rewrite($A, rewriters=[a, b], joinBy=', ')` */
function shortRewrite(text: string): Rewrite | undefined {
  const [, source = '', rest = ''] = /^\s*rewrite\s*\(\s*(\$+\w+)\s*,(.*)\)\s*$/s.exec(text) ?? [];
  const listed = /\brewriters\s*=\s*\[([^\]]*)\]/.exec(rest)?.[1];
  if (listed === undefined) return undefined;
  const joined = /\bjoinBy\s*=\s*(?:'([^']*)'|"([^"]*)"|([^,]+))/.exec(rest);
  const joinBy = joined && (joined[1] ?? joined[2] ?? joined[3]?.trim() ?? '');
  const rewriters = listed.split(',').map((id) => id.trim().replace(/^(['"])(.*)\1$/, '$2'));
  return { source, rewriters, ...(joinBy === null ? {} : { joinBy }) };
}

/** What rewriters are applied in. */
export interface Applied {
  readonly text: string;
  readonly rewriters: Rewriters;
  readonly find: Find;
}

export interface Match {
  readonly node: MatchNode;
  readonly matcher: Matcher;
  /** The same node as matched without what the rule around has bound. */
  readonly own?: MatchNode;
}

/** What the variables of a match stand for, those of `transform` included. @throws EndlessError */
export function capturesOf(applied: Applied, { node, matcher, own }: Match, outer?: Captures, depth = 0): Captures {
  if (depth > DEEPEST) throw new EndlessError(say`a rewriter is applied to its own match without end`);
  const matched: Captures = {
    node: (name) => node.getMatch(name) ?? sameCode(own?.getMatch(name), outer?.node(name)),
    nodes: (name) => {
      const several = node.getMultipleMatches(name);
      return several.length > 0 ? several : (outer?.nodes(name) ?? []);
    },
    made: () => undefined,
  };
  const transform = isRecord(matcher.transform) ? matcher.transform : {};
  const known = new Map<string, string>();
  const made = (name: string): string | undefined => {
    if (!Object.hasOwn(transform, name)) return undefined;
    const value = known.get(name) ?? transformed(name);
    known.set(name, value);
    return value;
  };
  const transformed = (name: string): string => {
    const entry = transform[name];
    const rewrite = rewriteOf(entry);
    if (rewrite) return rewritten(applied, sourceNodes(rewrite.source, matched), rewrite, outer ?? matched, depth);
    if (!restsOnRewrite(name, transform)) return transformedBy(node, name, applied.text);
    return transformedText(made(variablesIn(sourceOf(entry))[0] ?? '') ?? '', entry);
  };
  return { ...matched, made };
}

/** Of two nodes with the same code but for blanks, the first; else the second. */
function sameCode(first: MatchNode | undefined, second: MatchNode | undefined): MatchNode | undefined {
  const bare = (node: MatchNode | undefined): string | undefined => node?.text().replace(/\s+/g, '');
  return first && bare(first) === bare(second) ? first : second;
}

function sourceNodes(source: string, { node, nodes }: Captures): MatchNode[] {
  const [name = ''] = variablesIn(source);
  if (source.startsWith('$$$')) return nodes(name);
  const one = node(name);
  return one ? [one] : [];
}

function rewritten(
  applied: Applied,
  nodes: readonly MatchNode[],
  { rewriters: ids, joinBy }: Rewrite,
  outer: Captures,
  depth: number,
): string {
  const { text, rewriters } = applied;
  const range = rangeOfAll(nodes);
  if (!range) return '';
  const used = ids.flatMap((id) => rewriters.get(id) ?? []);
  const found = nodes.flatMap((node) => foundBelow(applied, node, used, outer));
  let out = '';
  let at = range.start;
  let first = true;
  for (const match of found) {
    const { node, fix } = match;
    // Of two that overlap the first counts: it is the outer one.
    if (fix.expandStart === undefined && node.range().start.index < at) continue;
    const edit = editOf(text, node, fix, capturesOf(applied, match, outer, depth + 1));
    if (edit.start < at) continue;
    if (joinBy === undefined) out += text.slice(at, edit.start);
    else if (!first) out += joinBy;
    out += edit.text;
    at = edit.end;
    first = false;
  }
  if (joinBy === undefined) out += text.slice(at, range.end);
  return indented(out, indentBefore(text, range.start), 0);
}

interface Found extends Match {
  readonly fix: Fix;
}

/** The nodes at or below `top` that a rewriter matches, outer ones first; of several for a node the first counts. */
function foundBelow({ find }: Applied, top: MatchNode, used: readonly Rewriter[], outer: Captures): Found[] {
  const range = top.range();
  const out: (Found & { readonly start: number; readonly end: number })[] = [];
  for (const rewriter of used) {
    const matcher = withOuter(rewriter.matcher, outer);
    for (const node of matcher ? find(matcher) : []) {
      const { start, end } = node.range();
      if (start.index < range.start.index || end.index > range.end.index || !isWithin(node, top)) continue;
      if (out.some((other) => other.node.id() === node.id())) continue;
      const same = matcher === rewriter.matcher ? [] : find(rewriter.matcher);
      const own = same.find((other) => other.id() === node.id());
      const match = { node, matcher: matcher as Matcher, fix: rewriter.fix, ...(own ? { own } : {}) };
      out.push({ ...match, start: start.index, end: end.index });
    }
  }
  const depth = new Map(out.map(({ node }) => [node, node.ancestors().length]));
  const depthOf = (found: Found): number => depth.get(found.node) ?? 0;
  return out.sort((a, b) => a.start - b.start || b.end - a.end || depthOf(a) - depthOf(b));
}

/** True for the node itself and for what it holds. */
function isWithin(node: MatchNode, top: MatchNode): boolean {
  return node.id() === top.id() || node.ancestors().some((around) => around.id() === top.id());
}

/**
 * A rewriter's variable that the rule around it has bound stands for the same code: its text takes the variable's place.
 * Undefined where a constraint on such a variable does not hold.
 */
function withOuter(matcher: Matcher, outer: Captures): Matcher | undefined {
  const names = new Set(variablesIn(JSON.stringify([matcher.rule, matcher.utils, matcher.constraints])));
  const bound = new Map<string, string>();
  for (const name of names) {
    const text = outer.node(name)?.text();
    if (text !== undefined) bound.set(name, text);
  }
  if (bound.size === 0) return matcher;
  const constraints = { ...(isRecord(matcher.constraints) ? matcher.constraints : {}) };
  for (const name of bound.keys()) {
    const rule = constraints[name];
    delete constraints[name];
    if (rule !== undefined && !outer.node(name)?.matches({ rule })) return undefined;
  }
  const { rule, utils, transform } = matcher;
  return {
    rule: filled(rule, bound),
    constraints: filled(constraints, bound),
    ...(utils === undefined ? {} : { utils: filled(utils, bound) }),
    ...(transform === undefined ? {} : { transform }),
  };
}

function filled(rule: unknown, bound: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(rule)) return rule.map((item) => filled(item, bound));
  if (!isRecord(rule)) return rule;
  return Object.fromEntries(
    Object.entries(rule).map(([key, value]) => {
      if (typeof value !== 'string' || (key !== 'pattern' && key !== 'context')) return [key, filled(value, bound)];
      return [key, value.replace(/\$([A-Z][A-Z0-9_]*)/g, (all, name: string) => bound.get(name) ?? all)];
    }),
  );
}

function sourceOf(entry: unknown): string {
  if (typeof entry === 'string') return /\(\s*(\$+\w+)/.exec(entry)?.[1] ?? '';
  const [spec] = isRecord(entry) ? Object.values(entry) : [];
  return isRecord(spec) && typeof spec.source === 'string' ? spec.source : '';
}

/** True when a transform is made of what a `rewrite` has made. */
function restsOnRewrite(name: string, transform: Readonly<Record<string, unknown>>): boolean {
  const [source = ''] = variablesIn(sourceOf(transform[name]));
  if (!Object.hasOwn(transform, source)) return false;
  return rewriteOf(transform[source]) !== undefined || restsOnRewrite(source, transform);
}

/** What ast-grep's substring, replace or convert makes of a text: it is given to it as what a string holds. */
function transformedText(text: string, entry: unknown): string {
  const quotes = ['"""', "'''"].find((q) => !text.includes(q) && !text.endsWith(q[0] ?? ''));
  if (quotes === undefined || text.endsWith('\\')) throw new Error('cannot transform what a rewriter has made of it');
  if (text === '') return '';
  const source = sourceOf(entry);
  const same =
    typeof entry === 'string'
      ? entry.replace(source, '$A')
      : Object.fromEntries(Object.entries(entry as object).map(([kind, spec]) => [kind, { ...spec, source: '$A' }]));
  const matcher = { rule: { all: [{ kind: 'string_content' }, { pattern: '$A' }] }, transform: { B: same } };
  const quoted = `r${quotes}${text}${quotes}`;
  return matchesIn(quoted, matcher, ([found]) => (found ? transformedBy(found, 'B', quoted) : ''));
}
