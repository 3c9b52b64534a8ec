/**
 * A block of statements out of its logical lines. Imports are read as they stand; functions and classes are known by
 * their first line and parsed when somebody asks for what is in them; all else is parsed at once.
 */
import type { Stmt } from './ast.ts';
import { definition } from './definition.ts';
import { importLine } from './import-line.ts';
import type { LogicalLine } from './outline.ts';
import { block, type Source } from './piece.ts';

/** The statements of lines that begin with the block's indentation, and of the lines nested in them, up to `end`. */
export function suite(source: Source, lines: readonly LogicalLine[], end: number): readonly Stmt[] {
  const indent = lines[0]?.indent ?? 0;
  // A dedent to no block's column: the parser shall say what it makes of it.
  if (lines.some((l) => l.indent < indent)) return block(source, lines, end);
  const out: Stmt[] = [];
  let plain = 0;
  for (let at = 0; at < lines.length; ) {
    let def = at;
    while (source.text[lines[def]?.start ?? -1] === '@' && lines[def + 1]?.indent === indent) def++;
    let next = def + 1;
    while ((lines[next]?.indent ?? -1) > indent) next++;
    const found =
      definition(source, lines.slice(at, def), lines.slice(def, next), suite) ??
      importAlone(source, lines.slice(at, next));
    if (found) {
      out.push(...block(source, lines.slice(plain, at), lines[at]?.lineStart ?? end), found);
      plain = next;
    }
    at = next;
  }
  out.push(...block(source, lines.slice(plain), end));
  return out;
}

function importAlone(source: Source, lines: readonly LogicalLine[]): Stmt | undefined {
  const [only, more] = lines;
  return only && !more ? importLine(source, only) : undefined;
}
