/** The changes of a repository as elements: each hunk under its reasons, warnings beside it. */
import type { Labels } from './labels.ts';
import { type ShownHunk, type ShownLine, shownHunks } from './lines.ts';
import { el, type Tree } from './tree.ts';
import type { ChangeView, HunkView, Place, RepositoryView, VerdictView } from './view.ts';

/** `prefix` makes the ids unique where several repositories share a page. */
export function changesTree(view: RepositoryView, labels: Labels, prefix: string): Tree {
  const told = new Map<number, string>();
  return view.changes.map((change, index) =>
    el(
      'section',
      { class: 'file', 'aria-labelledby': `${prefix}file-${index + 1}` },
      el(
        'h3',
        { id: `${prefix}file-${index + 1}`, class: 'path' },
        change.path,
        change.created ? el('span', { class: 'badge' }, labels.created) : '',
      ),
      hunksOf(change).map(([hunk, shown], n) => hunkTree(view, change, hunk, shown, n, { labels, prefix, told })),
    ),
  );
}

/** A report of an earlier version says nothing of its hunks: then they are all of nobody. */
function hunksOf(change: ChangeView): [HunkView, ShownHunk][] {
  return shownHunks(change.diff, change.path).map((shown, index) => {
    const none = { id: `h.${index + 1}`, oldStart: 0, oldCount: 0, verdicts: [], notes: [] };
    return [change.hunks[index] ?? none, shown];
  });
}

interface Told {
  readonly labels: Labels;
  readonly prefix: string;
  /** Verdicts that were told in full, and at which hunk. */
  readonly told: Map<number, string>;
}

function hunkTree(
  view: RepositoryView,
  change: ChangeView,
  hunk: HunkView,
  shown: ShownHunk,
  index: number,
  { labels, prefix, told }: Told,
): Tree {
  const id = prefix + hunk.id;
  const own = hunk.verdicts.flatMap((at) => (view.verdicts[at] ? [[at, view.verdicts[at]] as const] : []));
  const parts = [...new Set(own.length > 0 ? own.map(([, v]) => v.part) : change.by)];
  const name = `${labels.hunk} ${index + 1}, ${change.path}`;
  const reasons = own.map(([at, verdict]) => {
    const before = told.get(at);
    if (before === undefined) told.set(at, id);
    return before === undefined ? reason(verdict, change, labels) : again(verdict, before, labels);
  });
  const notes = hunk.notes.flatMap((at) => view.notes[at] ?? []);
  return el(
    'article',
    { class: 'hunk', id, tabindex: '-1', 'aria-label': name, 'data-parts': parts.join(' ') },
    el(
      'header',
      {},
      el('a', { class: 'anchor', href: `#${id}`, 'aria-label': `${shown.head} ${labels.link}: ${name}` }, shown.head),
      parts.map((part) => el('span', { class: 'part' }, part)),
      el('span', { class: 'choices' }),
    ),
    el(
      'ul',
      { class: 'reasons' },
      reasons,
      notes.map((note) => warning(note.text, labels, note.at)),
    ),
    table(shown, `${change.path} ${shown.head}`, labels),
  );
}

function reason(verdict: VerdictView, change: ChangeView, labels: Labels): Tree {
  const { part, at, warnings, commands, files } = verdict;
  const others = files.filter((f) => f !== change.path);
  return [
    el(
      'li',
      {},
      el('strong', {}, part),
      `: ${verdict.reason} `,
      at.slice(0, 3).map((one) => [place(one), ' ']),
      others.length > 0 ? el('span', { class: 'dim' }, `(${labels.together} ${others.join(', ')})`) : '',
    ),
    warnings.map((w) => warning(w, labels)),
    commands.map((command) => el('li', {}, `${labels.run}: `, el('code', {}, command))),
  ];
}

function again({ part }: VerdictView, at: string, labels: Labels): Tree {
  return el('li', { class: 'dim' }, el('strong', {}, part), ': ', el('a', { href: `#${at}` }, labels.asAbove));
}

function warning(text: string, labels: Labels, at?: Place): Tree {
  return el('li', { class: 'warning' }, el('strong', {}, `${labels.warning}: `), `${text} `, at ? place(at) : '');
}

export function place({ path, line }: Place): Tree {
  return el('code', { class: 'place' }, `${path}:${line}`);
}

function table({ lines }: ShownHunk, name: string, labels: Labels): Tree {
  return el(
    'table',
    { class: 'diff', 'aria-label': name },
    el(
      'tbody',
      {},
      lines.map((line) => row(line, labels)),
    ),
  );
}

const CLASSES = { ' ': 'same', '-': 'removed', '+': 'added' } as const;

function row({ kind, oldLine, newLine, pieces, open }: ShownLine, labels: Labels): Tree {
  const number = (line: number | undefined): Tree => el('td', { class: 'n' }, line === undefined ? '' : String(line));
  const code = pieces.map(({ text, look, changed }) => {
    const classes = [...(look === '' ? [] : [`t-${look}`]), ...(changed ? ['word'] : [])];
    return classes.length === 0 ? text : el('span', { class: classes.join(' ') }, text);
  });
  return el(
    'tr',
    { class: CLASSES[kind] },
    number(oldLine),
    number(newLine),
    el('td', { class: 'sign' }, kind === '-' ? '\u2212' : kind === '+' ? '+' : ''),
    el(
      'td',
      { class: 'code' },
      el('code', {}, code),
      open ? el('span', { class: 'open' }, ` \u2298 ${labels.noEnd}`) : '',
    ),
  );
}
