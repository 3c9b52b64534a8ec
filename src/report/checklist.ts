/**
 * The checklist: each point of the recipe with its mark and evidence, after the facts that they rest on; what is known to
 * keep the service from working, and what is left for a person to decide. It is read from the sources: nothing was run.
 */
import type { Evidence, Facts, Service } from '../model/facts.ts';
import { sayingOf } from '../model/part-words.ts';
import type { Plan, Verdict } from '../model/plan.ts';
import type { Part } from '../model/transform.ts';
import { mask } from '../secrets/mask.ts';
import { oneLine, painter, visible } from '../syntax/visible.ts';

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

/** One point for each verdict, in the order of the recipe, and one for each thing that keeps the service from working. */
export function checklist(plan: Plan, parts: readonly Part[]): Point[] {
  const stops = (plan.stops ?? []).map(
    ({ text, at }): Point => ({
      part: WORKS,
      title: 'nothing is known that keeps it from working',
      mark: 'short',
      reason: mask(text),
      at: [at],
      patchable: false,
      failed: false,
    }),
  );
  return [...plan.verdicts.map((verdict) => pointOf(verdict, parts)), ...stops];
}

/** What nothing decides but a person: warnings of the parts that hold or can be made to, and notes that stop nothing. */
export function decisions(plan: Plan): string[] {
  const stops = new Set((plan.stops ?? []).map(({ text, at }) => `${text} (${at.path}:${at.line})`));
  const ofParts = plan.verdicts.flatMap((v) => v.warnings.map((w) => `${v.part}: ${w}`));
  return [...new Set([...plan.warnings.filter((w) => !stops.has(w)), ...ofParts])].map((w) => mask(w));
}

function pointOf(verdict: Verdict, parts: readonly Part[]): Point {
  return {
    part: verdict.part,
    title: sayingOf(parts.find((p) => p.id === verdict.part) ?? { id: verdict.part, summary: verdict.part }, 'en')
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
const READY = 'Ready to deploy as far as the sources tell. Nothing was run: `nayek verify --live` does that.';

/** The checklist as text. Ends with a line end. */
export function checkReport(
  points: readonly Point[],
  decide: readonly string[],
  facts: Facts,
  colour: boolean,
): string {
  const paint = painter(colour);
  const lines = facts.services.flatMap(serviceLines);
  if (lines.length > 0) lines.push('');
  for (const point of points) {
    const todo = point.mark !== 'short' ? '' : point.patchable ? ' (nayek patch does it)' : ' (by hand)';
    lines.push(`${paint(COLOURS[point.mark], SIGNS[point.mark])} ${point.part}: ${point.title}${todo}`);
    const [where] = point.at;
    lines.push(`    ${where ? `${place(where)}: ` : ''}${line(point.reason)}`);
  }
  if (decide.length > 0) lines.push('', paint('yellow', 'You decide:'), ...decide.map((d) => `  - ${line(d)}`));
  const short = points.filter((p) => p.mark === 'short').length;
  lines.push('', short === 0 ? READY : `${short} of ${points.length} points fall short.`);
  return `${lines.join('\n')}\n`;
}

function serviceLines(service: Service): string[] {
  const { entry, health, database, migrations, python } = service;
  const required = service.env.filter((v) => v.required).map((v) => v.name);
  const target = `${entry.module}:${entry.attr}${entry.factory ? ' (factory)' : ''}`;
  return [
    `service ${visible(service.name)}: ${visible(target)}, ${entry.framework}, ${entry.interface} (${place(entry.at)})`,
    ...(python ? [`  python ${python.version}${python.bound ? ' or later' : ''} (${place(python.at)})`] : []),
    ...(health ? [`  health check ${visible(health.path)} (${place(health.at)})`] : []),
    ...(database ? [`  database ${database.kind} (${place(database.at)})`] : []),
    ...(migrations ? [`  migrations ${line(migrations.command)} (${place(migrations.at)})`] : []),
    ...(required.length > 0 ? [`  needs ${required.map((name) => visible(name)).join(', ')}`] : []),
  ];
}

function place(at: Evidence): string {
  return `${visible(at.path)}:${at.line}`;
}

function line(text: string): string {
  return visible(oneLine(mask(text)));
}
