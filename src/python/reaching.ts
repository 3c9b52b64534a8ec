/** Which bindings of a name may be in force at a place of the body that binds it, in the order of the source. */
import type { BlockStmt, Expr, NamedExpr, Span, Stmt, TryStmt } from '../syntax/python/ast.ts';
import { blocksOf, childrenOf, expressionsOf } from '../syntax/python/children.ts';
import { lastName } from '../syntax/python/walk.ts';
import { type Binding, collect, topLevel } from './bindings.ts';

/** `other`: bound in passing, by a walrus with its value, or by what has no expression: a loop, `with`, `x += 1`, `del`. */
export type Reaching = Binding | { readonly kind: 'other'; readonly stmt: Stmt; readonly value?: Expr };

/** `end`: after the whole body, as for a function that is called later. */
export type Use = Span | 'end';

/** A body of statements that has names of its own, with the text of its file. */
export interface Scope {
  readonly body: readonly Stmt[];
  readonly text: string;
}

/** True where the body binds the name in any way. */
export function binds(scope: Scope, name: string): boolean {
  return collect(scope.body).has(name) || passing(scope).names.has(name);
}

/**
 * What may be bound to `name` at `use`: every binding that no later one certainly replaces. Branches that exclude the
 * place are left out; a loop's later bindings are kept, as the loop comes round again. Empty where nothing is bound yet.
 */
export function reaching(scope: Scope, name: string, use: Use): readonly Reaching[] {
  const { body } = scope;
  const known = collect(body).get(name) ?? [];
  const more = passing(scope).names.get(name) ?? [];
  if (known.length + more.length === 0) return [];
  const [only] = known;
  // Nearly every name is bound once, by a statement of the body itself.
  const before = only !== undefined && (use === 'end' || only.stmt.end <= use.start);
  if (before && known.length === 1 && more.length === 0 && body.includes(only.stmt)) return known;
  const key = `${use === 'end' ? '' : use.start} ${name}`;
  const answers = walked.get(body) ?? new Map<string, readonly Reaching[]>();
  walked.set(body, answers);
  let found = answers.get(key);
  if (!found) {
    found = new Walk([...known, ...more]).block(body, use === 'end' ? Number.POSITIVE_INFINITY : use.start).values;
    answers.set(key, found);
  }
  return found;
}

const walked = new WeakMap<readonly Stmt[], Map<string, readonly Reaching[]>>();

interface Found {
  readonly values: readonly Reaching[];
  /** What was bound before is replaced, on every way through. */
  readonly certain: boolean;
}

const NOTHING: Found = { values: [], certain: false };

class Walk {
  private readonly all: readonly Reaching[];
  /** Else nested loops would be walked twice on every level. */
  private readonly done = new Map<readonly Stmt[], Found>();

  constructor(all: readonly Reaching[]) {
    this.all = all;
  }

  /** Backwards from `at` to the first statement that certainly binds. */
  block(body: readonly Stmt[], at: number): Found {
    let values: readonly Reaching[] = [];
    for (const stmt of [...body].reverse()) {
      if (stmt.start >= at) continue;
      const found = at < stmt.end ? this.inside(stmt, at) : this.after(stmt);
      values = [...found.values, ...values];
      if (found.certain) return { values, certain: true };
    }
    return { values, certain: false };
  }

  private whole(block: readonly Stmt[]): Found {
    const found = this.done.get(block) ?? this.block(block, Number.POSITIVE_INFINITY);
    this.done.set(block, found);
    return found;
  }

  /** What the statement itself binds, not those in its blocks. */
  private own(stmt: Stmt): Found {
    const values = this.all.filter((b) => b.stmt === stmt).slice(-1);
    return { values, certain: values.length > 0 };
  }

  /** Every binding in a block, as when it is left in the middle. */
  private anyOf(...blocks: readonly (readonly Stmt[])[]): Found {
    const inside = (stmt: Stmt): boolean =>
      blocks.some((b) => (b[0]?.start ?? 0) <= stmt.start && stmt.end <= (b.at(-1)?.end ?? 0));
    return { values: this.all.filter((b) => inside(b.stmt)), certain: false };
  }

  /** At a place inside a statement. */
  private inside(stmt: Stmt, at: number): Found {
    const block = blocksOf(stmt).find((b) => (b[0]?.start ?? 0) <= at && at < (b.at(-1)?.end ?? 0));
    if (!block || stmt.kind === 'function' || stmt.kind === 'class') return NOTHING;
    const found = this.block(block, at);
    if (found.certain) return found;
    if (stmt.kind === 'try') return both(this.beforeIn(stmt, block), found);
    const here = both(this.own(stmt), found);
    if (stmt.kind !== 'for' && stmt.kind !== 'while') return here;
    const later = this.anyOf(block).values.filter((v) => !here.values.includes(v));
    return { values: [...here.values, ...later], certain: here.certain };
  }

