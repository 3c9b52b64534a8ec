/**
 * `# nayek: skip` and `# nayek: skip[bind, gunicorn]`: what a repository asks to be left alone. Behind code it holds for
 * that line, on a line of its own for the next one, and above all code for the whole file. docs/settings.md
 */
import { say } from '../system/say.ts';
import { type Edit, lineOf } from './edit.ts';

export interface SkipComment {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** The line that it holds for; absent for the whole file. */
  readonly holds?: number;
  /** Ids; absent: every part. */
  readonly parts?: readonly string[];
}

const FORM = /^(.*?)(?:^|\s)#\s*nayek:\s*skip(?:\[([\w\s,./-]*)\])?\s*(?:$|[#;—–-])/;
/** Where `#` begins a comment. */
const COMMENTED = /(?:\.(?:pyi?|ini|toml|cfg|txt|in|ya?ml|conf|env|service)|(?:^|\/)(?:Procfile|Pipfile|Dockerfile))$/i;

/** True for a file in which `#` begins a comment. */
export function mayHoldSkips(path: string): boolean {
  return COMMENTED.test(path);
}

/** The comments of a file, in order. */
export function skipComments(path: string, text: string | undefined): SkipComment[] {
  if (!mayHoldSkips(path) || !text?.includes('nayek:')) return [];
  const out: SkipComment[] = [];
  let code = false;
  for (const [index, line] of text.split(/\r\n?|\n/).entries()) {
    const [, before, names] = FORM.exec(line) ?? [];
    if (before !== undefined) {
      const parts = names === undefined ? {} : { parts: names.split(',').map((name) => name.trim()) };
      const alone = before.trim() === '';
      const holds = alone ? (code ? { holds: index + 2 } : {}) : { holds: index + 1 };
      out.push({ path, line: index + 1, ...parts, ...holds });
    }
    code ||= /^\s*[^\s#]/.test(line);
  }
  return out;
}

/** The comment as it is written in its shortest form. */
export function shownSkip({ parts }: SkipComment): string {
  return `# nayek: skip${parts ? `[${parts.join(', ')}]` : ''}`;
}

/** What is said of a place that such a comment holds. */
export function leftAlone(comment: SkipComment): string {
  return say`left alone: ${comment.path}:${comment.line} says \`${shownSkip(comment)}\``;
}

/** True where a comment speaks of this part. */
export function speaksOf({ parts }: SkipComment, part: string): boolean {
  return parts?.includes(part) ?? true;
}

/** The 1-based lines of a range of a text; a line end at its end belongs to the line before. */
export function linesOf(text: string, { start, end }: Pick<Edit, 'start' | 'end'>): number[] {
  const [first, last] = [lineOf(text, start), lineOf(text, end > start ? end - 1 : end)];
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** The first comment for a part that holds a line of a range; undefined where the part may change it. */
export type Held = (range: Pick<Edit, 'start' | 'end'>) => SkipComment | undefined;

/** Tells what is held of a text, for one part. */
export function heldIn(path: string, text: string, part: string): Held {
  const comments = skipComments(path, text).filter((c) => speaksOf(c, part));
  if (comments.length === 0) return () => undefined;
  return (range) => {
    const lines = linesOf(text, range);
    return comments.find((c) => c.holds === undefined || lines.includes(c.holds));
  };
}
