/** Runs in a browser: a unified table of a diff, as hunks.ts makes it, side by side and back. */
import { make } from './dom.ts';

const unified = new WeakMap<HTMLTableElement, HTMLTableSectionElement>();

/** Of all diffs below `top`. */
export function showDiffs(top: ParentNode, sideBySide: boolean): void {
  for (const table of top.querySelectorAll<HTMLTableElement>('table.diff')) {
    const body = table.tBodies[0];
    const kept = unified.get(table);
    if (!body || sideBySide === table.classList.contains('split')) continue;
    // Of a created file the other side is empty.
    if (sideBySide && [...body.rows].every((row) => row.className === 'added')) continue;
    table.classList.toggle('split', sideBySide);
    if (sideBySide) {
      unified.set(table, body);
      body.replaceWith(split(body));
    } else if (kept) body.replaceWith(kept);
  }
}

function split(body: HTMLTableSectionElement): HTMLTableSectionElement {
  const out = make('tbody');
  const removed: HTMLTableRowElement[] = [];
  const added: HTMLTableRowElement[] = [];
  const flush = (): void => {
    for (let i = 0; i < Math.max(removed.length, added.length); i++) out.append(pair(removed[i], added[i]));
    removed.length = 0;
    added.length = 0;
  };
  for (const row of body.rows) {
    if (row.className === 'removed') removed.push(row);
    else if (row.className === 'added') added.push(row);
    else {
      flush();
      out.append(pair(row, row));
    }
  }
  flush();
  return out;
}

/** Old number and code, new number and code; the cells of a row are number, number, sign, code. */
function pair(old: HTMLTableRowElement | undefined, fresh: HTMLTableRowElement | undefined): HTMLTableRowElement {
  const row = make('tr');
  const side = (from: HTMLTableRowElement | undefined, number: number): void => {
    const look = from && from.className !== 'same' ? from.className : '';
    const cells = [from?.cells[number], from?.cells[3]].map((cell, index) => {
      const made = cell
        ? (cell.cloneNode(true) as HTMLTableCellElement)
        : make('td', { className: index === 0 ? 'n' : 'code' });
      made.classList.toggle('none', from === undefined);
      if (look !== '') made.classList.add(look);
      return made;
    });
    row.append(...cells);
  };
  side(old, 0);
  side(fresh, 1);
  return row;
}
