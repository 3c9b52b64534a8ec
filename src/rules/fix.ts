/**
 * What a match is replaced with: a template with the match's variables, indented as ast-grep indents it.
 * https://ast-grep.github.io/guide/rewrite-code.html#indentation-sensitive
 */
import type { Edit } from '../syntax/edit.ts';
import type { Matcher, MatchNode } from './ast-grep.ts';

/** A `fix` of a rule file. https://ast-grep.github.io/reference/yaml/fix.html */
export interface Fix {
  readonly template: string;
  readonly expandStart?: Expansion;
  readonly expandEnd?: Expansion;
}

/** The replaced range grows over siblings that match, up to the first that `stopBy` tells. */
export interface Expansion {
  readonly matcher: Matcher;
  readonly stopBy: 'neighbor' | 'end' | Matcher;
}

/** What the variables of a match stand for, by name without the sigil. */
export interface Captures {
  node(name: string): MatchNode | undefined;
  nodes(name: string): MatchNode[];
  /** What `transform` has made; undefined for a variable of the rule. */
  made(name: string): string | undefined;
}

const VARIABLE = /\$(\$\$)?([A-Z_][A-Z0-9_]*)/g;

/** Names of the variables in a template or a pattern, without sigil. */
export function variablesIn(template: string): string[] {
  return [...template.matchAll(VARIABLE)].map((m) => m[2] ?? '');
}

/** The edit that a fix makes of a match in `text`. */
export function editOf(text: string, node: MatchNode, fix: Fix, captures: Captures): Edit {
  const own = node.range();
  const start = fix.expandStart ? expanded(node.prevAll(), fix.expandStart)?.range().start.index : undefined;
  const end = fix.expandEnd ? expanded(node.nextAll(), fix.expandEnd)?.range().end.index : undefined;
  const filled = filledIn(text, fix.template, captures);
  return {
    start: start ?? own.start.index,
    end: end ?? own.end.index,
    text: indented(filled, 0, indentBefore(text, own.start.index)),
  };
}

function expanded(siblings: readonly MatchNode[], { matcher, stopBy }: Expansion): MatchNode | undefined {
  if (stopBy === 'neighbor') return siblings[0]?.matches(matcher) ? siblings[0] : undefined;
  for (const sibling of siblings) {
    if (sibling.matches(matcher)) return sibling;
    if (stopBy !== 'end' && sibling.matches(stopBy)) return undefined;
  }
  return undefined;
}

function filledIn(text: string, template: string, captures: Captures): string {
  return template.replace(VARIABLE, (_, several: string | undefined, name: string, offset: number) => {
    const indent = indentBefore(template, offset);
    const made = captures.made(name);
    if (made !== undefined) return indented(made, 0, indent);
    const range = several ? rangeOfAll(captures.nodes(name)) : rangeOf(captures.node(name));
    if (!range) return '';
    return indented(text.slice(range.start, range.end), indentBefore(text, range.start), indent);
  });
}

type Range = { readonly start: number; readonly end: number } | undefined;

function rangeOf(node: MatchNode | undefined): Range {
  if (!node) return undefined;
  const { start, end } = node.range();
  return { start: start.index, end: end.index };
}

/** From the start of the first to the end of the last. */
export function rangeOfAll(nodes: readonly MatchNode[]): Range {
  const [first, last] = [rangeOf(nodes[0]), rangeOf(nodes.at(-1))];
  return first && last ? { start: first.start, end: last.end } : undefined;
}

/** Bytes before an offset in which ast-grep looks for the start of its line. */
const LOOK_BACK = 512;

/** Spaces at the start of the line that holds `offset`, where nothing else stands before them: 0 behind a tab. */
export function indentBefore(text: string, offset: number): number {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  if (line.length >= LOOK_BACK / 4 && Buffer.byteLength(line) >= LOOK_BACK) return 0;
  return /^ */.exec(line)?.[0].length ?? 0;
}

/** Moves all lines but the first from one indentation to another. */
export function indented(text: string, from: number, to: number): string {
  if (from === to || !text.includes('\n')) return text;
  const [first = '', ...rest] = text.split('\n');
  if (to > from) return [first, ...rest.map((line) => ' '.repeat(to - from) + line)].join('\n');
  return [first, ...rest].map((line) => withoutIndent(line, from - to)).join('\n');
}

function withoutIndent(line: string, spaces: number): string {
  const prefix = ' '.repeat(spaces);
  return line.startsWith(prefix) ? line.slice(spaces) : line;
}
