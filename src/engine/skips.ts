/**
 * `# nayek: skip` and `# nayek: skip[bind, gunicorn]`: what a repository asks to be left alone. Behind code it holds for
 * that line, on a line of its own for the next one, and above all code for the whole file. It only ever takes something away.
 */
import type { Outcome } from '../model/transform.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { lineOf } from '../syntax/edit.ts';
import { say } from '../system/say.ts';

interface SkipComment {
  readonly path: string;
  readonly line: number;
  /** The line that it holds for; absent for the whole file. */
  readonly holds?: number;
  /** Absent: every part. */
  readonly parts?: readonly string[];
}

const FORM = /^(.*?)(?:^|\s)#\s*nayek:\s*skip(?:\[([\w\s,.-]*)\])?\s*(?:$|[#;—–-])/;
/** Where `#` begins a comment. */
const COMMENTED = /(?:\.(?:pyi?|ini|toml|cfg|txt|in|ya?ml|conf|env|service)|(?:^|\/)(?:Procfile|Pipfile|Dockerfile))$/i;

/** The comments of a repository, read where a part has something to say; and which of them were of use. */
export class Skips {
  private readonly repo: Snapshot;
  private readonly known = new Map<string, readonly SkipComment[]>();
  private readonly used = new Set<SkipComment>();

  constructor(repo: Snapshot) {
    this.repo = repo;
  }

  /** The outcome, or that it is left alone. */
  applied(part: string, outcome: Outcome): Outcome {
    if (outcome.kind !== 'edits' && outcome.kind !== 'manual') return outcome;
    for (const [path, lines] of touched(this.repo, outcome)) {
      const found = this.in(path).find(
        (c) => (c.parts?.includes(part) ?? true) && (c.holds === undefined || lines.has(c.holds)),
      );
      if (!found) continue;
      this.used.add(found);
      const { at, service } = outcome;
      const reason = say`left alone: ${found.path}:${found.line} says \`${written(found)}\``;
      return { kind: 'skipped', reason, at, ...(service === undefined ? {} : { service }) };
    }
    return outcome;
  }

  /** What was asked for and did nothing, in the files that were read, where all parts ran that it names. */
  unused(ran: readonly string[]): string[] {
    return [...this.repo.reads.keys()].sort().flatMap((path) =>
      this.in(path)
        .filter((c) => !this.used.has(c) && (c.parts ?? ran).every((part) => ran.includes(part)))
        .map((c) => say`\`${written(c)}\` leaves nothing alone: it can go (${path}:${c.line})`),
    );
  }

  private in(path: string): readonly SkipComment[] {
    let found = this.known.get(path);
    if (!found) {
      const text = COMMENTED.test(path) ? this.repo.read(path)?.text : undefined;
      found = text?.includes('nayek:') ? commentsIn(text, path) : [];
      this.known.set(path, found);
    }
    return found;
  }
}

function written({ parts }: SkipComment): string {
  return `# nayek: skip${parts ? `[${parts.join(', ')}]` : ''}`;
}

function commentsIn(text: string, path: string): SkipComment[] {
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

/** The lines that an outcome is about, by file: those of its edits and, there, those where it was seen. */
function touched(repo: Snapshot, outcome: Outcome): Map<string, Set<number>> {
  const lines = new Map<string, Set<number>>();
  const edits = outcome.kind === 'edits' ? Object.entries(outcome.edits ?? {}) : [];
  for (const [path, list] of edits) {
    const text = repo.read(path)?.text ?? '';
    const here = new Set<number>();
    for (const { start, end } of list) {
      for (let line = lineOf(text, start); line <= lineOf(text, end); line++) here.add(line);
    }
    lines.set(path, here);
  }
  const [first] = outcome.at;
  if (outcome.kind === 'manual' && first) lines.set(first.path, new Set([first.line]));
  for (const { path, line } of outcome.at) lines.get(path)?.add(line);
  return lines;
}
