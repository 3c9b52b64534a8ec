/** A plan in words, by part: verdict, where, why, what to know and what to run. For people; credentials are masked. */
import type { Evidence } from '../model/facts.ts';
import type { Plan, Verdict } from '../model/plan.ts';
import { mask } from '../secrets/mask.ts';
import { type Colour, painter, visible } from '../syntax/visible.ts';
import { say } from '../system/say.ts';
import { shownLine } from './shown-line.ts';
import { local } from './words/local.ts';
import { wrap } from './wrap.ts';

export interface SummaryOptions {
  /** True when the changes have been written. */
  readonly written: boolean;
  readonly colour?: boolean;
  /** Columns of the terminal: lines are broken at words. */
  readonly width?: number | undefined;
  /** Every place, not the first alone. */
  readonly verbose?: boolean;
}

const COLOURS: Readonly<Record<Verdict['kind'], Colour>> = {
  applied: 'green',
  satisfied: 'dim',
  skipped: 'dim',
  manual: 'yellow',
  failed: 'red',
};

/** What a verdict is called; `applied` is only what has been written. */
const NAMES: Readonly<Record<Verdict['kind'] | 'pending', string>> = {
  pending: say`pending`,
  applied: say`applied`,
  satisfied: say`satisfied`,
  skipped: say`skipped`,
  manual: say`manual`,
  failed: say`failed`,
};

/** More names than a screen has lines help nobody: the diff and `--format json` have them all. */
const MAX_NAMES = 40;

/** Columns. */
const NARROW = 60;

/** Ends with a line end. */
export function summary(plan: Plan, options: SummaryOptions): string {
  const paint = painter(options.colour === true);
  // On a narrow screen the place of the text is dearer than columns that stand below each other.
  const roomy = (options.width ?? NARROW) >= NARROW;
  const width = roomy ? plan.verdicts.reduce((most, v) => Math.max(most, v.part.length), 4) : 0;
  const several = new Set(plan.verdicts.flatMap((v) => v.service ?? [])).size > 1;
  const kindWidth = Math.max(...Object.values(NAMES).map((name) => local(name).length));
  const hang = kindWidth + 2;
  const lines: string[] = [];
  const push = (line: string, indent: number): void => void lines.push(wrap(line, options.width, indent));
  for (const verdict of plan.verdicts) {
    const kind = local(NAMES[verdict.kind === 'applied' && !options.written ? 'pending' : verdict.kind]);
    const service = several && verdict.service !== undefined ? ` [${verdict.service || '.'}]` : '';
    const head = `${paint(COLOURS[verdict.kind], kind.padEnd(kindWidth))}  ${visible(verdict.part.padEnd(width))}${visible(service)}`;
    push(`${head}${roomy ? '  ' : ' '}${places(verdict.at, options.verbose === true)}${shown(verdict.reason)}`, hang);
    for (const warning of verdict.warnings) push(`    ${paint('yellow', local(say`warning:`))} ${shown(warning)}`, 6);
    lines.push(...byHand(verdict));
  }
  const column = (name: string): string => local(name).padEnd(kindWidth);
  for (const warning of plan.warnings) push(`${paint('yellow', column(say`warning`))}  ${shown(warning)}`, hang);
  for (const { path, reason } of plan.skipped)
    push(`${column(NAMES.skipped)}  ${visible(path)}: ${shown(reason)}`, hang);
  lines.push('', wrap(closing(plan, options.written), options.width, 2));
  return `${lines.join('\n')}\n`;
}

/** What is left to a person: commands and a snippet. */
function byHand({ commands, snippet }: Verdict): string[] {
  const lines = commands.map((command) => `    ${local(say`run:`)} ${shownLine(command)}`);
  if (snippet === undefined) return lines;
  const own = mask(snippet)
    .trimEnd()
    .split('\n')
    .map((line) => `      ${visible(line)}`.trimEnd());
  return [...lines, `    ${local(say`by hand:`)}`, ...own];
}

function closing(plan: Plan, written: boolean): string {
  if (plan.changes.length === 0) return local(say`Nothing to change.`);
  const created = plan.changes.filter((c) => c.before === null).length;
  const counts = [counted(plan.changes.length - created, written, false), counted(created, written, true)];
  const names = plan.changes.slice(0, MAX_NAMES).map((c) => visible(c.path));
  const more = plan.changes.length - names.length;
  const listed = more > 0 ? [...names, local(say`and ${more} more`)] : names;
  return `${counts.filter(Boolean).join(', ')}${local(say`:`)} ${listed.join(', ')}`;
}

/** How many files are changed or created, or will be; '' for none. */
function counted(files: number, written: boolean, created: boolean): string {
  if (files === 0) return '';
  if (created) {
    if (written) return local(files === 1 ? say`1 file created` : say`${files} files created`);
    return local(files === 1 ? say`1 file to create` : say`${files} files to create`);
  }
  if (written) return local(files === 1 ? say`1 file changed` : say`${files} files changed`);
  return local(files === 1 ? say`1 file to change` : say`${files} files to change`);
}

function places(at: readonly Evidence[], all: boolean): string {
  const [first] = at;
  if (!first) return '';
  const place = `${visible(first.path)}:${first.line}`;
  if (all) return `${at.map(({ path, line }) => `${visible(path)}:${line}`).join(', ')}: `;
  if (at.length === 1) return `${place}: `;
  const more = at.length === 2 ? say`and 1 more place` : say`and ${at.length - 1} more places`;
  return `${place} (${local(more)}): `;
}

/** In the language of the run, and harmless. */
function shown(text: string): string {
  return shownLine(local(text));
}
