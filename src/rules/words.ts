/**
 * Words that a file must hold for a rule to match in it, so that most files are never parsed. Every clause must be met
 * by one of its words.
 */
import { isRecord } from '../system/record.ts';

export type Clause = ReadonlySet<string>;

/** `rule` and `utils` as in the rule file. An empty list: any file may match. */
export function neededWords(rule: unknown, utils: Readonly<Record<string, unknown>> = {}): Clause[] {
  return clausesOf(rule, utils, 0);
}

const DEEPEST = 16;
/** What must match somewhere in the file for the node itself to match. */
const WITHIN = ['inside', 'has', 'follows', 'precedes'];

function clausesOf(rule: unknown, utils: Readonly<Record<string, unknown>>, depth: number): Clause[] {
  if (!isRecord(rule) || depth > DEEPEST) return [];
  const below = (inner: unknown): Clause[] => clausesOf(inner, utils, depth + 1);
  const out: Clause[] = [];
  if (typeof rule.pattern === 'string') out.push(...wordsOf(rule.pattern));
  for (const key of WITHIN) if (rule[key] !== undefined) out.push(...below(rule[key]));
  if (Array.isArray(rule.all)) for (const inner of rule.all) out.push(...below(inner));
  if (Array.isArray(rule.any)) out.push(...either(rule.any.map(below)));
  if (typeof rule.matches === 'string' && Object.hasOwn(utils, rule.matches)) out.push(...below(utils[rule.matches]));
  return out;
}

/** The names and keywords of a pattern are in every match: ast-grep compares them by their text. */
function wordsOf(pattern: string): Clause[] {
  const plain = pattern.replace(/\$+[A-Za-z0-9_]*/g, ' ');
  return [...plain.matchAll(/[A-Za-z_]\w*/g)].map((m) => new Set([m[0]]));
}

/** One of several: its longest word stands for each; where one has none, all may match. */
function either(alternatives: readonly Clause[][]): Clause[] {
  const chosen = alternatives.map((clauses) => [...clauses].sort((a, b) => weight(b) - weight(a))[0]);
  if (chosen.length === 0 || chosen.includes(undefined)) return [];
  return [new Set(chosen.flatMap((clause) => [...(clause ?? [])]))];
}

/** Long words are rare; a clause is as rare as its shortest one. */
function weight(clause: Clause): number {
  return Math.min(...[...clause].map((word) => word.length));
}

/** One expression for `matching`, of the clause that is met most rarely; undefined where any file may match. */
export function prefilter(clauses: readonly Clause[]): RegExp | undefined {
  const [rarest] = [...clauses].sort((a, b) => weight(b) - weight(a));
  return rarest && new RegExp([...rarest].join('|'));
}

/** True where a text holds a word of each clause. */
export function holdsAll(text: string, clauses: readonly Clause[]): boolean {
  return clauses.every((clause) => [...clause].some((word) => text.includes(word)));
}
