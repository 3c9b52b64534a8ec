/** A rule for files that are no Python, as a part: file by file, all of its changes or none. */
import picomatch from 'picomatch';
import { formOf, toolOf } from '../../knowledge/managers.ts';
import { formsOf } from '../../lists/entries.ts';
import type { Outcome } from '../../model/transform.ts';
import { dirname } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { compiledBy, isHashed } from '../../survey/dependencies/compiled.ts';
import { findLocks, isLockOf } from '../../survey/dependencies/locks.ts';
import { type Edit, EditTrail, lineOf } from '../../syntax/edit.ts';
import { heldIn, leftAlone, type SkipComment } from '../../syntax/skip-comments.ts';
import { both, say } from '../../system/say.ts';
import type { Change, FileLanguage, ListChange } from './change.ts';
import type { FileRule } from './file-rule.ts';
import { iniKeys } from './ini-keys.ts';
import { editKeys, type Grammar, type KeyEdit } from './key-edit.ts';
import { editList } from './list-edit.ts';
import { tomlKeys } from './toml-keys.ts';
import { yamlKeys } from './yaml-keys.ts';

/** Globs of a rule that names no files. */
const USUAL: Readonly<Record<Exclude<FileLanguage, 'requirements'>, readonly string[]>> = {
  ini: ['**/*.ini', '**/setup.cfg'],
  toml: ['**/*.toml', '**/Pipfile'],
  yaml: ['**/*.{yaml,yml}'],
};
const GRAMMARS: Readonly<Record<Exclude<FileLanguage, 'requirements'>, Grammar>> = {
  ini: iniKeys,
  toml: tomlKeys,
  yaml: yamlKeys,
};

/** Lines that an outcome names. */
const PLACES = 20;

/** What the rule makes of the repository. */
export function fileOutcomes(repo: Snapshot, rule: FileRule): Outcome[] {
  const outcomes = pathsOf(repo, rule).flatMap((path) => outcomesOf(repo, path, rule));
  if (outcomes.length > 0) return outcomes;
  return [{ kind: 'satisfied', reason: say`nothing matches: ${rule.message}`, at: [] }];
}

function pathsOf(repo: Snapshot, { language, files, ignores }: FileRule): string[] {
  const globs = files ?? (language === 'requirements' ? undefined : USUAL[language]);
  const wanted = globs ? picomatch([...globs], { dot: true }) : () => true;
  const ignored = ignores ? picomatch([...ignores], { dot: true }) : () => false;
  const takes = (path: string): boolean => language !== 'requirements' || formsOf(path).length > 0;
  return repo.paths.filter((path) => wanted(path) && !ignored(path) && takes(path));
}

function outcomesOf(repo: Snapshot, path: string, rule: FileRule): Outcome[] {
  const text = repo.read(path)?.text;
  if (text === undefined) return [];
  const left = new Set<SkipComment>();
  const made = afterAll(path, text, rule, left);
  const outcome = outcomeOf(repo, path, text, rule, made);
  const skipped = [...left].map(
    (comment): Outcome => ({ kind: 'skipped', reason: leftAlone(comment), at: [{ path, line: comment.holds ?? 1 }] }),
  );
  return [...(outcome ? [outcome] : []), ...skipped];
}

function outcomeOf(repo: Snapshot, path: string, text: string, rule: FileRule, made: KeyEdit): Outcome | undefined {
  if ('refused' in made) {
    const at = [{ path, line: lineOf(text, made.at) }];
    if (made.broken) return { kind: 'skipped', reason: say`left alone: ${say`${path}: ${made.refused}`}`, at };
    const snippet = rule.note ? { snippet: rule.note } : {};
    return { kind: 'manual', reason: say`${rule.message}: ${made.refused}`, at, ...snippet };
  }
  const { edits } = made;
  if (edits.length === 0) return undefined;
  const at = edits.slice(0, PLACES).map(({ start }) => ({ path, line: lineOf(text, start) }));
  const stale =
    rule.language === 'requirements' ? staleBy(repo, path, text, rule.changes as readonly ListChange[]) : undefined;
  if (stale) return { kind: 'manual', ...stale, reason: say`${rule.message}: ${stale.reason}`, at };
  const places = edits.length === 1 ? '1 place' : say`${edits.length} places`;
  return { kind: 'edits', reason: `${rule.message} (${places})`, at, edits: { [path]: edits } };
}

