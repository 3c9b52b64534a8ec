/**
 * Fields that a settings object does without by its annotations, and that a check of its own asks for: the program ends
 * where they are not set. https://docs.pydantic.dev/latest/concepts/validators/#model-validators
 */
import type { ClassStmt, Expr, FunctionStmt, Stmt } from '../../syntax/python/ast.ts';
import { descend, dotted, isNone, keyword, lastName, stringValue } from '../../syntax/python/walk.ts';
import { type Refused, raises, refusals, refusedBy } from './need.ts';

/** Field → what its check refuses. Only what runs whatever the other fields hold. */
export function checkedFields(cls: ClassStmt): ReadonlyMap<string, Refused> {
  return refusals(cls.body.flatMap((stmt) => (stmt.kind === 'function' && isCheck(stmt) ? checkedIn(stmt, cls) : [])));
}

/** Of the finished object: a validator of a field does not see a default. */
function isCheck({ name, decorators }: FunctionStmt): boolean {
  if (name === 'model_post_init') return true;
  return decorators.some(
    (d) => d.kind === 'call' && lastName(d.func) === 'model_validator' && stringValue(keyword(d, 'mode')) === 'after',
  );
}

function checkedIn({ params, body }: FunctionStmt, cls: ClassStmt): (readonly [string, Refused])[] {
  const self = params[0]?.name ?? 'self';
  const lists = new Map<string, readonly string[]>();
  const gathered = new Map<string, (readonly [string, Refused])[]>();
  const out: (readonly [string, Refused])[] = [];
  for (const stmt of [...cls.body.filter((s) => s.kind === 'assign'), ...body]) {
    gather(stmt, lists, gathered, self);
    if (stmt.kind === 'for') out.push(...looped(stmt, lists, self, gathered));
    if (stmt.kind === 'if' && raises(stmt.body)) {
      out.push(
        ...refusedBy(stmt.test).flatMap(({ of, refused }) => fieldOf(of, self, refused)),
        ...(gathered.get(dotted(stmt.test) ?? '') ?? []),
      );
    }
    if (stmt.kind === 'other' && stmt.type === 'assert_statement') out.push(...assertedBy(stmt.children[0], self));
    // What stands behind a way out may not run.
    if (stmt.kind === 'return' || (stmt.kind === 'if' && leaves(stmt.body))) break;
  }
  return out;
}

/** Notes what an assignment names: a list of fields, or those that lack a value. */
function gather(
  stmt: Stmt,
  lists: Map<string, readonly string[]>,
  gathered: Map<string, (readonly [string, Refused])[]>,
  self: string,
): void {
  const bound = stmt.kind === 'assign' ? boundBy(stmt) : undefined;
  if (!bound) return;
  const names = textsOf(bound.value, lists, self);
  if (names) lists.set(bound.name, names);
  const missing = comprehended(bound.value, lists, self);
  if (missing) gathered.set(bound.name, missing);
}

function boundBy(stmt: Stmt): { readonly name: string; readonly value: Expr } | undefined {
  const [target] = stmt.kind === 'assign' && stmt.op === '=' ? stmt.targets : [];
  return stmt.kind === 'assign' && target?.kind === 'name' && stmt.value
    ? { name: target.id, value: stmt.value }
    : undefined;
}

function leaves(block: readonly Stmt[]): boolean {
  return block.some((s) => s.kind === 'return');
}

/** The texts of a list that is written there, or under a name of the function or the class. */
function textsOf(
  expr: Expr,
  lists: ReadonlyMap<string, readonly string[]>,
  self: string,
): readonly string[] | undefined {
  const name = dotted(expr)?.replace(new RegExp(`^(?:${self}|cls)\\.`), '');
  if (name !== undefined) return lists.get(name);
  if (expr.kind !== 'list' && expr.kind !== 'tuple' && expr.kind !== 'set') return undefined;
  const texts = expr.items.flatMap((item) => stringValue(item) ?? []);
  return texts.length > 0 && texts.length === expr.items.length ? texts : undefined;
}

/** `[name for name in (…) if getattr(self, name) is None]` */
function comprehended(
  expr: Expr,
  lists: ReadonlyMap<string, readonly string[]>,
  self: string,
): (readonly [string, Refused])[] | undefined {
  if (expr.kind !== 'other' || expr.type !== 'list_comprehension') return undefined;
  const parts = descend(expr);
  const names = parts.map((part) => textsOf(part, lists, self)).find((texts) => texts !== undefined);
  const refused = parts.map((part) => refusedAttribute(part, self)).find((found) => found !== undefined);
  return names && refused ? names.map((name) => [name, refused] as const) : undefined;
}

/** `for name in (…): if getattr(self, name) is None: raise …`, or it goes into a list that is looked at afterwards. */
function looped(
  { header, body }: Extract<Stmt, { kind: 'for' | 'with' | 'while' | 'match' }>,
  lists: ReadonlyMap<string, readonly string[]>,
  self: string,
  gathered: Map<string, (readonly [string, Refused])[]>,
): (readonly [string, Refused])[] {
  const names = header.map((expr) => textsOf(expr, lists, self)).find((texts) => texts !== undefined) ?? [];
  const [inner] = body;
  const refused = inner?.kind === 'if' ? refusedAttribute(inner.test, self) : undefined;
  if (inner?.kind !== 'if' || refused === undefined) return [];
  const found = names.map((name) => [name, refused] as const);
  if (raises(inner.body)) return found;
  for (const stmt of inner.body) {
    const into = stmt.kind === 'expr' && stmt.value.kind === 'call' ? dotted(stmt.value.func) : undefined;
    if (into?.endsWith('.append')) gathered.set(into.slice(0, -'.append'.length), found);
  }
  return [];
}

/** `getattr(self, name) is None`, `not getattr(self, name)` */
function refusedAttribute(test: Expr, self: string): Refused | undefined {
  const isRead = (expr: Expr | undefined): boolean =>
    expr?.kind === 'call' &&
    dotted(expr.func) === 'getattr' &&
    expr.args.length <= 3 &&
    dotted(expr.args[0]?.value ?? expr) === self;
  if (test.kind === 'unary' && test.op === 'not' && isRead(test.operand)) return 'falsy';
  return test.kind === 'compare' && test.ops[0] === 'is' && isRead(test.operands[0]) && isNone(test.operands[1])
    ? 'none'
    : undefined;
}

/** `assert self.NAME`, `assert self.NAME is not None` */
function assertedBy(test: Expr | undefined, self: string): (readonly [string, Refused])[] {
  if (!test) return [];
  if (test.kind === 'bool') return test.op === 'and' ? [test.left, test.right].flatMap((e) => assertedBy(e, self)) : [];
  if (test.kind === 'attribute') return fieldOf(test, self, 'falsy');
  const [left, right] =
    test.kind === 'compare' && test.ops.length === 1 && test.ops[0] === 'is not' ? test.operands : [];
  return left && isNone(right) ? fieldOf(left, self, 'none') : [];
}

function fieldOf(expr: Expr, self: string, refused: Refused): (readonly [string, Refused])[] {
  const name = dotted(expr);
  return name?.startsWith(`${self}.`) && name.split('.').length === 2 ? [[name.slice(self.length + 1), refused]] : [];
}
