/** Steps as text, one line each, and as JSON. */

import { local } from '../report/words/local.ts';
import { type Colour, oneLine, painter, visible } from '../syntax/visible.ts';
import { say } from '../system/say.ts';
import { VERSION } from '../system/version.ts';
import type { Log } from './log.ts';
import type { Status, Step } from './steps.ts';

const COLOURS: Readonly<Record<Status, Colour>> = {
  ok: 'green',
  failed: 'red',
  warning: 'yellow',
  blocked: 'red',
  skipped: 'dim',
};
/** What a status is called. */
const NAMES: Readonly<Record<Status, string>> = {
  ok: say`ok`,
  failed: say`failed`,
  warning: say`warning`,
  blocked: say`blocked`,
  skipped: say`skipped`,
};
/** Lines of a failing log that are shown; the file has all. */
const SHOWN = 15;

/** A step as lines, without the last line end. `masked` hides what is secret. */
export function stepLines(step: Step, masked: Log['masked'], colour: boolean): string {
  const paint = painter(colour);
  const name = visible([step.origin, local(step.name)].filter(Boolean).join(': '));
  const time = step.status === 'skipped' ? '' : seconds(step.ms);
  const head = `${paint(COLOURS[step.status], local(NAMES[step.status]).padEnd(8))}${time.padStart(8)}  ${name}`;
  const lines = [`${head}: ${visible(oneLine(masked(local(step.detail))))}`];
  if (step.status !== 'ok' && step.status !== 'skipped') {
    lines.push(...step.log.slice(-SHOWN).map((line) => `            | ${visible(masked(line))}`));
    const text = (word: string, said: string): string =>
      `            ${local(word)} ${visible(oneLine(masked(local(said))))}`;
    if (step.cause) lines.push(text(say`cause:`, step.cause));
    if (step.foreseen) lines.push(text(say`said before:`, step.foreseen));
    if (step.reproduce) lines.push(`            ${local(say`by hand:`)} ${visible(masked(step.reproduce))}`);
  }
  return lines.join('\n');
}

/** The last line: how many of each. */
export function closing(steps: readonly Step[]): string {
  const count = (status: Status): number => steps.filter((s) => s.status === status).length;
  const [failed, blocked, warnings, skipped] = [count('failed'), count('blocked'), count('warning'), count('skipped')];
  const parts = [
    say`${count('ok')} ok`,
    ...(failed > 0 ? [say`${failed} failed`] : []),
    ...(blocked > 0 ? [say`${blocked} blocked`] : []),
    ...(warnings > 0 ? [warnings === 1 ? say`1 warning` : say`${warnings} warnings`] : []),
    ...(skipped > 0 ? [say`${skipped} skipped`] : []),
  ];
  const took = seconds(steps.reduce((sum, s) => sum + s.ms, 0)).trim();
  return `${parts.map(local).join(', ')} (${took})`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** What `--format json` prints; nothing secret is in it. */
export function stepsReport(
  root: string,
  recipe: string,
  steps: readonly Step[],
  log: Log,
  exit: number,
): Record<string, unknown> {
  return {
    schema: 1,
    nayek: VERSION,
    root,
    recipe,
    exit,
    steps: steps.map((step) => ({
      ...step,
      detail: log.masked(step.detail),
      log: step.log.map((line) => log.masked(line)),
      ...(step.cause === undefined ? {} : { cause: log.masked(step.cause) }),
      ...(step.foreseen === undefined ? {} : { foreseen: log.masked(step.foreseen) }),
      ...(step.reproduce === undefined ? {} : { reproduce: log.masked(step.reproduce) }),
    })),
  };
}
