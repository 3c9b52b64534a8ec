/**
 * `# nayek: skip` and `# nayek: skip[bind, gunicorn]`: what a repository asks to be left alone. Behind code it holds for
 * that line, on a line of its own for the next one with code, and above all code for the whole file.
 * What cannot be read holds for every part, as somebody wanted something kept there. docs/settings.md
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
  /** As it is written, where it cannot be read. */
  readonly unread?: string;
}

/** What is before it, and what it says. */
const MARK = /^(.*?)#\s*(nayek(?:\s*:|\s+skip\b).*)$/i;
/** Names, or none, and then a reason. */
const FORM = /^nayek\s*:\s*skip(?:\s*\[([^\]]*)\]|(?=\s+[^\s[(]|\s*$|\s*[#:;,.—–-]))/i;
/** A line that has more than a comment. */
const CODE = /^\s*[^\s#]/;
/** Enough to be found by. */
const SHOWN = 40;
/** Where `#` begins a comment. */
const COMMENTED = /(?:\.(?:pyi?|ini|toml|cfg|txt|in|ya?ml|conf|env|service)|(?:^|\/)(?:Procfile|Pipfile|Dockerfile))$/i;

/** True for a file in which `#` begins a comment. */
export function mayHoldSkips(path: string): boolean {
  return COMMENTED.test(path);
}

/** The comments of a file, in order. */
export function skipComments(path: string, text: string | undefined): SkipComment[] {
  if (!mayHoldSkips(path) || text === undefined || !/#\s*nayek\b/i.test(text)) return [];
  const lines = text.split(/\r\n?|\n/);
  const next = nextCode(lines);
  // One above all code holds for the file.
  const first = next[0] ?? 0;
  return lines.flatMap((line, index): SkipComment[] | SkipComment => {
    const [, before = '', said] = MARK.exec(line) ?? [];
    if (said === undefined) return [];
    const behind = CODE.test(before);
    const held = behind ? index : next[index + 1];
    const holds = behind || index > first ? { holds: (held ?? lines.length) + 1 } : {};
    return { path, line: index + 1, ...read(said), ...holds };
  });
}

/** For each line the first with code from there on, 0-based; the number of lines where none follows. */
function nextCode(lines: readonly string[]): number[] {
  const out: number[] = Array(lines.length).fill(lines.length);
  for (let at = lines.length - 1; at >= 0; at--) {
    out[at] = CODE.test(lines[at] ?? '') ? at : (out[at + 1] ?? lines.length);
  }
  return out;
}

/** Names with commas between them; a comma too many does no harm. */
function read(said: string): Pick<SkipComment, 'parts' | 'unread'> {
  const form = FORM.exec(said);
  if (form && form[1] === undefined) return {};
  const parts = (form?.[1] ?? '').split(',').flatMap((name) => name.trim() || []);
  if (parts.length > 0 && parts.every((name) => /^[\w./@:-]+$/.test(name))) return { parts };
  const text = said.trim();
  return { unread: `# ${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}` };
}

/** The comment as it is written in its shortest form. */
export function shownSkip({ parts, unread }: SkipComment): string {
  return unread ?? `# nayek: skip${parts ? `[${parts.join(', ')}]` : ''}`;
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
