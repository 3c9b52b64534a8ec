/** The URL leaves alembic.ini; env.py takes it from the environment or the application's settings. */

import type { AlembicConfig, Evidence, Facts, Service } from '../src/model/facts.ts';
import type { Options, Outcome, Part } from '../src/model/transform.ts';
import type { Snapshot } from '../src/repo/snapshot.ts';
import { type EnvFile, iniOnly, readEnvFile } from '../src/survey/alembic/env-file.ts';
import { iniOf } from '../src/syntax/documents.ts';
import type { Edit } from '../src/syntax/edit.ts';
import { type IniEntry, type IniFile, iniEntry } from '../src/syntax/ini.ts';
import { say } from '../src/system/say.ts';
import { commentUrlLine } from './alembic-url/ini-line.ts';
import { findIniReaders } from './alembic-url/ini-readers.ts';
import { ownUrl } from './alembic-url/own-url.ts';
import { isLocalFile, patchEnv } from './alembic-url/patch-env.ts';
import { words } from './alembic-url/words.ts';

export const alembicUrl: Part = {
  id: 'alembic-url',
  summary: 'alembic.ini holds no database URL: env.py takes it from the environment or the settings.',
  severity: 'critical',
  words,
  source: 'https://alembic.sqlalchemy.org/en/latest/api/config.html#alembic.config.Config.set_main_option',
  options: { comment: { default: '', help: 'comment line above the commented URL' } },
  plan(repo, facts, options) {
    const byPath = new Map<string, AlembicConfig>();
    for (const config of facts.alembic) if (!byPath.has(config.path)) byPath.set(config.path, config);
    const planned = [...byPath.values()].flatMap((config) =>
      [planIni(repo, facts, config, options)].flat().map((outcome) => ({ ...outcome, ...serviceOf(facts, config) })),
    );
    return [...planned, ...unreadable(repo, byPath)];
  },
};

/** Files named alembic.ini that say nothing because configparser would refuse them. */
function unreadable(repo: Snapshot, known: ReadonlyMap<string, AlembicConfig>): Outcome[] {
  const unknown = repo.paths.filter((p) => /(?:^|\/)alembic\.ini$/.test(p) && !known.has(p));
  return unknown.flatMap((path) => refusedByAlembic(repo, path) ?? []);
}

function refusedByAlembic(repo: Snapshot, path: string): Outcome | undefined {
  const problem = (path.endsWith('.toml') ? undefined : iniOf(repo, path))?.problems.find(
    (p) => p.kind === 'no-section' || p.kind === 'not-an-entry',
  );
  if (!problem) return undefined;
  const reason = say`${path} is not an INI file that Alembic can read (line ${problem.line}: ${problem.kind})`;
  return { kind: 'skipped', reason, at: [{ path, line: problem.line }] };
}

function serviceOf(facts: Facts, config: AlembicConfig): { readonly service?: string } {
  const owners = facts.services.filter((s) => s.migrations?.config === config.path);
  return owners.length === 1 && owners[0] ? { service: owners[0].root } : {};
}

function planIni(repo: Snapshot, facts: Facts, config: AlembicConfig, options: Options): Outcome | readonly Outcome[] {
  const refused = refusedByAlembic(repo, config.path);
  if (refused) return refused;
  const here: Evidence = config.url?.at ?? { path: config.path, line: 1 };
  if (!config.scripts || !config.env) {
    return {
      kind: 'skipped',
      reason: say`${config.path} has no script folder with an env.py: nothing runs it`,
      at: [here],
    };
  }
  const env = readEnvFile(facts.modules, config.env.path);
  const at = [here, config.env.url.at];
  if (!env) return { kind: 'skipped', reason: say`${config.env.path} does not parse`, at };
  const { url } = config;
  if (!url || url.kind === 'empty') return withoutUrl(config, env, at);
  const elsewhere =
    env.sites.length > 0 && env.sites.every((s) => hasOther(s.origin.sources) && !s.origin.sources.has('unknown'));
  if (url.kind === 'interpolated') {
    return elsewhere
      ? { kind: 'satisfied', reason: say`env.py replaces the URL template of the ini`, at }
      : { kind: 'skipped', reason: say`the URL in the ini is a template that env.py fills in: it must stay`, at };
  }
  const always = elsewhere && env.sites.every((s) => !s.origin.sources.has('ini'));
  if (url.kind === 'placeholder' && (always || connectsElsewhere(env))) {
    return { kind: 'satisfied', reason: say`the ini holds a placeholder, and env.py takes the URL elsewhere`, at };
  }
  return withUrl(repo, facts, config, env, { elsewhere, always }, String(options.comment ?? ''), at);
}

/** True when only the offline mode, which prints SQL and connects to nothing, still has the URL of the ini. */
function connectsElsewhere({ sites }: EnvFile): boolean {
  const known = (sources: ReadonlySet<string>): boolean => !sources.has('ini') && !sources.has('unknown');
  return (
    sites.some((s) => s.mode === 'online') &&
    sites.every((s) => (hasOther(s.origin.sources) && known(s.origin.sources)) || (s.mode === 'offline' && iniOnly(s)))
  );
}

function hasOther(sources: ReadonlySet<string>): boolean {
  return sources.has('env') || sources.has('settings') || sources.has('app');
}

function withoutUrl(config: AlembicConfig, env: EnvFile, at: readonly Evidence[]): Outcome {
  const online = env.sites.filter((s) => s.mode === 'online');
  if (online.length > 0 && online.every(iniOnly)) {
    return {
      kind: 'manual',
      reason: say`${config.path} holds no URL and env.py takes it from there alone: only a program that sets it can migrate`,
      at,
    };
  }
  return { kind: 'satisfied', reason: say`${config.path} holds no URL`, at };
}

