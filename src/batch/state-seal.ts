/**
 * The seal of a state folder: a repository could bring one along, with approved patches of its own. `seal.json` says that
 * this user's nayek on this machine has made the folder, and where; the lock file, the marks and each line of the ledger
 * are sealed, too, as git replaces ignored files without a word.
 */
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { NayekError } from '../system/errors.ts';
import { readPlain } from '../system/plain-file.ts';
import { isRecord } from '../system/record.ts';
import { say } from '../system/say.ts';
import { replaceWhole } from '../system/whole-file.ts';
import { isSeal, type Keys, keysFor } from '../writer/seal.ts';
import { batchError } from './job.ts';

const VERSION = 1;
/** Bytes: two paths and a seal. */
const LARGEST = 64 * 1024;

export type SealedKind = 'record' | 'lock' | 'marks';

/** Seals what a state folder holds, and opens it. */
export interface StateSeal {
  /** The document with its seal behind its other keys. */
  sign(kind: SealedKind, document: object): object;
  /** The document without its seal; undefined when it is none that this user's nayek has sealed for this folder. */
  open(kind: SealedKind, document: unknown): Record<string, unknown> | undefined;
}

/** Opens without looking at seals: for who takes a state folder over on a person's word. */
export const ANYBODYS: Pick<StateSeal, 'open'> = {
  open: (_, document) => (isRecord(document) ? unsealed(document) : undefined),
};

export const sealFile = (store: string): string => path.join(store, 'seal.json');

/** The seal of a folder that openStore() has let pass. @throws NayekError as openStore() */
export function stateSeal(store: string): StateSeal {
  const keys = keysFor(store);
  const { id } = assertSealed(store, keys);
  const about = (kind: SealedKind): string => `batch ${kind} ${id}`;
  return {
    sign: (kind, document) => ({ ...document, seal: keys.seal(JSON.stringify(document), about(kind)) }),
    open(kind, document) {
      if (!isRecord(document) || !isSeal(document.seal)) return undefined;
      const rest = unsealed(document);
      return keys.judge(JSON.stringify(rest), about(kind), document.seal) === 'ours' ? rest : undefined;
    },
  };
}

/**
 * A name in the state folder that nobody else can know, as nobody else knows its seal; of `length` hexadecimal digits. For
 * the processes of the pool, too, which do not get the key.
 */
export function secretName(store: string, text: string, length: number): string {
  const sealed = readPlain(sealFile(store), undefined, LARGEST) ?? '';
  return createHash('sha256').update(sealed).update(text).digest('hex').slice(0, length);
}

/** Seals a folder that is empty, or that a person vouches for. @throws an error of the system, NayekError `read-only` */
export function sealFolder(store: string): void {
  const at = realpathSync(store);
  const document = { version: VERSION, id: at, at };
  const sealed = { ...document, seal: keysFor(store).seal(JSON.stringify(document), 'batch') };
  replaceWhole(sealFile(store), Buffer.from(`${JSON.stringify(sealed)}\n`));
}

/**
 * Returns the name that its files are sealed with.
 * @throws NayekError `batch` when the folder is not ours: one line that says how to go on; nothing was used or removed.
 */
export function assertSealed(store: string, keys: Keys = keysFor(store)): { readonly id: string } {
  const text = readPlain(sealFile(store), undefined, LARGEST)?.toString();
  if (text === undefined) throw notOurs(store, say`was not made by your nayek on this machine`);
  const document = parsed(text);
  if (!isRecord(document)) throw notOurs(store, say`has a damaged seal.json`);
  if (document.version !== VERSION) throw notOurs(store, say`is of a version that this nayek does not know`);
  const { seal, ...rest } = document;
  const by = isSeal(seal) ? keys.judge(JSON.stringify(rest), 'batch', seal) : 'changed';
  if (by === 'other-key') throw notOurs(store, say`was not made by your nayek on this machine`);
  const { id, at } = rest;
  if (by === 'changed' || typeof id !== 'string' || typeof at !== 'string')
    throw notOurs(store, say`has a damaged seal.json`);
  if (at !== realpathSync(store)) throw notOurs(store, say`was moved or copied from ${at}`);
  return { id };
}

function notOurs(store: string, why: string): NayekError {
  const hint = say`if you know who made it, \`nayek batch adopt --state ${store}\` takes it over; else name another folder with --state`;
  return batchError(say`the state folder ${store} ${why}: nothing of it was used`, hint);
}

function unsealed(document: Record<string, unknown>): Record<string, unknown> {
  const { seal: _, ...rest } = document;
  return rest;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
