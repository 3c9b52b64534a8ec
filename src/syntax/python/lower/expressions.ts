/** Expressions: tree-sitter's nodes → the plain tree of `ast.ts`. */
import type { Argument, Comment, Expr, Span } from '../ast.ts';
import type { Node } from '../parser.ts';
import { lowerString } from './strings.ts';

/** Deeper than any hand-written source; past it nodes become `other`, so that recursion stays bounded. */
export const MAX_DEPTH = 400;

/** What one run collects on its way down. */
export interface State {
  readonly text: string;
  readonly comments: Comment[];
  readonly lineStarts: readonly number[];
  depth: number;
}

export function expr(state: State, node: Node): Expr {
  state.depth++;
  try {
    if (state.depth > MAX_DEPTH) return { ...span(state, node), kind: 'other', type: node.type, children: [] };
    return expression(state, node);
  } finally {
    state.depth--;
  }
}

function expression(state: State, node: Node): Expr {
  const at = span(state, node);
  const field = (name: string): Expr => {
    const child = node.childForFieldName(name);
    return child ? expr(state, child) : { ...at, kind: 'other', type: 'missing', children: [] };
  };
  switch (node.type) {
    case 'identifier':
      return { ...at, kind: 'name', id: source(state, node) };
    case 'attribute':
      return {
        ...at,
        kind: 'attribute',
        value: field('object'),
        attr: fieldText(state, node, 'attribute', ''),
      };
    case 'call': {
      const args = node.childForFieldName('arguments');
      return {
        ...at,
        kind: 'call',
        func: field('function'),
        args: args ? callArguments(state, args) : [],
        argsStart: args?.startIndex ?? at.end,
        argsEnd: args?.endIndex ?? at.end,
      };
    }
    case 'string':
    case 'concatenated_string':
      return lowerString(state.text, node, at, (n) => expr(state, n));
    case 'integer':
    case 'float':
      return { ...at, kind: 'number', text: source(state, node) };
    case 'true':
      return { ...at, kind: 'constant', value: true };
    case 'false':
      return { ...at, kind: 'constant', value: false };
    case 'none':
      return { ...at, kind: 'constant', value: null };
    case 'ellipsis':
      return { ...at, kind: 'constant', value: '...' };
    case 'list':
    case 'list_pattern':
      return { ...at, kind: 'list', items: exprs(state, node) };
    case 'tuple':
    case 'tuple_pattern':
    case 'pattern_list':
    case 'expression_list':
      return { ...at, kind: 'tuple', items: exprs(state, node) };
    case 'set':
      return { ...at, kind: 'set', items: exprs(state, node) };
    case 'dictionary':
      return { ...at, kind: 'dict', entries: named(state, node).map((n) => dictEntry(state, n)) };
    case 'parenthesized_expression': {
      const inner = named(state, node)[0];
      return inner ? expr(state, inner) : { ...at, kind: 'other', type: node.type, children: [] };
    }
    case 'type': {
      const inner = named(state, node)[0];
      return inner ? expr(state, inner) : { ...at, kind: 'other', type: node.type, children: [] };
    }
    case 'generic_type': {
      // `Optional[int]` in an annotation: the same shape as a subscript.
      const [base, params] = named(state, node);
      if (!base) break;
      return { ...at, kind: 'subscript', value: expr(state, base), index: params ? exprs(state, params) : [] };
    }
    case 'binary_operator':
      return {
        ...at,
        kind: 'binary',
        op: fieldText(state, node, 'operator', ''),
        left: field('left'),
        right: field('right'),
      };
    case 'boolean_operator': {
      const op = fieldText(state, node, 'operator', '') === 'or' ? 'or' : 'and';
      return { ...at, kind: 'bool', op, left: field('left'), right: field('right') };
    }
    case 'not_operator':
      return { ...at, kind: 'unary', op: 'not', operand: field('argument') };
    case 'unary_operator':
      return { ...at, kind: 'unary', op: fieldText(state, node, 'operator', ''), operand: field('argument') };
    case 'comparison_operator':
      return {
        ...at,
        kind: 'compare',
        operands: exprs(state, node),
        ops: node.childrenForFieldName('operators').map((c) => (c ? source(state, c) : '')),
      };
    case 'subscript':
      return {
        ...at,
        kind: 'subscript',
        value: field('value'),
        index: node.childrenForFieldName('subscript').flatMap((c) => (c ? [expr(state, c)] : [])),
      };
    case 'conditional_expression': {
      const [then, test, otherwise] = exprs(state, node);
      if (!then || !test || !otherwise) break;
      return { ...at, kind: 'conditional', test, then, otherwise };
    }
    case 'lambda':
      return { ...at, kind: 'lambda', body: field('body') };
    case 'await': {
      const inner = named(state, node)[0];
      if (!inner) break;
      return { ...at, kind: 'await', value: expr(state, inner) };
    }
    case 'named_expression':
      return { ...at, kind: 'named', name: fieldText(state, node, 'name', ''), value: field('value') };
    default:
      break;
  }
  return { ...at, kind: 'other', type: node.type, children: exprs(state, node) };
}

