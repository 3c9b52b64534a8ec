/** Places that read the environment by themselves. */
import type { Facts, RunCall } from '../../src/model/facts.ts';
import { osAccess } from '../../src/python/env-access.ts';
import { type Place, placeIn } from '../../src/python/place.ts';
import { type Site, sites } from '../../src/python/sites.ts';
import { variableOf } from '../../src/python/text.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { isNotDeployed } from '../../src/survey/deployed.ts';
import { envKind } from '../../src/survey/env-kind.ts';
import { serviceFiles } from '../../src/survey/environment/files.ts';
import type { Expr } from '../../src/syntax/python/ast.ts';
import { isNone } from '../../src/syntax/python/walk.ts';
import type { SettingsObject } from './object.ts';

export interface DirectRead {
  readonly variable: string;
  readonly path: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** It fails by itself where the variable is not set. */
  readonly strict: boolean;
  /** The default as it is written; undefined where there is none, or None. */
  readonly fallback?: string;
  /** The default is something else than a plain text on one line. */
  readonly odd: boolean;
  readonly place: Place;
  /** It stands in the arguments of a call that starts a server, which belong to the part `bind`. */
  readonly started: boolean;
}

const NEEDLE = /getenv|environ/;
/** Tells whether the server reloads. */
const MODE = 'APP_ENV';

/** Of the files that the services run; not those of the settings, and not what the platform sets. */
export function directReads(repo: Snapshot, facts: Facts, object: SettingsObject): DirectRead[] {
  const { modules, services, runCalls } = facts;
  const files = [...new Set(services.flatMap((s) => serviceFiles(repo, modules, s)))];
  return repo
    .matching(files, NEEDLE)
    .filter((path) => path !== object.path && !isNotDeployed(path) && !modules.module(path)?.seenErrors)
    .flatMap((path) => {
      const text = modules.module(path)?.text ?? '';
      return sites(modules, path, mayRead, NEEDLE).flatMap(
        (site) =>
          readAt(
            site,
            text,
            runCalls.filter((run) => run.path === path),
          ) ?? [],
      );
    });
}

/** `text`: of the file; `runs`: the calls of it that start a server. */
function readAt(site: Site, text: string, runs: readonly RunCall[]): DirectRead | undefined {
  const access = osAccess(site, site.expr);
  if (!access || access.cast !== undefined) return undefined;
  const variable = variableOf(site, access);
  if (variable === undefined || envKind(variable) === 'platform') return undefined;
  // What stands around the call that starts the server is `bind`'s, which writes such reads itself.
  if (runs.some((run) => variable === MODE || site.around.some((s) => run.around.includes(s)))) return undefined;
  const { start, end, line } = site.expr;
  const { fallback } = access;
  const given = isNone(fallback) ? undefined : fallback;
  const written = given && text.slice(given.start, given.end);
  const all = text.slice(start, end);
  return {
    ...{ variable, path: site.path, line, start, end, strict: access.strict && fallback === undefined },
    ...(written === undefined ? {} : { fallback: written }),
    place: placeIn(site),
    started: runs.some(({ call }) => call.start <= start && end <= call.end),
    odd: (all.includes('\n') && all.includes('#')) || (given !== undefined && !isPlain(given, written ?? '')),
  };
}

function mayRead(expr: Expr): boolean {
  return expr.kind === 'call' || expr.kind === 'subscript';
}

function isPlain(expr: Expr, written: string): boolean {
  return expr.kind === 'string' && expr.value !== null && /^(["'])(?!\1)[^\n]*\1$|^(["'])\2$/.test(written);
}
