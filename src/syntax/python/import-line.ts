/**
 * Import statements of the usual form, read without the parser: most files begin with many, and every question about a
 * name asks for them. https://docs.python.org/3/reference/simple_stmts.html#the-import-statement
 */
import type { FromImportStmt, ImportStmt, Span } from './ast.ts';
import { lineAt } from './lower/expressions.ts';
import type { LogicalLine } from './outline.ts';
import type { Source } from './piece.ts';

const NAME = '[A-Za-z_]\\w*';
const DOTTED = `${NAME}(?:\\.${NAME})*`;
const list = (item: string): string => `${item}(?:[ \\t]+as[ \\t]+${NAME})?`;
const IMPORT = new RegExp(`^import[ \\t]+(${list(DOTTED)}(?:[ \\t]*,[ \\t]*${list(DOTTED)})*)$`);
const FROM = new RegExp(
  `^from[ \\t]+(\\.*(?:${DOTTED})?)[ \\t]+import[ \\t]+(?:(\\*)|(${list(NAME)}(?:[ \\t]*,[ \\t]*${list(NAME)})*)|` +
    `\\(([ \\t\\r\\n]*${list(NAME)}(?:[ \\t\\r\\n]*,[ \\t\\r\\n]*${list(NAME)})*[ \\t\\r\\n]*(?:,[ \\t\\r\\n]*)?)\\))$`,
);
const ITEM = new RegExp(`(${DOTTED})(?:[ \\t]+as[ \\t]+(${NAME}))?`, 'g');

/** No name of a module. https://docs.python.org/3/reference/lexical_analysis.html#keywords */
const KEYWORD =
  /\b(?:False|None|True|and|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|global|if|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield)\b/;

/** Undefined for every other line, and for a form that only the parser reads. */
export function importLine(source: Source, { start, end }: LogicalLine): ImportStmt | FromImportStmt | undefined {
  const { text } = source;
  if (text[start] !== 'i' && text[start] !== 'f') return undefined;
  const written = text.slice(start, end);
  if (KEYWORD.test(written)) return undefined;
  const line = lineAt(source, start);
  const plain = IMPORT.exec(written);
  if (plain?.[1] !== undefined) {
    const names = itemsOf(source, plain[1], end - plain[1].length).map(({ name, ...rest }) => ({
      module: name,
      ...rest,
    }));
    return { start, end, line, kind: 'import', names };
  }
  const [, module = '', star, bare, wrapped] = FROM.exec(written) ?? [];
  // A future statement has no module for the parser.
  if (module === '' || module === '__future__') return undefined;
  const dotted = module.replace(/^\.+/, '');
  const moduleStart = start + written.indexOf(module, 'from'.length);
  const listed = bare ?? wrapped ?? '';
  const names = itemsOf(source, listed, end - listed.length - (wrapped === undefined ? 0 : 1));
  return {
    start,
    end,
    line,
    kind: 'from',
    module: dotted,
    level: module.length - dotted.length,
    names,
    star: star !== undefined,
    moduleStart,
    moduleEnd: moduleStart + module.length,
  };
}

function itemsOf(source: Source, listed: string, at: number): ({ name: string; as?: string } & Span)[] {
  return Array.from(listed.matchAll(ITEM), (match) => {
    const [item, name = '', as] = match;
    const start = at + match.index;
    const end = start + item.length;
    return { start, end, line: lineAt(source, start), name, ...(as === undefined ? {} : { as }) };
  });
}
