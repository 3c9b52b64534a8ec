/** What a pull request says: what each part did and why, what is left to do by hand, and which plan it comes from. */

import type { PlanReport } from '../../report/json.ts';
import { mask } from '../../secrets/mask.ts';
import { oneLine, visible } from '../../syntax/visible.ts';
import { escaped } from '../escaped.ts';
import type { JobRecord } from '../job.ts';

/** Longest body in characters; GitHub takes 65,536. */
const LONGEST = 60_000;

/** A line that the body ends with; it tells a body of ours from one that somebody has rewritten. */
export function marker(inputKey: string): string {
  return `<!-- nayek ${inputKey} -->`;
}

/** True when the body was written by publish. */
export function isOurs(body: string): boolean {
  return /<!-- nayek [0-9a-f]{64} -->/.test(body);
}

/** Markdown. `report` is the masked one; undefined where it is gone. */
export function bodyOf(plan: JobRecord, report: PlanReport | undefined): string {
  const lines: string[] = [];
  const shown = (text: string): string => escaped(visible(oneLine(mask(text))));
  const verdicts = report?.verdicts ?? [];
  const list = (title: string, kind: string): void => {
    const some = verdicts.filter((v) => v.kind === kind);
    if (some.length === 0) return;
    lines.push(`**${title}**`, '', ...some.map((v) => `- ${shown(v.part)}: ${shown(v.reason)}`), '');
  };
  list('Changed', 'applied');
  list('By hand', 'manual');
  const warnings = [...(report?.warnings ?? []), ...verdicts.flatMap((v) => v.warnings)];
  if (warnings.length > 0) lines.push('**Mind**', '', ...warnings.map((w) => `- ${shown(w)}`), '');
  lines.push(`Made by nayek ${plan.tool}, recipe ${shown(plan.recipe)}, for ${(plan.baseSha ?? '').slice(0, 12)}.`);
  lines.push('A further commit on this branch keeps nayek from touching it again.');
  const end = `\n\n${marker(plan.inputKey ?? '')}\n`;
  return lines.join('\n').slice(0, LONGEST) + end;
}
