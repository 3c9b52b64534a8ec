/** env.py imports Base from the module that defines it, where a module in between only hands it on. */

import type { AlembicConfig, Facts } from '../src/model/facts.ts';
import type { Options, Outcome, Part } from '../src/model/transform.ts';
import { topLevel } from '../src/python/bindings.ts';
import { createModuleGraph } from '../src/python/graph.ts';
import type { ModuleGraph } from '../src/python/modules.ts';
import type { Snapshot } from '../src/repo/snapshot.ts';
import { dottedName, executedFrom, importedBy } from '../src/survey/executed.ts';
import { reachableFrom } from '../src/survey/reachable.ts';
import { lineEnd } from '../src/syntax/edit.ts';
import type { FromImportStmt, PythonModule, Stmt } from '../src/syntax/python/ast.ts';
import { descend, statements } from '../src/syntax/python/walk.ts';
import { say } from '../src/system/say.ts';
import { words } from './alembic-base/words.ts';

export const alembicBase: Part = {
  id: 'alembic-base',
  summary: 'env.py imports Base from the module that defines it.',
  severity: 'critical',
  words,
  source: 'https://alembic.sqlalchemy.org/en/latest/autogenerate.html',
  options: { comment: { default: '', help: 'comment put behind the changed import' } },
  plan(repo, facts, options) {
    const envs = [...new Map(facts.alembic.flatMap((c) => (c.env ? [[c.env.path, c] as const] : []))).values()];
    return envs.map((config) => planEnv(repo, facts, config, options));
  },
};

function planEnv(repo: Snapshot, facts: Facts, config: AlembicConfig, options: Options): Outcome {
  const path = config.env?.path ?? '';
  const { modules } = facts;
  const module = modules.module(path);
  const file = repo.read(path);
  if (!module || !file || module.errors > 0) {
    return { kind: 'skipped', reason: say`${path} does not parse`, at: [{ path, line: module?.errorLine ?? 1 }] };
  }
  const found = baseImport(module);
  if (!found) {
    return {
      kind: 'skipped',
      reason: say`target_metadata is not the metadata of an imported class`,
      at: [{ path, line: 1 }],
    };
  }
  const { stmt, name } = found;
  const at = [{ path, line: stmt.line }];
  const origin = modules.resolve(path, stmt.module, stmt.level);
  if (!origin?.path) return { kind: 'skipped', reason: say`${name} comes from an installed package`, at };
  const definition = modules.define(origin.path, name);
  if (definition?.kind !== 'class' && definition?.kind !== 'assign') {
    return { kind: 'skipped', reason: say`${name} is not defined in this repository`, at };
  }
  const place = { path: definition.path, line: definition.stmt.line, note: `${definition.name} is defined here` };
  if (definition.path === origin.path) {
    return {
      kind: 'satisfied',
      reason: say`env.py imports ${name} from the module that defines it`,
      at: [...at, place],
    };
  }
  const kept = reasonToKeep(modules, path, stmt, origin.path, definition.path);
  if (kept) return { kind: kept.manual ? 'manual' : 'satisfied', reason: kept.reason, at: [...at, place] };

  const target = dottedName(origin.root, definition.path);
  if (target === undefined || definition.name !== name || stmt.level > 0) {
    return {
      kind: 'manual',
      reason: say`${name} is defined under a name that cannot be put in its place`,
      at: [...at, place],
    };
  }
  const edit = { start: stmt.moduleStart, end: stmt.moduleEnd, text: target };
  const after = file.text.slice(0, edit.start) + edit.text + file.text.slice(edit.end);
  const lost = lostModels(repo, modules, path, after, origin.path, definition.path);
  if (lost) return { kind: 'manual', reason: lost, at: [...at, place] };

  const comment = String(options.comment ?? '');
  const end = lineEnd(file.text, stmt.end - 1);
  const tail = file.text.slice(stmt.end, end);
  const lineText = tail.replace(/(?<![ \t])[ \t]*(?:\r?\n|\r)?$/, '');
  const edits = [edit];
  if (comment !== '' && !tail.includes(';')) {
    const put = stmt.end + lineText.length;
    edits.push({ start: put, end: put, text: `  # ${comment}` });
  }
  return {
    kind: 'edits',
    reason: say`env.py imports ${name} from ${target}, which defines it; ${stmt.module} only hands it on`,
    at: [...at, place],
    edits: { [path]: edits },
  };
}

/** The import of the class whose `.metadata` is assigned to `target_metadata`. */
function baseImport(module: PythonModule): { readonly stmt: FromImportStmt; readonly name: string } | undefined {
  const used = new Set<string>();
  for (const { stmt } of statements(module.body)) {
    if (stmt.kind !== 'assign' || !stmt.value) continue;
    if (!stmt.targets.some((t) => t.kind === 'name' && t.id === 'target_metadata')) continue;
    const { value } = stmt;
    if (value.kind === 'attribute' && value.attr === 'metadata' && value.value.kind === 'name')
      used.add(value.value.id);
  }
  const bound = topLevel(module.body).filter((s): s is FromImportStmt => s.kind === 'from');
  for (const local of used) {
    const hits = bound.flatMap((stmt) =>
      stmt.names.filter((n) => (n.as ?? n.name) === local).map((n) => ({ stmt, name: n.name })),
    );
    if (hits.length === 1) return hits[0];
  }
  return undefined;
}

