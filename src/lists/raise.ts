/** A specifier that admits nothing below a version, in the form that it has. */
import { compareVersions } from '../survey/dependencies/versions.ts';

/**
 * `specifier` with `version` (numbers and dots) as its lower bound: a pin stays a pin, `~=` and `^` stay. The same text where
 * it is that high already; undefined where no version would be left, or its form is not followed.
 * https://packaging.python.org/en/latest/specifications/version-specifiers/
 */
export function raised(specifier: string, version: string): string | undefined {
  if (specifier.trim() === '' || specifier === '*') return `>=${version}`;
  let bounded = false;
  const out: string[] = [];
  for (const clause of specifier.split(',')) {
    const [, before = '', operator = '', gap = '', bound = '', after = ''] =
      /^(\s*)(===|==|~=|!=|<=|>=|<|>|\^|~|)(\s*)(\d+(?:\.\d+)*)(\s*)$/.exec(clause) ?? [];
    if (bound === '' || operator === '===') return undefined;
    const by = compareVersions(bound, version);
    if (operator === '!=') out.push(clause);
    else if (operator.startsWith('<')) {
      if (by < 0 || (by === 0 && operator === '<')) return undefined;
      out.push(clause);
    } else {
      bounded = true;
      out.push(by >= 0 ? clause : `${before}${operator === '>' ? '>=' : operator}${gap}${version}${after}`);
    }
  }
  return (bounded ? out : [`>=${version}`, ...out]).join(',');
}
