/**
 * Which edits of an outcome do without others. An outcome is all or nothing; only where a comment asks for some lines to
 * be left alone is it looked at whether the rest can be proved to stand by itself.
 */
import type { Outcome } from '../model/transform.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { applyEdits, type Edit } from '../syntax/edit.ts';
import type { Expr, PythonModule, Stmt } from '../syntax/python/ast.ts';
import { parsePython } from '../syntax/python/lower.ts';
import { expressions, innermost, statements } from '../syntax/python/walk.ts';
import { linesOf } from '../syntax/skip-comments.ts';

type Edits = Readonly<Record<string, readonly Edit[]>>;

/**
 * The edits of an outcome but for those on some lines (1-based, by path). Undefined where the rest cannot be proved to
 * do without them: it must be expressions in Python files that bind no name, beside imports; every name that an import
 * gave and that is still used is still imported.
 */
export function withoutLines(
  repo: Snapshot,
  { edits = {}, creates = {} }: Extract<Outcome, { kind: 'edits' }>,
  lines: ReadonlyMap<string, ReadonlySet<number>>,
): Edits | undefined {
  if (Object.keys(creates).length > 0) return undefined;
  const out: Record<string, readonly Edit[]> = {};
  for (const [path, list] of Object.entries(edits)) {
    const file = path.endsWith('.py') ? repo.read(path) : undefined;
    const module = file && parsePython(file.text);
    if (!module || module.errors > 0 || !list.every((e) => isImport(module, e) || isValue(module, e))) return undefined;
    if (shape(module) !== shape(parsePython(applyEdits(module.text, list)))) return undefined;
    const kept = keptEdits(module, list, lines.get(path) ?? new Set());
    if (!kept) return undefined;
    if (kept.some((e) => !isImport(module, e))) out[path] = kept;
  }
  return Object.keys(out).length > 0 ? out : undefined;
}

/** Those of a file, with the imports that what stays there still needs. */
function keptEdits(
  module: PythonModule,
  list: readonly Edit[],
  lines: ReadonlySet<number>,
): readonly Edit[] | undefined {
  const onHeld = (edit: Edit): boolean => linesOf(module.text, edit).some((line) => lines.has(line));
  const gone = list.filter(onHeld);
  const found = new Set(gone.flatMap((edit) => linesOf(module.text, edit)));
  // An edit that belongs to such a line but lies on another one cannot be told.
  if ([...lines].some((line) => !found.has(line)) || gone.some((edit) => isImport(module, edit))) return undefined;
  const kept = list.filter((edit) => !onHeld(edit));
  const values = kept.filter((edit) => !isImport(module, edit));
  const additions = kept.filter((edit) => isImport(module, edit) && edit.start === edit.end);
  for (const attempt of [kept, [...additions, ...values]]) {
    if (!lacksImports(module, list, attempt)) return attempt;
  }
  return undefined;
}

/** True where a name is used that imports gave before the edits, or give after all of them, but not after these. */
function lacksImports(module: PythonModule, all: readonly Edit[], some: readonly Edit[]): boolean {
  const [whole, after] = [all, some].map((edits) => parsePython(applyEdits(module.text, edits)));
  if (!whole || !after) return true;
  const [has, used] = [importedNames(after), namesUsed(after)];
  return [...importedNames(module), ...importedNames(whole)].some((name) => !has.has(name) && used.has(name));
}

/** The kinds of all statements but imports, in order. */
function shape({ body }: PythonModule): string {
  return statements(body)
    .flatMap(({ stmt }) => (isImportStmt(stmt) ? [] : [stmt.kind]))
    .join();
}

function importedNames({ body }: PythonModule): Set<string> {
  return new Set(
    statements(body).flatMap(({ stmt }) => {
      if (stmt.kind === 'import') return stmt.names.map((n) => n.as ?? n.module.split('.')[0] ?? '');
      return stmt.kind === 'from' ? stmt.names.map((n) => n.as ?? n.name) : [];
    }),
  );
}

function namesUsed({ body }: PythonModule): Set<string> {
  return new Set(expressions(body).flatMap(({ expr }) => (expr.kind === 'name' ? [expr.id] : [])));
}

/** Within an import, or new imports on lines of their own. */
function isImport(module: PythonModule, { start, end, text }: Edit): boolean {
  const touched = statements(module.body).filter(({ stmt }) => stmt.start < end && start < stmt.end);
  if (start === end) {
    const beside = statements(module.body).some(
      ({ stmt }) => isImportStmt(stmt) && stmt.start < start && start <= stmt.end,
    );
    const { body, errors } = parsePython(text);
    return beside || (errors === 0 && body.length > 0 && body.every(isImportStmt));
  }
  return touched.length > 0 && touched.every(({ stmt }) => isImportStmt(stmt));
}

function isImportStmt(stmt: Stmt): boolean {
  return stmt.kind === 'import' || stmt.kind === 'from';
}

/** Within an expression that is read: what it becomes binds no name. */
function isValue(module: PythonModule, { start, end, text }: Edit): boolean {
  if (text.includes(':=')) return false;
  const stmt = innermost(module.body, start)?.stmt;
  const within = (expr: Expr | undefined): boolean =>
    expr !== undefined && expr.start <= start && end <= expr.end && (start < end || expr.start < start);
  switch (stmt?.kind) {
    case 'assign':
      return within(stmt.value);
    case 'expr':
    case 'return':
      return within(stmt.value);
    case 'if':
      return within(stmt.test);
    case 'function':
      return stmt.params.some((p) => within(p.default));
    case 'with':
    case 'for':
    case 'while':
      return stmt.header.some(within);
    case 'other':
      return /^(?:raise|assert)/.test(stmt.type) && stmt.children.some(within);
    default:
      return false;
  }
}
