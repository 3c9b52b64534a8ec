/** What libraries need without importing it when they are imported. */
import { HIDDEN_NEEDS } from '../../knowledge/hidden-needs.ts';
import type { Need } from '../../model/facts.ts';
import type { Stmt } from '../../syntax/python/ast.ts';
import { descend, statements } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';
import { surelyLacks } from '../dependencies/installs-all.ts';
import { type Asked, unless } from './asked.ts';

/** One for each distribution, at the first import that asks for it. */
export function hiddenNeeds({ repo, modules, list, installed, started }: Asked): Need[] {
  const found = new Map<string, Need>();
  for (const { path, stmt } of started) {
    if (stmt.kind !== 'from' || stmt.level > 0) continue;
    for (const { from, names, where, needs, without, text: mention } of HIDDEN_NEEDS) {
      if (found.has(needs) || installed.names.has(needs) || !from.test(stmt.module)) continue;
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
