/** Puts keyword arguments into a call without disturbing its layout or comments. */
import { type Edit, indentAt, lineEnd, lineEnding, lineStart } from '../../src/syntax/edit.ts';
import type { Argument, CallExpr, PythonModule } from '../../src/syntax/python/ast.ts';

/**
 * One insertion that adds `keyword=text` pairs: behind the argument `behind` when it is given, else before the first
 * keyword argument, else behind the last argument.
 */
export function insertArguments(
  module: PythonModule,
  call: CallExpr,
  added: readonly { readonly keyword: string; readonly text: string }[],
  behind?: Argument,
): Edit {
  const { text } = module;
  const written = added.map((a) => `${a.keyword}=${a.text}`);
  const next = behind ? undefined : call.args.find((a) => a.name !== undefined || a.star === '**');
  if (next) {
    const start = lineStart(text, next.start);
    const ownLine = text.slice(start, next.start).trim() === '';
    if (!ownLine) return { start: next.start, end: next.start, text: `${written.join(', ')}, ` };
    const indent = indentAt(text, next.start);
    return { start, end: start, text: written.map((w) => `${indent}${w},${lineEnding(text)}`).join('') };
  }
  const last = behind ?? call.args.at(-1);
  if (!last) return { start: call.argsStart + 1, end: call.argsStart + 1, text: written.join(', ') };
  // A call with one argument a line keeps that layout: a whole line behind the last argument's own.
  const end = lineEnd(text, last.end);
  const ownLine = text.slice(lineStart(text, last.start), last.start).trim() === '';
  if (ownLine && end <= call.argsEnd - 1 && text[last.end] === ',') {
    const indent = indentAt(text, last.start);
    return { start: end, end, text: written.map((w) => `${indent}${w},${lineEnding(text)}`).join('') };
  }
  return { start: last.end, end: last.end, text: `, ${written.join(', ')}` };
}
