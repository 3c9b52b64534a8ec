/** Decides what env.py shall read, and with which driver. */

import type { AlembicConfig, Evidence, Facts, Service } from '../../src/model/facts.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { type EnvFile, iniOnly } from '../../src/survey/alembic/env-file.ts';
import { partsOf } from '../../src/survey/alembic/url-value.ts';
import { revisionPaths } from '../../src/survey/alembic/versions.ts';
import { executedFrom } from '../../src/survey/executed.ts';
import { reachableFrom } from '../../src/survey/reachable.ts';
import type { Edit } from '../../src/syntax/edit.ts';
import { say } from '../../src/system/say.ts';
import { type ApplicationUrl, findApplicationUrl } from './application-url.ts';
import { rewritesFor } from './driver.ts';
import { type BlockSource, blockFor } from './env-block.ts';

export interface EnvPatch {
  readonly edits: readonly Edit[];
  readonly reads: string;
  readonly at: readonly Evidence[];
  readonly warnings: readonly string[];
  /** Where the application has a URL written out instead. */
  readonly literal?: Evidence;
}

/** The patch of an env.py that has its URL from the ini alone, or a sentence why there is none. */
export function patchEnv(
  repo: Snapshot,
  facts: Facts,
  config: AlembicConfig,
  env: EnvFile,
  iniUrl: string,
  service: Service | undefined,
): EnvPatch | string {
  if (config.url?.kind === 'placeholder' && revisionPaths(repo, config).length === 0) {
    return say`no migration stands in the script folder yet: set env.py up first`;
  }
  const { modules } = facts;
  const files = [...executedFrom(modules, env.path)].filter((f) => f !== env.path);
  const reached = service ? reachableFrom(repo, modules, service.entry.path) : [];
  const url = findApplicationUrl(repo, modules, files) ?? findApplicationUrl(repo, modules, reached);
  const packages = new Set(service?.dependencies?.requirements.map((r) => r.name) ?? []);
  const rewrites = rewritesFor(iniUrl, env.async, packages);
  if (!rewrites) return say`the driver that the URL in the ini names, and the engine that env.py makes, do not fit`;
  const variable = variableFor(url, service);
  const warnings: string[] = [];

  if (url?.kind === 'object') {
    const block = blockFor(modules, env, { kind: 'object', url }, rewrites);
    if (typeof block !== 'string') return { edits: block.edits, reads: block.reads, at: [url.at], warnings };
    if (url.variable === undefined) return say`the application has its URL in ${url.name}${url.suffix}, and ${block}`;
  }
  if (variable === undefined) return say`which variable the application has its database URL in could not be found`;
  const fallback = withoutSecret(iniUrl);
  if (fallback === null)
    return say`the URL in the ini is relative to its folder: env.py cannot take it over as the default`;
  const source: BlockSource = { kind: 'env', variable, ...(fallback === undefined ? {} : { fallback }) };
  const block = blockFor(modules, env, source, rewrites);
  if (typeof block === 'string') return block;
  const alone = env.sites.some((s) => s.mode === 'online' && iniOnly(s));
  if (fallback === undefined)
    warnings.push(say`alembic ${alone ? '' : '--sql '}now needs ${variable} in its environment`);
  const literal = url?.kind === 'literal' ? { literal: url.at } : {};
  return { edits: block.edits, reads: variable, at: url ? [url.at] : [], warnings, ...literal };
}

function variableFor(url: ApplicationUrl | undefined, service: Service | undefined): string | undefined {
  if (url?.kind === 'env') return url.variable;
  if (url?.kind === 'object') return url.variable;
  const named = (service?.env ?? []).filter((e) => e.kind === 'database' && (e.property ?? 'url') === 'url');
  if (named.length > 0) return (named.find((e) => e.name === 'DATABASE_URL') ?? named[0])?.name;
  const parts = (service?.env ?? []).some((e) => e.kind === 'database');
  return parts ? undefined : 'DATABASE_URL';
}

/** A file database has no login: its URL is no secret. */
export function isLocalFile(url: string): boolean {
  return (partsOf(url)?.scheme.startsWith('sqlite') ?? false) && !url.includes('@');
}

/** The URL where it may stay as the default; undefined: it may not; null: it cannot be moved to another file. */
function withoutSecret(iniUrl: string): string | undefined | null {
  if (!isLocalFile(iniUrl)) return undefined;
  return iniUrl.includes('%(') ? null : iniUrl.replaceAll('%%', '%');
}
