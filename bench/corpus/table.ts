/** The scorer's report on a terminal. */
import type { Row } from './index.ts';
import type { Decision } from './score.ts';

export function printTable(rows: readonly Row[]): void {
  for (const row of rows) {
    const wrong = row.decisions.filter((d) => d.result !== 'right' && !d.subject.startsWith('env.'));
    const figures = row.cpu === undefined ? '' : ` ${row.cpu.toFixed(2)} s CPU, ${Math.round(row.rss ?? 0)} MiB`;
    console.log(`${row.repo}:${figures}${row.error ? ` ${row.error}` : ''}`);
    for (const c of row.complaints) console.log(`  HARM ${c}`);
    for (const d of wrong) console.log(`  ${d.result} ${d.subject} ${d.about}: expected ${d.expected} | got ${d.got}`);
  }
  const all = rows.flatMap((r) => r.decisions);
  console.log('\nsubject                 right  wrong  debatable');
  for (const subject of [...new Set(all.map((d) => d.subject))].sort()) {
    console.log(
      line(
        subject,
        all.filter((d) => d.subject === subject),
      ),
    );
  }
  console.log(
    line(
      'all parts',
      all.filter((d) => !/^(?:service|env)\./.test(d.subject)),
    ),
  );
  console.log(line('everything', all));
  const clean = rows.filter(
    (r) =>
      r.decisions.length > 0 && !r.decisions.some((d) => d.result === 'wrong' && !/^(?:service|env)\./.test(d.subject)),
  );
  console.log(`\nrepositories with every part right or debatable: ${clean.length} of ${rows.length}`);
  console.log(`harm: ${rows.reduce((n, r) => n + r.complaints.length, 0)} complaints`);
}

function line(name: string, decisions: readonly Decision[]): string {
  const count = (result: Decision['result']): string => String(decisions.filter((d) => d.result === result).length);
  return `${name.padEnd(22)} ${count('right').padStart(6)} ${count('wrong').padStart(6)} ${count('debatable').padStart(6)}`;
}