function withUrl(
  repo: Snapshot,
  facts: Facts,
  config: AlembicConfig,
  env: EnvFile,
  proof: { readonly elsewhere: boolean; readonly always: boolean },
  comment: string,
  at: readonly Evidence[],
): Outcome | readonly Outcome[] {
  const manual = (reason: string, snippet = SNIPPET): Outcome =>
    snippet === '' ? { kind: 'manual', reason, at } : { kind: 'manual', reason, at, snippet };
  const ini = iniOf(repo, config.path);
  const entry = ini && iniEntry(ini, config.url?.section ?? '', 'sqlalchemy.url');
  if (!ini || !entry) return manual(say`${config.path} cannot be read`);
  if (config.section === undefined && entry.section === 'DEFAULT' && proof.always && ini.problems.length === 0) {
    return { kind: 'satisfied', reason: say`env.py sets a URL of its own over that of [DEFAULT]`, at };
  }
  const why = whyKept(config, ini, entry);
  if (why) return manual(why.reason, why.snippet);
  const envs = new Set(facts.alembic.flatMap((c) => (c.env ? [c.env.path] : [])));
  const [reader] = findIniReaders(repo, facts.modules, envs);
  if (reader)
    return { ...manual(say`${reader.path}:${reader.line} reads or rewrites the URL of the ini`), at: [...at, reader] };
  const lines = commentUrlLine(ini.text, entry, comment);
  if (!lines) return manual(say`commenting the line out would change another key`);
  if (proof.elsewhere) return unused(config, entry.value, lines, proof.always, at);
  const unclear = whyUnclear(env);
  if (unclear !== undefined) return manual(unclear);
  const patch = patchEnv(repo, facts, config, env, entry.value, ownerOf(facts, config));
  if (typeof patch === 'string') return manual(patch);
  const own = patch.literal && ownUrl(repo, patch.literal, patch.reads);
  const edited: Outcome = {
    kind: 'edits',
    reason: connectsElsewhere(env)
      ? say`the offline mode of env.py took its URL from the ini; it now reads ${patch.reads}`
      : say`env.py took its URL from the ini alone; it now reads ${patch.reads}`,
    at: [...at, ...patch.at],
    edits: { [config.path]: lines, [env.path]: patch.edits },
    ...(patch.warnings.length > 0 ? { warnings: patch.warnings } : {}),
  };
  return own ? [edited, own] : edited;
}

/** Why the line of the URL stays, by what the ini itself says; undefined where it can go. */
function whyKept(
  { path, section }: AlembicConfig,
  ini: IniFile,
  entry: IniEntry,
): { readonly reason: string; readonly snippet?: string } | undefined {
  const [problem] = ini.problems;
  if (problem) return { reason: say`${path}:${problem.line} is no entry that configparser accepts (${problem.kind})` };
  if (section === undefined && entry.section === 'DEFAULT') {
    return { reason: say`the URL stands in [DEFAULT], from which every section has it: env.py must set it` };
  }
  if (section !== undefined || entry.section !== 'alembic') {
    const reason = say`the URL stands in section [${entry.section}]: a set-up with several databases is left as it is`;
    return { reason, snippet: '' };
  }
  const several = ini.entries.filter((e) => e.key === 'sqlalchemy.url').length > 1;
  return several ? { reason: say`${path} holds several URLs` } : undefined;
}

/** The URL of the ini goes where env.py takes it elsewhere; a local file as a fallback may stay. */
function unused(
  config: AlembicConfig,
  url: string,
  lines: readonly Edit[],
  always: boolean,
  at: readonly Evidence[],
): Outcome {
  if (!always && isLocalFile(url)) {
    const reason = say`the URL in the ini is a local file without a login, and only the fallback`;
    return { kind: 'satisfied', reason, at };
  }
  const edits = { [config.path]: lines };
  if (always) {
    const reason = say`the URL in the ini is never used: env.py takes it elsewhere, offline and online`;
    return { kind: 'edits', reason, at, edits };
  }
  const reason = say`the URL in the ini was the fallback: env.py takes it elsewhere, offline and online`;
  const variable = config.env?.url.variable ?? say`its own URL`;
  const warnings = [say`without ${variable}, alembic now stops instead of using the URL of the ini`];
  return { kind: 'edits', reason, at, edits, warnings };
}

/** Why it cannot be told that env.py takes its URL from the ini and from nowhere else. */
function whyUnclear({ sites }: EnvFile): string | undefined {
  const { length } = sites;
  if (length > 0 && sites.every((s) => s.origin.sources.size === 0)) {
    return say`env.py sets a fixed URL of its own: let it read DATABASE_URL there`;
  }
  if (length === 0 || sites.some((s) => s.origin.sources.has('unknown') || s.origin.sources.size === 0)) {
    return say`where env.py takes its URL could not be followed`;
  }
  const one = sites.every((s) => iniOnly(s) || !s.origin.sources.has('ini'));
  return one ? undefined : say`env.py uses the URL of the ini in one way only`;
}

/** The service that migrates with this configuration, else the only one. */
function ownerOf(facts: Facts, config: AlembicConfig): Service | undefined {
  const owner = facts.services.find((s) => s.migrations?.config === config.path);
  return owner ?? (facts.services.length === 1 ? facts.services[0] : undefined);
}

/** Behind `config = context.config`: whatever the ini says, the variable counts. */
const SNIPPET = [
  'import os',
  '',
  'config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"].replace("%", "%%"))',
].join('\n');
