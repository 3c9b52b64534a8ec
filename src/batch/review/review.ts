/** `nayek batch review`: one page, or Markdown, with every diff of the batch and its reasons. */
import path from 'node:path';
import { openOutput } from '../../report/output.ts';
import { visible } from '../../syntax/visible.ts';
import { repositories } from '../progress.ts';
import { standings } from '../status.ts';
import { existingStore } from '../store.ts';
import { addMarks, markOf, readMarks, readMarksFile } from './marks.ts';
import { detailOf, rowOf, sharedFolder } from './rows.ts';

export interface ReviewOptions {
  readonly state: string;
  readonly format: string;
  /** File of marks to take over. */
  readonly marks?: string;
  readonly output?: string;
}

/** @throws NayekError `batch`, `unreadable`, `read-only` */
export async function review(options: ReviewOptions): Promise<number> {
  const store = existingStore(options.state);
  const all = standings(store);
  const note = (text: string): void => void process.stderr.write(`nayek: ${visible(text)}\n`);
  let marks = readMarks(store);
  if (options.marks !== undefined) {
    const fresh = readMarksFile(options.marks);
    const stale = fresh.filter((m) => !all.some((s) => s.job.jobId === m.jobId && markOf([m], s.plan) !== undefined));
    marks = addMarks(store, fresh);
    note(`took over ${fresh.length} marks`);
    if (stale.length > 0)
      note(`warning: ${stale.length} of them are for other patches than those planned now, and do not count`);
  }
  const shared = sharedFolder(all);
  const entries = all.map((standing) => {
    const detail = detailOf(store, standing);
    return { row: rowOf(standing, detail, marks, shared), detail };
  });
  if (options.format === 'markdown') {
    const { reviewMarkdown } = await import('./markdown.ts');
    openOutput(options.output).end(reviewMarkdown(entries));
    return 0;
  }
  const file = options.output ?? path.join(store, 'review.html');
  const out = openOutput(file);
  const { reviewPage } = await import('./page.ts');
  out.end(reviewPage(entries));
  note(`${file}: ${repositories(entries.length)}; open it in a browser`);
  return 0;
}
