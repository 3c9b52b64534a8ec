/** A rule as a part: its matches become edits, with all that the engine proves of a part's edits. */
import picomatch from 'picomatch';
import type { Outcome, Part } from '../model/transform.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { type Edit, EditTrail, lineEnding, lineOf } from '../syntax/edit.ts';
import { heldIn, leftAlone, type SkipComment } from '../syntax/skip-comments.ts';
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { type Find, loadAstGrep, type MatchNode, matchesIn } from './ast-grep.ts';
import { fileOutcomes } from './files/file-part.ts';
import { editOf } from './fix.ts';
import { capturesOf, EndlessError } from './rewrite.ts';
import { type AnyRule, type Rule, readRules } from './rule-file.ts';
import { suppressions } from './suppressions.ts';
import { type Clause, holdsAll, neededWords, prefilter } from './words.ts';

/** https://ast-grep.github.io/reference/languages.html */
const PYTHON = /\.(?:py|py3|pyi|bzl)$/;

/** Passes over one file until nothing matches any more; a rule that needs more feeds itself. */
const PASSES = 10;

/** Lines that an outcome names. */
const PLACES = 20;

const RULES = new WeakMap<Part, AnyRule>();

/** The rule that a part runs; undefined for other parts. */
export function ruleOf(part: Part): AnyRule | undefined {
  return RULES.get(part);
}

/** The part that runs a rule. Its `prepare` throws NayekError `broken-rule` where ast-grep does not take it for one. */
export function partOf(rule: AnyRule): Part {
  const runs =
    'changes' in rule
      ? { source: rule.url ?? 'docs/rules.md', plan: (repo: Snapshot) => fileOutcomes(repo, rule) }
      : {
          source: rule.url ?? 'https://ast-grep.github.io/reference/yaml.html',
          prepare: () => compiled(rule),
          plan: (repo: Snapshot) => outcomesOf(repo, rule),
        };
  const off = rule.severity === 'off' ? { plan: () => [] } : {};
  const part: Part = { id: rule.id, summary: rule.message, options: {}, anywhere: true, ...runs, ...off };
  RULES.set(part, rule);
  return part;
}

/**
 * The parts of a rule file, or of all rule files of a folder.
 * @throws NayekError `unreadable`, `broken-rule`; `usage` where none of them is for Python.
 */
export function ruleParts(fileOrFolder: string): Part[] {
  const { rules, skipped } = readRules(fileOrFolder);
  if (rules.length === 0) {
    const why =
      skipped.length > 0
        ? say`holds rules for other languages only (${skipped[0]?.at}: ${skipped[0]?.language})`
        : say`holds no rule`;
    throw new NayekError('usage', `${fileOrFolder} ${why}`, { hint: say`docs/rules.md tells what a rule holds` });
  }
  return rules.map(partOf);
}

