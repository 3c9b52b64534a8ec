/** Modules that a Celery worker is told to load and that are not there. */
import type { Service } from '../../model/facts.ts';
import { externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { topOf } from '../../python/place.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { CallExpr, Expr } from '../../syntax/python/ast.ts';
import { expressionsOf } from '../../syntax/python/children.ts';
import { descend, keyword, lastName, positional, stringValue } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import type { Started } from '../started.ts';
import type { Note } from './note.ts';
import { missingModule } from './own-modules.ts';

const LOADS = /\binclude\s*=|\bautodiscover_tasks\b/;

/**
 * At most one. `include` is imported as it stands; of what `autodiscover_tasks` is given the last part may be missing.
 * https://docs.celeryq.dev/en/stable/reference/celery.html#celery.Celery.autodiscover_tasks
 */
export function jobModules(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  started: readonly Started[],
): Note | undefined {
  if (!service.workers.some((w) => w.tool === 'celery')) return undefined;
  // Asked once of a file, which may have thousands of statements.
  const loading = new Set(repo.matching([...new Set(started.map(({ path }) => path))], LOADS));
  for (const { path, stmt, when } of started) {
    if (when === 'migrations' || stmt.kind === 'function' || stmt.kind === 'class' || !loading.has(path)) continue;
    for (const expr of expressionsOf(stmt).flatMap((e) => [...descend(e)])) {
      if (expr.kind !== 'call') continue;
      for (const { name, asked } of loadedBy(expr, externalName(topOf(modules, path), expr.func))) {
        const why = missingModule(repo, modules, service, { path, module: asked });
        if (why === undefined) continue;
        const text = say`${why}: a Celery worker is told to load ${name}, and stops.`;
        return { text, at: { path, line: expr.line }, stops: true };
      }
    }
  }
  return undefined;
}

/** Names as they are written, and what of each must be there. */
function loadedBy(call: CallExpr, callee: string | undefined): { readonly name: string; readonly asked: string }[] {
  const found = lastName(call.func) === 'autodiscover_tasks';
  const list = found ? (keyword(call, 'packages') ?? positional(call)[0]) : keyword(call, 'include');
  if (!found && !/^celery\.(?:app\.)?Celery$/.test(callee ?? '')) return [];
  return itemsOf(list).flatMap((name) => {
    const asked = found ? name.slice(0, Math.max(0, name.lastIndexOf('.'))) : name;
    return asked === '' ? [] : [{ name, asked }];
  });
}

function itemsOf(list: Expr | undefined): string[] {
  if (list?.kind !== 'list' && list?.kind !== 'tuple') return [];
  return list.items.flatMap((item) => stringValue(item) ?? []);
}
