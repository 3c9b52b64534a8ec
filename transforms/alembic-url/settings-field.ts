/** What a member of a settings class is: text or a DSN object, and the variable that fills it. */
import type { ModuleGraph } from '../../src/python/modules.ts';
import type { AssignStmt, ClassStmt, FunctionStmt, Stmt } from '../../src/syntax/python/ast.ts';
import { calls, keyword, positional, statements, stringValue } from '../../src/syntax/python/walk.ts';

export interface SettingsField {
  readonly text: boolean;
  readonly variable?: string;
}

/**
 * The member reached by `attrs` from an instance of `stmt`; undefined when `str()` of it might not be the URL (a
 * SecretStr, an SQLAlchemy URL object, which hides its password, or None).
 * https://docs.sqlalchemy.org/en/20/core/engines.html#sqlalchemy.engine.URL.render_as_string
 */
export function fieldOf(
  modules: ModuleGraph,
  path: string,
  stmt: ClassStmt,
  attrs: readonly string[],
): SettingsField | undefined {
  const [name = '', ...rest] = attrs;
  const found = lookUp(modules, path, stmt, name, 0);
  if (!found) return undefined;
  if (rest.length > 0) {
    const type = found.member.kind === 'assign' ? (found.member.annotation ?? callee(found.member)) : undefined;
    const inner = type ? modules.resolveExpr(found.path, type) : undefined;
    const field = inner?.kind === 'class' ? fieldOf(modules, inner.path, inner.stmt, rest) : undefined;
    // A nested model's variable depends on prefix and delimiter: not named here.
    return field ? { text: field.text } : undefined;
  }
  const { member } = found;
  return member.kind === 'function'
    ? property(modules, found.path, member)
    : plain(modules, found.path, found.owner, member);
}

interface Found {
  readonly path: string;
  readonly owner: ClassStmt;
  readonly member: AssignStmt | FunctionStmt;
}

function lookUp(modules: ModuleGraph, path: string, stmt: ClassStmt, name: string, depth: number): Found | undefined {
  for (const member of [...stmt.body].reverse()) {
    if (member.kind === 'function' && member.name === name) return { path, owner: stmt, member };
    if (member.kind === 'assign' && member.targets.some((t) => t.kind === 'name' && t.id === name)) {
      return { path, owner: stmt, member };
    }
  }
  if (depth > 4) return undefined;
  for (const base of stmt.bases) {
    const above = base.name === undefined ? modules.resolveExpr(path, base.value) : undefined;
    const found = above?.kind === 'class' ? lookUp(modules, above.path, above.stmt, name, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

function callee(member: AssignStmt) {
  return member.value?.kind === 'call' ? member.value.func : undefined;
}

function plain(modules: ModuleGraph, path: string, owner: ClassStmt, member: AssignStmt): SettingsField | undefined {
  const text = modules.module(path)?.text ?? '';
  const target = member.targets[0];
  const name = target?.kind === 'name' ? target.id : '';
  const type = member.annotation ? text.slice(member.annotation.start, member.annotation.end) : '';
  const bare = type.replaceAll(/\s|Optional\[|Union\[|\]|\|None|,None|None\|/g, '');
  const optional = bare !== type.replaceAll(/\s/g, '');
  const isText = bare === 'str' || (type === '' && fromEnvironment(modules, path, member));
  if (!isText && !/^(?:\w+\.)?\w*(?:Dsn|Url|URL)$/.test(bare)) return undefined;
  if (!isText && modules.resolveExpr(path, member.annotation ?? member.targets[0] ?? noExpr)?.kind === 'class')
    return undefined;
  if (/(?:^|\.)URL$/.test(bare)) return undefined;
  const none = member.value === undefined || (member.value.kind === 'constant' && member.value.value === null);
  if (optional && none && !validated(owner, name)) return undefined;
  const variable = variableOf(text, owner, member, name);
  return { text: isText, ...(variable === undefined ? {} : { variable }) };
}

const noExpr = { kind: 'constant', value: null, start: 0, end: 0, line: 0 } as const;

/** `X = os.getenv("X", …)` in a plain class. */
function fromEnvironment(modules: ModuleGraph, path: string, member: AssignStmt): boolean {
  const { value } = member;
  if (value?.kind === 'subscript') return modules.external(path, value.value) === 'os.environ';
  if (value?.kind !== 'call') return false;
  const full = modules.external(path, value.func);
  const certain = positional(value).length > 1 || keyword(value, 'default') !== undefined;
  return (full === 'os.getenv' || full === 'os.environ.get') && certain;
}

/** A validator that names the field, or one over the whole model, may fill what is None. */
function validated(owner: ClassStmt, name: string): boolean {
  return owner.body.some(
    (s) =>
      s.kind === 'function' &&
      s.decorators.some((d) =>
        [...calls([asStatement(d)])].some((c) => positional(c.call).some((a) => stringValue(a) === name)),
      ),
  );
}

function asStatement(value: FunctionStmt['decorators'][number]): Stmt {
  return { kind: 'expr', value, start: value.start, end: value.end, line: value.line };
}

/** pydantic-settings: the field's name, any case; not where a prefix or an alias is in play. */
function variableOf(text: string, owner: ClassStmt, member: AssignStmt, name: string): string | undefined {
  const whole = text.slice(owner.start, owner.end);
  if (/env_prefix|alias|env\s*=/.test(whole) || owner.bases.length === 0 || member.value?.kind === 'call')
    return undefined;
  return name.toUpperCase();
}

/** A property that gives text or a DSN. */
function property(modules: ModuleGraph, path: string, fn: FunctionStmt): SettingsField | undefined {
  const text = modules.module(path)?.text ?? '';
  const decorated = fn.decorators.map((d) => text.slice(d.start, d.end));
  if (fn.async || !decorated.some((d) => /(?:^|\.)(?:cached_)?property$/.test(d))) return undefined;
  const type = fn.returns ? text.slice(fn.returns.start, fn.returns.end) : '';
  if (type === 'str') return { text: true };
  if (/^(?:\w+\.)?\w*Dsn$/.test(type)) return { text: false };
  const returns = [...statements(fn.body)].flatMap(({ stmt }) => (stmt.kind === 'return' ? [stmt.value] : []));
  const strings = returns.length > 0 && returns.every((v) => v?.kind === 'string');
  return type === '' && strings ? { text: true } : undefined;
}
