/** Runs in the page of a batch. Texts of repositories only ever become text nodes. */
import { showDiffs } from '../../../report/page/browser/diff-view.ts';
import { button, dataOf, make } from '../../../report/page/browser/dom.ts';
import { listenToKeys, walker } from '../../../report/page/browser/keys.ts';
import { say } from '../../../report/page/browser/said.ts';
import type { Labels } from '../../../report/page/labels.ts';
import type { BatchData } from '../page.ts';
import type { Row } from '../rows.ts';
import { askWhereUnopened } from './ask.ts';
import { type Context, type GroupView, groupView, type Member } from './group.ts';
import { createMarks, type Decision } from './marks.ts';

const batch = dataOf<BatchData>('batch');
const labels = dataOf<Labels>('labels');
const { rows } = batch;
const main = document.getElementById('main') as HTMLElement;
const bar = document.getElementById('bar') as HTMLElement;
const sums = make('p', { id: 'sums', role: 'status' });
const marks = createMarks(batch, (note) => {
  for (const group of groups) group.paint();
  paintSums(note);
});

let sideBySide = false;
const context: Context = {
  ...{ labels, of: marks.of, opened: marks.opened, decide, sideBySide: () => sideBySide, statuses: batch.statuses },
  open(row) {
    marks.open(row);
    paintSums('');
  },
};

/** An approval says first what nobody has opened. */
function decide(some: readonly Row[], decision: Decision): void {
  const fitting = some.filter((r) => r.patch !== '');
  if (decision !== 'approve') marks.decide(fitting, decision);
  else askWhereUnopened(fitting, marks.opened, () => marks.decide(fitting, 'approve'));
}

function grouped(): Member[][] {
  const byGroup = new Map<string, Member[]>();
  for (const [index, row] of rows.entries()) {
    const key = row.group === '' || row.patch === '' ? row.jobId : `${row.group} ${row.status}`;
    byGroup.set(key, [...(byGroup.get(key) ?? []), { row, index }]);
  }
  return [...byGroup.values()];
}

const groups: GroupView[] = grouped().map((members) => groupView(members, context));
let shown = groups;

const search = make('input', { type: 'search', placeholder: say`name, path or reason` });
search.setAttribute('aria-label', say`Search`);
const choose = (label: string, options: readonly (readonly [string, string])[]): HTMLSelectElement => {
  const made = make('select', {}, ...options.map(([value, text]) => make('option', { value }, text)));
  made.setAttribute('aria-label', label);
  made.addEventListener('change', show);
  return made;
};
const byStatus = choose(say`Status`, [
  ['', say`every status`],
  ...[...new Set(rows.map((r) => r.status))].sort().map((s) => [s, batch.statuses[s] ?? s] as const),
]);
const byMark = choose(say`Mark`, [
  ['', say`marked or not`],
  ['none', say`not marked`],
  ['approve', say`approved`],
  ['exclude', say`excluded`],
  ['unopened', say`not opened`],
]);
const byNeed = choose(say`Needs`, [
  ['', say`whatever it needs`],
  ['manual', say`with manual steps`],
  ['warnings', say`with warnings`],
  ['bidi', say`with reordered text`],
]);
const order = choose(say`Order`, [
  ['size', say`largest group first`],
  ['name', say`by name`],
  ['changes', say`most lines first`],
  ['warnings', say`most warnings first`],
]);

function fits({ rows: own, members }: GroupView): boolean {
  const some = (test: (row: Row) => boolean): boolean => own.some(test);
  if (byStatus.value && !some((r) => r.status === byStatus.value)) return false;
  if (byMark.value === 'unopened' && !some((r) => !marks.opened.has(r.jobId))) return false;
  if (byMark.value === 'none' && !some((r) => marks.of(r) === '')) return false;
  if (/^(?:approve|exclude)$/.test(byMark.value) && !some((r) => marks.of(r) === byMark.value)) return false;
  if (byNeed.value === 'manual' && !some((r) => r.verdicts.manual > 0)) return false;
  if (byNeed.value === 'warnings' && !some((r) => r.warnings > 0)) return false;
  if (byNeed.value === 'bidi' && !some((r) => r.bidi)) return false;
  const wanted = search.value.trim().toLowerCase();
  const holds = (text: string): boolean => text.toLowerCase().includes(wanted);
  return (
    wanted === '' ||
    some((r) => holds(`${r.title} ${r.repo} ${r.why}`)) ||
    holds(document.getElementById(`detail-${members[0]?.index}`)?.textContent ?? '')
  );
}

