/**
 * The page of a batch: rows at once, the detail of a repository as data that is made into elements when it is opened. One
 * file without a network; where `nayek batch review --serve` answers, marks go to it as they are made.
 */

import { pageDocument } from '../../report/page/document.ts';
import { LABELS } from '../../report/page/labels.ts';
import { language, local } from '../../report/words/local.ts';
import { xml } from '../../report/xml.ts';
import { say } from '../../system/say.ts';
import { statusWord } from '../progress.ts';
import type { Detail, Row } from './rows.ts';

export interface ReviewEntry {
  readonly row: Row;
  readonly detail: Detail | undefined;
}

/** What the script of the page is told. */
export interface BatchData {
  readonly rows: readonly Row[];
  /** Sent along with each mark; '' where nobody takes them. */
  readonly token: string;
  /** What each status of a row is called. */
  readonly statuses: Readonly<Record<string, string>>;
}

/** The page as one text, in the language of the run; `words` is what `pageWords` gives. */
export function reviewPage(
  entries: readonly ReviewEntry[],
  words: Readonly<Record<string, string>> = {},
  token = '',
): string {
  const rows = entries.map((e) => e.row);
  const statuses = Object.fromEntries(rows.map(({ status }) => [status, statusWord(status)]));
  const batch: BatchData = { rows, token, statuses };
  const details = entries.flatMap(({ detail }, index) => (detail ? [[`detail-${index}`, detail] as const] : []));
  const noscript = xml(local(say`This page needs its script; \`nayek batch review --format markdown\` does without.`));
  return pageDocument({
    ...{
      language: language(),
      title: `nayek${local(say`:`)} ${local(say`review of a batch`)}`,
      script: 'batch',
      styles: ['page', 'batch'],
    },
    ...(token === '' ? {} : { connects: "'self'" }),
    body: `<noscript>${noscript}</noscript><header class="top"><div id="bar"></div></header><main id="main"></main>`,
    data: { labels: LABELS[language()], words, batch, ...Object.fromEntries(details) },
  });
}