/**
 * All changes, one behind the other; refused where one is, and where a second run would change more. What comments leave
 * alone stays, and goes into `left`.
 */
function afterAll(path: string, text: string, rule: FileRule, left: Set<SkipComment>): KeyEdit {
  const trail = new EditTrail(text);
  for (const change of rule.changes) {
    const made = editOf(path, trail.text, rule, change, left);
    if ('refused' in made) return { ...made, at: Math.min(made.at, text.length) };
    trail.apply(made.edits);
  }
  const edits: Edit[] = trail.edits();
  if (edits.length === 0) return { edits };
  const again = rule.changes.some((change) => {
    const made = editOf(path, trail.text, rule, change, new Set());
    return 'refused' in made || made.edits.length > 0;
  });
  if (again) return { refused: say`its changes undo each other`, at: edits[0]?.start ?? 0 };
  return { edits };
}

function editOf(path: string, text: string, rule: FileRule, change: Change, left: Set<SkipComment>): KeyEdit {
  const held = heldIn(path, text, rule.id);
  const isHeld = (range: Pick<Edit, 'start' | 'end'>): boolean => {
    const comment = held(range);
    if (comment) left.add(comment);
    return comment !== undefined;
  };
  if (rule.language !== 'requirements') {
    const at = (start: number): boolean => isHeld({ start, end: start });
    return editKeys(GRAMMARS[rule.language], text, change as Exclude<Change, ListChange>, at);
  }
  const made = editList(path, text, change as ListChange);
  const touched = 'refused' in made ? [{ start: made.at, end: made.at }] : made.edits;
  return touched.some(isHeld) ? { edits: [] } : made;
}

interface Stale {
  readonly reason: string;
  readonly snippet: string;
  readonly command?: string;
}

/** Why an edit of a list would leave what is installed behind: it is compiled, or a lock stands beside it. */
function staleBy(repo: Snapshot, path: string, text: string, changes: readonly ListChange[]): Stale | undefined {
  const snippet = changes.map(shownChange).join('\n');
  const compiled = compiledBy(text);
  if (compiled) {
    const command = compiled.command === undefined ? {} : { command: compiled.command };
    return {
      reason: say`${path} is compiled: change ${compiled.source ?? say`the file that it is made from`}`,
      snippet,
      ...command,
    };
  }
  if (isHashed(text)) return { reason: say`${path} carries hashes: pip refuses a line without`, snippet };
  if (formsOf(path).every((form) => formOf(form).grammar === 'requirements')) return undefined;
  const locks = findLocks(repo, dirname(path)).filter((lock) => isLockOf(lock, path));
  const [lock] = locks;
  if (!lock) return undefined;
  const reason = say`an edit of ${path} would leave ${both(locks.map((l) => l.path))} stale`;
  const wanted = changes.flatMap((c) =>
    c.kind === 'add' ? [c.requirement] : c.kind === 'raise' ? [`${c.name}>=${c.version}`] : [],
  );
  const add = toolOf(lock.tool.id)?.add;
  const all = add && wanted.length === changes.length;
  return { reason, snippet, ...(all ? { command: add({ packages: wanted.map((w) => `'${w}'`).join(' ') }) } : {}) };
}

function shownChange(change: ListChange): string {
  if (change.kind === 'raise') return `${change.name}>=${change.version}`;
  if (change.kind === 'drop') return `# without ${change.name}`;
  return change.kind === 'add' ? change.requirement : `${change.requirement}  # for ${change.name}`;
}
