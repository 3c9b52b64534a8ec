/** Where the product goes: stdout, or a file that only its owner can read, as it may hold credentials. */
import { closeSync, fchmodSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { NayekError } from '../system/errors.ts';

export interface Output {
  /** Writes the product and closes. */
  end(product: string | Buffer): void;
}

/**
 * Opened before anything is patched, so that a bad name is known in time.
 * @throws NayekError `read-only`
 */
export function openOutput(file: string | undefined): Output {
  if (file === undefined) return { end: (product) => void process.stdout.write(product) };
  let fd: number;
  try {
    // Not truncated yet: what stands there is only replaced by a product.
    fd = openSync(file, 'a', 0o600);
    if (fstatSync(fd).isFile()) fchmodSync(fd, 0o600);
  } catch (cause) {
    throw new NayekError('read-only', `${file} (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
  return {
    end(product) {
      const bytes = Buffer.from(product as string);
      if (fstatSync(fd).isFile()) ftruncateSync(fd);
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      closeSync(fd);
    },
  };
}
