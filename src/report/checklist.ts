/**
 * The checklist: each point of the recipe with its mark and evidence, after the facts that they rest on; what is known to
 * keep the service from working, and what is left for a person to decide. It is read from the sources: nothing was run.
 */

import type { Evidence, Facts, Service } from '../model/facts.ts';
import { type Language, sayingOf } from '../model/part-words.ts';
import type { Plan, Verdict } from '../model/plan.ts';
import { servedName } from '../model/served.ts';
import type { Part } from '../model/transform.ts';
import { mask } from '../secrets/mask.ts';
import { painter, visible } from '../syntax/visible.ts';
import { say } from '../system/say.ts';
import { shownLine } from './shown-line.ts';
import { local } from './words/local.ts';
import { wrap } from './wrap.ts';

export interface Point {
  readonly part: string;
  /** What must hold. */
  readonly title: string;
  /** `none` where it does not apply. */
  readonly mark: 'holds' | 'short' | 'none';
  readonly reason: string;
  readonly at: readonly Evidence[];
  /** True when `nayek patch` does it. */
  readonly patchable: boolean;
  /** True when the part could not do its work. */
  readonly failed: boolean;
}

/** What a point is called that no part answers for. */
const WORKS = 'works';

/** Titles in `language`, reasons in English. One point for each verdict, in the order of the recipe, and one for each thing that keeps the service from working. */
export function checklist(plan: Plan, parts: readonly Part[], language: Language = 'en'): Point[] {
  const stops = (plan.stops ?? []).map(
    ({ text, at }): Point => ({
      part: WORKS,
      title: say`nothing is known that keeps it from working`,
      mark: 'short',
      reason: mask(text),
      at: [at],
      patchable: false,
      failed: false,
    }),
  );
  return [...plan.verdicts.map((verdict) => pointOf(verdict, parts, language)), ...stops];
}

/** What nothing decides but a person: warnings of the parts that hold or can be made to, and notes that stop nothing. */
export function decisions(plan: Plan): string[] {
  const stops = new Set((plan.stops ?? []).map(({ text, at }) => `${text} (${at.path}:${at.line})`));
  const ofParts = plan.verdicts.flatMap((v) => v.warnings.map((w) => `${v.part}: ${w}`));
  return [...new Set([...plan.warnings.filter((w) => !stops.has(w)), ...ofParts])].map((w) => mask(w));
}

function pointOf(verdict: Verdict, parts: readonly Part[], language: Language): Point {
  return {
    part: verdict.part,
    title: sayingOf(parts.find((p) => p.id === verdict.part) ?? { id: verdict.part, summary: verdict.part }, language)
      .point,
    mark: markOf(verdict),
    reason: mask(verdict.reason),
    at: verdict.at,
    patchable: verdict.kind === 'applied',
    failed: verdict.kind === 'failed',
  };
}

function markOf({ kind }: Verdict): Point['mark'] {
  if (kind === 'satisfied') return 'holds';
  return kind === 'skipped' ? 'none' : 'short';
}

const SIGNS = { holds: '[x]', short: '[ ]', none: '[-]' } as const;
const COLOURS = { holds: 'green', short: 'red', none: 'dim' } as const;

/** No more than what reading tells. */
const READY = say`Ready to deploy as far as the sources tell. Nothing was run: \`nayek verify --live\` does that.`;

/** More names than this say nothing any more. */
const MAX_NAMES = 12;

export interface CheckOptions {
  readonly colour?: boolean;
  /** Columns of the terminal: lines are broken at words. */
  readonly width?: number | undefined;
}

/** The checklist as text, in the language of the run. Ends with a line end. */
export function checkReport(
  points: readonly Point[],
  decide: readonly string[],
  facts: Facts,
  { colour = false, width }: CheckOptions,
): string {
  const paint = painter(colour);
  const lines = facts.services.flatMap(serviceLines).map((text) => wrap(text, width, 4));
  if (lines.length > 0) lines.push('');
  for (const point of points) {
    const who = point.patchable ? local(say`nayek patch does it`) : local(say`by hand`);
    const todo = point.mark === 'short' ? ` (${who})` : '';
    const head = `${paint(COLOURS[point.mark], SIGNS[point.mark])} ${point.part}: ${local(point.title)}${todo}`;
    lines.push(wrap(head, width, 4));
    const [where] = point.at;
    lines.push(wrap(`    ${where ? `${place(where)}: ` : ''}${line(point.reason)}`, width, 4));
  }
  if (decide.length > 0) lines.push('', paint('yellow', local(say`You decide:`)));
  for (const text of decide) lines.push(wrap(`  - ${line(text)}`, width, 4));
  const short = points.filter((p) => p.mark === 'short').length;
  const apply = points.filter((p) => p.mark !== 'none').length;
  const fall = say`${short} of ${apply} points fall short.`;
  lines.push('', wrap(local(short === 0 ? READY : fall), width, 0));
  return `${lines.join('\n')}\n`;
}

function serviceLines(service: Service): string[] {
  const { entry, health, database, migrations, python } = service;
  const target =
    entry.attr === '' ? servedName(entry) : `${entry.module}:${entry.attr}${entry.factory ? ' (factory)' : ''}`;
  const asked = service.env.filter((v) => v.kind !== 'platform');
  const names = (required: boolean): string => {
    const all = asked.filter((v) => v.required === required).map((v) => visible(v.name));
    const more = all.length - MAX_NAMES;
    return [...all.slice(0, MAX_NAMES), ...(more > 0 ? [local(say`and ${more} more`)] : [])].join(', ');
  };
  const required = names(true);
  const optional = names(false);
  return [
    `${local(say`service ${visible(service.name)}`)}: ${visible(target)}, ${entry.framework}${entry.attr === '' ? '' : `, ${entry.interface}`} (${place(entry.at)})`,
    ...(python
      ? [`  python ${python.version}${python.bound ? ` ${local(say`or later`)}` : ''} (${place(python.at)})`]
      : []),
    ...(health ? [`  ${local(say`health check`)} ${visible(health.path)} (${place(health.at)})`] : []),
    ...(database
      ? [
          `  ${local(say`database`)} ${database.kind === 'other' ? local(say`of another kind`) : database.kind} (${place(database.at)})`,
        ]
      : []),
    ...(migrations ? [`  ${local(say`migrations`)} ${line(migrations.command)} (${place(migrations.at)})`] : []),
    ...(required === '' ? [] : [`  ${local(say`needs`)} ${required}`]),
    ...(optional === '' ? [] : [`  ${local(say`can do without`)} ${optional}`]),
  ];
}

function place(at: Evidence): string {
  return `${visible(at.path)}:${at.line}`;
}

function line(text: string): string {
  return shownLine(local(text));
}
