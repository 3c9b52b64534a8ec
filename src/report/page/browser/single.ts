/** Runs in the page of one repository: keys, side by side, search, and which parts to accept. The page is whole without it. */
import type { Labels } from '../labels.ts';
import { showDiffs } from './diff-view.ts';
import { button, dataOf, make } from './dom.ts';
import { listenToKeys, walker } from './keys.ts';

const labels = dataOf<Labels>('labels');
const plan = dataOf<{ readonly parts: readonly string[]; readonly written: boolean }>('plan');
const hunks = [...document.querySelectorAll<HTMLElement>('.hunk')];
const left = new Set<string>();
const bar = document.getElementById('bar') as HTMLElement;

let sideBySide = false;
const view = button(labels.sideBySide, () => toggleView());
function toggleView(): void {
  sideBySide = !sideBySide;
  view.textContent = sideBySide ? labels.unified : labels.sideBySide;
  showDiffs(document, sideBySide);
}

const partsOf = (hunk: HTMLElement): string[] => (hunk.dataset.parts ?? '').split(' ').filter((p) => p !== '');

/** A hunk is its parts': they are taken or left as a whole, on every hunk of theirs. */
function decide(hunk: HTMLElement | undefined, leave: boolean): void {
  if (!hunk || plan.written) return;
  for (const part of partsOf(hunk)) leave ? left.add(part) : left.delete(part);
  paint();
}

const command = make('code', { id: 'command' });
command.tabIndex = 0;

function paint(): void {
  for (const hunk of hunks) {
    const out = partsOf(hunk).some((p) => left.has(p));
    hunk.dataset.mark = out ? 'x' : 'a';
    const [take, leave] = hunk.querySelectorAll<HTMLButtonElement>('.choices button');
    take?.setAttribute('aria-pressed', String(!out));
    leave?.setAttribute('aria-pressed', String(out));
  }
  const taken = plan.parts.filter((p) => !left.has(p));
  const narrowed = left.size === 0 ? '' : ` --skip ${[...left].join(',')}`;
  command.textContent = taken.length === 0 ? '\u2014' : `nayek patch${narrowed}`;
}

for (const hunk of plan.written ? [] : hunks) {
  const parts = partsOf(hunk).join(', ');
  const choice = (text: string, leave: boolean): HTMLButtonElement => {
    const made = button(text, () => decide(hunk, leave));
    made.setAttribute('aria-label', `${text}: ${parts}`);
    return made;
  };
  hunk.querySelector('.choices')?.append(choice(labels.takes, false), choice(labels.leavesOut, true));
}

const search = make('input', { type: 'search', placeholder: labels.search });
search.setAttribute('aria-label', labels.search);
search.addEventListener('input', () => {
  const wanted = search.value.trim().toLowerCase();
  for (const hunk of hunks) {
    hunk.hidden = wanted !== '' && !`${hunk.ariaLabel} ${hunk.textContent}`.toLowerCase().includes(wanted);
  }
});

const walk = walker(() => hunks.filter((h) => !h.hidden));
const { showKeys } = listenToKeys(
  [
    { key: 'j', does: `${labels.hunk} \u2193`, run: () => walk.step(1) },
    { key: 'k', does: `${labels.hunk} \u2191`, run: () => walk.step(-1) },
    { key: 'a', does: labels.takes, run: () => decide(walk.here(), false) },
    { key: 'x', does: labels.leavesOut, run: () => decide(walk.here(), true) },
    { key: 's', does: `${labels.sideBySide} / ${labels.unified}`, run: toggleView },
    { key: '/', does: labels.search, run: () => search.focus() },
    { key: '?', does: labels.keys, run: () => showKeys() },
  ],
  labels.keys,
  labels.close,
);
bar.append(search, view, button(`${labels.keys} (?)`, showKeys));

if (!plan.written && plan.parts.length > 0) {
  const line = make('div', { className: 'command' }, `${labels.command}: `, command);
  bar.append(line);
}
paint();
