/** A service made of files in memory, for the tests of the survey. */
import type { EnvVar, ServiceSeed } from '../src/model/facts.ts';
import { createModuleGraph } from '../src/python/graph.ts';
import type { ModuleGraph } from '../src/python/modules.ts';
import { memorySnapshot, type Snapshot } from '../src/repo/snapshot.ts';
import { findEnvironment } from '../src/survey/environment.ts';

export interface MadeService {
  readonly repo: Snapshot;
  readonly modules: ModuleGraph;
  readonly seed: ServiceSeed;
}

/** The entry is `main.py` unless `path` says otherwise. */
export function made(
  files: Readonly<Record<string, string>>,
  seed: Partial<ServiceSeed> = {},
  path = 'main.py',
): MadeService {
  const repo = memorySnapshot(files, '/shop');
  const module = path.replace(/\.py$/, '').replaceAll('/', '.');
  const at = { path, line: 1 };
  const entry: ServiceSeed['entry'] = {
    module,
    attr: 'app',
    factory: false,
    interface: 'asgi',
    framework: 'fastapi',
    path,
    at,
  };
  return { repo, modules: createModuleGraph(repo), seed: { root: '', name: 'shop', entry, ...seed } };
}

/** Variables of a service by name. */
export function environment(
  files: Readonly<Record<string, string>>,
  seed: Partial<ServiceSeed> = {},
): ReadonlyMap<string, EnvVar> {
  const service = made(files, seed);
  return new Map(findEnvironment(service.repo, service.modules, service.seed).map((e) => [e.name, e]));
}
