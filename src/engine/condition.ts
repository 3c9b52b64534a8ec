/**
 * `when:` of a recipe: facts of a service, compared and combined.
 *
 *     when: framework == fastapi and has(alembic) and not manager == poetry
 *
 * `framework`, `interface`, `database`, `migrations`, `manager` are compared by == and != with a word; `has(x)` tells that
 * the service requires the distribution x; `and`, `or`, `not` and parentheses as in Python.
 */
import type { Facts, Service } from '../model/facts.ts';
import { normalizeName } from '../syntax/requirements.ts';
import { say } from '../system/say.ts';

/** Whether a condition holds for a service. */
export type Condition = (service: Service) => boolean;

const FACTS: Readonly<Record<string, (service: Service) => string | undefined>> = {
  framework: (s) => s.entry.framework,
  interface: (s) => s.entry.interface,
  database: (s) => s.database?.kind,
  migrations: (s) => s.migrations?.tool,
  manager: (s) => s.dependencies?.manager,
};

/** Raised for a text that is no condition; the message says why. */
export class ConditionError extends Error {}

/** @throws ConditionError */
export function parseCondition(text: string): Condition {
  const tokens = text.match(/==|!=|[()]|[\w.\-[\]]+|\S/g) ?? [];
  let at = 0;
  const fail = (why: string): never => {
    throw new ConditionError(say`when: ${text}: ${why}`);
  };
  const take = (wanted?: string): string => {
    const token = tokens[at++];
    if (token === undefined) return fail(say`it ends too early`);
    return wanted === undefined || token === wanted ? token : fail(say`${token} stands where ${wanted} is expected`);
  };
  const either = (): Condition => {
    const sides = [both()];
    while (tokens[at] === 'or') {
      at++;
      sides.push(both());
    }
    return (service) => sides.some((side) => side(service));
  };
  const both = (): Condition => {
    const sides = [one()];
    while (tokens[at] === 'and') {
      at++;
      sides.push(one());
    }
    return (service) => sides.every((side) => side(service));
  };
  const one = (): Condition => {
    const token = take();
    if (token === 'not') {
      const inner = one();
      return (service) => !inner(service);
    }
    if (token === '(') {
      const inner = either();
      take(')');
      return inner;
    }
    if (token === 'has') {
      take('(');
      const name = normalizeName(take());
      take(')');
      return (service) => service.dependencies?.requirements.some((r) => r.name === name) ?? false;
    }
    const fact = Object.hasOwn(FACTS, token) ? FACTS[token] : undefined;
    if (!fact) return fail(say`${token} is none of has(…), ${Object.keys(FACTS).join(', ')}`);
    const operator = take();
    if (operator !== '==' && operator !== '!=') return fail(say`${operator} is neither == nor !=`);
    const value = take();
    return (service) => (fact(service) === value) === (operator === '==');
  };
  const condition = either();
  if (at < tokens.length) fail(say`${tokens[at]} is too much`);
  return condition;
}

/** Roots of the services for which a condition holds. @throws ConditionError */
export function servicesWhere(facts: Facts, when: string): ReadonlySet<string> {
  const condition = parseCondition(when);
  return new Set(facts.services.filter(condition).map((s) => s.root));
}
