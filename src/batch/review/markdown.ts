/** The review as Markdown, for a ticket or a terminal. https://github.github.com/gfm/ */
import { code, escaped, fenced } from '../escaped.ts';
import { repositories } from '../progress.ts';
import type { ReviewEntry } from './page.ts';
import type { Detail } from './rows.ts';

/** A table of all repositories, then each that has something to say. Ends with a line end. */
export function reviewMarkdown(entries: readonly ReviewEntry[]): string {
  const out = [
    `# ${repositories(entries.length)}`,
    '',
    '| repository | status | applied | manual | failed | files | + | − | mark |',
    '|---|---|--:|--:|--:|--:|--:|--:|---|',
  ];
  for (const { row } of entries) {
    const { applied, manual, failed } = row.verdicts;
    const numbers = [applied, manual, failed, row.files, row.insertions, row.deletions];
    out.push(`| ${escaped(row.title)} | ${row.status} | ${numbers.join(' | ')} | ${row.mark} |`);
  }
  for (const { row, detail } of entries) {
    if (!detail && !row.why) continue;
    out.push('', `## ${escaped(row.title)}`, '');
    out.push(`${row.status}${row.sha ? ` on ${code(row.sha)}` : ''}${row.why ? `: ${escaped(row.why)}` : ''}`);
    if (row.bidi) out.push('', '**The diff holds characters that reorder text.**');
    if (detail) out.push(...detailLines(detail));
  }
  return `${out.join('\n')}\n`;
}

function detailLines(detail: Detail): string[] {
  const out: string[] = [''];
  for (const v of detail.verdicts) {
    out.push(
      `- ${v.kind} **${escaped(v.part)}** ${v.at.length > 0 ? `${code(v.at.map((at) => `${at.path}:${at.line}`).join(', '))} ` : ''}${escaped(v.reason)}`,
    );
    for (const warning of v.warnings) out.push(`  - warning: ${escaped(warning)}`);
    for (const command of v.commands) out.push(`  - run: ${code(command)}`);
    if (v.snippet) out.push('', ...fenced(v.snippet.trimEnd(), '').map((line) => `  ${line}`), '');
  }
  for (const { text, at } of detail.notes) {
    out.push(`- warning: ${escaped(at ? `${text} (${at.path}:${at.line})` : text)}`);
  }
  for (const skipped of detail.skipped) out.push(`- not read: ${escaped(skipped)}`);
  for (const change of detail.changes) {
    out.push('', `### ${escaped(change.path)}${change.created ? ' (new)' : ''}`, '', ...fenced(change.diff, 'diff'));
  }
  return out;
}
