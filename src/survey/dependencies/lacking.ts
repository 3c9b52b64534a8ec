/** What a lock does not hold of what its project file lists by now: an install from the lock leaves it out in silence. */
import { managerOf, toolOf } from '../../knowledge/managers.ts';
import type { Dependencies, Requirement } from '../../model/facts.ts';
import { basename } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { sourceLine } from '../../repo/source-line.ts';
import { tomlOf } from '../../syntax/documents.ts';
import { stringsIn, valueIn } from '../../syntax/toml.ts';
import { compiledBy, isHashed } from './compiled.ts';
import { namesInLock } from './installs-all.ts';
import { isFresh } from './lock-hash.ts';
import { lockedVersion } from './locks.ts';
import { readRequirementTree } from './requirement-files.ts';
import { admitsVersion } from './versions.ts';

export interface LockInUse {
  readonly path: string;
  /** The command that brings it up to date. */
  readonly renew: string;
  /** Normalised names of what it holds. */
  readonly names: ReadonlySet<string>;
  /** The one version that it holds; undefined where it holds several, or none. */
  readonly version: (name: string) => string | undefined;
  /** The install stops at it. */
  readonly stops: boolean;
}

/** The lock that the build installs from, unless its hash says that it is fresh; undefined where there is none to read. */
export function lockInUse(repo: Snapshot, dependencies: Dependencies): LockInUse | undefined {
  const { manager, locks } = dependencies;
  const tool = toolOf(manager);
  const file = tool?.lock?.file;
  const path = locks.find((lock) => basename(lock) === file);
  if (tool?.lock && path !== undefined) {
    const fresh = isFresh(repo, { tool, path }, dependencies.path);
    // A lock with the right hash holds all.
    if (fresh) return undefined;
    const stop = fresh === false && tool.lock.stopsWhenOld === true;
    const names = namesInLock(repo, path);
    if (!names || (names.length === 0 && !stop)) return undefined;
    const version = (name: string): string | undefined =>
      names.filter((one) => one === name).length === 1 ? lockedVersion(repo, { tool, path }, name) : undefined;
    return { path, renew: tool.lock.renew, names: new Set(names), version, stops: stop };
  }
  return tool ? undefined : compiledInUse(repo, dependencies);
}

/** Options by which a compiled list leaves out what is listed. */
const LEAVES_OUT = /--(?:no-emit-package|unsafe-package|prune|no-deps|only-group|group|all-groups)\b/;

function compiledInUse(
  repo: Snapshot,
  { locks, install, path: source, lockTool }: Dependencies,
): LockInUse | undefined {
  const path = locks.find((lock) => install.includes(basename(lock)));
  const text = path === undefined ? undefined : repo.read(path)?.text;
  if (path === undefined || text === undefined || path === source) return undefined;
  const { command } = compiledBy(text) ?? {};
  if (command !== undefined && LEAVES_OUT.test(command)) return undefined;
  const pins = readRequirementTree(repo, path).requirements;
  const renew = command ?? managerOf(lockTool ?? 'pip-compile').compile?.(source, path, isHashed(text));
  if (renew === undefined) return undefined;
  const version = (name: string): string | undefined => {
    const [pin, ...more] = pins.filter((r) => r.name === name);
    return more.length === 0 ? /^==\s*([\w.!+]+)$/.exec(pin?.specifier ?? '')?.[1] : undefined;
  };
  return { path, renew, names: new Set(pins.map((r) => r.name)), version, stops: false };
}

/** What pip-compile leaves out of its own accord. https://pip-tools.readthedocs.io/en/stable/cli/pip-compile/ */
const UNSAFE: ReadonlySet<string> = new Set(['setuptools', 'pip', 'distribute', 'wheel']);
/** uv's ways to keep something out of a lock. https://docs.astral.sh/uv/reference/settings/ */
const KEPT_OUT = ['override-dependencies', 'exclude-dependencies'];

/** Of the main list: what the lock has not at all, and what it has in a version that is not admitted. */
export function lacking(
  repo: Snapshot,
  { requirements, path }: Dependencies,
  lock: LockInUse,
): { readonly absent: readonly Requirement[]; readonly other: readonly Requirement[] } {
  const toml = tomlOf(repo, path)?.value;
  const steered = KEPT_OUT.some((key) => stringsIn(valueIn(toml, ['tool', 'uv', key])).length > 0);
  const listed = requirements.filter((r) => r.group === undefined && !UNSAFE.has(r.name) && !isConditional(repo, r));
  if (steered) return { absent: [], other: [] };
  return {
    absent: listed.filter((r) => !lock.names.has(r.name)),
    other: listed.filter((r) => {
      const held = lock.version(r.name);
      return held !== undefined && listed.filter((one) => one.name === r.name).length === 1 && !admits(r, held);
    }),
  };
}

/** The line has a marker, a URL or a path: a lock may do without, or hold what no specifier tells. */
export function isConditional(repo: Snapshot, { at }: Requirement): boolean {
  const line = sourceLine(repo, at);
  return /[;@]|\bmarkers\b|\bpython\s*=|\b(?:path|git|url|platform|optional)\s*=/.test(line);
}

function admits({ specifier }: Requirement, version: string): boolean {
  // What text equality and series mean to each tool is not judged.
  return /===|\*/.test(specifier) || admitsVersion(specifier, version);
}
