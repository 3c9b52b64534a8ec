/** Runs in the page of a batch: says what an approval would cover that nobody has opened, and asks. */
import { button, make } from '../../../report/page/browser/dom.ts';
import { say } from '../../../report/page/browser/said.ts';
import type { Row } from '../rows.ts';

/** Names that a question lists. */
const LISTED = 8;

/** Calls `yes` at once where all were opened, else when the reviewer has said so. */
export function askWhereUnopened(rows: readonly Row[], opened: ReadonlySet<string>, yes: () => void): void {
  const unread = rows.filter((r) => !opened.has(r.jobId));
  if (unread.length === 0) {
    yes();
    return;
  }
  const read = new Set(rows.filter((r) => opened.has(r.jobId)).map((r) => r.group));
  const alike = unread.filter((r) => read.has(r.group)).length;
  const other = unread.length - alike;
  const distinct = new Set(unread.filter((r) => !read.has(r.group)).map((r) => r.group)).size;
  const sentences = [
    rows.length === 1 ? say`It was not opened.` : say`${unread.length} of ${rows.length} were not opened.`,
    ...(alike > 0 ? [say`${alike} differ in names and line numbers only from one that was.`] : []),
    ...(other === 1 ? [say`1 is like nothing that was opened.`] : []),
    ...(other > 1 ? [say`${other} are like nothing that was opened (different patches: ${distinct}).`] : []),
    unread
      .slice(0, LISTED)
      .map((r) => r.title)
      .join(', ') + (unread.length > LISTED ? ', \u2026' : ''),
  ];
  const title = say`Approve what was not opened?`;
  const dialog = make('dialog', { id: 'ask' }, make('h2', {}, title), ...sentences.map((s) => make('p', {}, s)));
  dialog.setAttribute('aria-label', title);
  const end = (): void => {
    dialog.close();
    dialog.remove();
  };
  const approve = button(say`Approve ${rows.length} all the same`, () => {
    end();
    yes();
  });
  dialog.append(make('p', { className: 'choice' }, button(say`Cancel`, end), approve));
  dialog.addEventListener('cancel', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
