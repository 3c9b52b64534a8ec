/** How a service hangs together, from its entry to its processes: facts as plain data, for reports to draw. */
import type { Evidence, Service } from './facts.ts';

/** Something with a name, where it was seen. */
export interface Named {
  readonly name: string;
  readonly at: Evidence;
}

export interface Overview {
  readonly name: string;
  /** Folder of the service, '' for the repository's root. */
  readonly root: string;
  /** `app.main:app` and where it is made. */
  readonly entry: Named & { readonly framework: string; readonly interface: 'asgi' | 'wsgi' };
  /** Paths that answer GET, at most `MAX_ROUTES`; of Django those that can be a health check only. */
  readonly routes: readonly Named[];
  readonly health?: Named;
  /** Classes and modules that hold the settings. */
  readonly settings: readonly Named[];
  readonly database?: Named & { readonly driver?: string };
  /** The command that migrates. */
  readonly migrations?: Named;
  readonly redis?: Evidence;
  readonly python?: Named;
  /** The command that installs the dependencies. */
  readonly install?: Named;
  readonly environment: readonly (Named & Pick<Service['env'][number], 'kind' | 'required'>)[];
  /** Start commands that stand in the repository, and workers. */
  readonly processes: readonly Named[];
}

/** More help nobody to see how it hangs together. */
export const MAX_ROUTES = 60;
