/** Which packages bring a web framework. */
import { SERVER_PACKAGES } from '../../knowledge/servers.ts';
import type { Framework, Requirement } from '../../model/facts.ts';

/** Packages that bring a framework under another name. */
const BUILT_ON: Readonly<Record<string, readonly string[]>> = {
  starlette: ['fastapi'],
  flask: ['connexion', 'apiflask', 'dash', 'eve'],
  django: ['djangorestframework', 'wagtail'],
};

/** True when the list holds the framework or a package that is built on it. */
export function bringsFramework(requirements: readonly Requirement[], framework: Framework): boolean {
  if (framework === 'other') return requirements.some((r) => SERVER_PACKAGES.includes(r.name));
  const builtOn = BUILT_ON[framework] ?? [];
  return requirements.some(
    (r) => r.name === framework || r.name.startsWith(`${framework}-`) || builtOn.includes(r.name),
  );
}
