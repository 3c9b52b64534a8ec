/** tree-sitter's concrete tree → the plain tree of `ast.ts`. */
import type { Argument, Comment, Expr, Parameter, PythonModule, Span, Stmt } from './ast.ts';
import { type Node, withTree } from './parser.ts';
import { lowerString } from './strings.ts';

/** Deeper than any hand-written source; past it nodes become `other`, so that recursion stays bounded. */
const MAX_DEPTH = 400;

/** Parses Python source. Never throws on bad syntax: see `errors`. */
export function parsePython(text: string): PythonModule {
  return withTree(text, (root) => new Lowering(text).module(root));
}

class Lowering {
  private readonly comments: Comment[] = [];
  private readonly text: string;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  module(root: Node): PythonModule {
    const body = this.block(root);
    const errors = root.hasError ? countErrors(root) : { count: 0 as number, line: undefined };
    return {
      text: this.text,
      body,
      comments: this.comments,
      errors: errors.count,
      ...(errors.line === undefined ? {} : { errorLine: errors.line }),
    };
  }

  private block(node: Node | null): Stmt[] {
    const out: Stmt[] = [];
    if (!node) return out;
    for (const child of node.namedChildren) if (child) this.statement(child, out);
    return out;
  }

  private statement(node: Node, out: Stmt[]): void {
    if (node.type === 'comment') {
      this.comment(node);
      return;
    }
    this.depth++;
    try {
      out.push(
        ...(this.depth > MAX_DEPTH
          ? [{ ...span(node), kind: 'other' as const, type: node.type, children: [] }]
          : this.stmt(node)),
      );
    } finally {
      this.depth--;
    }
  }

  private comment(node: Node): void {
    this.comments.push({ ...span(node), text: node.text });
  }

  private stmt(node: Node): Stmt[] {
    const at = span(node);
    switch (node.type) {
      case 'import_statement':
        return [
          {
            ...at,
            kind: 'import',
            names: this.importNames(node).map(({ name, ...rest }) => ({ module: name, ...rest })),
          },
        ];
      case 'import_from_statement':
      case 'future_import_statement':
        return [this.fromImport(node)];
      case 'expression_statement':
        return this.expressionStatement(node);
      case 'function_definition':
      case 'class_definition':
        return [this.definition(node, node, [])];
      case 'decorated_definition': {
        const inner = node.childForFieldName('definition');
        const decorators = node.namedChildren
          .filter((c): c is Node => c?.type === 'decorator')
          .map((c) => this.expr(c.namedChildren.find((d) => d?.type !== 'comment') ?? c));
        for (const child of node.namedChildren) if (child?.type === 'comment') this.comment(child);
        if (inner) return [this.definition(inner, node, decorators)];
        break;
      }
      case 'if_statement':
        return [this.ifStatement(node)];
      case 'try_statement':
        return [this.tryStatement(node)];
      case 'with_statement':
      case 'for_statement':
      case 'while_statement':
      case 'match_statement':
        return [this.compound(node)];
      case 'return_statement': {
        const value = this.named(node)[0];
        return [value ? { ...at, kind: 'return', value: this.expr(value) } : { ...at, kind: 'return' }];
      }
      case 'type_alias_statement':
        return [{ ...at, kind: 'other', type: node.type, children: [] }];
      default:
        break;
    }
    if (node.type === 'ERROR') {
      // What tree-sitter could not place may still hold whole statements: keep them findable.
      return [{ ...at, kind: 'other', type: 'ERROR', children: [] }, ...this.block(node)];
    }
    return [{ ...at, kind: 'other', type: node.type, children: this.named(node).map((c) => this.expr(c)) }];
  }

  private importNames(node: Node): ({ name: string; as?: string } & Span)[] {
    const out: ({ name: string; as?: string } & Span)[] = [];
    for (const child of node.childrenForFieldName('name')) {
      if (!child) continue;
      if (child.type === 'aliased_import') {
        const name = child.childForFieldName('name')?.text ?? '';
        const as = child.childForFieldName('alias')?.text;
        out.push({ ...span(child), name, ...(as === undefined ? {} : { as }) });
      } else {
        out.push({ ...span(child), name: child.text });
      }
    }
    for (const child of node.namedChildren) if (child?.type === 'comment') this.comment(child);
    return out;
  }

