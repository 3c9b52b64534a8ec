/** The review as Markdown, for a ticket or a terminal. https://github.github.com/gfm/ */
import { LABELS } from '../../report/page/labels.ts';
import { kindOf } from '../../report/page/repository.ts';
import { language, local } from '../../report/words/local.ts';
import { say } from '../../system/say.ts';
import { code, escaped, fenced } from '../escaped.ts';
import { repositories, statusWord } from '../progress.ts';
import type { ReviewEntry } from './page.ts';
import type { Detail, Row } from './rows.ts';

const HEADS = [
  ...[say`repository`, say`status`, say`pending`, say`by hand`, say`failed`, say`files`],
  ...['+', '\u2212', say`mark`],
];

function markWord(mark: Row['mark']): string {
  return mark === '' ? '' : local(mark === 'approve' ? say`approved` : say`excluded`);
}

/** A table of all repositories, then each that has something to say. Ends with a line end. */
export function reviewMarkdown(entries: readonly ReviewEntry[]): string {
  const out = [
    `# ${local(repositories(entries.length))}`,
    '',
    `| ${HEADS.map(local).join(' | ')} |`,
    '|---|---|--:|--:|--:|--:|--:|--:|---|',
  ];
  for (const { row } of entries) {
    const { applied, manual, failed } = row.verdicts;
    const numbers = [applied, manual, failed, row.files, row.insertions, row.deletions];
    out.push(`| ${escaped(row.title)} | ${statusWord(row.status)} | ${numbers.join(' | ')} | ${markWord(row.mark)} |`);
  }
  for (const { row, detail } of entries) {
    if (!detail && !row.why) continue;
    out.push('', `## ${escaped(row.title)}`, '');
    const planned = row.sha ? ` (${code(row.sha)})` : '';
    out.push(`${statusWord(row.status)}${planned}${row.why ? `${local(say`:`)} ${escaped(row.why)}` : ''}`);
    if (row.bidi) out.push('', `**${local(say`The diff holds characters that reorder text.`)}**`);
    if (detail) out.push(...detailLines(detail));
  }
  return `${out.join('\n')}\n`;
}

function detailLines(detail: Detail): string[] {
  const out: string[] = [''];
  for (const v of detail.verdicts) {
    out.push(
      `- ${LABELS[language()].kinds[kindOf(v, detail)]} **${escaped(v.part)}** ${v.at.length > 0 ? `${code(v.at.map((at) => `${at.path}:${at.line}`).join(', '))} ` : ''}${escaped(v.reason)}`,
    );
    for (const warning of v.warnings) out.push(`  - ${local(say`warning:`)} ${escaped(warning)}`);
    for (const command of v.commands) out.push(`  - ${local(say`run:`)} ${code(command)}`);
    if (v.snippet) out.push('', ...fenced(v.snippet.trimEnd(), '').map((line) => `  ${line}`), '');
  }
  for (const { text, at } of detail.notes) {
    out.push(`- ${local(say`warning:`)} ${escaped(at ? `${text} (${at.path}:${at.line})` : text)}`);
  }
  for (const skipped of detail.skipped) out.push(`- ${local(say`not read:`)} ${escaped(skipped)}`);
  for (const change of detail.changes) {
    out.push(
      '',
      `### ${escaped(change.path)}${change.created ? ` (${local(say`new`)})` : ''}`,
      '',
      ...fenced(change.diff, 'diff'),
    );
  }
  return out;
}
