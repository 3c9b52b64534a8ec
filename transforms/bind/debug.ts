/** Where the interactive debugger is turned on. https://flask.palletsprojects.com/en/stable/debugging/ */
import type { Facts, RunCall } from '../../src/model/facts.ts';
import type { Expr, PythonModule } from '../../src/syntax/python/ast.ts';
import { statements, stringValue } from '../../src/syntax/python/walk.ts';

/** True for the constant True and for a name that is bound to it. */
export function isTrue(facts: Facts, run: RunCall, expr: Expr): boolean {
  if (expr.kind === 'constant') return expr.value === true;
  const found = expr.kind === 'name' ? facts.modules.resolveExpr(run.path, expr, run.around) : undefined;
  return found?.kind === 'assign' && found.value?.kind === 'constant' && found.value.value === true;
}

/** 1-based line of `app.debug = True` or `app.config["DEBUG"] = True`, which `run` follows when it is not told. */
export function debugLine(module: PythonModule): number | undefined {
  for (const { stmt } of statements(module.body, /\bdebug\b|DEBUG/)) {
    if (stmt.kind !== 'assign' || stmt.value?.kind !== 'constant' || stmt.value.value !== true) continue;
    const on = stmt.targets.some(
      (t) =>
        (t.kind === 'attribute' && t.attr === 'debug') ||
        (t.kind === 'subscript' && stringValue(t.index[0]) === 'DEBUG'),
    );
    if (on) return stmt.line;
  }
  return undefined;
}
