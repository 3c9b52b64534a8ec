/** Which repositories of a batch get the same patch but for their names, so that a reviewer reads it once. */
import { createHash } from 'node:crypto';
import type { RepositoryView } from '../../report/page/view.ts';
import { literally } from '../../system/pattern.ts';

/** Shorter ones occur in too many words to be told apart from them. */
const SHORTEST = 3;

/**
 * What a repository and its services are called, in the spellings that files have: `my-shop`, `my_shop`. `title` is its
 * path or URL.
 */
export function namesOf(title: string, view: RepositoryView): string[] {
  const last =
    title
      .replace(/\.git$|\/+$/g, '')
      .split(/[\\/:]/)
      .at(-1) ?? '';
  const names = [last.split(' ')[0] ?? '', ...view.services.map((s) => s.name)];
  const spelt = names
    .flatMap((name) => [name, name.toLowerCase()])
    .flatMap((n) => [n, n.replaceAll('-', '_'), n.replaceAll('_', '-')]);
  return [...new Set(spelt)].filter((n) => n.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

/**
 * The same for two repositories whose patches, reasons and warnings are equal once the names are taken out, and the
 * numbers of lines. Everything else must be equal, the lines around a change, too.
 */
export function groupOf(view: RepositoryView, names: readonly string[]): string {
  const { changes, verdicts, notes } = view;
  const said = {
    changes: changes.map(({ path, created, diff }) => [path, created, diff.replace(/^@@ .*$/gm, '@@')]),
    verdicts: verdicts.map(({ part, kind, reason, warnings, commands, snippet }) =>
      [part, kind, reason, warnings, commands, snippet].flat().map(numberless),
    ),
    notes: notes.map(({ text }) => numberless(text)),
  };
  const text = names.reduce(
    (all, name) => all.replace(new RegExp(`(?<![A-Za-z0-9])${literally(name)}(?![A-Za-z0-9])`, 'g'), '\u0000'),
    JSON.stringify(said),
  );
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** A place in a sentence: `app.py:12`. */
function numberless(text: string): string {
  return text.replace(/:\d+\b/g, ':#');
}
