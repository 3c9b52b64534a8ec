import type { Options, Part } from '../model/transform.ts';

/** A part with the options that it runs with. */
export interface Step {
  readonly part: Part;
  readonly options: Options;
  /** Services that the part is run for; see condition.ts. */
  readonly when?: string;
}
