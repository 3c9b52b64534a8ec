/** Which packages bring a web framework. */
import { broughtWithin } from '../../knowledge/frameworks.ts';
import { SERVER_PACKAGES } from '../../knowledge/servers.ts';
import type { Framework, Requirement } from '../../model/facts.ts';

/** True when the list holds the framework or a package that is built on it. */
export function bringsFramework(requirements: readonly Requirement[], framework: Framework): boolean {
  if (framework === 'other') return requirements.some((r) => SERVER_PACKAGES.includes(r.name));
  const builtOn = broughtWithin(framework);
  return requirements.some(
    (r) => r.name === framework || r.name.startsWith(`${framework}-`) || builtOn.includes(r.name),
  );
}