  private fromImport(node: Node): Stmt {
    const moduleNode = node.childForFieldName('module_name');
    const written = moduleNode?.text ?? '__future__';
    const level = /^[.\s]*/.exec(written)?.[0].replace(/\s/g, '').length ?? 0;
    return {
      ...span(node),
      kind: 'from',
      module: written.replace(/^[.\s]+/, ''),
      level,
      names: this.importNames(node),
      star: node.namedChildren.some((c) => c?.type === 'wildcard_import'),
      moduleStart: moduleNode?.startIndex ?? node.startIndex,
      moduleEnd: moduleNode?.endIndex ?? node.startIndex,
    };
  }

  private expressionStatement(node: Node): Stmt[] {
    const children = this.named(node);
    const only = children.length === 1 ? children[0] : undefined;
    if (only?.type === 'assignment' || only?.type === 'augmented_assignment') return [this.assignment(only, node)];
    if (only) return [{ ...span(node), kind: 'expr', value: this.expr(only) }];
    const items = children.map((c) => this.expr(c));
    return [{ ...span(node), kind: 'expr', value: { ...span(node), kind: 'tuple', items } }];
  }

  private assignment(first: Node, outer: Node): Stmt {
    const targets: Expr[] = [];
    let node: Node = first;
    for (;;) {
      const left = node.childForFieldName('left');
      if (left) targets.push(this.expr(left));
      const right = node.childForFieldName('right');
      const annotation = node.childForFieldName('type');
      if (right?.type === 'assignment') {
        node = right;
        continue;
      }
      return {
        ...span(outer),
        kind: 'assign',
        targets,
        op: node.childForFieldName('operator')?.text ?? '=',
        ...(right ? { value: this.expr(right) } : {}),
        ...(annotation ? { annotation: this.expr(annotation) } : {}),
      };
    }
  }

  private definition(node: Node, outer: Node, decorators: readonly Expr[]): Stmt {
    const name = node.childForFieldName('name')?.text ?? '';
    const body = this.block(node.childForFieldName('body'));
    if (node.type === 'class_definition') {
      const bases = node.childForFieldName('superclasses');
      return {
        ...span(outer),
        line: line(node),
        kind: 'class',
        name,
        bases: bases ? this.arguments(bases) : [],
        decorators,
        body,
      };
    }
    const returns = node.childForFieldName('return_type');
    const params = node.childForFieldName('parameters');
    return {
      ...span(outer),
      line: line(node),
      kind: 'function',
      name,
      async: node.children[0]?.type === 'async',
      params: params ? this.parameters(params) : [],
      ...(returns ? { returns: this.expr(returns) } : {}),
      decorators,
      body,
      defStart: node.startIndex,
    };
  }

  private parameters(node: Node): Parameter[] {
    const out: Parameter[] = [];
    for (const child of this.named(node)) {
      let inner: Node = child;
      let annotation: Node | null = null;
      let value: Node | null = null;
      if (child.type === 'default_parameter' || child.type === 'typed_default_parameter') {
        inner = child.childForFieldName('name') ?? child;
        annotation = child.childForFieldName('type');
        value = child.childForFieldName('value');
      } else if (child.type === 'typed_parameter') {
        inner = child.namedChildren[0] ?? child;
        annotation = child.childForFieldName('type');
      }
      const star =
        inner.type === 'list_splat_pattern' ? '*' : inner.type === 'dictionary_splat_pattern' ? '**' : undefined;
      out.push({
        ...span(child),
        name: inner.text.replace(/^\*+/, ''),
        ...(star ? { star } : {}),
        ...(annotation ? { annotation: this.expr(annotation) } : {}),
        ...(value ? { default: this.expr(value) } : {}),
      });
    }
    return out;
  }

  private ifStatement(node: Node): Stmt {
    const clauses = node.childrenForFieldName('alternative').filter((c): c is Node => c !== null);
    let orelse: Stmt[] = [];
    for (const clause of clauses.reverse()) {
      if (clause.type === 'elif_clause') {
        orelse = [{ ...this.ifParts(clause), kind: 'if', orelse }];
      } else {
        orelse = this.block(clause.childForFieldName('body'));
      }
    }
    this.strayComments(node);
    return { ...this.ifParts(node), kind: 'if', orelse };
  }