export function exprs(state: State, node: Node): Expr[] {
  return named(state, node).map((n) => expr(state, n));
}

function dictEntry(state: State, node: Node): { key: Expr | null; value: Expr } {
  const key = node.childForFieldName('key');
  const value = node.childForFieldName('value');
  if (node.type === 'pair' && key && value) return { key: expr(state, key), value: expr(state, value) };
  return { key: null, value: expr(state, node.namedChildren[0] ?? node) };
}

export function callArguments(state: State, node: Node): Argument[] {
  if (node.type === 'generator_expression') return [{ ...span(state, node), value: expr(state, node) }];
  return named(state, node).map((child): Argument => {
    const at = span(state, child);
    if (child.type === 'keyword_argument') {
      const value = child.childForFieldName('value');
      const name = fieldText(state, child, 'name', '');
      return {
        ...at,
        name,
        value: value ? expr(state, value) : { ...at, kind: 'other', type: 'missing', children: [] },
      };
    }
    if (child.type === 'list_splat' || child.type === 'dictionary_splat') {
      const inner = child.namedChildren[0] ?? child;
      return { ...at, star: child.type === 'list_splat' ? '*' : '**', value: expr(state, inner) };
    }
    return { ...at, value: expr(state, child) };
  });
}

export function named(state: State, node: Node): Node[] {
  const out: Node[] = [];
  for (const child of node.namedChildren) {
    if (!child) continue;
    if (child.type === 'comment') comment(state, child);
    else out.push(child);
  }
  return out;
}

export function comment(state: State, node: Node): void {
  state.comments.push({ ...span(state, node), text: source(state, node) });
}

export function strayComments(state: State, node: Node): void {
  for (const child of node.namedChildren) if (child?.type === 'comment') comment(state, child);
}

/** 1-based line of a node, from the offset: cheaper than to ask the parser for each node. */
export function line(state: State, node: Node): number {
  const { lineStarts } = state;
  let low = 0;
  let high = lineStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lineStarts[middle] ?? 0) <= node.startIndex) low = middle;
    else high = middle;
  }
  return low + 1;
}

export function span(state: State, node: Node): Span {
  return { start: node.startIndex, end: node.endIndex, line: line(state, node) };
}

/** Offsets at which the lines of a text start; tree-sitter counts '\n' alone. */
export function lineStartsOf(text: string): number[] {
  const out = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) out.push(at + 1);
  return out;
}

/** The text of a node: a slice of the source, where `node.text` would ask the parser. */
export function source(state: State, node: Node): string {
  return state.text.slice(node.startIndex, node.endIndex);
}

export function fieldText(state: State, node: Node, field: string, absent: string): string {
  const child = node.childForFieldName(field);
  return child ? source(state, child) : absent;
}
