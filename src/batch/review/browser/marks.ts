/** Runs in the page of a batch: what the reviewer decided, and what was opened before; kept, exported, sent. */
import { make } from '../../../report/page/browser/dom.ts';
import { say } from '../../../report/page/browser/said.ts';
import type { Mark, MarksFile } from '../marks.ts';
import type { BatchData } from '../page.ts';
import type { Row } from '../rows.ts';

/** A decision, or its taking back. */
export type Decision = Mark['mark'] | '';

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: all that may read or change the marks, and nothing else can
export function createMarks({ rows, token }: BatchData, changed: (note: string) => void) {
  const marks = new Map<string, Mark>();
  const opened = new Set<string>();
  const byId = new Map(rows.map((r) => [r.jobId, r]));
  for (const { jobId, patch, mark } of rows) if (mark) marks.set(jobId, { jobId, patch, mark });
  // A served page is told the truth; one from disk has to remember.
  const memory =
    token === ''
      ? `nayek-batch ${rows
          .map((r) => r.patch)
          .join('')
          .slice(0, 4096)}`
      : '';
  recall();

  function recall(): void {
    try {
      const kept = memory === '' ? null : localStorage.getItem(memory);
      const { marked = [], seen = [] } = JSON.parse(kept ?? '{}') as { marked?: Mark[]; seen?: string[] };
      for (const mark of marked) if (byId.get(mark.jobId)?.patch === mark.patch) marks.set(mark.jobId, mark);
      for (const jobId of seen) opened.add(jobId);
    } catch {
      // A browser may forbid storage to pages from disk: then the marks last as long as the page.
    }
  }

  function remember(): void {
    if (memory === '') return;
    try {
      localStorage.setItem(memory, JSON.stringify({ marked: [...marks.values()], seen: [...opened] }));
    } catch {
      // As above.
    }
  }

  /** Of those that have a patch. */
  function decide(some: readonly Row[], decision: Decision): void {
    const groups = new Set(rows.filter((r) => opened.has(r.jobId)).map((r) => r.group));
    const sent = some
      .filter((r) => r.patch !== '')
      .map(({ jobId, patch, group }) => {
        const seen = opened.has(jobId) ? 'opened' : groups.has(group) ? 'alike' : 'unopened';
        if (decision === '') marks.delete(jobId);
        else marks.set(jobId, { jobId, patch, mark: decision, seen });
        return { jobId, patch, mark: decision, seen };
      });
    remember();
    changed('');
    if (token !== '') void send(sent);
  }

  async function send(sent: readonly unknown[]): Promise<void> {
    try {
      const headers = { 'content-type': 'application/json', 'x-nayek-token': token };
      const answer = await fetch('marks', { method: 'POST', headers, body: JSON.stringify({ marks: sent }) });
      if (!answer.ok) throw new Error(await answer.text());
      changed(say`saved`);
    } catch {
      changed(
        say`NOT SAVED: \`nayek batch review --serve\` does not answer any more. Start it again and open its new page.`,
      );
    }
  }

  function exportFile(): void {
    const file: MarksFile = { schema: 1, marks: [...marks.values()] };
    const url = URL.createObjectURL(new Blob([`${JSON.stringify(file, null, 1)}\n`], { type: 'application/json' }));
    make('a', { href: url, download: 'nayek-marks.json' }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  async function importFile(chosen: File): Promise<string> {
    try {
      const data = JSON.parse(await chosen.text()) as MarksFile;
      const fitting = data.marks.filter((m) => byId.get(m.jobId)?.patch === m.patch && m.patch !== '');
      for (const mark of fitting) marks.set(mark.jobId, mark);
      remember();
      return say`${fitting.length} of ${data.marks.length} marks imported`;
    } catch {
      return say`That file holds no marks.`;
    }
  }

  return {
    opened,
    decide,
    exportFile,
    importFile,
    of: (row: Row): Decision => marks.get(row.jobId)?.mark ?? '',
    open(row: Row): void {
      opened.add(row.jobId);
      remember();
    },
  };
}
