/**
 * The manifest of a batch: which repositories, and what is the same for all of them.
 *
 *     version: 1
 *     defaults: {ref: main, recipe: render, branch: bot/deploy-ready, timeout: 600}
 *     repos:
 *       - path: ../billing
 *       - url: https://git.example/org/mono.git
 *         subdir: services/api
 *     publish: {mode: draft, forge: gh, rate: 300/hour}
 */

import path from 'node:path';
import type { Choice } from '../model/choice.ts';
import { isInside } from '../repo/path.ts';
import { mask } from '../secrets/mask.ts';
import { parseYaml, type YamlEntry, type YamlMap, type YamlNode } from '../syntax/yaml.ts';
import { NayekError } from '../system/errors.ts';
import { readGiven } from '../system/given-file.ts';
import { say } from '../system/say.ts';

/** What a repository may have of its own, and `defaults` for all; paths are absolute. Undefined where nothing is said. */
export interface RepositorySettings extends Choice {
  /** Branch, tag or full SHA; the default branch, or the HEAD of a local repository, where nothing is said. */
  readonly ref?: string;
  /** Branch that publish pushes. */
  readonly branch?: string;
  readonly commitMessage?: string;
  /** Seconds. */
  readonly timeout?: number;
}

export interface Entry {
  /** A URL without credentials, or an absolute path. */
  readonly at: { readonly url: string } | { readonly path: string };
  /** With '/', '' for the top. */
  readonly subdir: string;
  /** The entry's own over the manifest's defaults. */
  readonly settings: RepositorySettings;
  /** `file:line`, or the argument it came from: for messages. */
  readonly origin: string;
}

export interface PublishSettings {
  /** Pull requests as drafts (the default), ready for review, branches only, or branches on this machine only. */
  readonly mode: 'draft' | 'ready' | 'push' | 'local';
  readonly forge: 'gh' | 'glab' | 'none';
  /** Pull requests per hour and git host; undefined for no limit. */
  readonly perHour?: number;
}

export interface Manifest {
  readonly entries: readonly Entry[];
  readonly publish: PublishSettings;
}

export const PUBLISH_DEFAULTS: PublishSettings = { mode: 'draft', forge: 'gh', perHour: 300 };

const KINDS = {
  ref: 'text', recipe: 'text', rule: 'list', plugin: 'list', only: 'list', skip: 'list', set: 'list', unsafe: 'flag', branch: 'text', commitMessage: 'text',
  timeout: 'number',
} as const; // biome-ignore format: a table

/**
 * Reads a manifest; paths in it start from its folder.
 * @throws NayekError `unreadable`, `manifest`: one line with file:line.
 */
export function readManifest(file: string): Manifest {
  return parseManifest(readGiven(file), file);
}

/** `file` names the manifest in messages, and its folder is where paths start. @throws NayekError `manifest` */
export function parseManifest(text: string, file: string): Manifest {
  const read = new Reader(file);
  const parsed = parseYaml(text);
  if (!parsed.ok) throw read.wrong(parsed.line, parsed.problem);
  const root = read.map(parsed.root, 1, say`the manifest`, ['version', 'defaults', 'repos', 'publish']);
  const version = read.entry(root, 'version');
  if (!version) throw read.wrong(root.line, say`version is missing (1 is the only one)`);
  if (version.value.kind !== 'scalar' || version.value.value !== 1)
    throw read.wrong(version.line, say`version is not 1`);
  const given = read.entry(root, 'defaults');
  const defaults = given ? read.settings(read.map(given.value, given.line, 'defaults', Object.keys(KINDS))) : {};
  const repos = read.entry(root, 'repos');
  if (!repos) throw read.wrong(root.line, say`repos is missing`);
  if (repos.value.kind !== 'list') throw read.wrong(repos.line, say`repos is not a list`);
  const entries = repos.value.items.map((item) => read.repository(item, defaults));
  if (entries.length === 0) throw read.wrong(repos.line, say`repos is empty`);
  return { entries, publish: read.publish(read.entry(root, 'publish')) };
}

