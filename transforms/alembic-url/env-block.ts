/** The lines that env.py gets so that it takes its URL elsewhere than from alembic.ini. */

import type { ModuleGraph } from '../../src/python/modules.ts';
import { type EnvFile, iniOnly } from '../../src/survey/alembic/env-file.ts';
import { dottedName, executedFrom } from '../../src/survey/executed.ts';
import { type Edit, lineEnd, lineEnding } from '../../src/syntax/edit.ts';
import type { AssignStmt, Expr, FromImportStmt, PythonModule, Stmt } from '../../src/syntax/python/ast.ts';
import { expressionsOf } from '../../src/syntax/python/children.ts';
import { osAt, startsItsLine, usesName } from '../../src/syntax/python/imports.ts';
import { quote } from '../../src/syntax/python/strings.ts';
import { absoluteModules, descend, dotted, statements, stringValue } from '../../src/syntax/python/walk.ts';
import { say } from '../../src/system/say.ts';
import type { ApplicationUrl } from './application-url.ts';
import type { Rewrite } from './driver.ts';

/** What the block reads. */
export type BlockSource =
  | { readonly kind: 'env'; readonly variable: string; readonly fallback?: string }
  | { readonly kind: 'object'; readonly url: ObjectUrl };

type ObjectUrl = Extract<ApplicationUrl, { kind: 'object' }>;

export interface Block {
  readonly edits: readonly Edit[];
  /** The inserted lines, for display. */
  readonly text: string;
  /** What it reads, in words. */
  readonly reads: string;
}

/** A string tells why env.py cannot take the block. */
export function blockFor(
  modules: ModuleGraph,
  env: EnvFile,
  source: BlockSource,
  rewrites: readonly Rewrite[],
): Block | string {
  const { module } = env;
  const { text, body } = module;
  const config = configStatement(body);
  if (!config) return say`env.py has no plain \`config = context.config\``;
  const eol = lineEnding(text);
  const variable = freeName(module, ['database_url', 'migration_url', 'alembic_database_url']);
  if (variable === undefined) return say`env.py uses every name that the new lines could take`;

  const given =
    source.kind === 'env' ? fromVariable(env, source, config.stmt) : fromObject(modules, env, source.url, config.stmt);
  if (typeof given === 'string') return given;
  const { after, value, reads, imported } = given;
  if (!endsItsLine(text, after) || !startsItsLine(text, after))
    return say`env.py has several statements on one line there`;
  if (usedBetween(body, config.stmt, after)) return say`env.py reads the URL before its imports are done`;

  const get = `${config.name}.get_main_option("sqlalchemy.url")`;
  const handed =
    source.kind === 'env' ? env.attributes.map((k) => `${config.name}.attributes.get(${quote(k)}) is None and `) : [];
  // The engine has its URL already: a variable that is not set must not stop it.
  const online = env.sites.filter((s) => s.mode === 'online');
  const offline = online.length > 0 && !online.some(iniOnly);
  const when = offline ? ['context.is_offline_mode() and '] : handed;
  const lines = [
    `# alembic.ini holds no URL; one that the caller has set is kept.`,
    `if ${when.join('')}not ${get}:`,
    `    ${variable} = ${value}`,
    ...rewrites.flatMap((r) => rewriteLines(r, variable)),
    `    ${config.name}.set_main_option("sqlalchemy.url", ${variable}.replace("%", "%%"))`,
  ];
  const at = lineEnd(text, after.end);
  const open = at === text.length && !text.endsWith('\n') ? eol : '';
  const next = text.slice(at, lineEnd(text, at));
  const gapAfter = next.trim() === '' ? '' : eol;
  const block = { start: at, end: at, text: `${open}${eol}${lines.join(eol)}${eol}${gapAfter}` };
  return { edits: [...given.edits, block], text: [...(imported === '' ? [] : [imported]), ...lines].join('\n'), reads };
}

/** Where the URL comes from, in Python, and what must stand before it. */
interface Given {
  /** The statement that the block goes below. */
  readonly after: Stmt;
  readonly value: string;
  /** In words. */
  readonly reads: string;
  /** The import that is put in; '' for none. */
  readonly imported: string;
  readonly edits: readonly Edit[];
}

function fromVariable({ module }: EnvFile, { variable, fallback }: BlockSource & { kind: 'env' }, config: Stmt): Given {
  const os = osAt(module, lineEnd(module.text, config.end));
  const name = quote(variable);
  const value =
    fallback === undefined ? `${os.name}.environ[${name}]` : `${os.name}.getenv(${name}, ${quote(fallback)})`;
  return { after: config, value, reads: variable, imported: '', edits: os.edit ? [os.edit] : [] };
}

