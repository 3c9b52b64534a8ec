/** One question of `patch -i`: parts, reasons and hunks of the changes that it is about. */
import type { Plan } from '../model/plan.ts';
import { planReport } from '../report/json.ts';
import { type ShownLine, shownHunks } from '../report/page/lines.ts';
import { shownLine } from '../report/shown-line.ts';
import { local } from '../report/words/local.ts';
import { wrap } from '../report/wrap.ts';
import { applyEdits } from '../syntax/edit.ts';
import { painter, visible } from '../syntax/visible.ts';
import { say } from '../system/say.ts';

export interface Screen {
  readonly colour: boolean;
  /** Columns; undefined where nobody says. */
  readonly width: number | undefined;
}

/** Looks of highlight.js as a style that goes with red and green lines, too. https://man7.org/linux/man-pages/man4/console_codes.4.html */
const STYLES: Readonly<Record<string, readonly [number, number]>> = {
  keyword: [1, 22],
  section: [1, 22],
  attr: [1, 22],
  comment: [2, 22],
  string: [3, 23],
};

/** `verdicts`: indexes into those of the plan; `lead`: what is to be said first. Ends with a line end. */
export function shownUnit(
  plan: Plan,
  verdicts: readonly number[],
  { colour, width }: Screen,
  lead: readonly string[],
): string {
  const paint = painter(colour);
  const lines: string[] = ['', ...lead.map((text) => wrap(paint('yellow', text), width, 2))];
  const push = (line: string): void => void lines.push(wrap(line, width, 4));
  for (const index of verdicts) {
    const verdict = plan.verdicts[index];
    if (!verdict) continue;
    const [at] = verdict.at;
    push(`${paint('bold', verdict.part)}  ${at ? `${visible(at.path)}:${at.line}: ` : ''}${clean(verdict.reason)}`);
    for (const warning of verdict.warnings) push(`  ${paint('yellow', local(say`warning:`))} ${clean(warning)}`);
    for (const command of verdict.commands) lines.push(`  ${local(say`run:`)} ${shownLine(command)}`);
  }
  for (const change of planReport(onlyOf(plan, verdicts), false).changes) {
    lines.push(paint('bold', visible(change.path)));
    for (const { head, lines: rows } of shownHunks(change.diff, change.path)) {
      lines.push(paint('cyan', head), ...rows.flatMap((row) => shownRow(row, colour)));
    }
  }
  return `${lines.join('\n')}\n`;
}

function shownRow({ kind, pieces, open }: ShownLine, colour: boolean): string[] {
  const text = pieces.map((piece) => (colour ? styled(piece) : piece.text)).join('');
  const line = kind === ' ' ? ` ${text}` : painter(colour)(kind === '-' ? 'red' : 'green', `${kind}${text}`);
  return open ? [line, '\\ No newline at end of file'] : [line];
}

function styled({ text, look, changed }: { text: string; look: string; changed: boolean }): string {
  const [on, off] = STYLES[look] ?? [];
  const plain = on === undefined ? text : `\x1b[${on}m${text}\x1b[${off}m`;
  return changed ? `\x1b[7m${plain}\x1b[27m` : plain;
}

/** The plan with the edits of these verdicts alone, for showing and editing. */
export function onlyOf(plan: Plan, verdicts: readonly number[]): Plan {
  const changes = plan.changes.flatMap((change) => {
    const claims = (change.claims ?? []).filter((c) => verdicts.includes(c.verdict));
    if (claims.length === 0) return [];
    if (change.before === null) return [change];
    const edits = claims.flatMap((c) => c.edits);
    return [{ ...change, claims, edits, after: applyEdits(change.before, edits) }];
  });
  return { ...plan, changes };
}

export function clean(text: string): string {
  return shownLine(local(text));
}