  /** What of a try statement may have run before one of its blocks. */
  private beforeIn(stmt: TryStmt, block: readonly Stmt[]): Found {
    if (block === stmt.body) return NOTHING;
    if (block === stmt.orelse) return this.whole(stmt.body);
    if (block === stmt.finalbody) return this.anyOf(stmt.body, stmt.orelse, ...stmt.handlers);
    return this.anyOf(stmt.body);
  }

  /** Once a statement is done. */
  private after(stmt: Stmt): Found {
    const own = this.own(stmt);
    switch (stmt.kind) {
      case 'if':
        return both(own, either([stmt.body, stmt.orelse].map((b) => ({ ...this.whole(b), block: b }))));
      case 'with':
        return both(own, suppresses(stmt) ? this.anyOf(stmt.body) : this.whole(stmt.body));
      case 'for':
      case 'while':
      case 'match':
        return weak(both(own, this.anyOf(stmt.body)));
      case 'try': {
        const tried = { ...both(this.whole(stmt.body), this.whole(stmt.orelse)), block: [] };
        const handled = stmt.handlers.map((b) => ({ ...both(this.anyOf(stmt.body), this.whole(b)), block: b }));
        return both(either([tried, ...handled]), this.whole(stmt.finalbody));
      }
      default:
        return own;
    }
  }
}

/** https://docs.python.org/3/library/contextlib.html#contextlib.suppress */
function suppresses(stmt: BlockStmt): boolean {
  return stmt.header.some((e) => e.kind === 'call' && lastName(e.func) === 'suppress');
}

/** One after the other. */
function both(first: Found, second: Found): Found {
  if (second.certain) return second;
  return { values: [...first.values, ...second.values], certain: first.certain };
}

/** One of several ways; a block that leaves is no way on. */
function either(ways: readonly (Found & { readonly block: readonly Stmt[] })[]): Found {
  const on = ways.filter((w) => !leaves(w.block));
  return { values: on.flatMap((w) => w.values), certain: on.every((w) => w.certain) };
}

function weak(found: Found): Found {
  return { values: found.values, certain: false };
}

/** True when what stands behind the block is not reached through it. */
function leaves(block: readonly Stmt[]): boolean {
  const last = block.at(-1);
  if (last?.kind === 'return') return true;
  return last?.kind === 'other' && /^(?:raise|continue|break)_statement$/.test(last.type);
}

interface Passing {
  readonly names: ReadonlyMap<string, readonly Reaching[]>;
  /** Names that are the module's. */
  readonly globals: ReadonlySet<string>;
}

const listed = new WeakMap<readonly Stmt[], Passing>();

/** What `collect` does not list; worked out once for a body. */
function passing({ body, text }: Scope): Passing {
  const known = listed.get(body);
  if (known) return known;
  const names = new Map<string, Reaching[]>();
  const globals = new Set<string>();
  const named = text.includes(':=');
  for (const stmt of topLevel(body)) {
    for (const name of namesBound(stmt)) names.set(name, [...(names.get(name) ?? []), { kind: 'other', stmt }]);
    if (stmt.kind === 'other' && stmt.type === 'global_statement')
      for (const name of stmt.children.flatMap(namesIn)) globals.add(name);
    if (!named || stmt.kind === 'function' || stmt.kind === 'class') continue;
    for (const { name, value } of expressionsOf(stmt).flatMap(walrusIn))
      names.set(name, [...(names.get(name) ?? []), { kind: 'other', stmt, value }]);
  }
  const found = { names, globals };
  listed.set(body, found);
  return found;
}

function namesBound(stmt: Stmt): readonly string[] {
  if (stmt.kind === 'for' || stmt.kind === 'with') return stmt.targets.flatMap(namesIn);
  if (stmt.kind === 'assign') return stmt.op === '=' ? [] : stmt.targets.flatMap(namesIn);
  return stmt.kind === 'other' && stmt.type === 'delete_statement' ? stmt.children.flatMap(namesIn) : [];
}

function namesIn(target: Expr): readonly string[] {
  if (target.kind === 'name') return [target.id];
  return target.kind === 'tuple' || target.kind === 'list' || target.kind === 'other'
    ? childrenOf(target).flatMap(namesIn)
    : [];
}

function walrusIn(expr: Expr): readonly NamedExpr[] {
  const below = childrenOf(expr).flatMap(walrusIn);
  return expr.kind === 'named' ? [expr, ...below] : below;
}

/** True when a function declares that the name is the module's: https://docs.python.org/3/reference/simple_stmts.html#global */
export function declaresGlobal(scope: Scope, name: string): boolean {
  return passing(scope).globals.has(name);
}