async function compiled(rule: Rule): Promise<void> {
  await loadAstGrep();
  try {
    for (const { matcher } of [rule, ...rule.rewriters.values()]) matchesIn('', matcher, () => undefined);
  } catch (cause) {
    const message = String((cause as Error).message)
      .replace(/\s*\|->\s*/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    throw new NayekError('broken-rule', `${rule.at}: ${message}`, { cause });
  }
}

function outcomesOf(repo: Snapshot, rule: Rule): Outcome[] {
  const clauses = neededWords(rule.matcher.rule, (rule.matcher.utils ?? {}) as Record<string, unknown>);
  const outcomes = candidates(repo, rule, clauses).flatMap((path): Outcome[] | Outcome => {
    const text = repo.read(path)?.text;
    if (text === undefined || !holdsAll(text, clauses)) return [];
    try {
      return outcomesIn(path, text, rule);
    } catch (error) {
      if (!(error instanceof EndlessError)) throw error;
      return { kind: 'manual', reason: say`${rule.message}: in ${path} ${error.message}`, at: [{ path, line: 1 }] };
    }
  });
  return outcomes.length > 0
    ? outcomes
    : [{ kind: 'satisfied', reason: say`nothing matches: ${rule.message}`, at: [] }];
}

function candidates(repo: Snapshot, rule: Rule, clauses: readonly Clause[]): string[] {
  const wanted = rule.files ? picomatch([...rule.files]) : () => true;
  const ignored = rule.ignores ? picomatch([...rule.ignores]) : () => false;
  const paths = repo.paths.filter((path) => PYTHON.test(path) && wanted(path) && !ignored(path));
  const pattern = prefilter(clauses);
  return pattern ? repo.matching(paths, pattern) : paths;
}

/** What is found in a file, and what is left alone there. */
function outcomesIn(path: string, text: string, rule: Rule): Outcome[] {
  const { taken, left } = found(path, text, rule);
  const outcome = taken.length > 0 ? outcomeOf(path, text, rule, taken) : undefined;
  const skipped = left.map(
    ({ comment, start }): Outcome => ({
      kind: 'skipped',
      reason: leftAlone(comment),
      at: [{ path, line: comment.holds ?? lineOf(text, start) }],
    }),
  );
  return [...(outcome ? [outcome] : []), ...skipped];
}

function outcomeOf(path: string, text: string, rule: Rule, first: readonly Edit[]): Outcome | undefined {
  const at = first.slice(0, PLACES).map(({ start }) => ({ path, line: lineOf(text, start) }));
  const places = first.length === 1 ? '1 place' : say`${first.length} places`;
  if (!rule.fix) {
    const note = rule.note ? { snippet: rule.note } : {};
    return { kind: 'manual', reason: `${rule.message} (${places})`, at, ...note };
  }
  const edits = fixpoint(path, text, rule, first);
  if (!edits) {
    const reason = say`${rule.message}: what it makes of ${path} matches again, without end; let the rule exclude its own result`;
    return { kind: 'manual', reason, at };
  }
  return edits.length === 0
    ? undefined
    : { kind: 'edits', reason: `${rule.message} (${places})`, at, edits: { [path]: edits } };
}

/** The edits of pass after pass; undefined where there is no end. */
function fixpoint(path: string, text: string, rule: Rule, first: readonly Edit[]): Edit[] | undefined {
  const trail = new EditTrail(text);
  let edits = first;
  for (let pass = 0; pass < PASSES; pass++) {
    const before = trail.text;
    trail.apply(edits);
    if (trail.text === before) return trail.edits();
    edits = found(path, trail.text, rule).taken;
    if (edits.length === 0) return trail.edits();
  }
  return undefined;
}

interface Found {
  readonly taken: readonly Edit[];
  /** One for each comment that keeps matches as they are; `start` is that of the first of these. */
  readonly left: readonly { readonly comment: SkipComment; readonly start: number }[];
}

/** The edits of one pass, or bare ranges where there is no fix; of two that overlap, the first, as ast-grep has it. */
function found(path: string, text: string, rule: Rule): Found {
  const { matcher, rewriters, fix } = rule;
  const toEdit = (node: MatchNode, find: Find): Edit => {
    if (fix) {
      const captures = capturesOf({ text, rewriters, find }, { node, matcher });
      return withLineEnds(editOf(text, node, fix, captures), lineEnding(text));
    }
    const { start, end } = node.range();
    return { start: start.index, end: end.index, text: '' };
  };
  const suppressed = suppressions(text, rule.id);
  const held = heldIn(path, text, rule.id);
  const all = matchesIn(text, matcher, (nodes, find) => nodes.map((n) => toEdit(n, find))).sort(
    (a, b) => a.start - b.start,
  );
  const taken: Edit[] = [];
  const left = new Map<SkipComment, number>();
  let end = -1;
  for (const edit of all) {
    if (suppressed(lineOf(text, edit.start))) continue;
    const comment = held(edit);
    if (comment) {
      if (!left.has(comment)) left.set(comment, edit.start);
      continue;
    }
    if (fix && edit.start < end) continue;
    taken.push(edit);
    end = edit.end;
  }
  return { taken, left: [...left].map(([comment, start]) => ({ comment, start })) };
}

/** The template of a rule has bare line feeds, whatever the file has. */
function withLineEnds(edit: Edit, end: '\n' | '\r\n'): Edit {
  return end === '\n' ? edit : { ...edit, text: edit.text.replace(/\r?\n/g, end) };
}
