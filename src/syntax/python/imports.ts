/** Where an `import os` is, and where one may be put. */
import { isStandard } from '../../system/standard-modules.ts';
import { type Edit, lineEnd, lineEnding, lineStart } from '../edit.ts';
import type { Expr, PythonModule, Stmt } from './ast.ts';
import { wordOf } from './needle.ts';
import { expressions, statements, stringValue } from './walk.ts';

/** How to write `os.…` at some place, and the edit that makes it work there (none when it works already). */
export interface OsName {
  readonly name: string;
  readonly edit?: Edit;
}

/** Standard modules that often come first in a file: the new import joins them in alphabetical order. */
/**
 * The name by which `os` can be used at offset `at`, where `around` are the enclosing statements; with an edit that
 * adds `import os` at the top of the module when no import of it is in sight before `at`. `taken` tells that the name
 * `os` may mean something else there, as after a star import.
 */
export function osAt(module: PythonModule, at: number, around: readonly Stmt[] = [], taken = false): OsName {
  for (const holder of [...around].reverse()) {
    const found = importOf('os', bodyHolding(at)(holder), at);
    if (found) return { name: found };
  }
  const found = importOf('os', module.body, at);
  if (found && !taken && !isRebound(module, found, around)) return { name: found };
  const name = found || taken || isRebound(module, 'os', around) ? freeName(module) : 'os';
  return { name, edit: importEdit(module, name === 'os' ? 'import os' : `import os as ${name}`) };
}

/** Worked out once for an object and a name: a file with many edits asks again and again. */
function once<K extends object, T>(make: (of: K, name: string) => T): (of: K, name: string) => T {
  const kept = new WeakMap<K, Map<string, T>>();
  return (of, name) => {
    const known = kept.get(of) ?? new Map<string, T>();
    kept.set(of, known);
    const value = known.has(name) ? (known.get(name) as T) : make(of, name);
    known.set(name, value);
    return value;
  };
}

/** The name that an import statement of `body` before `at` gives to the module `wanted`. */
function importOf(wanted: string, body: readonly Stmt[], at: number): string | undefined {
  return importsOf(body, wanted).find((i) => i.start < at)?.as;
}

const importsOf = once((body: readonly Stmt[], wanted) =>
  body.flatMap((stmt) => {
    const as = importedAs(stmt, wanted);
    return as === undefined ? [] : [{ start: stmt.start, as }];
  }),
);

/** The name that a statement by itself gives to the module `wanted`. */
function importedAs(stmt: Stmt, wanted: string): string | undefined {
  if (stmt.kind !== 'import') return undefined;
  const found = stmt.names.find(
    (n) => n.module === wanted || (n.module.startsWith(`${wanted}.`) && n.as === undefined),
  );
  return found && (found.as ?? wanted);
}

/** True when the module binds or uses `name` anywhere, as a parameter or by an import, too. */
export const usesName = once((module: PythonModule, name): boolean => {
  const word = wordOf([name]);
  const isIt = (e: Expr): boolean => (e.kind === 'name' && e.id === name) || (e.kind === 'named' && e.name === name);
  return (
    statements(module.body, word).some(({ stmt }) => introduces(stmt, name)) ||
    expressions(module.body, isIt, word).length > 0
  );
});

/** True when a definition or an import by itself brings the name, or a parameter. */
function introduces(stmt: Stmt, name: string): boolean {
  switch (stmt.kind) {
    case 'function':
      return stmt.name === name || stmt.params.some((p) => p.name === name);
    case 'class':
      return stmt.name === name;
    case 'from':
      return stmt.names.some((n) => (n.as ?? n.name) === name);
    case 'import':
      return stmt.names.some((n) => (n.as ?? n.module.split('.')[0]) === name);
    default:
      return false;
  }
}

/**
 * True when `name`, which the module's top level imports, may mean something else inside of `around`: it is bound again
 * at the top level or in a function around, or declared global in any function.
 * https://docs.python.org/3/reference/executionmodel.html#resolution-of-names
 */
function isRebound(module: PythonModule, name: string, around: readonly Stmt[]): boolean {
  if (around.some((s) => s.kind === 'function' && s.params.some((p) => p.name === name))) return true;
  const visible = new Set(around);
  const isScope = (s: Stmt): boolean => s.kind === 'function' || s.kind === 'class';
  for (const { stmt, around: outside } of rebinding(module, name)) {
    if (outside.some((s) => isScope(s) && !visible.has(s))) {
      if (isGlobal(stmt, name)) return true;
      continue;
    }
    if (bindsAnother(stmt, name)) return true;
    // An import anywhere in a function makes the name local to all of it.
    if (outside.some(isScope) && importedAs(stmt, name) === name) return true;
  }
  return false;
}

/** Statements that, where they count, make `name` mean something else. */
const rebinding = once((module: PythonModule, name) =>
  statements(module.body, wordOf([name])).filter(
    ({ stmt }) => isGlobal(stmt, name) || bindsAnother(stmt, name) || importedAs(stmt, name) === name,
  ),
);

function isGlobal(stmt: Stmt, name: string): boolean {
  return stmt.kind === 'other' && stmt.type === 'global_statement' && stmt.children.some((c) => isName(c, name));
}

/** True when a statement by itself binds `name` to anything but the module of that name, or unbinds it. */
function bindsAnother(stmt: Stmt, name: string): boolean {
  switch (stmt.kind) {
    case 'import':
      return stmt.names.some((n) => n.as === name && n.module !== 'os');
    case 'from':
      return stmt.names.some((n) => (n.as ?? n.name) === name);
    case 'function':
    case 'class':
      return stmt.name === name;
    case 'other':
      return stmt.type === 'delete_statement' && stmt.children.some((c) => isName(c, name));
    default:
      return 'targets' in stmt && stmt.targets.some((t) => isName(t, name));
  }
}

