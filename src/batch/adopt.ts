/** `nayek batch adopt`: takes over a state folder that was moved, or that somebody else has made, on a person's word. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { nextSteps } from '../report/next.ts';
import { local } from '../report/words/local.ts';
import { say } from '../system/say.ts';
import { replaceWhole } from '../system/whole-file.ts';
import { ledgerLine, readLedger } from './ledger.ts';
import { readLockFile, writeLockFile } from './lock-file.ts';
import { repositories } from './progress.ts';
import { markOf, readMarks, writeMarks } from './review/marks.ts';
import { ANYBODYS, sealFolder, stateSeal } from './state-seal.ts';
import { standings } from './status.ts';
import { assertStateFolder, existingStore } from './store.ts';

/**
 * Seals everything anew, after its form was checked as a whole. Prints what it holds: it counts as this user's from then on.
 * @throws NayekError `batch` when it is no state folder, `outside` when a link is in it; nothing was written then.
 */
export function adopt(options: { readonly state: string }): number {
  const store = path.resolve(options.state);
  assertStateFolder(store);
  const lock = readLockFile(store, ANYBODYS);
  const { records } = readLedger(store, ANYBODYS);
  const marks = existsSync(path.join(store, 'marks.json')) ? readMarks(store, ANYBODYS) : undefined;
  sealFolder(store);
  const seal = stateSeal(store);
  writeLockFile(store, lock);
  replaceWhole(path.join(store, 'ledger.jsonl'), Buffer.from(records.map((r) => `${ledgerLine(r, seal)}\n`).join('')));
  if (marks) writeMarks(store, marks);
  const all = standings(existingStore(store));
  const approved = all.filter(({ plan }) => markOf(marks ?? [], plan) === 'approve').length;
  process.stdout.write(
    `${local(say`${store} is yours now: ${repositories(all.length)}, ${approved} of them approved`)}\n`,
  );
  process.stdout.write(nextSteps([say`\`nayek batch status\` shows how things stand`]));
  return 0;
}
