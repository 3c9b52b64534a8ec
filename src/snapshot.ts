/** The files of a repository, each read at most once; from disk, from memory, or one laid over the other. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { type Decoded, decode, encode } from './source.ts';

export interface SourceFile extends Decoded {
  /** Relative to the snapshot's root, with '/' on every system. */
  readonly path: string;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly sha256: string;
}

export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

export interface Snapshot {
  /** Absolute path of the root; a label only for a snapshot in memory. */
  readonly root: string;
  /** Every regular file, sorted, without ignored and vendored ones. */
  readonly paths: readonly string[];
  has(path: string): boolean;
  /** True when some file is below this folder ('' is the root). */
  hasFolder(path: string): boolean;
  /** Undefined when absent or when it cannot be decoded (then listed in `skipped`). */
  read(path: string): SourceFile | undefined;
  /** Files whose raw bytes match, without decoding or keeping them: the prefilter before any parse. */
  matching(paths: readonly string[], pattern: RegExp): string[];
  /** Files that could not be read or decoded so far, with the reason. */
  readonly skipped: readonly Skipped[];
  /** Files read so far: what a plan was decided on. */
  readonly reads: ReadonlyMap<string, string>;
  /** A snapshot with some files replaced (null removes): used to prove that a plan converges. */
  with(changes: ReadonlyMap<string, string | null>): Snapshot;
}

/** Folders that hold other people's code, builds or caches: never read, never written. */
const VENDORED = new Set([
  '.git', '.hg', '.svn', '.nayek', '.venv', 'venv', '.env.d', 'env.bak', 'virtualenv', '.virtualenv', 'node_modules', 'bower_components',
  '__pycache__', '.mypy_cache', '.pytest_cache', '.ruff_cache', '.tox', '.nox', '.eggs', 'site-packages', 'dist-packages', '.terraform', 'vendor',
  'vendored', '_vendor', 'third_party', '__pypackages__', '.idea', '.cache',
]); // biome-ignore format: a list of names

/** Larger files are not sources that somebody wrote. Bytes. */
const MAX_SOURCE_BYTES = 64 * 1024 * 1024;

abstract class BaseSnapshot implements Snapshot {
  abstract readonly root: string;
  abstract readonly paths: readonly string[];
  readonly skipped: Skipped[] = [];
  readonly reads = new Map<string, string>();
  private readonly files = new Map<string, SourceFile | undefined>();
  private known: Set<string> | undefined;
  private folders: Set<string> | undefined;

  protected abstract bytes(path: string): Buffer;

  has(file: string): boolean {
    this.known ??= new Set(this.paths);
    return this.known.has(file);
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

  read(file: string): SourceFile | undefined {
    if (this.files.has(file)) return this.files.get(file);
    const loaded = this.has(file) ? this.load(file) : undefined;
    this.files.set(file, loaded);
    return loaded;
  }

  matching(paths: readonly string[], pattern: RegExp): string[] {
    return paths.filter((file) => {
      const loaded = this.files.get(file);
      if (loaded) return pattern.test(loaded.text);
      const bytes = this.tryBytes(file);
      // A UTF-16 file has a NUL after each letter: decode those before matching.
      if (bytes && (bytes[0] === 0xff || bytes[0] === 0xfe)) return pattern.test(this.read(file)?.text ?? '');
      return bytes !== undefined && pattern.test(bytes.toString('latin1'));
    });
  }

  with(changes: ReadonlyMap<string, string | null>): Snapshot {
    return new Overlay(this, changes);
  }

  private tryBytes(file: string): Buffer | undefined {
    try {
      const bytes = this.bytes(file);
      if (bytes.length <= MAX_SOURCE_BYTES) return bytes;
      this.skip(file, `larger than ${MAX_SOURCE_BYTES} bytes`);
    } catch (error) {
      this.skip(file, `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
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
    if (decoded) return { path: file, sha256, ...decoded };
    this.skip(file, bytes.includes(0) ? 'holds NUL bytes' : 'is neither UTF-8, UTF-16 nor declared latin-1');
    return undefined;
  }
}

class DiskSnapshot extends BaseSnapshot {
  readonly paths: readonly string[];
  readonly root: string;

  constructor(root: string) {
    super();
    this.root = root;
    this.paths = walk(root);
  }

  protected bytes(file: string): Buffer {
    return readFileSync(path.join(this.root, file));
  }
}

class MemorySnapshot extends BaseSnapshot {
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
  readonly paths: readonly string[];
  readonly root: string;
  private readonly below: BaseSnapshot;
  private readonly changes: ReadonlyMap<string, string | null>;

  constructor(below: BaseSnapshot, changes: ReadonlyMap<string, string | null>) {
    super();
    this.below = below;
    this.changes = changes;
    this.root = below.root;
    const paths = new Set(below.paths);
    for (const [file, text] of changes) {
      if (text === null) paths.delete(file);
      else paths.add(file);
    }
    this.paths = [...paths].sort();
  }

  override read(file: string): SourceFile | undefined {
    return this.changes.has(file) ? super.read(file) : this.below.read(file);
  }

  protected bytes(file: string): Buffer {
    const text = this.changes.get(file);
    if (typeof text === 'string') return encode(text, this.below.read(file) ?? { encoding: 'utf-8', bom: false });
    const below = this.below.read(file);
    return below ? encode(below.text, below) : Buffer.alloc(0);
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

/** A snapshot of files in memory: path → text or bytes. `root` is a label; its last part names the repository. */
export function memorySnapshot(files: Readonly<Record<string, string | Buffer>>, root = '/repository'): Snapshot {
  const content = new Map(Object.entries(files).map(([name, data]) => [name, Buffer.from(data as string)]));
  return new MemorySnapshot(content, root);
}

interface IgnoreRules {
  /** Folder of the .gitignore, relative, '' or ending in '/'. */
  readonly base: string;
  readonly rules: Ignore;
}

function walk(root: string): string[] {
  const out: string[] = [];
  const stack: { folder: string; ignores: readonly IgnoreRules[] }[] = [{ folder: '', ignores: [] }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { folder } = next;
    let ignores = next.ignores;
    let entries: ReturnType<typeof listFolder>;
    try {
      entries = listFolder(path.join(root, folder));
    } catch {
      continue;
    }
    if (entries.some((e) => e.name === '.gitignore' && e.isFile())) {
      try {
        const rules = ignore().add(readFileSync(path.join(root, folder, '.gitignore'), 'utf8'));
        ignores = [...ignores, { base: folder, rules }];
      } catch {
        // An unreadable .gitignore ignores nothing.
      }
    }
    for (const entry of entries) {
      const relative = folder + entry.name;
      if (entry.isDirectory()) {
        if (VENDORED.has(entry.name) || isVirtualenv(path.join(root, relative))) continue;
        if (!ignored(`${relative}/`, ignores)) stack.push({ folder: `${relative}/`, ignores });
      } else if (entry.isFile() && !ignored(relative, ignores)) {
        out.push(relative);
      }
    }
  }
  return out.sort();
}

function listFolder(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

function ignored(relative: string, ignores: readonly IgnoreRules[]): boolean {
  return ignores.some(({ base, rules }) => rules.ignores(relative.slice(base.length)));
}

function isVirtualenv(folder: string): boolean {
  try {
    return lstatSync(path.join(folder, 'pyvenv.cfg')).isFile();
  } catch {
    return false;
  }
}
