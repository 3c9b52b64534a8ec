/** `--format html`: one repository as a page that is whole without its script. */
import type { Language } from '../../model/part-words.ts';
import type { PlanReport } from '../json.ts';
import { pageDocument } from './document.ts';
import { LABELS, type Labels } from './labels.ts';
import { kindOf, repositoryTree } from './repository.ts';
import { el, type Tree, toHtml } from './tree.ts';
import { type RepositoryView, viewOf } from './view.ts';

export interface SinglePage {
  readonly language: Language;
  /** ISO date. */
  readonly date: string;
  /** Name of the repository. */
  readonly name: string;
}

/** The page as one text. */
export function singlePage(report: PlanReport, { language, date, name }: SinglePage): string {
  const labels = LABELS[language];
  const view = viewOf(report);
  const title = `${name}: ${labels.title}`;
  const head = el('header', { class: 'top' }, el('div', { id: 'bar' }, el('h1', {}, title)));
  const facts = el('dl', { class: 'facts' }, factsOf(view, labels, date));
  const main = `<main>${toHtml([facts, contents(view, labels), repositoryTree(view, labels)])}</main>`;
  return pageDocument({
    ...{ language, title, script: 'single', styles: ['page'], body: toHtml(head) + main },
    data: { labels, plan: { parts: [...new Set(view.changes.flatMap((c) => c.by))], written: view.written } },
  });
}

function factsOf(view: RepositoryView, labels: Labels, date: string): Tree {
  const kinds = view.verdicts.map((v) => kindOf(v, view));
  const counts = Object.keys(labels.kinds) as (keyof Labels['kinds'])[];
  const fact = (name: string, value: string): Tree => el('div', {}, el('dt', {}, name), el('dd', {}, value));
  const files = view.changes.length;
  const created = view.changes.filter((c) => c.created).length;
  return [
    fact(labels.recipe, view.recipe),
    fact(labels.date, date),
    fact(labels.changes, `${files} ${view.written ? labels.changed : labels.toChange}, ${created} ${labels.created}`),
    counts.map((kind) => {
      const count = kinds.filter((k) => k === kind).length;
      return count === 0 ? '' : fact(labels.kinds[kind], String(count));
    }),
  ];
}

/** Links to the files, where there are several. */
function contents(view: RepositoryView, labels: Labels): Tree {
  if (view.changes.length < 2) return '';
  return el(
    'nav',
    { 'aria-label': labels.changes },
    el(
      'ul',
      {},
      view.changes.map((change, index) =>
        el('li', {}, el('a', { href: `#file-${index + 1}`, class: 'path' }, change.path), ` ${change.by.join(', ')}`),
      ),
    ),
  );
}