const KEYS: Readonly<Record<string, (group: GroupView) => number>> = {
  size: (g) => g.rows.length,
  changes: (g) => (g.rows[0]?.insertions ?? 0) + (g.rows[0]?.deletions ?? 0),
  warnings: (g) => g.rows[0]?.warnings ?? 0,
};

function show(): void {
  const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
  const key = KEYS[order.value] ?? (() => 0);
  shown = groups
    .filter(fits)
    .sort((a, b) => key(b) - key(a) || compare(a.rows[0]?.title ?? '', b.rows[0]?.title ?? ''));
  main.replaceChildren(make('h2', { className: 'dim' }, ''), ...shown.map((g) => g.element));
  main.firstElementChild?.remove();
  paintSums('');
}

function paintSums(note: string): void {
  const all = shown.flatMap((g) => g.rows);
  const count = (mark: Decision): number => rows.filter((r) => r.patch !== '' && marks.of(r) === mark).length;
  const patched = rows.filter((r) => r.patch !== '');
  const read = patched.filter((r) => marks.opened.has(r.jobId)).length;
  const parts = [
    shown.length === 1 ? say`${all.length} shown in 1 group` : say`${all.length} shown in ${shown.length} groups`,
    say`${read} of ${patched.length} opened`,
    say`${count('approve')} approved, ${count('exclude')} excluded`,
    ...(note === '' ? [] : [note]),
  ];
  sums.textContent = parts.join(' \u00b7 ');
}

const visibleRows = (): Row[] => shown.flatMap((g) => g.rows);
const view = button(labels.sideBySide, toggleView);
function toggleView(): void {
  sideBySide = !sideBySide;
  view.textContent = sideBySide ? labels.unified : labels.sideBySide;
  for (const group of groups) showDiffs(group.detail, sideBySide);
}

const walk = walker(() =>
  shown.flatMap((g) => [g.element, ...(g.detail.hidden ? [] : g.detail.querySelectorAll<HTMLElement>('.hunk'))]),
);
const here = (): GroupView | undefined => shown.find((g) => walk.here() && g.element.contains(walk.here() ?? null));
const { showKeys } = listenToKeys(
  [
    { key: 'j', does: say`next group, or hunk of an open one`, run: () => walk.step(1) },
    { key: 'k', does: say`the one before`, run: () => walk.step(-1) },
    { key: 'o', does: say`open or close`, run: () => here()?.toggle() },
    { key: 'a', does: say`approve`, run: () => here()?.decide('approve') },
    { key: 'x', does: say`exclude`, run: () => here()?.decide('exclude') },
    { key: 'u', does: say`take the mark back`, run: () => here()?.decide('') },
    { key: 's', does: `${labels.sideBySide} / ${labels.unified}`, run: toggleView },
    { key: '/', does: say`search`, run: () => search.focus() },
    { key: '?', does: say`keys`, run: () => showKeys() },
  ],
  labels.keys,
  labels.close,
);

const file = make('input', { type: 'file', accept: '.json', hidden: true });
file.addEventListener('change', async () => {
  const [chosen] = file.files ?? [];
  file.value = '';
  if (!chosen) return;
  const note = await marks.importFile(chosen);
  for (const group of groups) group.paint();
  paintSums(note);
});
search.addEventListener('input', show);
const exporting =
  batch.token === ''
    ? [button(say`Export marks`, marks.exportFile), button(say`Import marks`, () => file.click()), file]
    : [];
bar.append(
  make('h1', {}, rows.length === 1 ? say`1 repository` : say`${rows.length} repositories`),
  ...[search, byStatus, byNeed, byMark, order, button(say`Approve all shown`, () => decide(visibleRows(), 'approve'))],
  ...[
    button(say`Clear shown`, () => decide(visibleRows(), '')),
    ...exporting,
    view,
    button(`${labels.keys} (?)`, showKeys),
    sums,
  ],
);
show();
openLinked();

/** `#<repository>` or `#<repository>/<hunk>`: opened, whichever group it is in. */
function openLinked(): void {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const jobId = wanted.split('/')[0] ?? '';
  for (const group of groups) {
    const member = group.members.find((m) => m.row.jobId === jobId);
    if (!member) continue;
    group.show(member);
    walk.go(document.getElementById(wanted) ?? group.element);
  }
}
globalThis.addEventListener('hashchange', () => {
  if (!document.getElementById(decodeURIComponent(location.hash.slice(1)))) openLinked();
});