function fromObject(modules: ModuleGraph, env: EnvFile, url: ObjectUrl, config: Stmt): Given | string {
  const { text } = env.module;
  const place = objectName(modules, env, url, config);
  if (typeof place === 'string') return place;
  const { name, after, below, statement: imported = '' } = place;
  const reads = name + url.suffix;
  const given = { after, value: url.text ? reads : `str(${reads})`, reads, imported };
  if (imported === '') return { ...given, edits: [] };
  if (!endsItsLine(text, below)) return say`env.py has several statements on one line there`;
  const at = lineEnd(text, below.end);
  return { ...given, edits: [{ start: at, end: at, text: imported + lineEnding(text) }] };
}

function rewriteLines({ from, to }: Rewrite, variable: string): string[] {
  const prefixes = from.length === 1 ? quote(from[0] ?? '') : `(${from.map((f) => quote(f)).join(', ')})`;
  return [
    `    if ${variable}.startswith(${prefixes}):`,
    `        ${variable} = ${quote(to)} + ${variable}.split("://", 1)[1]`,
  ];
}

/** The top-level `config = context.config`, under whatever name. */
function configStatement(body: readonly Stmt[]): { readonly stmt: AssignStmt; readonly name: string } | undefined {
  const hits = body.flatMap((stmt) => {
    if (stmt.kind !== 'assign' || !stmt.value || dotted(stmt.value) !== 'context.config') return [];
    const [target] = stmt.targets;
    return stmt.targets.length === 1 && target?.kind === 'name' ? [{ stmt, name: target.id }] : [];
  });
  return hits.length === 1 ? hits[0] : undefined;
}

interface ObjectPlace {
  readonly name: string;
  /** Import statement to add, when the name is not there. */
  readonly statement?: string;
  /** The import that the new one goes below. */
  readonly below: Stmt;
  /** The statement that the block goes below. */
  readonly after: Stmt;
}

/**
 * The name that env.py has, or gets by an import, for the object; only when env.py runs the defining module anyway, so
 * that the import can neither fail anew nor do anything new.
 */
function objectName(modules: ModuleGraph, env: EnvFile, url: ObjectUrl, config: Stmt): ObjectPlace | string {
  const { module, path } = env;
  const imports = module.body.filter((s): s is FromImportStmt => s.kind === 'from');
  const has = imports
    .flatMap((stmt) => stmt.names.map((n) => ({ stmt, name: n.as ?? n.name })))
    .find(({ name }) => {
      const found = modules.define(path, name);
      return found && 'stmt' in found && found.path === url.path && found.name === url.name;
    });
  if (has) return { name: has.name, below: has.stmt, after: later(config, has.stmt) };
  if (!executedFrom(modules, path).has(url.path)) return say`env.py does not run ${url.path}`;
  const repository = module.body.flatMap((stmt) => {
    return absoluteModules(stmt).flatMap((name) => {
      const target = modules.resolve(path, name, 0);
      return target && (target.path !== undefined || namesAFile(modules, stmt, path)) ? [{ stmt, target }] : [];
    });
  });
  const last = repository.at(-1);
  if (!last) return say`env.py imports nothing of this repository at its top level`;
  const dottedModule = dottedName(last.target.root, url.path);
  if (dottedModule === undefined) return say`${url.path} is not importable from env.py`;
  const name = usesName(module, url.name) ? `application_${url.name}` : url.name;
  if (usesName(module, name)) return say`env.py uses the names ${url.name} and ${name} already`;
  const as = name === url.name ? '' : ` as ${name}`;
  return {
    name,
    statement: `from ${dottedModule} import ${url.name}${as}`,
    below: last.stmt,
    after: later(config, last.stmt),
  };
}

function namesAFile(modules: ModuleGraph, stmt: Stmt, path: string): boolean {
  return stmt.kind === 'from' && stmt.names.some((n) => modules.resolve(path, `${stmt.module}.${n.name}`, 0)?.path);
}

function later(a: Stmt, b: Stmt): Stmt {
  return a.start > b.start ? a : b;
}

/** True when code that runs between two statements of the module body reads the URL or starts the migrations. */
function usedBetween(body: readonly Stmt[], from: Stmt, to: Stmt): boolean {
  for (const { stmt, around } of statements(body)) {
    if (stmt.start <= from.start || stmt.start > to.start) continue;
    if (around.some((s) => s.kind === 'function')) continue;
    if (expressionsOf(stmt).some((e) => [...descend(e)].some(startsOrReads))) return true;
  }
  return false;
}

function startsOrReads(expr: Expr): boolean {
  return stringValue(expr) === 'sqlalchemy.url' || (expr.kind === 'attribute' && expr.attr === 'is_offline_mode');
}

function endsItsLine(text: string, stmt: Stmt): boolean {
  const rest = text.slice(stmt.end, lineEnd(text, stmt.end)).trim();
  return rest === '' || rest.startsWith('#');
}

function freeName(module: PythonModule, names: readonly string[]): string | undefined {
  return names.find((n) => !usesName(module, n));
}
