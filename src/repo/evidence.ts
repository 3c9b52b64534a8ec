/** Where a fact was seen. */

/** A line of a file of the repository. */
export interface Evidence {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** What stands there, in a few words; never a secret. */
  readonly note?: string;
}
