/** The files of a repository, each read at most once: the contract, files in memory, and one laid over the other. */
import { createHash } from 'node:crypto';
import { askedFor } from '../system/last-file.ts';
import { keyOf } from '../system/pattern.ts';
import { say } from '../system/say.ts';
import { timed } from '../system/stats.ts';
import type { Skipped } from './listing.ts';
import { isInside } from './path.ts';
import { MAX_SOURCE_BYTES, TooLargeError } from './read-file.ts';
import { type Decoded, decode, encode } from './source.ts';

export interface SourceFile extends Decoded {
  /** Relative to the snapshot's root, with '/' on every system. */
  readonly path: string;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly sha256: string;
}

export interface Snapshot {
  /** Absolute path of the root; a label only for a snapshot in memory. */
  readonly root: string;
  /** Every regular file, sorted, without ignored and vendored ones. */
  readonly paths: readonly string[];
  has(path: string): boolean;
  /** True when some file is below this folder ('' is the root). */
  hasFolder(path: string): boolean;
  /** Why no file of this name can be created, in a few words; undefined when one can. */
  obstacle(path: string): string | undefined;
  /** Whether a checkout by git may execute it; undefined where git does not track it, or is not asked. */
  executable(path: string): boolean | undefined;
  /** Links to files of `paths`: link → file, as what is written is never written through a link. */
  readonly links: ReadonlyMap<string, string>;
  /** Undefined when absent or when it cannot be decoded (then listed in `skipped`). */
  read(path: string): SourceFile | undefined;
  /** Files whose raw bytes match, without decoding or keeping them: the prefilter before any parse. */
  matching(paths: readonly string[], pattern: RegExp): string[];
  /** Files that could not be read or decoded so far, with the reason. */
  readonly skipped: readonly Skipped[];
  /** Files read so far: what a plan was decided on. */
  readonly reads: ReadonlyMap<string, string>;
  /**
   * Names of the files that came, went or changed since they were looked at, as far as a plan may rest on them. What was
   * read counts by its bytes: see `reads`.
   */
  moved(): string[];
  /** A snapshot with some files replaced (null removes): used to prove that a plan converges. */
  with(changes: ReadonlyMap<string, string | null>): Snapshot;
}

/** What all kinds of snapshots share: each file is decoded once, each pattern answered once. */
export abstract class BaseSnapshot implements Snapshot {
  abstract readonly root: string;
  abstract readonly paths: readonly string[];
  abstract readonly links: ReadonlyMap<string, string>;
  readonly skipped: Skipped[] = [];
  readonly reads = new Map<string, string>();
  private readonly files = new Map<string, SourceFile | undefined>();
  /** By pattern and number of the path: 0 not asked, 1 no, 2 yes. */
  private readonly answers = new Map<string, Uint8Array>();
  private known: Map<string, number> | undefined;
  private lower: Map<string, string> | undefined;
  private folders: Set<string> | undefined;

  /** Valid until the next call. */
  protected abstract bytes(path: string): Buffer;

  /** The bytes of this file are not needed any more. */
  protected forget(_path: string): void {}

  has(file: string): boolean {
    return this.numberOf(file) !== undefined;
  }

  private numberOf(file: string): number | undefined {
    this.known ??= new Map(this.paths.map((p, i) => [p, i]));
    return this.known.get(file);
  }

  hasFolder(folder: string): boolean {
    if (!this.folders) {
      this.folders = new Set(['']);
      for (const file of this.paths) {
        for (let at = file.lastIndexOf('/'); at > 0; at = file.lastIndexOf('/', at - 1)) {
          const name = file.slice(0, at);
          if (this.folders.has(name)) break;
          this.folders.add(name);
        }
      }
    }
    return this.folders.has(folder);
  }

  executable(_file: string): boolean | undefined {
    return undefined;
  }

  obstacle(file: string): string | undefined {
    if (!isInside(file)) return say`is no plain path inside the repository`;
    if (this.has(file)) return say`exists already`;
    if (this.hasFolder(file)) return say`is a folder`;
    // Both names would be one file on macOS and Windows.
    this.lower ??= new Map(this.paths.map((p) => [p.toLowerCase(), p]));
    const clash = this.lower.get(file.toLowerCase());
    return clash === undefined ? undefined : say`differs from ${clash} by case only`;
  }

  read(file: string): SourceFile | undefined {
    askedFor(file);
    if (this.files.has(file)) return this.files.get(file);
    const loaded = this.has(file) ? this.load(file) : undefined;
    this.files.set(file, loaded);
    return loaded;
  }

  matching(paths: readonly string[], pattern: RegExp): string[] {
    const key = keyOf(pattern);
    return timed('prefilter', () => paths.filter((file) => this.matches(file, pattern, key)));
  }