class Reader {
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  wrong(line: number, why: string): NayekError {
    return new NayekError('manifest', `${this.file}:${line}: ${why}`);
  }

  map(node: YamlNode | undefined, line: number, what: string, known: readonly string[]): YamlMap {
    if (node?.kind !== 'map') throw this.wrong(node?.line ?? line, say`${what} is not a mapping`);
    for (const entry of node.entries) {
      if (!known.includes(entry.key)) {
        throw this.wrong(entry.line, say`${what} has no key '${entry.key}' (known: ${known.join(', ')})`);
      }
    }
    return node;
  }

  entry(map: YamlMap, key: string): YamlEntry | undefined {
    return map.entries.find((e) => e.key === key);
  }

  settings(map: YamlMap): RepositorySettings {
    const out: Record<string, unknown> = {};
    for (const [key, kind] of Object.entries(KINDS)) {
      const entry = this.entry(map, key);
      if (entry) out[key] = this[kind](entry);
    }
    const settings = out as RepositorySettings;
    this.assertName(this.entry(map, 'ref'), isRefName);
    this.assertName(this.entry(map, 'branch'), isBranchName);
    const timeout = this.entry(map, 'timeout');
    if (timeout && !(Number(settings.timeout) > 0))
      throw this.wrong(timeout.line, say`timeout is not a number of seconds`);
    const { recipe, rule, plugin } = settings;
    const from = (name: string): string => path.resolve(path.dirname(this.file), name);
    return {
      ...settings,
      ...(recipe !== undefined && /[\\/]|\.ya?ml$/.test(recipe) ? { recipe: from(recipe) } : {}),
      ...(rule ? { rule: rule.map((name) => (name.startsWith('nayek:') ? name : from(name))) } : {}),
      ...(plugin ? { plugin: plugin.map((name) => (/^\.{1,2}[\\/]/.test(name) ? from(name) : name)) } : {}),
    };
  }

  repository(node: YamlNode, defaults: RepositorySettings): Entry {
    const map = this.map(node, node.line, 'a repository', ['path', 'url', 'subdir', ...Object.keys(KINDS)]);
    const own = this.settings(without(map, ['path', 'url', 'subdir']));
    const local = this.entry(map, 'path');
    const remote = this.entry(map, 'url');
    const named = local ?? remote;
    if (!named || (local && remote)) throw this.wrong(map.line, say`a repository has either path or url`);
    const below = this.entry(map, 'subdir');
    const subdir = below ? this.text(below).replace(/^\.\/|\/+$/g, '') : '';
    if (below && subdir !== '' && subdir !== '.' && !isInside(subdir)) {
      throw this.wrong(below.line, say`subdir '${subdir}' is not a plain path inside the repository`);
    }
    const address = this.text(named);
    const refused = remote ? refusedUrl(address) : undefined;
    if (refused) throw this.wrong(named.line, refused);
    return {
      at: remote ? { url: address } : { path: path.resolve(path.dirname(this.file), address) },
      subdir: subdir === '.' ? '' : subdir,
      settings: { ...defaults, ...own },
      origin: `${this.file}:${map.line}`,
    };
  }

  publish(entry: YamlEntry | undefined): PublishSettings {
    if (!entry) return PUBLISH_DEFAULTS;
    const map = this.map(entry.value, entry.line, 'publish', ['mode', 'forge', 'rate']);
    const mode = this.choice(map, 'mode', ['draft', 'ready', 'push', 'local'] as const) ?? PUBLISH_DEFAULTS.mode;
    const forge = this.choice(map, 'forge', ['gh', 'glab', 'none'] as const) ?? PUBLISH_DEFAULTS.forge;
    const rate = this.entry(map, 'rate');
    if (!rate) return { mode, forge, perHour: PUBLISH_DEFAULTS.perHour };
    const [, count, unit] = /^(\d{1,7})\/(hour|minute)$/.exec(this.text(rate)) ?? [];
    if (!count || Number(count) === 0) throw this.wrong(rate.line, "rate is not like '300/hour' or '5/minute'");
    return { mode, forge, perHour: Number(count) * (unit === 'minute' ? 60 : 1) };
  }

