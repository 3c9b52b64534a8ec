/** What libraries need without importing it when they are imported. */
import { HIDDEN_NEEDS, type HiddenNeed } from '../../knowledge/hidden-needs.ts';
import type { Need } from '../../model/facts.ts';
import type { FromImportStmt, Stmt } from '../../syntax/python/ast.ts';
import { descend, statements } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { surelyLacks } from '../dependencies/installs-all.ts';
import type { Started } from '../started.ts';
import { type Asked, unless } from './asked.ts';

/** One for each distribution, at the first import that asks for it. */
export function hiddenNeeds({ repo, modules, list, installed, started }: Asked): Need[] {
  const found = new Map<string, Need>();
  for (const { path, stmt, rows } of asking(started)) {
    for (const { names, where, needs, without, text: mention } of rows) {
      if (found.has(needs) || installed.names.has(needs)) continue;
      const source = repo.read(path)?.text ?? '';
      const uses = (name: string): boolean =>
        where ? inParameter(modules.module(path)?.body ?? [], name, where) : isUsed(source, name);
      const used = stmt.names.find((n) => !names || (names.includes(n.name) && uses(n.as ?? n.name)));
      if (!used || (mention && !mention.test(source))) continue;
      const sure = installed.whole && surelyLacks(installed, needs);
      const text = say`${used.name} needs ${needs}, which ${list} does not install${unless(sure)}: ${without}.`;
      const at = { path, line: stmt.line };
      const why = say`${used.name} of ${path}:${stmt.line} needs ${needs}`;
      found.set(needs, { name: needs, range: '', text, why, at, kind: sure ? 'missing' : 'perhaps' });
    }
  }
  return [...found.values()];
}

interface Asking {
  readonly path: string;
  readonly stmt: FromImportStmt;
  readonly rows: readonly HiddenNeed[];
}

const kept = new WeakMap<readonly Started[], readonly Asking[]>();

/** The imports that some row speaks of. Kept, as the same statements are asked with one list after the other. */
function asking(started: readonly Started[]): readonly Asking[] {
  let known = kept.get(started);
  if (!known) {
    const byModule = new Map<string, readonly HiddenNeed[]>();
    known = started.flatMap(({ path, stmt }) => {
      if (stmt.kind !== 'from' || stmt.level > 0) return [];
      const rows = byModule.get(stmt.module) ?? HIDDEN_NEEDS.filter(({ from }) => from.test(stmt.module));
      byModule.set(stmt.module, rows);
      return rows.length > 0 ? [{ path, stmt, rows }] : [];
    });
    kept.set(started, known);
  }
  return known;
}

/** True when a name stands once more than where it is imported. */
function isUsed(text: string, name: string): boolean {
  return [...text.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length > 1;
}

/** True when a parameter of a function mentions a name; of a `route`: of one with a decorator that is a method's call. */
function inParameter(body: readonly Stmt[], name: string, where: 'parameter' | 'route'): boolean {
  return statements(body, new RegExp(`\\b${name}\\b`)).some(({ stmt }) => {
    if (stmt.kind !== 'function') return false;
    if (where === 'route' && !stmt.decorators.some((d) => d.kind === 'call' && d.func.kind === 'attribute'))
      return false;
    const given = stmt.params.flatMap((p) => [p.annotation, p.default]).filter((e) => e !== undefined);
    return given.flatMap(descend).some((e) => e.kind === 'name' && e.id === name);
  });
}
