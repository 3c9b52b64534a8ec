/** Programs that are the application themselves: run by their framework's own program, or by the call at their end. */
import { SCRIPTS, type Script } from '../knowledge/frameworks.ts';
import type { Evidence } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { Stmt } from '../syntax/python/ast.ts';
import { calls } from '../syntax/python/walk.ts';
import type { Candidate } from './candidates.ts';
import { isNotDeployed } from './deployed.ts';
import { importedAt } from './executed.ts';
import { reachOf } from './launch-paths.ts';
import { serverCall, serverNames } from './server-calls.ts';

/** One for each file, of the first row of the frameworks that it fits; a file that another one imports is part of that. */
export function findScripts(repo: Snapshot, modules: ModuleGraph): Candidate[] {
  const out = new Map<string, Candidate>();
  for (const [framework, script] of SCRIPTS) {
    const word = script.imports ?? framework;
    const files = repo.matching(
      modules.files.filter((file) => !isNotDeployed(file) && !script.part?.test(file)),
      new RegExp(`\\b${word}\\b`),
    );
    for (const path of files) {
      const at = out.has(path) || path.endsWith('/__init__.py') ? undefined : placeOf(repo, modules, path, script);
      // What it speaks is its own server's affair.
      const app = { framework, interface: 'asgi', identity: `${path}:`, path, wrapped: 0 } as const;
      if (at) out.set(path, { path, attr: '', kind: 'script', app, at });
    }
  }
  const parts = new Set([...out.keys()].flatMap((path) => importsOf(modules, path)));
  const whole = [...out.values()].filter(({ path }) => !parts.has(path));
  return whole.length > 0 ? whole : [...out.values()];
}

function placeOf(repo: Snapshot, modules: ModuleGraph, path: string, script: Script): Evidence | undefined {
  const module = modules.module(path);
  if (!module) return undefined;
  if (script.imports !== undefined) {
    const found = module.body.find((stmt) => imports(stmt, script.imports ?? ''));
    return found && { path, line: found.line };
  }
  for (const { call, around } of calls(module.body, serverNames(module))) {
    const found = serverCall({ modules, path, around }, call);
    if (found?.server === script.call && reachOf(repo, { modules, path, around })) return { path, line: call.line };
  }
  return undefined;
}

function imports(stmt: Stmt, name: string): boolean {
  const within = (module: string): boolean => module === name || module.startsWith(`${name}.`);
  if (stmt.kind === 'import') return stmt.names.some(({ module }) => within(module));
  return stmt.kind === 'from' && stmt.level === 0 && within(stmt.module);
}

function importsOf(modules: ModuleGraph, path: string): string[] {
  return (modules.module(path)?.body ?? []).flatMap((stmt) => {
    const known = stmt.kind === 'import' || stmt.kind === 'from' ? importedAt(modules, path, stmt) : [];
    return known.filter((file) => file !== path);
  });
}
