/** What a member of a settings class is: text or a DSN object, and the variable that fills it. */

import { envAccess } from '../../src/python/env-access.ts';
import type { Defined } from '../../src/python/functions.ts';
import type { Place } from '../../src/python/place.ts';
import { meaningOf, memberBinding } from '../../src/python/values.ts';
import type { AssignStmt, ClassStmt, FunctionStmt, Stmt } from '../../src/syntax/python/ast.ts';
import { calls, isNone, positional, statements, stringValue } from '../../src/syntax/python/walk.ts';

export interface SettingsField {
  readonly text: boolean;
  readonly variable?: string;
}

/**
 * The member reached by `attrs` from an instance of `stmt`; undefined when `str()` of it might not be the URL (a
 * SecretStr, an SQLAlchemy URL object, which hides its password, or None).
 * https://docs.sqlalchemy.org/en/20/core/engines.html#sqlalchemy.engine.URL.render_as_string
 */
export function fieldOf(settings: Defined<ClassStmt>, attrs: readonly string[]): SettingsField | undefined {
  const [name = '', ...rest] = attrs;
  const found = memberBinding(settings, name);
  if (!found) return undefined;
  const { owner, binding } = found;
  if (rest.length > 0) {
    const type = binding.kind === 'assign' ? (binding.stmt.annotation ?? callee(binding.stmt)) : undefined;
    const inner = type ? meaningOf(owner, type) : undefined;
    const field = inner?.kind === 'class' ? fieldOf(inner, rest) : undefined;
    // A nested model's variable depends on prefix and delimiter: not named here.
    return field ? { text: field.text } : undefined;
  }
  if (binding.kind === 'function') return property(owner, binding.stmt);
  return binding.kind === 'assign' ? plain(owner, binding.stmt) : undefined;
}

function callee(member: AssignStmt) {
  return member.value?.kind === 'call' ? member.value.func : undefined;
}

function plain(settings: Defined<ClassStmt>, member: AssignStmt): SettingsField | undefined {
  const { modules, path, stmt: owner } = settings;
  const text = modules.module(path)?.text ?? '';
  const target = member.targets[0];
  const name = target?.kind === 'name' ? target.id : '';
  const type = member.annotation ? text.slice(member.annotation.start, member.annotation.end) : '';
  const bare = type.replaceAll(/\s|Optional\[|Union\[|\]|\|None|,None|None\|/g, '');
  const optional = bare !== type.replaceAll(/\s/g, '');
  const isText = bare === 'str' || (type === '' && fromEnvironment(settings, member));
  if (!isText && !/^(?:\w+\.)?\w*(?:Dsn|Url|URL)$/.test(bare)) return undefined;
  if (!isText && member.annotation && meaningOf(settings, member.annotation)?.kind === 'class') return undefined;
  if (/(?:^|\.)URL$/.test(bare)) return undefined;
  const none = member.value === undefined || isNone(member.value);
  if (optional && none && !validated(owner, name)) return undefined;
  const variable = variableOf(text, owner, member, name);
  return { text: isText, ...(variable === undefined ? {} : { variable }) };
}

/** `X = os.getenv("X", …)` in a plain class: text in any case. */
function fromEnvironment(settings: Defined<ClassStmt>, { value }: AssignStmt): boolean {
  const access = value && envAccess(settings, value);
  return access !== undefined && access.cast === undefined && (access.strict || access.fallback !== undefined);
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
function property({ modules, path }: Place, fn: FunctionStmt): SettingsField | undefined {
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
