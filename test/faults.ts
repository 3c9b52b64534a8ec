/** File operations that fail at a chosen call: as a killed process does (nothing works from then on), or with an errno. */
import nodeFs from 'node:fs';
import type { WriterFs } from '../src/writer/disk.ts';

export class Killed extends Error {}

const CHANGING = new Set([
  'openSync',
  'writeSync',
  'renameSync',
  'mkdirSync',
  'rmdirSync',
  'unlinkSync',
  'fchmodSync',
  'fsyncSync',
  'closeSync',
]);

export interface Faulty {
  readonly fs: WriterFs;
  /** Calls that change something, so far. */
  calls(): number;
}

/** Dies at the n-th changing call (0-based); a write is cut in half. */
export function killedAt(n: number): Faulty {
  return faulty((name, call, args) => {
    if (call < n) return;
    if (call === n && name === 'writeSync') {
      const [fd, bytes] = args as [number, Buffer];
      nodeFs.writeSync(fd, bytes, 0, Math.floor(bytes.length / 2));
    }
    throw new Killed();
  });
}

/** Fails once at the n-th changing call, with an error as the system gives it. */
export function failingAt(n: number, code: string): Faulty {
  return faulty((name, call) => {
    if (call === n) throw Object.assign(new Error(`${code}: ${name}`), { code });
  });
}

function faulty(before: (name: string, call: number, args: unknown[]) => void): Faulty {
  let calls = 0;
  let dead = false;
  const fs = new Proxy(nodeFs, {
    get(target, name: string) {
      const real = Reflect.get(target, name);
      if (typeof real !== 'function') return real;
      return (...args: unknown[]) => {
        if (dead) throw new Killed();
        if (CHANGING.has(name)) {
          try {
            before(name, calls++, args);
          } catch (error) {
            dead = error instanceof Killed;
            throw error;
          }
        }
        return real.apply(target, args);
      };
    },
  });
  return { fs, calls: () => calls };
}

/** Dies right after the n-th file of the tree (1-based) got its new bytes. */
export function killedAfter(n: number): WriterFs {
  let renames = 0;
  return faulty((name, _, args) => {
    if (renames >= n) throw new Killed();
    if (name === 'renameSync' && !String(args[1]).includes('nayek/steps')) renames++;
  }).fs;
}
