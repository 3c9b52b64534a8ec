/** A plan in words, by part: verdict, where, why, what to know and what to run. For people; credentials are masked. */
import type { Evidence } from '../model/facts.ts';
import type { Plan, Verdict } from '../model/plan.ts';
import { mask } from '../secrets/mask.ts';
import { type Colour, oneLine, painter, visible } from '../syntax/visible.ts';

export interface SummaryOptions {
  /** True when the changes have been written. */
  readonly written: boolean;
  readonly colour?: boolean;
}

const COLOURS: Readonly<Record<Verdict['kind'], Colour>> = {
  applied: 'green',
  satisfied: 'dim',
  skipped: 'dim',
  manual: 'yellow',
  failed: 'red',
};

/** More names than a screen has lines help nobody: the diff and `--format json` have them all. */
const MAX_NAMES = 40;

/** Ends with a line end. */
export function summary(plan: Plan, options: SummaryOptions): string {
  const paint = painter(options.colour === true);
  const width = plan.verdicts.reduce((most, v) => Math.max(most, v.part.length), 4);
  const several = new Set(plan.verdicts.flatMap((v) => v.service ?? [])).size > 1;
  const lines: string[] = [];
  for (const verdict of plan.verdicts) {
    const kind = verdict.kind === 'applied' && !options.written ? 'pending' : verdict.kind;
    const service = several && verdict.service !== undefined ? ` [${verdict.service || '.'}]` : '';
    const head = `${paint(COLOURS[verdict.kind], kind.padEnd(9))}  ${visible(verdict.part.padEnd(width))}${visible(service)}`;
    lines.push(`${head}  ${places(verdict.at)}${shown(verdict.reason)}`);
    for (const warning of verdict.warnings) lines.push(`    ${paint('yellow', 'warning:')} ${shown(warning)}`);
    for (const command of verdict.commands) lines.push(`    run: ${shown(command)}`);
    if (verdict.snippet !== undefined) {
      lines.push('    by hand:');
      for (const line of mask(verdict.snippet).trimEnd().split('\n')) lines.push(`      ${visible(line)}`.trimEnd());
    }
  }
  for (const warning of plan.warnings) lines.push(`${paint('yellow', 'warning')}    ${shown(warning)}`);
  for (const { path, reason } of plan.skipped) lines.push(`skipped    ${visible(path)}: ${shown(reason)}`);
  lines.push('', closing(plan, options.written));
  return `${lines.join('\n')}\n`;
}

function closing(plan: Plan, written: boolean): string {
  if (plan.changes.length === 0) return 'Nothing to change.';
  const created = plan.changes.filter((c) => c.before === null).length;
  const changed = plan.changes.length - created;
  const counts = [
    ...(changed > 0 ? [`${changed} ${changed === 1 ? 'file' : 'files'} ${written ? 'changed' : 'to change'}`] : []),
    ...(created > 0 ? [`${created} ${created === 1 ? 'file' : 'files'} ${written ? 'created' : 'to create'}`] : []),
  ].join(', ');
  const names = plan.changes.slice(0, MAX_NAMES).map((c) => visible(c.path));
  const more = plan.changes.length - names.length;
  const listed = more > 0 ? [...names, `and ${more} more`] : names;
  return `${counts}: ${listed.join(', ')}${written ? '\nTake it back with `nayek undo`.' : ''}`;
}

function places(at: readonly Evidence[]): string {
  const [first] = at;
  if (!first) return '';
  return `${visible(first.path)}:${first.line}${at.length > 1 ? ` (+${at.length - 1})` : ''}: `;
}

function shown(text: string): string {
  return visible(oneLine(mask(text)));
}
