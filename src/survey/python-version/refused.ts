/** Whether the project that is installed refuses the Python that is stated. */
import { formOf } from '../../knowledge/managers.ts';
import { PYTHONS } from '../../knowledge/pythons.ts';
import type { Dependencies, PythonVersion } from '../../model/facts.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { admitsVersion } from '../dependencies/versions.ts';
import { pythonKey } from './version-files.ts';

/** The statement, with the specifier that refuses it. Lists that pip installs alone ask for no Python. */
export function withRefusal(
  repo: Snapshot,
  python: PythonVersion | undefined,
  dependencies: Dependencies | undefined,
): PythonVersion | undefined {
  if (!python || !dependencies || python.bound || dependencies.form === 'requirements') return python;
  // A list that is exported from the project installs without it.
  if (/^pip install -r /.test(dependencies.install)) return python;
  const says = formOf(dependencies.form).python?.says;
  const asked = says && pythonKey(repo, dependencies.path, says);
  if (!asked || asked.at.path === python.at.path) return python;
  const specifier = says === 'version' && /^\d/.test(asked.value) ? `==${asked.value}` : asked.value;
  return admits(specifier, python.version) ? python : { ...python, refused: { specifier, at: asked.at } };
}

/** True unless the specifier certainly leaves the version out; of a series, its newest release counts. */
function admits(specifier: string, version: string): boolean {
  // What is seldom, and `3.11` for the whole series: not judged.
  const plain = specifier.replace(/(^|,)\s*(={0,3})\s*(3\.\d+)\s*(?=,|$)/g, '$1==$3.*');
  if (/[^\d\s.,<>=~^*]/.test(plain)) return true;
  return admitsVersion(plain, PYTHONS[version]?.usual ?? version);
}
