/** Python string literals, implicit concatenation and f-string holes. https://docs.python.org/3/reference/lexical_analysis.html#string-and-bytes-literals */
import type { Expr, Span, StringExpr } from '../ast.ts';
import type { Node } from '../parser.ts';

const SIMPLE_ESCAPES: Record<string, string> = { '\\': '\\', "'": "'", '"': '"', n: '\n', r: '\r', t: '\t', '\n': '' };

/** Prefix letters and the quote mark. */
const OPENING = /^([a-z]{0,2})("""|'''|"|')/i;
const LONGEST_OPENING = 5;

export function lowerString(text: string, node: Node, at: Span, lower: (n: Node) => Expr): StringExpr {
  const parts = node.type === 'concatenated_string' ? node.namedChildren.filter((c) => c.type === 'string') : [node];
  const holes: Expr[] = [];
  const pieces: string[] = [''];
  let value: string | null = '';
  let prefix: string | undefined;
  for (const part of parts) {
    const opened = OPENING.exec(text.slice(part.startIndex, part.startIndex + LONGEST_OPENING));
    const letters = opened?.[1]?.toLowerCase() ?? '';
    const mark = opened?.[2] ?? '';
    prefix ??= letters;
    if (letters.includes('b')) value = null;
    const add = (raw: string): void => {
      pieces[pieces.length - 1] += raw;
      if (value === null) return;
      const decoded = letters.includes('r') ? raw : decodeEscapes(raw);
      value = decoded === null ? null : value + decoded;
    };
    // Only an f-string (or a t-string) has something inside that must be asked of the parser.
    if (!/[ft]/.test(letters)) {
      const end = part.endIndex - mark.length;
      add(text.slice(part.startIndex + letters.length + mark.length, Math.max(end, part.startIndex)));
      continue;
    }
    for (const child of part.namedChildren.slice(1, -1)) {
      if (child.type !== 'interpolation') {
        add(text.slice(child.startIndex, child.endIndex));
        continue;
      }
      value = null;
      const inner = child.childForFieldName('expression') ?? child.namedChildren[0];
      if (!inner) continue;
      holes.push(lower(inner));
      pieces.push('');
    }
  }
  return { start: at.start, end: at.end, line: at.line, kind: 'string', value, prefix: prefix ?? '', holes, pieces };
}

/** Null when an escape is not one of the plain ones. */
function decodeEscapes(raw: string): string | null {
  if (!raw.includes('\\')) return raw;
  let ok = true;
  const out = raw.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\s\S])/g, (whole, code: string) => {
    if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const simple = SIMPLE_ESCAPES[code];
    if (simple !== undefined) return simple;
    if (/[a-z0-9A-Z]/.test(code)) ok = false;
    return whole;
  });
  return ok ? out : null;
}
