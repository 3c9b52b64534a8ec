/** A plan is data: what would change, by whom, and why. Preview and apply are the same plan. */

import type { Encoding } from '../repo/source.ts';
import type { Edit } from '../syntax/edit.ts';
import type { Evidence, Refusal } from './facts.ts';

export type VerdictKind = 'applied' | 'satisfied' | 'skipped' | 'manual' | 'failed';

/** One answer of one part about one target. */
export interface Verdict {
  readonly part: string;
  readonly kind: VerdictKind;
  readonly reason: string;
  readonly at: readonly Evidence[];
  readonly service?: string;
  /** Files that it changes. */
  readonly files: readonly string[];
  readonly snippet?: string;
  readonly warnings: readonly string[];
  readonly commands: readonly string[];
}

export interface FileChange {
  /** Relative to the root, with '/'. */
  readonly path: string;
  /** Null when the file is created. */
  readonly before: string | null;
  readonly after: string;
  /** Ranges on `before`; empty for a created file. */
  readonly edits: readonly Edit[];
  readonly encoding: Encoding;
  readonly bom: boolean;
  /** SHA-256 of the bytes before, hexadecimal; null when the file is created. */
  readonly sha256: string | null;
  /** Ids of the parts that claim it, in order. */
  readonly by: readonly string[];
  /** Whose edits these are; absent in a plan that was read back. */
  readonly claims?: readonly EditClaim[];
}

/** The edits of one verdict in one file; of a created file one insertion at 0. */
export interface EditClaim {
  /** Index among the plan's verdicts. */
  readonly verdict: number;
  readonly edits: readonly Edit[];
}

export interface Plan {
  /** Absolute path. */
  readonly root: string;
  readonly recipe: string;
  /** Set when the repository as a whole is not something to patch; then there are no changes. */
  readonly refusal?: Refusal;
  readonly changes: readonly FileChange[];
  readonly verdicts: readonly Verdict[];
  /** What a person must know before deploying, whatever the parts did: the notes of the survey. */
  readonly warnings: readonly string[];
  /** Those of the warnings that keep the service from working until they are mended, with their places. */
  readonly stops?: readonly { readonly text: string; readonly at: Evidence }[];
  /** Every file that was read to decide: path → SHA-256 of its bytes. */
  readonly reads: Readonly<Record<string, string>>;
  /** Files that could not be read, with the reason. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}
