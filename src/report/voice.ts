/**
 * What is said beside the product, on stderr: notes and progress. Nothing where `--quiet` is given; and where a pager
 * shows the product, nothing is painted over its screen: it comes behind the product then.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { visible } from '../syntax/visible.ts';
import { local } from './words/local.ts';

let quiet = false;
let verbose = false;
let held: string[] = [];
let paged: string | undefined | null = null;

/** A run begins. */
export function setVoice(options: { readonly quiet?: boolean; readonly verbose?: boolean }): void {
  quiet = options.quiet === true;
  verbose = options.verbose === true;
  held = [];
  paged = null;
}

/** Whether only the product is wanted. */
export function isQuiet(): boolean {
  return quiet;
}

/** Whether more than usual is wanted. */
export function isVerbose(): boolean {
  return verbose;
}

/** A line for people, in the language of the run. */
export function note(text: string): void {
  aside(`nayek: ${visible(local(text))}\n`);
}

/** Text that belongs beside the product: ends with a line end. */
export function aside(text: string): void {
  if (quiet || text === '') return;
  if (pager() === undefined) process.stderr.write(text);
  else held.push(text);
}

/** What waits to be shown behind the product, in a pager; nothing is left then. */
export function heldBack(): string {
  const text = held.join('');
  held = [];
  return text === '' ? '' : `\n${text}`;
}

/** Says what goes on, on a terminal only; what is returned takes the line away again. */
export function progress(text: string): () => void {
  if (quiet || !process.stderr.isTTY || process.env.TERM === 'dumb' || pager() !== undefined) return () => undefined;
  const width = (process.stderr.columns ?? 80) - 1;
  process.stderr.write(`\r\x1b[2K${`nayek: ${visible(local(text))}`.slice(0, width)}`);
  return () => void process.stderr.write('\r\x1b[2K');
}

const PAGERS = /^(?:less|more|most|moar|moor|ov|bat|batcat|delta|view|vim|nvim|lv)$/;

/**
 * The pager that reads stdout, where one does: a program of that name whose stdin is the other end of our pipe. Only
 * Linux tells; elsewhere undefined.
 */
export function pager(): string | undefined {
  if (paged === null) paged = process.stdout.isTTY || process.platform !== 'linux' ? undefined : readerOf(1);
  return paged;
}

function readerOf(fd: number): string | undefined {
  const pipe = linkOf(`/proc/self/fd/${fd}`);
  if (!pipe?.startsWith('pipe:')) return undefined;
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid) || linkOf(`/proc/${pid}/fd/0`) !== pipe) continue;
    try {
      const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
      if (PAGERS.test(name)) return name;
    } catch {
      // It has ended meanwhile.
    }
  }
  return undefined;
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
