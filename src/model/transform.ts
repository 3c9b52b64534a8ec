/** The contracts between the engine and the parts. Everything here is plain data. */

import type { Snapshot } from '../repo/snapshot.ts';
import type { Edit } from '../syntax/edit.ts';
import type { Evidence, Facts } from './facts.ts';
import type { PartWords } from './part-words.ts';

/**
 * What a part says about one target.
 * - `edits`: proved right; ranges per existing file, and whole texts for files to create. All of it or none.
 * - `satisfied`: nothing to do, and the evidence for it.
 * - `skipped`: does not apply here.
 * - `manual`: something should be done that nayek cannot prove; the snippet or command is what a person would use.
 */
export type Outcome = OutcomeBase &
  (
    | {
        readonly kind: 'edits';
        readonly edits?: Readonly<Record<string, readonly Edit[]>>;
        readonly creates?: Readonly<Record<string, string>>;
        /** Changes behaviour beyond the part's purpose: applied only with --unsafe, else reported as manual. */
        readonly unsafe?: boolean;
      }
    | { readonly kind: 'satisfied' }
    | { readonly kind: 'skipped' }
    | { readonly kind: 'manual'; readonly snippet?: string; readonly command?: string }
  );

interface OutcomeBase {
  /** One sentence: what was done, or why not. */
  readonly reason: string;
  /** Where it was seen; the first is the target. */
  readonly at: readonly Evidence[];
  /** Root of the service it belongs to, when there are several. */
  readonly service?: string;
  /** What the user must know although the part did its work. One sentence each. */
  readonly warnings?: readonly string[];
  /** Commands to run afterwards, such as `uv lock`. */
  readonly commands?: readonly string[];
  /** Texts of the notes of the survey that do not hold any more once this is applied. */
  readonly mends?: readonly string[];
}

/** Options of a part, from the recipe and `--set part.option=value`. */
export type Options = Readonly<Record<string, unknown>>;

/** The parts of one plan with their options: what one of them adds, another may start. */
export type Chosen = ReadonlyMap<string, Options>;

/** A transform (edits sources) or an emitter (writes a deployment file). Pure: reads the snapshot, returns outcomes. */
export interface Part {
  /** Kebab-case; also the name of its file and of its fixture folder. */
  readonly id: string;
  /** One sentence for `nayek explain`. */
  readonly summary: string;
  /** `critical`: without it a deployed service does not start, does not answer or reaches the wrong database. */
  readonly severity?: 'critical' | 'important';
  /** Absent: the summary says it all. */
  readonly words?: PartWords;
  /** URL that justifies the rule. */
  readonly source: string;
  /** Known options with their default and one line of help; any other name is a usage error. */
  readonly options: Readonly<Record<string, { readonly default: unknown; readonly help: string }>>;
  /** Awaited once before the first `plan`: what a part must load. @throws NayekError */
  readonly prepare?: () => Promise<void>;
  /** True for a part that needs no web service: it runs in any Python repository. */
  readonly anywhere?: boolean;
  /** True for an emitter whose files must carry what the parts before it make env.py read: it gets those facts. */
  readonly afterMigrations?: boolean;
  /** `chosen`: all parts of the plan; undefined stands for every part there is, with its defaults. */
  plan(repo: Snapshot, facts: Facts, options: Options, chosen?: Chosen): readonly Outcome[];
}
