/** Everything that the commands print, masked, in one file that only its owner can read. */
import { closeSync, constants, openSync, rmSync, writeSync } from 'node:fs';
import { mask } from '../secrets/mask.ts';

export interface Log {
  readonly file: string;
  /** A value that must never be shown, whatever stands around it. */
  hide(secret: string): void;
  /** Masked as it stands in the log. */
  masked(text: string): string;
  /** Without line end. */
  line(text: string): void;
  close(): void;
  remove(): void;
}

/** Bytes; a program that prints without end must not fill the disk. */
const LOG_LIMIT = 20_000_000;
/** Shorter values stand in too many words. */
const SHORTEST = 6;

/** @throws NodeJS.ErrnoException when the file cannot be written. */
export function openLog(file: string, limit = LOG_LIMIT): Log {
  // A link in its place is not followed: the name can be guessed.
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW = 0 } = constants;
  const fd = openSync(file, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600);
  const secrets = new Set<string>();
  let open = true;
  let written = 0;
  const masked = (text: string): string => {
    let out = text;
    for (const secret of secrets) out = out.replaceAll(secret, '***');
    return mask(out);
  };
  return {
    file,
    hide(secret) {
      if (secret.length >= SHORTEST) secrets.add(secret).add(encodeURIComponent(secret));
    },
    masked,
    line(text) {
      if (!open || written > limit) return;
      written += writeSync(fd, `${masked(text)}\n`);
      if (written > limit) writeSync(fd, `--- more than ${limit} bytes: the rest is left out\n`);
    },
    close() {
      if (open) closeSync(fd);
      open = false;
    },
    remove: () => rmSync(file, { force: true }),
  };
}
