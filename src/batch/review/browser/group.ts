/** Runs in the page of a batch: one group of repositories with the same patch but for names, and what it opens into. */
import { showDiffs } from '../../../report/page/browser/diff-view.ts';
import { button, dataOf, make, toDom } from '../../../report/page/browser/dom.ts';
import { say } from '../../../report/page/browser/said.ts';
import type { Labels } from '../../../report/page/labels.ts';
import { repositoryTree } from '../../../report/page/repository.ts';
import type { RepositoryView } from '../../../report/page/view.ts';
import type { Row } from '../rows.ts';
import type { Decision } from './marks.ts';

export interface Member {
  readonly row: Row;
  /** Of its detail. */
  readonly index: number;
}

export interface Context {
  readonly labels: Labels;
  readonly of: (row: Row) => Decision;
  readonly opened: ReadonlySet<string>;
  readonly open: (row: Row) => void;
  readonly decide: (rows: readonly Row[], decision: Decision) => void;
  readonly sideBySide: () => boolean;
  /** What a status is called. */
  readonly statuses: Readonly<Record<string, string>>;
}

export type GroupView = ReturnType<typeof groupView>;

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: what a press does and what it shows share the elements made here
export function groupView(members: readonly Member[], context: Context) {
  const rows = members.map((m) => m.row);
  const [first] = members as readonly [Member];
  const { row } = first;
  const detail = make('div', { className: 'detail', hidden: true });
  const opener = button(titleOf(rows), () => toggle(), { ariaExpanded: 'false', title: row.repo });
  const choice = (decision: 'approve' | 'exclude', text: string): HTMLButtonElement => {
    const made = button(text, () => context.decide(rows, stateOf() === decision ? '' : decision), {
      disabled: row.patch === '',
    });
    made.setAttribute('aria-label', `${text} ${titleOf(rows)}`);
    return made;
  };
  const count = rows.length > 1 ? ` ${rows.length}` : '';
  const choices = [choice('approve', `${say`Approve`}${count}`), choice('exclude', `${say`Exclude`}${count}`)] as const;
  const element = make(
    'section',
    { className: 'group', id: row.jobId, tabIndex: -1 },
    make(
      'div',
      { className: 'line' },
      make('div', {}, make('h2', {}, opener), about(rows, context.statuses)),
      make('div', { className: 'choice' }, ...choices),
    ),
    detail,
  );
  let shown: Member | undefined;

  /** '' where they do not agree. */
  function stateOf(): Decision {
    const states = new Set(rows.map(context.of));
    return states.size === 1 ? ([...states][0] ?? '') : '';
  }

  function paint(): void {
    const state = stateOf();
    element.dataset.mark = state;
    choices[0].ariaPressed = String(state === 'approve');
    choices[1].ariaPressed = String(state === 'exclude');
    for (const [at, made] of memberButtons.entries()) {
      const member = members[at];
      if (!member) continue;
      const mark = context.of(member.row);
      made.classList.toggle('seen', context.opened.has(member.row.jobId));
      made.ariaPressed = String(shown === member);
      made.textContent = `${member.row.title}${mark === '' ? '' : mark === 'approve' ? say`: approved` : say`: excluded`}`;
    }
  }

  const memberButtons: HTMLButtonElement[] = [];

  function toggle(): void {
    if (!detail.hidden) {
      detail.hidden = true;
      opener.ariaExpanded = 'false';
      return;
    }
    show(shown ?? first);
  }

  function show(member: Member): void {
    shown = member;
    context.open(member.row);
    const view = dataOf<RepositoryView | null>(`detail-${member.index}`);
    const content = view
      ? toDom(repositoryTree(view, context.labels, `${member.row.jobId}/`))
      : make('p', {}, member.row.why || say`There is no report of this repository.`);
    const base = member.row.sha
      ? say`planned on ${[member.row.ref, member.row.sha].filter((t) => t !== '').join(', ')}`
      : '';
    detail.replaceChildren(
      ...listMembers(),
      make('p', { className: 'dim' }, `${member.row.repo} ${base}`),
      content,
      foot(member),
    );
    showDiffs(detail, context.sideBySide());
    detail.hidden = false;
    opener.ariaExpanded = 'true';
    paint();
  }

  /** So that who has read to the end need not go back to the top. */
  function foot(member: Member): HTMLElement {
    const one = (decision: 'approve' | 'exclude', text: string): HTMLButtonElement =>
      button(`${text} ${member.row.title}`, () => context.decide([member.row], decision), {
        disabled: member.row.patch === '',
      });
    return make('p', { className: 'choice' }, one('approve', say`Approve`), one('exclude', say`Exclude`));
  }

  function listMembers(): HTMLElement[] {
    if (members.length < 2) return [];
    memberButtons.length = 0;
    memberButtons.push(...members.map((member) => button(member.row.title, () => show(member))));
    return [make('div', { className: 'members' }, make('p', {}, differIn(rows)), ...memberButtons)];
  }

  paint();
  return {
    element,
    rows,
    members,
    detail,
    paint,
    toggle,
    show,
    decide: (d: Decision) => context.decide(rows, d),
    stateOf,
  };
}

function titleOf(rows: readonly Row[]): string {
  return rows.length > 1 ? say`${rows[0]?.title} and ${rows.length - 1} alike` : (rows[0]?.title ?? '');
}

function differIn(rows: readonly Row[]): string {
  return new Set(rows.map((r) => r.patch)).size === 1
    ? say`These ${rows.length} differ in nothing but where they lie:`
    : say`These ${rows.length} differ in names and line numbers only:`;
}

function about(rows: readonly Row[], statuses: Context['statuses']): HTMLElement {
  const [row] = rows as readonly [Row];
  const { manual, applied, failed } = row.verdicts;
  const counts = [
    `+${row.insertions} \u2212${row.deletions}`,
    row.files === 1 ? say`1 file` : say`${row.files} files`,
    ...(applied > 0 ? [say`${applied} pending`] : []),
    ...(manual > 0 ? [say`${manual} by hand`] : []),
    ...(failed > 0 ? [say`${failed} failed`] : []),
    ...(row.warnings > 0 ? [row.warnings === 1 ? say`1 warning` : say`${row.warnings} warnings`] : []),
  ];
  const line = make(
    'p',
    { className: 'about' },
    make('span', { className: `kind status-${row.status}` }, statuses[row.status] ?? row.status),
    ` ${counts.join(' \u00b7 ')}`,
  );
  if (rows.some((r) => r.bidi))
    line.append(' ', make('span', { className: 'flag' }, say`holds characters that reorder text`));
  if (row.why) line.append(make('span', { className: 'dim' }, ` ${row.why}`));
  return line;
}
