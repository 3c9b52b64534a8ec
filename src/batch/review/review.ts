/** `nayek batch review`: one page, or Markdown, with every diff of the batch and its reasons. */
import path from 'node:path';
import { nextSteps } from '../../report/next.ts';
import { openOutput } from '../../report/output.ts';
import { aside, note } from '../../report/voice.ts';
import { pageWords } from '../../report/words/local.ts';
import { say } from '../../system/say.ts';
import { repositories } from '../progress.ts';
import { standings } from '../status.ts';
import { existingStore } from '../store.ts';
import { addMarks, approvals, type Mark, markOf, readMarks, readMarksFile, writeMarks } from './marks.ts';
import type { ReviewEntry } from './page.ts';
import { detailOf, rowOf, sharedFolder } from './rows.ts';
import type { SentMark } from './serve.ts';

export interface ReviewOptions {
  readonly state: string;
  readonly format: string;
  /** File of marks to take over. */
  readonly marks?: string;
  readonly output?: string;
  /** Answer on this machine, and keep marks as they are made. */
  readonly serve?: boolean;
  readonly signal?: AbortSignal;
}

/** @throws NayekError `batch`, `unreadable`, `read-only` */
export async function review(options: ReviewOptions): Promise<number> {
  const store = existingStore(options.state);
  const all = standings(store);
  let marks = readMarks(store);
  if (options.marks !== undefined) {
    const fresh = readMarksFile(options.marks);
    const stale = fresh.filter((m) => !all.some((s) => s.job.jobId === m.jobId && markOf([m], s.plan) !== undefined));
    marks = addMarks(store, fresh);
    note(say`took over ${fresh.length} marks`);
    if (stale.length > 0)
      note(say`warning: ${stale.length} of them are for other patches than those planned now, and do not count`);
  }
  const shared = sharedFolder(all);
  const details = all.map((standing) => detailOf(store, standing));
  const entries = (known: readonly Mark[]): ReviewEntry[] =>
    all.map((standing, index) => ({
      row: rowOf(standing, details[index]?.english, known, shared),
      detail: details[index]?.shown,
    }));
  if (options.serve) return serve(store, entries, options.signal);
  if (options.format === 'markdown') {
    const { reviewMarkdown } = await import('./markdown.ts');
    openOutput(options.output).end(reviewMarkdown(entries(marks)));
    return 0;
  }
  const file = options.output ?? path.join(store, 'review.html');
  const out = openOutput(file);
  const { reviewPage } = await import('./page.ts');
  out.end(reviewPage(entries(marks), await pageWords()));
  note(say`${file}: ${repositories(all.length)}; open it in a browser`);
  aside(
    nextSteps([
      say`\`nayek batch review --serve\` shows the same page and keeps what you approve`,
      say`or in the page: Export marks, then \`nayek batch review --marks <that file>\``,
      say`\`nayek batch publish --dry-run\` shows what would be published`,
    ]),
  );
  return 0;
}

/** Until it is interrupted, which is how it ends. */
async function serve(
  store: string,
  entries: (marks: readonly Mark[]) => ReviewEntry[],
  signal: AbortSignal | undefined,
): Promise<number> {
  const { serveReview } = await import('./serve.ts');
  const { reviewPage } = await import('./page.ts');
  const words = await pageWords();
  const served = await serveReview(
    (token) => reviewPage(entries(readMarks(store)), words, token),
    (sent) => takeMarks(store, sent),
  );
  process.stdout.write(`${served.url}\n`);
  note(say`open it in a browser of this machine; marks are kept as they are made; Ctrl-C ends`);
  await new Promise<void>((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  await served.close();
  note(approvals(readMarks(store)));
  aside(nextSteps([say`\`nayek batch publish --dry-run\` shows what would be published`]));
  return 0;
}

/** Marks as the page sends them: '' takes one back. */
function takeMarks(store: string, sent: readonly SentMark[]): void {
  const gone = new Set(sent.filter((m) => m.mark === '').map((m) => m.jobId));
  const made = sent.filter((m): m is Mark => m.mark !== '');
  const kept = readMarks(store).filter((m) => !gone.has(m.jobId));
  writeMarks(store, [...new Map([...kept, ...made].map((m) => [m.jobId, m])).values()]);
}