  private ifParts(node: Node): Span & { test: Expr; body: Stmt[] } {
    const test = node.childForFieldName('condition');
    return {
      ...span(node),
      test: test ? this.expr(test) : { ...span(node), kind: 'constant', value: null },
      body: this.block(node.childForFieldName('consequence')),
    };
  }

  private tryStatement(node: Node): Stmt {
    const handlers: Stmt[][] = [];
    let orelse: Stmt[] = [];
    let finalbody: Stmt[] = [];
    for (const child of node.namedChildren) {
      if (!child) continue;
      const inner = child.namedChildren.find((c) => c?.type === 'block') ?? null;
      if (child.type.startsWith('except')) handlers.push(this.block(inner));
      else if (child.type === 'else_clause') orelse = this.block(inner);
      else if (child.type === 'finally_clause') finalbody = this.block(inner);
    }
    this.strayComments(node);
    return {
      ...span(node),
      kind: 'try',
      body: this.block(node.childForFieldName('body')),
      handlers,
      orelse,
      finalbody,
    };
  }

  private compound(node: Node): Stmt {
    const header: Expr[] = [];
    const targets: Expr[] = [];
    const body: Stmt[] = [];
    const visit = (n: Node): void => {
      for (const child of n.namedChildren) {
        if (!child) continue;
        if (child.type === 'block') body.push(...this.block(child));
        else if (/_clause$/.test(child.type) && child.type !== 'with_clause') visit(child);
        else if (child.type === 'with_clause' || child.type === 'with_item') visit(child);
        else if (child.type === 'as_pattern') {
          const [value, alias] = child.namedChildren;
          if (value) header.push(this.expr(value));
          if (alias) targets.push(this.expr(alias.namedChildren[0] ?? alias));
        } else if (child.type === 'comment') this.comment(child);
        else if (n.type === 'for_statement' && child.id === n.childForFieldName('left')?.id)
          targets.push(this.expr(child));
        else header.push(this.expr(child));
      }
    };
    visit(node);
    return {
      ...span(node),
      kind: node.type.replace('_statement', '') as 'with' | 'for' | 'while' | 'match',
      header,
      targets,
      body,
    };
  }

  private strayComments(node: Node): void {
    for (const child of node.namedChildren) if (child?.type === 'comment') this.comment(child);
  }

  private named(node: Node): Node[] {
    const out: Node[] = [];
    for (const child of node.namedChildren) {
      if (!child) continue;
      if (child.type === 'comment') this.comment(child);
      else out.push(child);
    }
    return out;
  }

  private expr(node: Node): Expr {
    this.depth++;
    try {
      if (this.depth > MAX_DEPTH) return { ...span(node), kind: 'other', type: node.type, children: [] };
      return this.expression(node);
    } finally {
      this.depth--;
    }
  }

