/** Names that a body of statements binds: what each of them is bound to, without following imports. */
import type { AssignStmt, ClassStmt, Expr, FromImportStmt, FunctionStmt, Stmt } from '../syntax/python/ast.ts';
import { blocksOf } from '../syntax/python/children.ts';

/** What a top-level name (or a local one) is bound to. */
export type Binding =
  | { readonly kind: 'class'; readonly stmt: ClassStmt }
  | { readonly kind: 'function'; readonly stmt: FunctionStmt }
  | { readonly kind: 'assign'; readonly stmt: AssignStmt; readonly value?: Expr }
  | { readonly kind: 'from'; readonly stmt: FromImportStmt; readonly name: string }
  /** `import a.b` binds `a`; `import a.b as c` binds `c` to a.b. */
  | { readonly kind: 'import'; readonly stmt: Stmt; readonly module: string };

/** Statements that run when the body runs: also those inside if, try, with, for and while, not inside def or class. */
export function topLevel(body: readonly Stmt[]): Stmt[] {
  const out: Stmt[] = [];
  listTopLevel(body, out);
  return out;
}

function listTopLevel(body: readonly Stmt[], out: Stmt[]): void {
  for (const stmt of body) {
    out.push(stmt);
    if (stmt.kind === 'function' || stmt.kind === 'class') continue;
    for (const block of blocksOf(stmt)) listTopLevel(block, out);
  }
}

const bound = new WeakMap<readonly Stmt[], ReadonlyMap<string, readonly Binding[]>>();

/** Names that a body binds; worked out once for a body. */
export function collect(body: readonly Stmt[]): ReadonlyMap<string, readonly Binding[]> {
  let known = bound.get(body);
  if (!known) {
    known = collectNames(body);
    bound.set(body, known);
  }
  return known;
}

function collectNames(body: readonly Stmt[]): Map<string, Binding[]> {
  const out = new Map<string, Binding[]>();
  for (const stmt of topLevel(body)) {
    for (const [name, binding] of namesBound(stmt)) {
      const known = out.get(name);
      if (known) known.push(binding);
      else out.set(name, [binding]);
    }
  }
  return out;
}

function namesBound(stmt: Stmt): (readonly [string, Binding])[] {
  switch (stmt.kind) {
    case 'class':
      return [[stmt.name, { kind: 'class', stmt }]];
    case 'function':
      return [[stmt.name, { kind: 'function', stmt }]];
    case 'import':
      return stmt.names.map((n) => {
        const module = n.as ? n.module : (n.module.split('.')[0] ?? n.module);
        return [n.as ?? module, { kind: 'import', stmt, module }];
      });
    case 'from':
      return stmt.names.map((n) => [n.as ?? n.name, { kind: 'from', stmt, name: n.name }]);
    case 'assign':
      return stmt.op === '=' ? stmt.targets.flatMap((target) => targetsBound(stmt, target)) : [];
    default:
      return [];
  }
}

function targetsBound(stmt: AssignStmt, target: Expr): (readonly [string, Binding])[] {
  if (target.kind === 'name') return [[target.id, { kind: 'assign', stmt, ...(stmt.value && { value: stmt.value }) }]];
  if (target.kind !== 'tuple' && target.kind !== 'list') return [];
  return target.items.flatMap((item) => (item.kind === 'name' ? [[item.id, { kind: 'assign', stmt }] as const] : []));
}

/** What `self.attr = …` in a body puts there; the last that is no constant. */
export function selfAssigned(body: readonly Stmt[], attr: string): Expr | undefined {
  let found: Expr | undefined;
  for (const stmt of body) {
    if (stmt.kind === 'assign' && stmt.op === '=' && stmt.value && stmt.value.kind !== 'constant') {
      const hit = stmt.targets.some(
        (t) => t.kind === 'attribute' && t.attr === attr && t.value.kind === 'name' && t.value.id === 'self',
      );
      if (hit) found = stmt.value;
    }
    if (stmt.kind === 'function' || stmt.kind === 'class') continue;
    for (const block of blocksOf(stmt)) found = selfAssigned(block, attr) ?? found;
  }
  return found;
}
