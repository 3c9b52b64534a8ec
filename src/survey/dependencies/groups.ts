/** Dependency groups of a pyproject.toml that declares nothing else, as PEP 735 has them. https://peps.python.org/pep-0735/ */
import { WITH_GUNICORN } from '../../knowledge/servers.ts';
import type { Requirement } from '../../model/facts.ts';
import { isDevGroup } from './dev-group.ts';
import type { SaidInstall } from './installs.ts';
import type { Project } from './project-files.ts';

/**
 * The groups that a service is installed from: those that the repository's own build names, else those with its framework
 * and its server, else all that are not for development. Undefined for a project that is installed as such.
 */
export function chosenGroups(
  { requirements, includes }: Project,
  said: Partial<SaidInstall> | undefined,
  framework: string | undefined,
): readonly string[] | undefined {
  if (!includes) return undefined;
  const names = [...includes.keys()].filter((name) => !isDevGroup(name));
  const asked = (said?.groups ?? []).filter((name) => names.includes(name));
  if (asked.length > 0) return asked;
  const holding = [framework, ...WITH_GUNICORN].flatMap((wanted) => {
    const groups = requirements.filter((r) => r.name === wanted).map((r) => r.group);
    return names.find((name) => groups.includes(name)) ?? [];
  });
  const taken = names.filter((name) => closure(includes, [name]).size > 1);
  const whole = taken.find((name) => holding.length > 0 && holding.every((h) => closure(includes, [name]).has(h)));
  return whole ? [whole] : holding.length > 0 ? [...new Set(holding)] : names;
}

/** What an install of the groups takes in, as if it were no group; and what is for development, in its own. */
export function ofGroups({ requirements, includes = new Map() }: Project, groups: readonly string[]): Requirement[] {
  const taken = closure(includes, groups);
  return requirements.flatMap((r): Requirement[] => {
    const { group, ...bare } = r;
    if (group !== undefined && taken.has(group)) return [bare];
    return isDevGroup(group) ? [r] : [];
  });
}

/** The groups and those that they take in. */
function closure(includes: ReadonlyMap<string, readonly string[]>, groups: readonly string[]): ReadonlySet<string> {
  const out = new Set<string>();
  const open = [...groups];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (out.has(name)) continue;
    out.add(name);
    open.push(...(includes.get(name) ?? []));
  }
  return out;
}