  private expression(node: Node): Expr {
    const at = span(node);
    const field = (name: string): Expr => {
      const child = node.childForFieldName(name);
      return child ? this.expr(child) : { ...at, kind: 'other', type: 'missing', children: [] };
    };
    switch (node.type) {
      case 'identifier':
        return { ...at, kind: 'name', id: node.text };
      case 'attribute':
        return {
          ...at,
          kind: 'attribute',
          value: field('object'),
          attr: node.childForFieldName('attribute')?.text ?? '',
        };
      case 'call': {
        const args = node.childForFieldName('arguments');
        return {
          ...at,
          kind: 'call',
          func: field('function'),
          args: args ? this.arguments(args) : [],
          argsStart: args?.startIndex ?? at.end,
          argsEnd: args?.endIndex ?? at.end,
        };
      }
      case 'string':
      case 'concatenated_string':
        return lowerString(node, at, (n) => this.expr(n));
      case 'integer':
      case 'float':
        return { ...at, kind: 'number', text: node.text };
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
        return { ...at, kind: 'list', items: this.exprs(node) };
      case 'tuple':
      case 'tuple_pattern':
      case 'pattern_list':
      case 'expression_list':
        return { ...at, kind: 'tuple', items: this.exprs(node) };
      case 'set':
        return { ...at, kind: 'set', items: this.exprs(node) };
      case 'dictionary':
        return { ...at, kind: 'dict', entries: this.named(node).map((n) => this.dictEntry(n)) };
      case 'parenthesized_expression': {
        const inner = this.named(node)[0];
        return inner ? this.expr(inner) : { ...at, kind: 'other', type: node.type, children: [] };
      }
      case 'type': {
        const inner = this.named(node)[0];
        return inner ? this.expr(inner) : { ...at, kind: 'other', type: node.type, children: [] };
      }
      case 'generic_type': {
        // `Optional[int]` in an annotation: the same shape as a subscript.
        const [base, params] = this.named(node);
        if (!base) break;
        return { ...at, kind: 'subscript', value: this.expr(base), index: params ? this.exprs(params) : [] };
      }
      case 'binary_operator':
        return {
          ...at,
          kind: 'binary',
          op: node.childForFieldName('operator')?.text ?? '',
          left: field('left'),
          right: field('right'),
        };
      case 'boolean_operator': {
        const op = node.childForFieldName('operator')?.text === 'or' ? 'or' : 'and';
        return { ...at, kind: 'bool', op, left: field('left'), right: field('right') };
      }
      case 'not_operator':
        return { ...at, kind: 'unary', op: 'not', operand: field('argument') };
      case 'unary_operator':
        return { ...at, kind: 'unary', op: node.childForFieldName('operator')?.text ?? '', operand: field('argument') };
      case 'comparison_operator':
        return {
          ...at,
          kind: 'compare',
          operands: this.exprs(node),
          ops: node.childrenForFieldName('operators').map((c) => c?.text ?? ''),
        };
      case 'subscript':
        return {
          ...at,
          kind: 'subscript',
          value: field('value'),
          index: node.childrenForFieldName('subscript').flatMap((c) => (c ? [this.expr(c)] : [])),
        };
      case 'conditional_expression': {
        const [then, test, otherwise] = this.exprs(node);
        if (!then || !test || !otherwise) break;
        return { ...at, kind: 'conditional', test, then, otherwise };
      }
      case 'lambda':
        return { ...at, kind: 'lambda', body: field('body') };
      case 'await': {
        const inner = this.named(node)[0];
        if (!inner) break;
        return { ...at, kind: 'await', value: this.expr(inner) };
      }
      case 'named_expression':
        return { ...at, kind: 'named', name: node.childForFieldName('name')?.text ?? '', value: field('value') };
      default:
        break;
    }
    return { ...at, kind: 'other', type: node.type, children: this.exprs(node) };
  }

  private exprs(node: Node): Expr[] {
    return this.named(node).map((n) => this.expr(n));
  }

  private dictEntry(node: Node): { key: Expr | null; value: Expr } {
    const key = node.childForFieldName('key');
    const value = node.childForFieldName('value');
    if (node.type === 'pair' && key && value) return { key: this.expr(key), value: this.expr(value) };
    return { key: null, value: this.expr(node.namedChildren[0] ?? node) };
  }

  private arguments(node: Node): Argument[] {
    if (node.type === 'generator_expression') return [{ ...span(node), value: this.expr(node) }];
    return this.named(node).map((child): Argument => {
      const at = span(child);
      if (child.type === 'keyword_argument') {
        const value = child.childForFieldName('value');
        const name = child.childForFieldName('name')?.text ?? '';
        return {
          ...at,
          name,
          value: value ? this.expr(value) : { ...at, kind: 'other', type: 'missing', children: [] },
        };
      }
      if (child.type === 'list_splat' || child.type === 'dictionary_splat') {
        const inner = child.namedChildren[0] ?? child;
        return { ...at, star: child.type === 'list_splat' ? '*' : '**', value: this.expr(inner) };
      }
      return { ...at, value: this.expr(child) };
    });
  }
}

function line(node: Node): number {
  return node.startPosition.row + 1;
}

function span(node: Node): Span {
  return { start: node.startIndex, end: node.endIndex, line: line(node) };
}

function countErrors(root: Node): { count: number; line: number | undefined } {
  const cursor = root.walk();
  let count = 0;
  let first: number | undefined;
  try {
    for (;;) {
      const type = cursor.nodeType;
      if (type === 'ERROR' || cursor.nodeIsMissing) {
        count++;
        first ??= cursor.startPosition.row + 1;
      }
      if (cursor.gotoFirstChild()) continue;
      while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return { count, line: first };
    }
  } finally {
    cursor.delete();
  }
}
