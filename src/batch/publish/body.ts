/** What a pull request says: the report of the plan in Markdown, each hunk under its reasons. https://github.github.com/gfm/ */

import type { PlanReport } from '../../report/json.ts';
import { type RepositoryView, type VerdictView, viewOf } from '../../report/page/view.ts';
import { shownLine } from '../../report/shown-line.ts';
import { local } from '../../report/words/local.ts';
import { say } from '../../system/say.ts';
import { code, escaped, fenced } from '../escaped.ts';
import type { JobRecord } from '../job.ts';

/**
 * Longest body in bytes of UTF-8: GitHub takes 65,536 characters, and counts those beyond the BMP as several.
 * https://github.com/orgs/community/discussions/41331
 */
const LONGEST = 60_000;
/** What is left for the end, beyond diffs and reasons. */
const END = 2000;

/** A line that the body ends with; it tells a body of ours from one that somebody has rewritten. */
export function marker(inputKey: string): string {
  return `<!-- nayek ${inputKey} -->`;
}

/** True when the body was written by publish. */
export function isOurs(body: string): boolean {
  return /<!-- nayek [0-9a-f]{64} -->/.test(body);
}

/** `report` is the masked one; undefined where it is gone. `branch` is that of the pull request. */
export function bodyOf(plan: JobRecord, report: PlanReport | undefined, branch: string): string {
  const view = report && viewOf(report);
  const end = [
    '',
    `## ${local(say`What to do with it`)}`,
    '',
    `- ${text(say`Try it: \`git fetch origin ${branch} && git switch ${branch}\`, then \`nayek verify --live\` boots it in a copy`)}`,
    `- ${text(say`Change it: a further commit on this branch keeps nayek from touching it again`)}`,
    `- ${text(say`Refuse it: close it; it is not opened again for the same patch`)}`,
    '',
    text(say`Made by nayek ${plan.tool}, recipe ${shownLine(plan.recipe)}, for ${(plan.baseSha ?? '').slice(0, 12)}.`),
    '',
    marker(plan.inputKey ?? ''),
    '',
  ];
  const room = LONGEST - END;
  const lines = view ? fitted([...byHand(view), ...toKnow(view)], changes(view), room) : [];
  return [...lines, ...end].join('\n');
}

/** Lines, and the diff among them that may be left out. */
type Block = string | { readonly diff: readonly string[] };

/** All of `first`; of the rest every line, and of the diffs those that there is room for. */
function fitted(first: readonly string[], rest: readonly Block[], room: number): string[] {
  const size = (lines: readonly string[]): number => lines.reduce((sum, l) => sum + Buffer.byteLength(l) + 1, 0);
  const instead = ({ diff }: { readonly diff: readonly string[] }): string =>
    `*${text(say`A diff of ${diff.length - 2} lines stands under "Files changed".`)}*`;
  const words = [...rest.map((block) => (typeof block === 'string' ? block : instead(block))), ...first];
  let left = room - size(words);
  const out: string[] = [];
  for (const block of rest) {
    if (typeof block === 'string') out.push(block);
    else if (size(block.diff) <= left) {
      left -= size(block.diff);
      out.push(...block.diff);
    } else out.push(instead(block));
  }
  return cut([...out, ...first], room);
}

/** Whole lines from the start that fit; only reasons without end get here. */
function cut(lines: readonly string[], room: number): string[] {
  let left = room;
  const fit = lines.findIndex((line) => {
    left -= Buffer.byteLength(line) + 1;
    return left < 0;
  });
  if (fit === -1) return [...lines];
  const kept = lines.slice(0, fit);
  const open = kept.filter((line) => /^`{3,}/.test(line)).length % 2 === 1 ? ['```'] : [];
  return [...kept, ...open, `*${text(say`The rest is left out: this is as much as a pull request holds.`)}*`];
}

/** Each file, each hunk under the reasons of those that made it; a verdict is told in full once. */
function changes(view: RepositoryView): Block[] {
  const told = new Set<number>();
  const out: Block[] = view.changes.length > 0 ? [`## ${local(say`What changes, and why`)}`] : [];
  for (const { path, created, diff, hunks, by } of view.changes) {
    out.push('', `### ${code(path)}${created ? ` (${local(say`new`)})` : ''}`);
    const texts = diff.split(/^(?=@@ )/m).filter((part) => part.startsWith('@@ '));
    for (const [index, hunk] of texts.entries()) {
      const { verdicts = [], notes = [] } = hunks[index] ?? {};
      const reasons = verdicts.flatMap((at) => reasonOnce(view, at, told));
      const why = verdicts.length === 0 ? [`- **${by.map(escaped).join(', ')}**`] : reasons;
      const known = notes.flatMap((note) => (view.notes[note] ? [warning(view.notes[note].text)] : []));
      out.push('', ...why, ...known, '', { diff: fenced(hunk.trimEnd(), 'diff') });
    }
  }
  return out;
}

/** `told`: indexes of the verdicts that were told in full, which gets this one. */
function reasonOnce(view: RepositoryView, at: number, told: Set<number>): string[] {
  const verdict = view.verdicts[at];
  if (!verdict) return [];
  const lines = told.has(at) ? [`- **${escaped(verdict.part)}**: ${local(say`as above`)}`] : reason(verdict);
  told.add(at);
  return lines;
}

function reason({ part, reason: why, at, warnings, commands }: VerdictView): string[] {
  const places = at.slice(0, 3).map(({ path, line }) => code(`${path}:${line}`));
  return [
    `- **${escaped(part)}**: ${text(why)}${places.length > 0 ? ` (${places.join(', ')})` : ''}`,
    ...warnings.map((w) => `  ${warning(w)}`),
    ...commands.map((command) => `  - ${local(say`run:`)} ${code(command)}`),
  ];
}

function warning(words: string): string {
  return `- ⚠️ ${text(words)}`;
}

/** What is left to a person. */
function byHand({ verdicts }: RepositoryView): string[] {
  const open = verdicts.filter(({ kind }) => kind === 'manual' || kind === 'failed');
  if (open.length === 0) return [];
  return [
    '',
    `## ${local(say`Left to do by hand`)}`,
    '',
    ...open.flatMap((verdict) => [
      ...reason(verdict),
      ...(verdict.snippet === '' ? [] : ['', ...fenced(verdict.snippet, '').map((l) => `  ${l}`), '']),
    ]),
  ];
}

/** Warnings of what did its work elsewhere, and what the survey says. */
function toKnow({ verdicts, notes, skipped }: RepositoryView): string[] {
  const quiet = verdicts.filter(({ kind }) => kind === 'satisfied' || kind === 'skipped').flatMap((v) => v.warnings);
  const known = notes.map(({ text: words, at }) => `${text(words)}${at ? ` (${code(`${at.path}:${at.line}`)})` : ''}`);
  const lines = [...new Set([...quiet.map(text), ...known])].map((l) => `- ⚠️ ${l}`);
  const unread = skipped.map((file) => `- ${local(say`not read:`)} ${text(file)}`);
  if (lines.length + unread.length === 0) return [];
  return ['', `## ${local(say`To know before merging`)}`, '', ...lines, ...unread];
}

/** Words in the language of the run; code between backticks stays code. */
function text(words: string): string {
  const parts = local(words).split(/`([^`]+)`/);
  return parts.map((part, index) => (index % 2 === 1 ? code(part) : escaped(part))).join('');
}
