/** What a service needs installed to start, and its build does not install. */
import type { AlembicConfig, Need, Requirement, Service } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { installedBy } from './dependencies/installs-all.ts';
import { compareVersions } from './dependencies/versions.ts';
import type { Asked } from './needs/asked.ts';
import { driftNeeds } from './needs/drift.ts';
import { driverNeeds } from './needs/drivers.ts';
import { hiddenNeeds } from './needs/hidden.ts';
import { importNeeds } from './needs/imports.ts';
import { programNeeds } from './needs/programs.ts';
import { startedBy } from './started.ts';

/** One for each distribution, the first place in the order in which files are loaded. None where nothing is declared. */
export function findNeeds(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  alembic: readonly AlembicConfig[],
): readonly Need[] {
  const { dependencies } = service;
  const installed = dependencies && installedBy(repo, dependencies);
  if (!dependencies || !installed) return [];
  const started = startedBy(repo, modules, service, alembic);
  const asked: Asked = { repo, modules, service, list: dependencies.path, dependencies, installed, started };
  let all = merged([...importNeeds(asked), ...programNeeds(asked), ...hiddenNeeds(asked), ...driverNeeds(asked)]);
  // What is added brings needs of its own: alembic SQLAlchemy, and that a driver; and breaks between versions.
  for (let round = 0; round < ROUNDS; round++) {
    const next = withAdded(asked, all);
    const own = next === asked ? [] : [...hiddenNeeds(next), ...driverNeeds(next)];
    const more = merged([...all, ...own, ...driftNeeds(next)]);
    const same = more.length === all.length && more.every((n, i) => n.range === all[i]?.range);
    all = more;
    if (same) break;
  }
  return all;
}

const ROUNDS = 5;

/** As if what is missing stood in the list, and what is to be bounded were. */
function withAdded(asked: Asked, needs: readonly Need[]): Asked {
  const missing = needs.filter(({ kind }) => kind === 'missing');
  const listed = new Set(asked.dependencies.requirements.map((r) => r.name));
  const added = missing
    .filter(({ name }) => !listed.has(name))
    .map(({ name, range, at }): Requirement => ({ name, extras: [], specifier: range, at }));
  const bounds = new Map(missing.map(({ name, range }) => [name, range]));
  const bounded = asked.dependencies.requirements.map((r): Requirement => {
    const range = bounds.get(r.name) ?? '';
    const specifier = [r.specifier, range].filter((text) => text !== '').join(',');
    return range === '' ? r : { ...r, specifier };
  });
  const changed = added.length > 0 || bounded.some((r, i) => r !== asked.dependencies.requirements[i]);
  if (!changed) return asked;
  const dependencies = { ...asked.dependencies, requirements: [...bounded, ...added] };
  return { ...asked, dependencies, installed: installedBy(asked.repo, dependencies) ?? asked.installed };
}

/** One for each name: with the lowest upper bound, else the first. */
function merged(needs: readonly Need[]): Need[] {
  const out = new Map<string, Need>();
  for (const need of needs) {
    const known = out.get(need.name);
    if (!known || isLower(need.range, known.range)) out.set(need.name, need);
  }
  return [...out.values()];
}

function isLower(range: string, other: string): boolean {
  if (range === '' || range === other) return false;
  const bound = (text: string): string => /[\d.]+/.exec(text)?.[0] ?? '';
  return other === '' || compareVersions(bound(range), bound(other)) < 0;
}
