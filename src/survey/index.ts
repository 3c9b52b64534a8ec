/** Snapshot → Facts. Each fact is worked out at its first use and kept. */

import type { AlembicConfig, Facts, RunCall, Service } from '../model/facts.ts';
import { createModuleGraph } from '../python/graph.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { timed } from '../system/stats.ts';
import { findAlembic } from './alembic.ts';
import { findRefusal } from './refusal.ts';
import { findRunCalls } from './run-calls.ts';
import { findServices } from './services.ts';

/** `loadPython()` must have been awaited before the first fact is asked for. */
export function survey(repo: Snapshot, modules: ModuleGraph = createModuleGraph(repo)): Facts {
  const lazy = <T>(make: () => T): (() => T) => {
    let kept: { readonly value: T } | undefined;
    return () => {
      kept ??= { value: timed('facts', make) };
      return kept.value;
    };
  };
  const alembic = lazy<readonly AlembicConfig[]>(() => findAlembic(repo, modules));
  const services = lazy<readonly Service[]>(() => findServices(repo, modules, alembic()));
  const runCalls = lazy<readonly RunCall[]>(() => findRunCalls(repo, modules, services()));
  const refusal = lazy(() => findRefusal(repo, modules, services));
  return {
    modules,
    get alembic() {
      return alembic();
    },
    get services() {
      return services();
    },
    get runCalls() {
      return runCalls();
    },
    get refusal() {
      return refusal();
    },
  };
}
