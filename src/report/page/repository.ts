/** One repository as elements: what is to be known, its map, its changes, what is left by hand, what needs nothing. */
import { changesTree, place } from './hunks.ts';
import type { Labels } from './labels.ts';
import { mapTree } from './map.ts';
import { el, type Tree } from './tree.ts';
import type { RepositoryView, VerdictView } from './view.ts';

/** `prefix` as in `changesTree`. */
export function repositoryTree(view: RepositoryView, labels: Labels, prefix = ''): Tree {
  const beside = new Set(view.changes.flatMap((c) => c.hunks.flatMap((h) => h.notes)));
  const notes = view.notes.filter((_, index) => !beside.has(index));
  const manual = view.verdicts.filter((v) => v.kind === 'manual' || v.kind === 'failed');
  const rest = view.verdicts.filter((v) => v.kind === 'satisfied' || v.kind === 'skipped');
  return [
    part(
      labels.toKnow,
      notes.length > 0 &&
        el(
          'ul',
          { class: 'reasons' },
          notes.map(({ text, at }) => el('li', { class: 'warning' }, `${text} `, at ? place(at) : '')),
        ),
    ),
    part(labels.map, view.services.length > 0 && mapTree(view.services, labels)),
    part(labels.changes, view.changes.length > 0 && changesTree(view, labels, prefix)),
    part(labels.byHand, manual.length > 0 && manual.map((v) => byHand(v, view, labels))),
    folded(
      labels.rest,
      rest.map((v) => el('li', {}, verdictLine(v, labels.kinds[v.kind]))),
    ),
    folded(
      labels.notRead,
      view.skipped.map((text) => el('li', {}, text)),
    ),
  ];
}

function part(title: string, content: Tree | false): Tree {
  return content === false ? '' : el('section', {}, el('h2', {}, title), content);
}

function folded(title: string, items: readonly Tree[]): Tree {
  if (items.length === 0) return '';
  return el('details', { class: 'rest' }, el('summary', {}, `${title} (${items.length})`), el('ul', {}, items));
}

function verdictLine(verdict: VerdictView, kind: string): Tree {
  const [first] = verdict.at;
  return [
    el('span', { class: `kind kind-${verdict.kind}` }, kind),
    ' ',
    el('strong', {}, verdict.part),
    `: ${verdict.reason} `,
    first ? place(first) : '',
  ];
}

function byHand(verdict: VerdictView, view: RepositoryView, labels: Labels): Tree {
  return el(
    'article',
    { class: 'manual' },
    el('p', {}, verdictLine(verdict, labels.kinds[kindOf(verdict, view)])),
    el(
      'ul',
      { class: 'reasons' },
      verdict.warnings.map((w) => el('li', { class: 'warning' }, w)),
      verdict.commands.map((command) => el('li', {}, `${labels.run}: `, el('code', {}, command))),
    ),
    verdict.snippet === '' ? '' : el('pre', {}, el('code', {}, verdict.snippet)),
  );
}

/** Of a change that waits to be written, 'pending'. */
export function kindOf(verdict: VerdictView, view: RepositoryView): keyof Labels['kinds'] {
  return verdict.kind === 'applied' && !view.written ? 'pending' : verdict.kind;
}
