/** Expressions: tree-sitter's nodes → the plain tree of `ast.ts`. */
import type { Argument, Expr, Span } from '../ast.ts';
import { firstIndex } from '../bisect.ts';
import type { Node } from '../parser.ts';
import { lowerString } from './strings.ts';

/** Deeper than any hand-written source; past it nodes become `other`, so that recursion stays bounded. */
export const MAX_DEPTH = 400;

/** What one run collects on its way down. */
export interface State {
  readonly text: string;
  readonly lineStarts: readonly number[];
  depth: number;
  /** Offset of the first statement or expression that lies too deep and is opaque. */
  tooDeep?: number;
}

/** Notes that what begins there is not looked into. */
export function passOver(state: State, start: number): void {
  state.tooDeep = Math.min(state.tooDeep ?? start, start);
}

export function expr(state: State, node: Node): Expr {
  state.depth++;
  try {
    if (state.depth > MAX_DEPTH) {
      passOver(state, node.startIndex);
      return { ...span(state, node), kind: 'other', type: node.type, children: [] };
    }
    return expression(state, node);
  } finally {
    state.depth--;
  }
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one case for each type of node, which is read as a list
function expression(state: State, node: Node): Expr {
  // Written out in each literal: a spread of a span costs more than all the rest.
  const { startIndex: start, endIndex: end } = node;
  const line = lineAt(state, start);
  switch (node.type) {
    case 'identifier':
      return { start, end, line, kind: 'name', id: source(state, node) };
    case 'attribute':
      return {
        start,
        end,
        line,
        kind: 'attribute',
        value: field(state, node, 'object'),
        attr: fieldText(state, node, 'attribute', ''),
      };
    case 'call': {
      const args = node.childForFieldName('arguments');
      return {
        start,
        end,
        line,
        kind: 'call',
        func: field(state, node, 'function'),
        args: args ? callArguments(state, args) : [],
        argsStart: args?.startIndex ?? end,
        argsEnd: args?.endIndex ?? end,
      };
    }
    case 'string':
    case 'concatenated_string':
      return lowerString(state.text, node, { start, end, line }, (n) => expr(state, n));
    case 'integer':
    case 'float':
      return { start, end, line, kind: 'number', text: source(state, node) };
    case 'true':
      return { start, end, line, kind: 'constant', value: true };
    case 'false':
      return { start, end, line, kind: 'constant', value: false };
    case 'none':
      return { start, end, line, kind: 'constant', value: null };
    case 'ellipsis':
      return { start, end, line, kind: 'constant', value: '...' };
    case 'list':
    case 'list_pattern':
      return { start, end, line, kind: 'list', items: exprs(state, node) };
    case 'tuple':
    case 'tuple_pattern':
    case 'pattern_list':
    case 'expression_list':
      return { start, end, line, kind: 'tuple', items: exprs(state, node) };
    case 'set':
      return { start, end, line, kind: 'set', items: exprs(state, node) };
    case 'dictionary':
      return { start, end, line, kind: 'dict', entries: node.namedChildren.map((n) => dictEntry(state, n)) };
    case 'parenthesized_expression': {
      const inner = node.namedChildren[0];
      return inner ? expr(state, inner) : { start, end, line, kind: 'other', type: node.type, children: [] };
    }
    case 'type': {
      const inner = node.namedChildren[0];
      return inner ? expr(state, inner) : { start, end, line, kind: 'other', type: node.type, children: [] };
    }
    case 'generic_type': {
      // `Optional[int]` in an annotation: the same shape as a subscript.
      const [base, params] = node.namedChildren;
      if (!base) break;
      return {
        start,
        end,
        line,
        kind: 'subscript',
        value: expr(state, base),
        index: params ? exprs(state, params) : [],
      };
    }
    case 'binary_operator':
      return {
        start,
        end,
        line,
        kind: 'binary',
        op: fieldText(state, node, 'operator', ''),
        left: field(state, node, 'left'),
        right: field(state, node, 'right'),
      };
    case 'boolean_operator': {
      const op = fieldText(state, node, 'operator', '') === 'or' ? 'or' : 'and';
      return {
        start,
        end,
        line,
        kind: 'bool',
        op,
        left: field(state, node, 'left'),
        right: field(state, node, 'right'),
      };
    }
    case 'not_operator':
      return { start, end, line, kind: 'unary', op: 'not', operand: field(state, node, 'argument') };
    case 'unary_operator':
      return {
        start,
        end,
        line,
        kind: 'unary',
        op: fieldText(state, node, 'operator', ''),
        operand: field(state, node, 'argument'),
      };
    case 'comparison_operator':
      return {
        start,
        end,
        line,
        kind: 'compare',
        operands: exprs(state, node),
        ops: node.childrenForFieldName('operators').map((c) => source(state, c)),
      };
    case 'subscript':
      return {
        start,
        end,
        line,
        kind: 'subscript',
        value: field(state, node, 'value'),
        index: node.childrenForFieldName('subscript').map((c) => expr(state, c)),
      };
    case 'conditional_expression': {
      const [then, test, otherwise] = exprs(state, node);
      if (!then || !test || !otherwise) break;
      return { start, end, line, kind: 'conditional', test, then, otherwise };
    }
    case 'lambda':
      return { start, end, line, kind: 'lambda', body: field(state, node, 'body') };
    case 'await': {
      const inner = node.namedChildren[0];
      if (!inner) break;
      return { start, end, line, kind: 'await', value: expr(state, inner) };
    }
    case 'named_expression':
      return {
        start,
        end,
        line,
        kind: 'named',
        name: fieldText(state, node, 'name', ''),
        value: field(state, node, 'value'),
      };
    default:
      break;
  }
  return { start, end, line, kind: 'other', type: node.type, children: exprs(state, node) };
}

/** What fills a field of the node. */
function field(state: State, node: Node, name: string): Expr {
  const child = node.childForFieldName(name);
  return child ? expr(state, child) : { ...span(state, node), kind: 'other', type: 'missing', children: [] };
}

export function exprs(state: State, node: Node): Expr[] {
  return node.namedChildren.map((n) => expr(state, n));
}

function dictEntry(state: State, node: Node): { key: Expr | null; value: Expr } {
  const key = node.childForFieldName('key');
  const value = node.childForFieldName('value');
  if (node.type === 'pair' && key && value) return { key: expr(state, key), value: expr(state, value) };
  return { key: null, value: expr(state, node.namedChildren[0] ?? node) };
}

export function callArguments(state: State, node: Node): Argument[] {
  if (node.type === 'generator_expression') return [{ ...span(state, node), value: expr(state, node) }];
  return node.namedChildren.map((child): Argument => {
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

export function line(state: State, node: Node): number {
  return lineAt(state, node.startIndex);
}

/** 1-based line of an offset. */
export function lineAt({ lineStarts }: Pick<State, 'lineStarts'>, offset: number): number {
  return firstIndex(lineStarts.length, (i) => (lineStarts[i] ?? 0) > offset);
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

export function source(state: State, node: Node): string {
  return state.text.slice(node.startIndex, node.endIndex);
}

export function fieldText(state: State, node: Node, field: string, absent: string): string {
  const child = node.childForFieldName(field);
  return child ? source(state, child) : absent;
}
