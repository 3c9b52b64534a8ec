/** An import that code to be inserted needs, and one that it leaves unused. */
import { type Edit, indentAt, lineEnd, lineEnding, lineStart } from '../edit.ts';
import type { Expr, FromImportStmt, ImportStmt, PythonModule, Stmt } from './ast.ts';
import { importEdit, usesName } from './imports.ts';
import { expressions, statements } from './walk.ts';

/** A module, or with `name` something of it. */
export interface Wanted {
  readonly module: string;
  readonly name?: string;
}

/** How the wanted is written in a module, and the edit that imports it; none where it is imported already. */
export interface Imported {
  readonly name: string;
  readonly edit?: Edit;
}

/**
 * Makes a name usable at the top level of a module and in its functions. It joins an import of the same module; where its
 * name means something else, it is imported as `_name`.
 */
export function ensureImport(module: PythonModule, wanted: Wanted): Imported {
  const plain = wanted.name ?? wanted.module;
  const known = importsAtTop(module)
    .map((stmt) => ({ stmt, as: boundAs(stmt, wanted) }))
    .find(({ stmt, as }) => as !== undefined && isBoundOnlyBy(module, as.split('.')[0] ?? as, stmt));
  if (known?.as !== undefined) return { name: known.as };
  let name = plain;
  while (usesName(module, name.split('.')[0] ?? name)) name = `_${name.replaceAll('.', '_')}`;
  const as = name === plain ? '' : ` as ${name}`;
  if (wanted.name === undefined) return { name, edit: importEdit(module, `import ${wanted.module}${as}`) };
  const joined = importsAtTop(module).find(
    (stmt): stmt is FromImportStmt =>
      stmt.kind === 'from' && stmt.level === 0 && stmt.module === wanted.module && !stmt.star && stmt.names.length > 0,
  );
  if (joined) return { name, edit: appended(module.text, joined, `${wanted.name}${as}`) };
  return { name, edit: importEdit(module, `from ${wanted.module} import ${wanted.name}${as}`) };
}

/**
 * The edit that takes away the import of `name` at the top level, where the rest of the text has no word `name`, be it in
 * a string or a comment. Undefined where it stays. `gone`: ranges that are taken away, too.
 */
export function removeUnusedImport(
  module: PythonModule,
  name: string,
  gone: readonly { readonly start: number; readonly end: number }[],
): Edit | undefined {
  const { text } = module;
  const holding = importsAtTop(module).filter((stmt) => itemOf(stmt, name));
  const [stmt] = holding;
  if (!stmt || holding.length > 1) return undefined;
  const item = itemOf(stmt, name);
  if (!item) return undefined;
  const word = new RegExp(`(?<![\\w.])${name}(?!\\w)`, 'g');
  const removed = [...gone, item];
  for (const { index } of text.matchAll(word)) {
    if (!removed.some(({ start, end }) => start <= index && index < end)) return undefined;
  }
  if (stmt.names.length === 1) return lineOf(text, stmt);
  const at = stmt.names.findIndex((n) => n.start === item.start);
  const [before, after] = [stmt.names[at - 1], stmt.names[at + 1]];
  if (after) return { start: item.start, end: after.start, text: '' };
  return before && { start: before.end, end: item.end, text: '' };
}

type AnyImport = ImportStmt | FromImportStmt;

function importsAtTop({ body }: PythonModule): AnyImport[] {
  return body.filter((stmt): stmt is AnyImport => stmt.kind === 'import' || stmt.kind === 'from');
}

function boundAs(stmt: AnyImport, { module, name }: Wanted): string | undefined {
  if (stmt.kind === 'import') {
    const found = name === undefined ? stmt.names.find((n) => n.module === module) : undefined;
    return found && (found.as ?? found.module);
  }
  const found = stmt.level === 0 && stmt.module === module ? stmt.names.find((n) => n.name === name) : undefined;
  return found && (found.as ?? found.name);
}

/** Nothing else in the module gives the name another meaning, at whatever level. */
function isBoundOnlyBy(module: PythonModule, name: string, only: Stmt): boolean {
  const named = (expr: Expr): boolean =>
    expr.kind === 'name'
      ? expr.id === name
      : (expr.kind === 'tuple' || expr.kind === 'list') && expr.items.some((item) => named(item));
  const binds = (stmt: Stmt): boolean => {
    if (stmt === only) return false;
    if (stmt.kind === 'import' || stmt.kind === 'from') return itemOf(stmt, name) !== undefined;
    if (stmt.kind === 'function') return stmt.name === name || stmt.params.some((p) => p.name === name);
    if (stmt.kind === 'class') return stmt.name === name;
    if (stmt.kind === 'other') return /^(?:delete|global|nonlocal)/.test(stmt.type) && stmt.children.some(named);
    return 'targets' in stmt && stmt.targets.some(named);
  };
  if (statements(module.body).some(({ stmt }) => binds(stmt))) return false;
  return expressions(module.body, (e) => e.kind === 'named' && e.name === name).length === 0;
}

/** The item of an import that binds a name, with its range. */
function itemOf(stmt: AnyImport, name: string): { readonly start: number; readonly end: number } | undefined {
  if (stmt.kind === 'from') return stmt.names.find((n) => (n.as ?? n.name) === name);
  return stmt.names.find((n) => (n.as ?? n.module.split('.')[0]) === name);
}

/** Behind the last name, on a line of its own where the names have that. */
function appended(text: string, { names, start }: FromImportStmt, added: string): Edit {
  const last = names.at(-1);
  const at = last?.end ?? start;
  const ownLine = last !== undefined && text.slice(lineStart(text, last.start), last.start).trim() === '';
  const between = ownLine ? `,${lineEnding(text)}${indentAt(text, at)}` : ', ';
  return { start: at, end: at, text: `${between}${added}` };
}

/** The whole line of a statement; undefined where something else stands on it, such as `# noqa`. */
function lineOf(text: string, stmt: Stmt): Edit | undefined {
  const [start, end] = [lineStart(text, stmt.start), lineEnd(text, stmt.end)];
  const alone = text.slice(start, stmt.start).trim() === '' && text.slice(stmt.end, end).trim() === '';
  return alone ? { start, end, text: '' } : undefined;
}
