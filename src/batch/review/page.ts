/**
 * The page of a batch: rows at once, the detail of a repository as data that is made into elements when it is opened. One
 * file without a network; where `nayek batch review --serve` answers, marks go to it as they are made.
 */

import { pageDocument } from '../../report/page/document.ts';
import { LABELS } from '../../report/page/labels.ts';
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
}

/** The page as one text. */
export function reviewPage(entries: readonly ReviewEntry[], token = ''): string {
  const batch: BatchData = { rows: entries.map((e) => e.row), token };
  const details = entries.flatMap(({ detail }, index) => (detail ? [[`detail-${index}`, detail] as const] : []));
  const noscript = 'This page needs its script; <code>nayek batch review --format markdown</code> does without.';
  return pageDocument({
    ...{ language: 'en', title: 'nayek: review of a batch', script: 'batch', styles: ['page', 'batch'] },
    ...(token === '' ? {} : { connects: "'self'" }),
    body: `<noscript>${noscript}</noscript><header class="top"><div id="bar"></div></header><main id="main"></main>`,
    data: { labels: LABELS.en, batch, ...Object.fromEntries(details) },
  });
}