  private choice<T extends string>(map: YamlMap, key: string, known: readonly T[]): T | undefined {
    const entry = this.entry(map, key);
    if (!entry) return undefined;
    const found = known.find((k) => k === this.text(entry));
    if (!found) throw this.wrong(entry.line, say`${key} is none of ${known.join(', ')}`);
    return found;
  }

  text(entry: YamlEntry): string {
    const { value } = entry;
    const text = value.kind === 'scalar' && value.value !== null ? String(value.value) : '';
    if (text === '') throw this.wrong(entry.line, say`${entry.key} is not a text`);
    if ([...text].some((c) => c < ' ' && c !== '\n'))
      throw this.wrong(entry.line, say`${entry.key} has control characters`);
    return text;
  }

  list(entry: YamlEntry): string[] {
    if (entry.value.kind !== 'list') throw this.wrong(entry.line, say`${entry.key} is not a list`);
    return entry.value.items.map((value) => this.text({ key: entry.key, line: value.line, value }));
  }

  flag(entry: YamlEntry): boolean {
    const { value } = entry;
    if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
    throw this.wrong(entry.line, say`${entry.key} is not true or false`);
  }

  number(entry: YamlEntry): number {
    const { value } = entry;
    if (value.kind === 'scalar' && typeof value.value === 'number') return value.value;
    throw this.wrong(entry.line, say`${entry.key} is not a number`);
  }

  private assertName(entry: YamlEntry | undefined, isName: (name: string) => boolean): void {
    if (entry && !isName(this.text(entry))) {
      throw this.wrong(entry.line, say`${entry.key} '${this.text(entry)}' is no name of a branch`);
    }
  }
}

function without(map: YamlMap, keys: readonly string[]): YamlMap {
  return { ...map, entries: map.entries.filter((e) => !keys.includes(e.key)) };
}

/** A name that git takes for a branch or tag, and never for an option. https://git-scm.com/docs/git-check-ref-format */
export function isRefName(name: string): boolean {
  if (!/^[^\s~^:?*[\\]+$/.test(name) || [...name].some((c) => c < ' ' || c === '\x7f')) return false;
  if (/^[-/]|\.\.|@\{|\/\/|[./]$/.test(name) || name === '@') return false;
  return name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'));
}

/** A name that git takes for a branch to make, and that means nothing else to it: no `HEAD`, no SHA, no full ref. */
export function isBranchName(name: string): boolean {
  return isRefName(name) && !/^(?:[A-Z_]*HEAD|refs(?:\/.*)?|[0-9a-f]{40}|[0-9a-f]{64})$/.test(name);
}

/** Why a URL is not taken; undefined for a good one. The message never shows the URL: it may hold a password. */
export function refusedUrl(url: string): string | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (/\s|^-/.test(url)) return say`the url holds a blank or starts with a dash`;
  if (/^[\w.-]+@[\w.-]+:[^/]/.test(url) || /^[\w.-]+@[\w.-]+:\//.test(url)) return undefined;
  if (!scheme || !/^[a-z][a-z0-9+.-]*:\/\//i.test(url))
    return say`the url is not of the form scheme://… or user@host:path`;
  if (!['https', 'http', 'ssh', 'git', 'file'].includes(scheme)) return say`urls of the kind ${scheme}: are not taken`;
  if (/^[a-z+]+:\/\/[^/@]*:[^/@]*@/i.test(url) || mask(url) !== url) {
    return "the url holds a password: leave it to git's credential helper";
  }
  return undefined;
}
