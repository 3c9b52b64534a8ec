/** Statements: tree-sitter's nodes → the plain tree of `ast.ts`. */
import type { Expr, Parameter, Span, Stmt } from '../ast.ts';
import type { Node } from '../parser.ts';
import { callArguments, expr, fieldText, line, MAX_DEPTH, passOver, type State, source, span } from './expressions.ts';

export function block(state: State, node: Node | undefined): Stmt[] {
  const out: Stmt[] = [];
  if (!node) return out;
  for (const child of node.namedChildren) statement(state, child, out);
  return out;
}

/** Lowers one statement onto the end of `out`. */
export function statement(state: State, node: Node, out: Stmt[]): void {
  state.depth++;
  try {
    if (state.depth <= MAX_DEPTH) out.push(...stmt(state, node));
    else {
      passOver(state, node.startIndex);
      out.push({ ...span(state, node), kind: 'other', type: node.type, children: [] });
    }
  } finally {
    state.depth--;
  }
}

function stmt(state: State, node: Node): Stmt[] {
  const at = span(state, node);
  switch (node.type) {
    case 'import_statement':
      return [
        {
          ...at,
          kind: 'import',
          names: importNames(state, node).map(({ name, ...rest }) => ({ module: name, ...rest })),
        },
      ];
    case 'import_from_statement':
    case 'future_import_statement':
      return [fromImport(state, node)];
    case 'expression_statement':
      return expressionStatement(state, node);
    case 'function_definition':
    case 'class_definition':
      return [definition(state, node, node, [])];
    case 'decorated_definition': {
      const inner = node.childForFieldName('definition');
      const decorators = node.namedChildren
        .filter((c) => c.type === 'decorator')
        .map((c) => expr(state, c.namedChildren[0] ?? c));
      if (inner) return [definition(state, inner, node, decorators)];
      break;
    }
    case 'if_statement':
      return [ifStatement(state, node)];
    case 'try_statement':
      return [tryStatement(state, node)];
    case 'with_statement':
    case 'for_statement':
    case 'while_statement':
    case 'match_statement':
      return [compound(state, node)];
    case 'return_statement': {
      const value = node.namedChildren[0];
      return [value ? { ...at, kind: 'return', value: expr(state, value) } : { ...at, kind: 'return' }];
    }
    case 'type_alias_statement':
      return [{ ...at, kind: 'other', type: node.type, children: [] }];
    default:
      break;
  }
  if (node.type === 'ERROR') {
    // What tree-sitter could not place may still hold whole statements: keep them findable.
    return [{ ...at, kind: 'other', type: 'ERROR', children: [] }, ...block(state, node)];
  }
  return [{ ...at, kind: 'other', type: node.type, children: node.namedChildren.map((c) => expr(state, c)) }];
}

function importNames(state: State, node: Node): ({ name: string; as?: string } & Span)[] {
  const out: ({ name: string; as?: string } & Span)[] = [];
  for (const child of node.childrenForFieldName('name')) {
    if (child.type === 'aliased_import') {
      const name = unspaced(fieldText(state, child, 'name', ''));
      const alias = child.childForFieldName('alias');
      const as = alias ? source(state, alias) : undefined;
      out.push({ ...span(state, child), name, ...(as === undefined ? {} : { as }) });
    } else {
      out.push({ ...span(state, child), name: unspaced(source(state, child)) });
    }
  }
  return out;
}

/** A dotted name without the blanks that may stand around its dots. */
function unspaced(name: string): string {
  return name.replace(/\\\r?\n|\s+/g, '');
}

function fromImport(state: State, node: Node): Stmt {
  const moduleNode = node.childForFieldName('module_name');
  const written = moduleNode ? source(state, moduleNode) : '__future__';
  const level = /^[.\s]*/.exec(written)?.[0].replace(/\s/g, '').length ?? 0;
  return {
    ...span(state, node),
    kind: 'from',
    module: unspaced(written).replace(/^\.+/, ''),
    level,
    names: importNames(state, node),
    star: node.namedChildren.some((c) => c.type === 'wildcard_import'),
    moduleStart: moduleNode?.startIndex ?? node.startIndex,
    moduleEnd: moduleNode?.endIndex ?? node.startIndex,
  };
}

function expressionStatement(state: State, node: Node): Stmt[] {
  const children = node.namedChildren;
  const only = children.length === 1 ? children[0] : undefined;
  if (only?.type === 'assignment' || only?.type === 'augmented_assignment') return [assignment(state, only, node)];
  if (only) return [{ ...span(state, node), kind: 'expr', value: expr(state, only) }];
  const items = children.map((c) => expr(state, c));
  return [{ ...span(state, node), kind: 'expr', value: { ...span(state, node), kind: 'tuple', items } }];
}

function assignment(state: State, first: Node, outer: Node): Stmt {
  const targets: Expr[] = [];
  let node: Node = first;
  for (;;) {
    const left = node.childForFieldName('left');
    if (left) targets.push(expr(state, left));
    const right = node.childForFieldName('right');
    const annotation = node.childForFieldName('type');
    if (right?.type === 'assignment') {
      node = right;
      continue;
    }
    return {
      ...span(state, outer),
      kind: 'assign',
      targets,
      op: fieldText(state, node, 'operator', '='),
      ...(right ? { value: expr(state, right) } : {}),
      ...(annotation ? { annotation: expr(state, annotation) } : {}),
    };
  }
}

