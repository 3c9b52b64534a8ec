/** What every question about missing requirements is asked of. */
import type { Dependencies, Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { say } from '../../system/say.ts';
import type { Installed } from '../dependencies/installs-all.ts';
import type { Started } from '../started.ts';

export interface Asked {
  readonly repo: Snapshot;
  readonly modules: ModuleGraph;
  readonly service: Service;
  /** Path of the dependency file. */
  readonly list: string;
  readonly dependencies: Dependencies;
  readonly installed: Installed;
  /** What runs at start, in order. */
  readonly started: readonly Started[];
}

/** What a message adds where another version of something listed may bring it. */
export function unless(sure: boolean): string {
  return sure ? '' : say` unless something that is listed brings it along`;
}

/** When the statement runs, for a message. */
export function whenOf({ when }: Started): string {
  if (when === 'migrations') return say`when the migrations run`;
  return when === 'worker' ? say`when a worker starts` : say`when the service starts`;
}
