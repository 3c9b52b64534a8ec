/** The files of a repository on disk. */
import { lstatSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import path from 'node:path';
import { say } from '../system/say.ts';
import { counters, timed } from '../system/stats.ts';
import { type Tracked, trackedBelow } from './git-index.ts';
import { isSource, leftOut, listFiles } from './listing.ts';
import { readBriefly, stampOf } from './read-file.ts';
import { BaseSnapshot, type Snapshot } from './snapshot.ts';

/** A repository up to this size is read once; of a larger one nothing is kept: it is read again where another pattern asks. */
const CACHE_BYTES = 24 * 1024 * 1024;

/** C libraries give back to the system what is larger than 128 KiB, and keep what was taken in smaller pieces. */
const ROOM_BYTES = 512 * 1024;
const NO_ROOM = Buffer.alloc(0);

class DiskSnapshot extends BaseSnapshot {
  readonly paths: readonly string[];
  readonly root: string;
  readonly links: ReadonlyMap<string, string>;
  private readonly cache = new Map<string, Buffer>();
  /** Of every file that was read or searched: as it was then. */
  private readonly stamps = new Map<string, string>();
  private cached = 0;
  /** What is free of the block that the next file is copied into. */
  private room = NO_ROOM;
  /** The repository turned out to be larger than what is kept. */
  private larger = false;
  /** Git's index, read where somebody asks. */
  private tracked: Tracked | undefined;

  constructor(root: string) {
    super();
    this.root = root;
    const links: string[] = [];
    this.paths = listFiles(root, this.skipped, { links });
    this.links = this.targetsOf(links);
    counters.filesListed += this.paths.length;
  }

  private targetsOf(links: readonly string[]): Map<string, string> {
    const out = new Map<string, string>();
    if (links.length === 0) return out;
    const top = realpathSync(this.root);
    for (const link of links) {
      const at = realpathOf(path.join(this.root, link));
      const target = at && path.relative(top, at).split(path.sep).join('/');
      if (target && this.has(target)) out.set(link, target);
    }
    return out;
  }

  override executable(file: string): boolean | undefined {
    this.tracked ??= trackedBelow(this.root);
    return this.tracked.executable(file);
  }

  override obstacle(file: string): string | undefined {
    return super.obstacle(file) ?? this.standingAt(file) ?? leftOut(this.root, file);
  }

  /** What the walk has left out: ignored files, links, pipes. */
  private standingAt(file: string): string | undefined {
    const parts = file.split('/');
    for (let depth = 1; depth <= parts.length; depth++) {
      const name = parts.slice(0, depth).join('/');
      let stat: Stats | undefined;
      try {
        stat = lstatSync(path.join(this.root, name), { throwIfNoEntry: false });
      } catch (error) {
        return say`cannot be looked for (${(error as NodeJS.ErrnoException).code})`;
      }
      if (!stat) return undefined;
      if (stat.isSymbolicLink()) return depth === parts.length ? say`is a link` : say`lies behind the link ${name}`;
      if (depth === parts.length) return stat.isFile() ? say`exists already, and is ignored` : say`is no regular file`;
      if (!stat.isDirectory()) return say`lies below ${name}, which is no folder`;
    }
    return undefined;
  }

  protected bytes(file: string): Buffer {
    const known = this.cache.get(file);
    if (known) return known;
    const bytes = timed('read', () => readBriefly(`${this.root}/${file}`, this.stampOnce(file)));
    if (this.larger) return bytes;
    if (this.cached + bytes.length > CACHE_BYTES) {
      // The first files of a large tree are no more asked for than the rest: kept, they are only memory.
      this.larger = true;
      this.cache.clear();
      this.room = NO_ROOM;
      return bytes;
    }
    this.cached += bytes.length;
    const kept = this.copied(bytes);
    this.cache.set(file, kept);
    return kept;
  }

  private copied(bytes: Buffer): Buffer {
    if (bytes.length > this.room.length) this.room = Buffer.allocUnsafeSlow(Math.max(ROOM_BYTES, bytes.length));
    const kept = this.room.subarray(0, bytes.length);
    bytes.copy(kept);
    this.room = this.room.subarray(bytes.length);
    return kept;
  }

  override moved(): string[] {
    const links: string[] = [];
    const now = new Set(listFiles(this.root, [], { links }));
    const leads = this.targetsOf(links);
    const turned = [...this.links.keys(), ...leads.keys()].filter((link) => this.links.get(link) !== leads.get(link));
    const gone = this.paths.filter((p) => isSource(p) && !now.has(p));
    const came = [...now].filter((p) => isSource(p) && !this.has(p));
    const changed = [...this.stamps].filter(
      ([p, stamp]) => now.has(p) && !this.reads.has(p) && this.stampNow(p) !== stamp,
    );
    return [...gone, ...came, ...turned, ...changed.map(([p]) => p)];
  }

  /** Of what is read again the first time counts. */
  private stampOnce(file: string): ((stamp: string) => void) | undefined {
    return this.stamps.has(file) ? undefined : (stamp) => this.stamps.set(file, stamp);
  }

  private stampNow(file: string): string | undefined {
    const stat = lstatSync(path.join(this.root, file), { throwIfNoEntry: false });
    return stat && stampOf(stat);
  }

  protected override forget(file: string): void {
    this.cached -= this.cache.get(file)?.length ?? 0;
    this.cache.delete(file);
  }
}

/** Undefined when it leads nowhere by now. */
function realpathOf(link: string): string | undefined {
  try {
    return realpathSync(link);
  } catch {
    return undefined;
  }
}

/**
 * Reads the tree below `root`: regular files only (links are not followed), .gitignore honoured, vendored folders left
 * out. The root must be a folder that can be read.
 * @throws NodeJS.ErrnoException from reading the root.
 */
export function readSnapshot(root: string): Snapshot {
  readdirSync(root);
  return new DiskSnapshot(path.resolve(root));
}