/** True for the name itself, also as an item of a tuple. */
function isName(expr: Expr, name: string): boolean {
  if (expr.kind === 'tuple' || expr.kind === 'list') return expr.items.some((i) => isName(i, name));
  if (expr.kind === 'other') return expr.children.some((c) => isName(c, name));
  return expr.kind === 'name' && expr.id === name;
}

function freeName(module: PythonModule): string {
  let name = '_os';
  while (usesName(module, name)) name = `_${name}`;
  return name;
}

function bodyHolding(at: number): (stmt: Stmt) => readonly Stmt[] {
  return (stmt) => {
    if (stmt.kind === 'if')
      return [stmt.body, stmt.orelse].find((b) => b.some((s) => s.start <= at && at < s.end)) ?? [];
    return 'body' in stmt ? stmt.body : [];
  };
}

/**
 * Inserts an import statement at the top level, after the docstring and `from __future__` imports: beside the standard
 * library's imports in alphabetical order when the file starts with them, else before its first import. What is not of
 * the standard library goes below the imports that the file begins with.
 */
export function importEdit(module: PythonModule, statement: string): Edit {
  const { text, body } = module;
  const eol = lineEnding(text);
  const last = isStandard(statement.split(/\s+/)[1] ?? '') ? undefined : lastOfFirstImports(module);
  if (last) {
    const edit = insertBelow(text, last, statement, eol);
    const apart = isStandard(moduleOf(last) ?? '');
    return apart ? { ...edit, text: eol + edit.text } : edit;
  }
  const imports = body.filter(
    (s) => (s.kind === 'import' || s.kind === 'from') && !isFuture(s) && startsItsLine(text, s),
  );
  const first = imports[0];
  if (!first) return insertAfterHead(module, statement, eol);
  const run = standardRun(text, imports);
  const moduleName = statement.split(/\s+/)[1] ?? '';
  const before = run.find((s) => s.kind === 'from' || (moduleOf(s) ?? '') > moduleName);
  if (run.length === 0) {
    const at = lineStart(text, first.start);
    return { start: at, end: at, text: `${statement}${eol}${eol}` };
  }
  if (before) {
    const at = lineStart(text, before.start);
    return { start: at, end: at, text: statement + eol };
  }
  return insertBelow(text, run.at(-1) ?? first, statement, eol);
}

/** The end of the imports that the file begins with. */
function lastOfFirstImports({ text, body }: PythonModule): Stmt | undefined {
  const isImport = (s: Stmt): boolean => (s.kind === 'import' || s.kind === 'from') && startsItsLine(text, s);
  const first = body.findIndex(isImport);
  if (first === -1) return undefined;
  const behind = body.findIndex((s, at) => at > first && !isImport(s));
  const last = body[(behind === -1 ? body.length : behind) - 1];
  return last && isFuture(last) ? undefined : last;
}

/** The leading imports of the standard library, as long as they stand on lines that touch each other. */
function standardRun(text: string, imports: readonly Stmt[]): Stmt[] {
  const out: Stmt[] = [];
  for (const stmt of imports) {
    const previous = out.at(-1);
    if (!isStandard(moduleOf(stmt) ?? '')) break;
    if (previous && text.slice(previous.end, stmt.start).trim() !== '') break;
    if (previous && /\n[ \t]*\r?\n/.test(text.slice(previous.end, stmt.start))) break;
    out.push(stmt);
  }
  return out;
}

function insertAfterHead(module: PythonModule, statement: string, eol: string): Edit {
  const { text, body } = module;
  let last: Stmt | undefined;
  for (const stmt of body) {
    if (isFuture(stmt) || (stmt === body[0] && isDocstring(stmt))) last = stmt;
    else break;
  }
  if (last) {
    const edit = insertBelow(text, last, statement, eol);
    return isFuture(last) ? edit : { ...edit, text: edit.text.startsWith(eol) ? eol + edit.text : eol + edit.text };
  }
  const next = body[0];
  const at = next ? lineStart(text, next.start) : text.length;
  return { start: at, end: at, text: `${statement}${eol}${eol}` };
}

function insertBelow(text: string, stmt: Stmt, statement: string, eol: string): Edit {
  const at = lineEnd(text, stmt.end);
  const closed = text[at - 1] === '\n';
  return { start: at, end: at, text: closed ? statement + eol : eol + statement };
}

function moduleOf(stmt: Stmt): string | undefined {
  if (stmt.kind === 'import') return stmt.names[0]?.module;
  return stmt.kind === 'from' && stmt.level === 0 ? stmt.module : undefined;
}

/** https://docs.python.org/3/reference/simple_stmts.html#future-statements: they must come first. */
function isFuture(stmt: Stmt): boolean {
  return stmt.kind === 'from' && stmt.module === '__future__' && stmt.level === 0;
}

function isDocstring(stmt: Stmt): boolean {
  const value: Expr | undefined = stmt.kind === 'expr' ? stmt.value : undefined;
  return stringValue(value) !== undefined || value?.kind === 'string';
}

/** True where nothing but blanks stands before a statement on its line. */
export function startsItsLine(text: string, stmt: Stmt): boolean {
  return text.slice(lineStart(text, stmt.start), stmt.start).trim() === '';
}
