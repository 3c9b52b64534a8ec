/**
 * What comments of a repository ask to be left alone (src/syntax/skip-comments.ts), held against what the parts want. It
 * only ever takes something away.
 */
import type { Outcome } from '../model/transform.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import {
  leftAlone,
  linesOf,
  mayHoldSkips,
  type SkipComment,
  shownSkip,
  skipComments,
  speaksOf,
} from '../syntax/skip-comments.ts';
import { nearest } from '../system/nearest.ts';
import { say } from '../system/say.ts';
import { withoutLines } from './apart.ts';

/** The comments of a repository, read where a part has something to say; and which of them were of use. */
export class Skips {
  private readonly repo: Snapshot;
  private readonly known = new Map<string, readonly SkipComment[]>();
  private readonly used = new Set<SkipComment>();

  private readonly ids: readonly string[];

  /** `ids`: of the parts of this run, and of all that come with nayek. */
  constructor(repo: Snapshot, ids: readonly string[]) {
    this.repo = repo;
    this.ids = [...new Set(ids)];
  }

  /**
   * The outcome without what is left alone, and a `skipped` for that: only the edits of the lines that are held where the
   * others can be proved to do without them, else all of it.
   */
  applied(part: string, outcome: Outcome): Outcome[] {
    if (outcome.kind === 'satisfied') return [outcome];
    const held = this.holding(part, touched(this.repo, outcome));
    for (const { comment } of held) this.used.add(comment);
    const [first] = held;
    // A part that has looked at the comments itself says `skipped` of such a place.
    if (!first || outcome.kind === 'skipped') return [outcome];
    const { at, service } = outcome;
    const skipped = (comment: SkipComment, seen: Outcome['at']): Outcome => ({
      kind: 'skipped',
      reason: leftAlone(comment),
      at: seen,
      ...(service === undefined ? {} : { service }),
    });
    const rest = outcome.kind === 'edits' ? this.without(outcome, held) : undefined;
    if (!rest) return [skipped(first.comment, at)];
    return [rest, ...held.map(({ comment, line }) => skipped(comment, [{ path: comment.path, line }]))];
  }

  private without(outcome: Outcome & { kind: 'edits' }, held: readonly HeldLine[]): Outcome | undefined {
    if (held.some(({ comment }) => comment.holds === undefined)) return undefined;
    const lines = new Map<string, Set<number>>();
    for (const { comment, line } of held) {
      lines.set(comment.path, (lines.get(comment.path) ?? new Set()).add(line));
    }
    const edits = withoutLines(this.repo, outcome, lines);
    if (!edits) return undefined;
    const at = outcome.at.filter(({ path, line }) => !lines.get(path)?.has(line));
    return { ...outcome, at: at.length > 0 ? at : outcome.at, edits };
  }

  /** Every comment that holds one of these lines, with that line. */
  private holding(part: string, lines: ReadonlyMap<string, ReadonlySet<number>>): HeldLine[] {
    return [...lines].flatMap(([path, touched]) =>
      this.in(path).flatMap((comment) => {
        if (!speaksOf(comment, part) && !this.meant(comment).some(({ near }) => near === part)) return [];
        if (comment.holds === undefined) return [{ comment, line: 1 }];
        return touched.has(comment.holds) ? [{ comment, line: comment.holds }] : [];
      }),
    );
  }

  /** Ids that nobody bears but somebody almost; others may be rules of another run. */
  private meant({ parts = [] }: SkipComment): { readonly id: string; readonly near: string }[] {
    return parts.flatMap((id) => {
      const near = this.ids.includes(id)
        ? undefined
        : nearest(
            id,
            this.ids.filter((known) => mayBe(id, known)),
          );
      return near === undefined ? [] : [{ id, near }];
    });
  }

  /** What cannot be read, or names a part that is none, in the files that were read. */
  unclear(): string[] {
    return [...this.repo.reads.keys()].sort().flatMap((path) =>
      this.in(path).flatMap((c) => {
        const place = `${path}:${c.line}`;
        if (c.unread !== undefined) {
          return [
            say`\`${c.unread}\` is not understood: write \`# nayek: skip\` or \`# nayek: skip[part]\` (${place})`,
          ];
        }
        return this.meant(c).map(
          ({ id, near }) => say`\`${shownSkip(c)}\`: there is no part ${id} here: did you mean ${near}? (${place})`,
        );
      }),
    );
  }

  /**
   * What was asked for by name and did nothing, in the files that were read, where all parts ran that it names. One
   * without names may be for a rule or a part of another run.
   */
  unused(ran: ReadonlySet<string>): string[] {
    return [...this.repo.reads.keys()].sort().flatMap((path) =>
      this.in(path)
        .filter((c) => !this.used.has(c) && c.parts?.every((part) => ran.has(part)))
        .map((c) => say`\`${shownSkip(c)}\` leaves nothing alone: it can go (${path}:${c.line})`),
    );
  }

  private in(path: string): readonly SkipComment[] {
    let found = this.known.get(path);
    if (!found) {
      found = mayHoldSkips(path) ? skipComments(path, this.repo.read(path)?.text) : [];
      this.known.set(path, found);
    }
    return found;
  }
}

/** False for what is no slip: one letter, and another number of a series (DJ101 for DJ102), which another run may have. */
function mayBe(id: string, known: string): boolean {
  const [a, b] = [id, known].map((name) => name.replace(/\D+/g, ' ').trim());
  return known.length > 1 && (a === b || a === '' || b === '');
}

interface HeldLine {
  readonly comment: SkipComment;
  /** 1-based. */
  readonly line: number;
}

/** The lines that an outcome is about, by file: those of its edits and, there, those where it was seen. */
function touched(repo: Snapshot, outcome: Outcome): Map<string, Set<number>> {
  const lines = new Map<string, Set<number>>();
  const edits = outcome.kind === 'edits' ? Object.entries(outcome.edits ?? {}) : [];
  for (const [path, list] of edits) {
    const text = repo.read(path)?.text ?? '';
    lines.set(path, new Set(list.flatMap((edit) => linesOf(text, edit))));
  }
  const [first] = outcome.at;
  if (outcome.kind !== 'edits' && first) lines.set(first.path, new Set([first.line]));
  for (const { path, line } of outcome.at) lines.get(path)?.add(line);
  return lines;
}
