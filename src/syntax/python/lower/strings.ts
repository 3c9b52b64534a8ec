/** Python string literals, implicit concatenation and f-string holes. https://docs.python.org/3/reference/lexical_analysis.html#string-and-bytes-literals */
import type { Expr, Span, StringExpr } from '../ast.ts';
import type { Node } from '../parser.ts';

const SIMPLE_ESCAPES: Record<string, string> = { '\\': '\\', "'": "'", '"': '"', n: '\n', r: '\r', t: '\t', '\n': '' };

export function lowerString(node: Node, at: Span, lower: (n: Node) => Expr): StringExpr {
  const parts =
    node.type === 'concatenated_string' ? node.namedChildren.filter((c): c is Node => c?.type === 'string') : [node];
  const holes: Expr[] = [];
  const pieces: string[] = [''];
  let value: string | null = '';
  let prefix: string | undefined;
  for (const part of parts) {
    const open = part.children[0]?.text ?? '';
    const letters = /^[a-z]*/i.exec(open)?.[0].toLowerCase() ?? '';
    prefix ??= letters;
    if (letters.includes('b')) value = null;
    for (const child of part.children.slice(1, -1)) {
      if (!child) continue;
      if (child.type === 'interpolation') {
        value = null;
        const inner = child.childForFieldName('expression') ?? child.namedChildren[0];
        if (inner) {
          holes.push(lower(inner));
          pieces.push('');
        }
      } else {
        const raw = child.text;
        pieces[pieces.length - 1] += raw;
        if (value !== null) {
          const decoded = letters.includes('r') ? raw : decodeEscapes(raw);
          value = decoded === null ? null : value + decoded;
        }
      }
    }
  }
  return { ...at, kind: 'string', value, prefix: prefix ?? '', holes, pieces };
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
