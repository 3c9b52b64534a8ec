/** A specifier that admits nothing below a version, in the form that it has. */
import { compareVersions } from '../survey/dependencies/versions.ts';

/**
 * `specifier` with `version` (numbers and dots) as its lower bound: a pin stays a pin, `~=` and `^` stay. The same text where
 * it is that high already; undefined where no version would be left, or its form is not followed.
 * https://packaging.python.org/en/latest/specifications/version-specifiers/
 */
export function raised(specifier: string, version: string): string | undefined {
  if (specifier.trim() === '' || specifier === '*') return `>=${version}`;
  const out: Clause[] = [];
  for (const clause of specifier.split(',')) {
    const made = raisedClause(clause, version);
    if (!made) return undefined;
    out.push(made);
  }
  const texts = out.map(({ text }) => text);
  return (out.some(({ lower }) => lower) ? texts : [`>=${version}`, ...texts]).join(',');
}

interface Clause {
  readonly text: string;
  /** It bounds from below, with `version` or more. */
  readonly lower: boolean;
}

function raisedClause(text: string, version: string): Clause | undefined {
  const [, before = '', operator = '', gap = '', bound = '', after = ''] =
    /^(\s*)(===|==|~=|!=|<=|>=|<|>|\^|~|)(\s*)(\d+(?:\.\d+)*)(\s*)$/.exec(text) ?? [];
  if (bound === '' || operator === '===') return undefined;
  if (operator === '!=') return { text, lower: false };
  const by = compareVersions(bound, version);
  if (operator.startsWith('<')) return by > 0 || (by === 0 && operator === '<=') ? { text, lower: false } : undefined;
  if (by >= 0) return { text, lower: true };
  return { text: `${before}${operator === '>' ? '>=' : operator}${gap}${version}${after}`, lower: true };
}