function definition(state: State, node: Node, outer: Node, decorators: readonly Expr[]): Stmt {
  const name = fieldText(state, node, 'name', '');
  const body = block(state, node.childForFieldName('body'));
  if (node.type === 'class_definition') {
    const bases = node.childForFieldName('superclasses');
    return {
      ...span(state, outer),
      line: line(state, node),
      kind: 'class',
      name,
      bases: bases ? callArguments(state, bases) : [],
      decorators,
      body,
    };
  }
  const returns = node.childForFieldName('return_type');
  const params = node.childForFieldName('parameters');
  return {
    ...span(state, outer),
    line: line(state, node),
    kind: 'function',
    name,
    async: state.text.startsWith('async', node.startIndex),
    params: params ? parameters(state, params) : [],
    ...(returns ? { returns: expr(state, returns) } : {}),
    decorators,
    body,
    defStart: node.startIndex,
  };
}

function parameters(state: State, node: Node): Parameter[] {
  const out: Parameter[] = [];
  for (const child of node.namedChildren) {
    // `*` and `/` only part the parameters.
    if (child.type === 'keyword_separator' || child.type === 'positional_separator') continue;
    const { inner, annotation, value } = partsOf(child);
    const star =
      inner.type === 'list_splat_pattern' ? '*' : inner.type === 'dictionary_splat_pattern' ? '**' : undefined;
    out.push({
      ...span(state, child),
      name: source(state, inner).replace(/^\*+/, ''),
      ...(star ? { star } : {}),
      ...(annotation ? { annotation: expr(state, annotation) } : {}),
      ...(value ? { default: expr(state, value) } : {}),
    });
  }
  return out;
}

/** The nodes of a parameter's name, type and default. */
function partsOf(node: Node): { readonly inner: Node; readonly annotation?: Node; readonly value?: Node } {
  const [first = node] = node.namedChildren;
  const annotation = node.childForFieldName('type');
  switch (node.type) {
    case 'default_parameter':
    case 'typed_default_parameter':
      return { inner: node.childForFieldName('name') ?? node, annotation, value: node.childForFieldName('value') };
    case 'typed_parameter':
      return { inner: first, annotation };
    default:
      return { inner: node };
  }
}

function ifStatement(state: State, node: Node): Stmt {
  const clauses = node.childrenForFieldName('alternative');
  // Each `elif` is nested in the one before: past the limit what is left of them is opaque, as all that lies too deep.
  const [opaque, ...more] = clauses.splice(Math.max(0, MAX_DEPTH - state.depth));
  if (opaque) passOver(state, opaque.startIndex);
  let orelse: Stmt[] = opaque
    ? [
        {
          ...span(state, opaque),
          end: (more.at(-1) ?? opaque).endIndex,
          kind: 'other',
          type: opaque.type,
          children: [],
        },
      ]
    : [];
  for (const clause of clauses.reverse()) {
    if (clause.type === 'elif_clause') {
      const parts = ifParts(state, clause);
      // As for Python, what follows an `elif` belongs to it.
      orelse = [{ ...parts, end: orelse.at(-1)?.end ?? parts.end, kind: 'if', orelse }];
    } else {
      orelse = block(state, clause.childForFieldName('body'));
    }
  }
  return { ...ifParts(state, node), kind: 'if', orelse };
}

function ifParts(state: State, node: Node): Span & { test: Expr; body: Stmt[] } {
  const test = node.childForFieldName('condition');
  return {
    ...span(state, node),
    test: test ? expr(state, test) : { ...span(state, node), kind: 'constant', value: null },
    body: block(state, node.childForFieldName('consequence')),
  };
}

function tryStatement(state: State, node: Node): Stmt {
  const handlers: Stmt[][] = [];
  let orelse: Stmt[] = [];
  let finalbody: Stmt[] = [];
  for (const child of node.namedChildren) {
    const inner = child.namedChildren.find((c) => c.type === 'block');
    if (child.type.startsWith('except')) handlers.push(block(state, inner));
    else if (child.type === 'else_clause') orelse = block(state, inner);
    else if (child.type === 'finally_clause') finalbody = block(state, inner);
  }
  return {
    ...span(state, node),
    kind: 'try',
    body: block(state, node.childForFieldName('body')),
    handlers,
    orelse,
    finalbody,
  };
}

function compound(state: State, node: Node): Stmt {
  const kind = node.type.replace('_statement', '') as 'with' | 'for' | 'while' | 'match';
  const parts: Parts = { header: [], targets: [], body: [] };
  // The block of a match holds its case clauses, whose own blocks hold the statements.
  const cases = kind === 'match' ? node.namedChildren.filter((child) => child.type === 'block') : [];
  collectParts(state, node, cases, parts);
  return { ...span(state, node), kind, ...parts };
}

interface Parts {
  readonly header: Expr[];
  readonly targets: Expr[];
  readonly body: Stmt[];
}

/** `through`: blocks that hold no statements themselves. */
function collectParts(state: State, node: Node, through: readonly Node[], parts: Parts): void {
  const { header, targets, body } = parts;
  for (const child of node.namedChildren) {
    if (/_clause$|^with_item$/.test(child.type) || through.includes(child)) collectParts(state, child, through, parts);
    else if (child.type === 'block') body.push(...block(state, child));
    else if (child.type === 'as_pattern') {
      const [value, alias] = child.namedChildren;
      if (value) header.push(expr(state, value));
      if (alias) targets.push(expr(state, alias.namedChildren[0] ?? alias));
    } else if (node.type === 'for_statement' && child.field === 'left') targets.push(expr(state, child));
    else header.push(expr(state, child));
  }
}
