/** Whether the build of a service brings a distribution. */
import { brings } from '../../knowledge/distributions.ts';
import { canGrow, managerOf } from '../../knowledge/managers.ts';
import type { Dependencies, Requirement, Service } from '../../model/facts.ts';
import { isDevGroup } from './dev-group.ts';

export type Installed = 'yes' | 'no' | 'only in a development group' | 'unknown';

/**
 * `unknown` where nothing is declared that could be read in full (conda, setup.py, no file at all). A lock counts; a
 * group counts as far as the install command takes it in.
 */
export function installed(service: Service, name: string): Installed {
  const { dependencies } = service;
  if (!dependencies) return 'unknown';
  const listed = dependencies.requirements.filter((r) => r.name === name);
  if (listed.some((r) => !leftOut(dependencies, r))) return 'yes';
  const brought = dependencies.requirements.filter((r) => !leftOut(dependencies, r));
  if (brought.some((r) => brings(r.name, r.extras, name))) return 'yes';
  if (listed.length > 0) return 'only in a development group';
  if (dependencies.locked?.[name] !== undefined) return 'yes';
  // Only these brought the command without an extra. https://fastapi.tiangolo.com/release-notes/#01110
  if (name === 'fastapi-cli' && versionOf(service, 'fastapi')?.startsWith('0.111.')) return 'yes';
  // Frameworks of these names are what the service itself imports: they come with something.
  if (FRAMEWORKS.has(name)) return 'unknown';
  return isPartial(dependencies) ? 'unknown' : 'no';
}

/** True where the build surely does not bring it: in a development group at most. */
export function isAbsent(service: Service, name: string): boolean {
  const found = installed(service, name);
  return found === 'no' || found === 'only in a development group';
}

/** The service as if it were installed from this: a copy that works out none of its facts, as `...service` would do. */
export function installedFrom(service: Service, dependencies: Dependencies): Service {
  return Object.create(service, { dependencies: { value: dependencies, enumerable: true } }) as Service;
}

const FRAMEWORKS: ReadonlySet<string> = new Set(['flask', 'django', 'quart', 'sanic', 'litestar']);

/** True for what stands in a group that the build of the service does not take in. */
export function leftOut({ install }: Dependencies, { group }: Requirement): boolean {
  if (!isDevGroup(group)) return false;
  const words = (install ?? '').split(/[\s,]+/);
  return !words.includes(group ?? '');
}

/** The one version that will be installed, where a lock or an exact pin says so. */
export function versionOf(service: Service, name: string): string | undefined {
  const { dependencies } = service;
  const locked = dependencies?.locked?.[name];
  if (locked) return locked;
  return requirementsOf(service, name)
    .map((r) => /^={2,3}\s*v?(\d+(?:\.\d+)*)$/.exec(r.specifier.trim())?.[1])
    .find((v) => v !== undefined);
}

/** The specifiers with which a distribution is asked for. */
export function specifiersOf(service: Service, name: string): readonly string[] {
  return requirementsOf(service, name).map((r) => r.specifier);
}

/** True where an edit of what is declared can add a line: no lock goes stale, and the file is no program. */
export function canAdd({ locks, form }: Dependencies): boolean {
  return locks.length === 0 && canGrow(form);
}

/** True where what is declared cannot be read in full: setup.py, packages of conda's channels, nothing at all. */
export function isPartial({ form, manager, requirements }: Dependencies): boolean {
  return form === 'setup.py' || !managerOf(manager).deploys || requirements.length === 0;
}

/** Requirements of the service with this PEP 503 name. */
export function requirementsOf(service: Service, name: string): Requirement[] {
  return (service.dependencies?.requirements ?? []).filter((r) => r.name === name);
}

const OF_ITSELF = /\buv sync\b|\bpdm\b|\bpoetry install\b(?!.*--no-root)|\s-e\s|install ['"]?\.{1,2}(?:['"[/\s]|$)/;

/** True where the installation brings the project's own packages, so that they are found from any folder. */
export function installsItself(dependencies: Service['dependencies']): boolean {
  return OF_ITSELF.test(dependencies?.install ?? '');
}
