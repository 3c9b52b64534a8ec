/**
 * Where the product goes: stdout, or a file that only its owner can read, as it may hold credentials. And what becomes
 * of a run whose work is done when its report fails.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { contains } from '../system/contains.ts';
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';
import { lstat, replaceWhole, tryBeside } from '../system/whole-file.ts';

export interface Output {
  /**
   * Writes the product and closes. What goes wrong with stdout is told by `outputFailure`.
   * @throws NayekError `read-only`: what stood in the file stands there still.
   */
  end(product: string | Buffer): void;
}

/**
 * Looked at before anything is patched, so that a bad name is known in time. A file is written beside and renamed.
 * `root` is the repository: it could bring a link in the place of the file, or of a folder above it.
 * @throws NayekError `read-only`, `usage`
 */
export function openOutput(file: string | undefined, root?: string): Output {
  if (file === undefined) return { end: (product) => void process.stdout.write(product) };
  if (file === '') throw new NayekError('usage', say`-o names no file`, { hint: say`such as -o report.json` });
  const at = path.resolve(file);
  const failed = (cause: unknown): NayekError => refused(file, (cause as NodeJS.ErrnoException).code ?? 'unknown');
  try {
    if (isDevice(at)) return openDevice(at, failed);
    assertNoLink(file, at, [...(root === undefined ? [] : [root]), process.cwd()]);
    tryBeside(at);
  } catch (cause) {
    throw cause instanceof NayekError ? cause : failed(cause);
  }
  return {
    end(product) {
      try {
        replaceWhole(at, Buffer.from(product as string));
      } catch (cause) {
        throw failed(cause);
      }
    },
  };
}

/** `/dev/null`, `/dev/stderr`, the `/dev/fd/63` of a shell; not `/dev/shm/x`, which is a file like any other. */
function isDevice(at: string): boolean {
  if (/^\/(?:dev\/(?:std(?:out|err)|fd\/\d+)|proc\/(?:self|\d+)\/fd\/\d+)$/.test(at)) return true;
  return at.startsWith('/dev/') && lstat(at)?.isCharacterDevice() === true;
}

/** There is nothing to rename. */
function openDevice(at: string, failed: (cause: unknown) => NayekError): Output {
  const fd = openSync(at, 'a');
  return {
    end(product) {
      try {
        const bytes = Buffer.from(product as string);
        for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
        closeSync(fd);
      } catch (cause) {
        throw failed(cause);
      }
    },
  };
}

/** Neither the file nor a folder between it and the first of `tops` that it lies in may be a link. */
function assertNoLink(file: string, at: string, tops: readonly string[]): void {
  const stat = lstat(at);
  if (stat?.isSymbolicLink()) throw refused(file, say`it is a link`, say`name the file that it leads to`);
  if (stat && !stat.isFile())
    throw refused(file, stat.isDirectory() ? say`it is a folder` : say`it is no regular file`);
  const top = tops.find((t) => contains(t, at));
  if (top === undefined) return;
  for (let folder = path.dirname(at); folder !== top && contains(top, folder); folder = path.dirname(folder)) {
    if (!lstat(folder)?.isSymbolicLink()) continue;
    throw refused(file, say`${path.relative(top, folder)} is a link`, say`name the folder that it leads to`);
  }
}

function refused(file: string, why: string, hint?: string): NayekError {
  const options = hint === undefined ? {} : { hint: say`${hint}; nothing was changed` };
  return new NayekError('read-only', `${file} (${why})`, options);
}

/** What this run has done for good, in a sentence, and how to see it or take it back. */
interface Done {
  readonly what: string;
  readonly hint: string;
}

let done: Done | undefined;

/** From now on whatever fails is the report only. */
export function workIsDone(what: string, hint: string): void {
  done = { what, hint };
}

/** The same error while nothing is done; `unreported`, with its own exit code, afterwards. */
export function afterWork(error: NayekError): NayekError {
  if (!done) return error;
  const { what, hint } = done;
  return new NayekError('unreported', say`${what}, but the report failed: ${error.message}`, { hint, cause: error });
}

let failure: NodeJS.ErrnoException | undefined;

/** A run begins: keeps what goes wrong with stdout until `outputFailure` is asked; nobody hears of a stderr that fails. */
export function watchOutput(): void {
  done = undefined;
  failure = undefined;
  process.stdout.on('error', (error) => {
    failure ??= error;
  });
  process.stderr.on('error', () => undefined);
}

/**
 * What is to be told when stdout has failed; undefined when it has not, and when a reader of something that changes
 * nothing has seen enough, such as `head`.
 */
export async function outputFailure(): Promise<NayekError | undefined> {
  // A stream tells of its errors in a later turn.
  await new Promise((resolve) => setImmediate(resolve));
  if (!failure || (failure.code === 'EPIPE' && !done)) return undefined;
  const why = failure.code === 'EPIPE' ? say`its reader has closed it` : (failure.code ?? failure.message);
  return new NayekError('read-only', say`the output (${why})`, { cause: failure });
}
