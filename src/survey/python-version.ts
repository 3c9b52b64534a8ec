import type { PythonVersion, ServiceSeed } from '../facts.ts';
import type { Snapshot } from '../snapshot.ts';

export function findPythonVersion(_repo: Snapshot, _seed: ServiceSeed): PythonVersion | undefined {
  return undefined;
}