  /** Answered once for a file; `key` stands for the pattern. For the snapshot that is laid over this one. */
  matches(file: string, pattern: RegExp, key: string): boolean {
    const number = this.numberOf(file);
    if (number === undefined) return false;
    let known = this.answers.get(key);
    if (!known) {
      known = new Uint8Array(this.paths.length);
      this.answers.set(key, known);
    }
    if (!known[number]) known[number] = this.search(file, pattern) ? 2 : 1;
    return known[number] === 2;
  }

  private search(file: string, pattern: RegExp): boolean {
    const loaded = this.files.get(file);
    if (loaded) return pattern.test(loaded.text);
    const bytes = this.tryBytes(file);
    if (!bytes) return false;
    // A UTF-16 file has a NUL after each letter: decode those before matching.
    if (bytes[0] === 0xff || bytes[0] === 0xfe) return pattern.test(this.read(file)?.text ?? '');
    return pattern.test(bytes.toString('latin1'));
  }

  /** What lies in memory stays as it is. */
  moved(): string[] {
    return [];
  }

  with(changes: ReadonlyMap<string, string | null>): Snapshot {
    return new Overlay(this, changes);
  }

  private tryBytes(file: string): Buffer | undefined {
    try {
      return this.bytes(file);
    } catch (error) {
      const why = say`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`;
      this.skip(file, error instanceof TooLargeError ? say`is larger than ${MAX_SOURCE_BYTES / 2 ** 20} MiB` : why);
    }
    return undefined;
  }

  private skip(file: string, reason: string): void {
    if (!this.skipped.some((s) => s.path === file)) this.skipped.push({ path: file, reason });
  }

  private load(file: string): SourceFile | undefined {
    const bytes = this.tryBytes(file);
    if (!bytes) return undefined;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.reads.set(file, sha256);
    const decoded = decode(bytes);
    const holdsNul = !decoded && bytes.includes(0);
    this.forget(file);
    if (decoded) return { path: file, sha256, ...decoded };
    this.skip(file, holdsNul ? say`holds NUL bytes` : say`is neither UTF-8, UTF-16 nor declared latin-1`);
    return undefined;
  }
}

class MemorySnapshot extends BaseSnapshot {
  readonly links = new Map<string, string>();
  readonly paths: readonly string[];
  readonly root: string;
  private readonly content: ReadonlyMap<string, Buffer>;

  constructor(content: ReadonlyMap<string, Buffer>, root: string) {
    super();
    this.content = content;
    this.root = root;
    this.paths = [...content.keys()].sort();
  }

  protected bytes(file: string): Buffer {
    return this.content.get(file) ?? Buffer.alloc(0);
  }
}

class Overlay extends BaseSnapshot {
  readonly links: ReadonlyMap<string, string>;
  readonly paths: readonly string[];
  readonly root: string;
  private readonly below: BaseSnapshot;
  private readonly changes: ReadonlyMap<string, string | null>;

  constructor(below: BaseSnapshot, changes: ReadonlyMap<string, string | null>) {
    super();
    this.below = below;
    this.changes = changes;
    this.root = below.root;
    this.links = below.links;
    const paths = new Set(below.paths);
    for (const [file, text] of changes) {
      if (text === null) paths.delete(file);
      else paths.add(file);
    }
    this.paths = [...paths].sort();
  }

  override obstacle(file: string): string | undefined {
    return super.obstacle(file) ?? (this.changes.get(file) === null ? undefined : this.below.obstacle(file));
  }

  override executable(file: string): boolean | undefined {
    return this.changes.get(file) === null ? undefined : this.below.executable(file);
  }

  override moved(): string[] {
    return this.below.moved();
  }

  override read(file: string): SourceFile | undefined {
    return this.changes.has(file) ? super.read(file) : this.below.read(file);
  }

  override matches(file: string, pattern: RegExp, key: string): boolean {
    return this.changes.has(file) ? super.matches(file, pattern, key) : this.below.matches(file, pattern, key);
  }

  protected bytes(file: string): Buffer {
    const text = this.changes.get(file);
    if (typeof text === 'string') return encode(text, this.below.read(file) ?? { encoding: 'utf-8', bom: false });
    const below = this.below.read(file);
    return below ? encode(below.text, below) : Buffer.alloc(0);
  }
}

/** A snapshot of files in memory: path → text or bytes. `root` is a label; its last part names the repository. */
export function memorySnapshot(files: Readonly<Record<string, string | Buffer>>, root = '/repository'): Snapshot {
  const content = new Map(Object.entries(files).map(([name, data]) => [name, Buffer.from(data as string)]));
  return new MemorySnapshot(content, root);
}
