/** `# ast-grep-ignore` comments. https://ast-grep.github.io/guide/project/severity.html#ignore-linting-error */
import { lineOf } from '../syntax/edit.ts';
import { matchesIn } from './ast-grep.ts';

const COMMENT = /ast-grep-ignore(?::\s*([^\n]*))?/;

/** Tells whether findings of a rule on a 1-based line are suppressed. */
export function suppressions(text: string, id: string): (line: number) => boolean {
  if (!text.includes('ast-grep-ignore')) return () => false;
  const lines = text.split('\n');
  const suppressed = new Set<number>();
  let whole = false;
  for (const { start, body } of comments(text)) {
    const [, ids] = COMMENT.exec(body) ?? [];
    if (ids !== undefined && !ids.split(',').some((name) => name.trim() === id)) continue;
    const line = lineOf(text, start);
    const alone = lines[line - 1]?.trimStart().startsWith('#') ?? false;
    // In the first line, with an empty one below, it speaks of the whole file.
    if (line === 1 && alone && lines[1]?.trim() === '') whole = true;
    else suppressed.add(alone ? line + 1 : line);
  }
  return (line) => whole || suppressed.has(line);
}

function comments(text: string): { start: number; body: string }[] {
  return matchesIn(text, { rule: { kind: 'comment', regex: 'ast-grep-ignore' } }, (nodes) =>
    nodes.map((node) => ({ start: node.range().start.index, body: node.text() })),
  );
}