/** Why the import stays as it is, when it does. */
function reasonToKeep(
  modules: ModuleGraph,
  env: string,
  stmt: FromImportStmt,
  via: string,
  home: string,
): { readonly reason: string; readonly manual: boolean } | undefined {
  const module = modules.module(via);
  if (!module || module.errors > 0) return { reason: say`${via} does not parse`, manual: true };
  if (via.endsWith('/__init__.py') && home.startsWith(via.slice(0, -'__init__.py'.length))) {
    return {
      reason: say`${stmt.module} is the package that Base belongs to: importing it is the same object and runs the same code`,
      manual: false,
    };
  }
  if (!module.body.every(handsOn)) {
    return {
      reason: say`${via} is more than a re-export: it stays imported, and Base is the same object`,
      manual: false,
    };
  }
  const own = executedFrom(modules, home);
  const models = [...executedFrom(modules, via)].find((f) => f !== via && !own.has(f) && mayRegister(modules, f));
  if (models)
    return {
      reason: say`${via} imports ${models}, which may register tables: without it autogenerate would drop them`,
      manual: true,
    };
  const others = stmt.names.filter(
    (n) => modules.define(via, n.name)?.kind === undefined || definedIn(modules, via, n.name) !== home,
  );
  if (stmt.star || others.length > 0) {
    return { reason: say`the import takes other names from ${stmt.module} as well`, manual: true };
  }
  if (importsBack(modules, home)) {
    return { reason: say`${home} is part of an import cycle: the order of the imports must stay`, manual: true };
  }
  return modules.module(env) ? undefined : { reason: say`${env} does not parse`, manual: true };
}

function definedIn(modules: ModuleGraph, path: string, name: string): string | undefined {
  const found = modules.define(path, name);
  return found?.kind === 'class' || found?.kind === 'assign' || found?.kind === 'function' ? found.path : undefined;
}

/** Imports, a docstring, `__all__`, and `name = other` do nothing but hand names on. */
function handsOn(stmt: Stmt): boolean {
  if (stmt.kind === 'import' || stmt.kind === 'from') return true;
  if (stmt.kind === 'expr') return stmt.value.kind === 'string';
  if (stmt.kind !== 'assign') return false;
  const { value } = stmt;
  return (
    value?.kind === 'name' ||
    value?.kind === 'attribute' ||
    stmt.targets.every((t) => t.kind === 'name' && t.id === '__all__')
  );
}

/** True when something that `start` imports imports `start` again. */
function importsBack(modules: ModuleGraph, start: string): boolean {
  const seen = new Set<string>();
  const stack = importedBy(modules, start);
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next === start) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    stack.push(...importedBy(modules, next));
  }
  return false;
}

/** True when running the file may register something: a class, a call at its top level, anything not plainly inert. */
function mayRegister(modules: ModuleGraph, path: string): boolean {
  const module = modules.module(path);
  return (
    !module || module.errors > 0 || !module.body.every((s) => handsOn(s) || s.kind === 'function' || isConstant(s))
  );
}

/** `NAME = literal`, also a list or dict of literals: nothing is called and nothing registered. */
function isConstant(stmt: Stmt): boolean {
  if (stmt.kind !== 'assign' || !stmt.value || !stmt.targets.every((t) => t.kind === 'name')) return false;
  const plain = ['string', 'number', 'constant', 'list', 'tuple', 'dict', 'name', 'attribute', 'unary'];
  return [...descend(stmt.value)].every((e) => plain.includes(e.kind));
}

/** Runs the import graph of the changed env.py; a sentence when a file that may define tables is no longer reached. */
function lostModels(
  repo: Snapshot,
  modules: ModuleGraph,
  env: string,
  after: string,
  via: string,
  home: string,
): string | undefined {
  const changed = repo.with(new Map([[env, after]]));
  const graph = createModuleGraph(changed, new Set(), modules);
  const executed = executedFrom(graph, env);
  if (!executed.has(home)) return say`${home} would not be found by the new import`;
  const reached = new Set(reachableFrom(changed, graph, env));
  const before = new Set([...executedFrom(modules, env), ...reachableFrom(repo, modules, env)]);
  for (const file of before) {
    if (file === via || (executed.has(file) && reached.has(file))) continue;
    if (!executed.has(file) && !executedFrom(modules, env).has(file) && reached.has(file)) continue;
    if (mayRegister(modules, file)) return say`${file} would no longer be imported: autogenerate would drop its tables`;
  }
  return undefined;
}
