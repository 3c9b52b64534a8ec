/**
 * Journals that are damaged with their structure: undo, status and a patch on them write nothing outside, remove nothing
 * that nayek has not made, and answer in one line.
 */
import nodeFs, {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makePlan } from '../../src/engine/make-plan.ts';
import { parts } from '../../src/engine/parts.ts';
import { chooseSteps, loadRecipe } from '../../src/engine/recipe.ts';
import { readSnapshot } from '../../src/repo/snapshot.ts';
import { loadPython } from '../../src/syntax/python/parser.ts';
import { asNayekError } from '../../src/system/errors.ts';
import { inspect } from '../../src/writer/inspect.ts';
import { stateOf } from '../../src/writer/state.ts';
import { isUnfinished, recoverNow, undo } from '../../src/writer/undo.ts';
import { applyPlan } from '../../src/writer/write.ts';
import { damage, type Random } from './json.ts';

const OWN: Readonly<Record<string, string>> = {
  'main.py': 'from fastapi import FastAPI\n\napp = FastAPI()\n',
  'requirements.txt': 'fastapi\nuvicorn\n',
  'notes.txt': 'of a person\n',
};

/** Damages `count` journals of a patched repository. @throws an Error that names what was lost or written. */
export async function damagedJournals(count: number, random: Random, told: (n: number) => void): Promise<string> {
  const top = mkdtempSync(path.join(os.tmpdir(), 'nayek-fuzz-'));
  process.env.XDG_STATE_HOME = path.join(top, 'state');
  const [sound, victim, root] = ['sound', 'victim', 'root'].map((name) => path.join(top, name)) as [
    string,
    string,
    string,
  ];
  const answers = new Map<string, number>();
  try {
    await loadPython();
    mkdirSync(victim);
    writeFileSync(path.join(victim, 'file'), 'precious\n');
    mkdirSync(root);
    for (const [name, text] of Object.entries(OWN)) writeFileSync(path.join(root, name), text);
    const steps = chooseSteps(loadRecipe('render', parts), parts, {});
    await applyPlan(makePlan(readSnapshot(root), steps, { recipe: 'render' }));
    // The journal is bound to its folder: each case is a fresh copy in the same place.
    renameSync(root, sound);
    for (let n = 0; n < count; n++) {
      told(n);
      cpSync(sound, root, { recursive: true });
      const how = damaged(path.join(root, '.nayek'), victim, random);
      const before = contents(root);
      const said = await answerOf(root, random);
      assertNothingLost(root, victim, before, `case ${n} (${how}): ${said}`);
      answers.set(said, (answers.get(said) ?? 0) + 1);
      rmSync(root, { recursive: true });
    }
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
  return [...answers].map(([said, times]) => `${times} ${said}`).join(', ');
}

/** Does one thing to the state folder, and says what. */
function damaged(state: string, victim: string, random: Random): string {
  const files = readdirSync(state, { recursive: true, encoding: 'utf8', withFileTypes: true }).map((entry) => ({
    name: path.join(entry.parentPath, entry.name),
    isFile: entry.isFile(),
  }));
  const any = files[random(files.length)] ?? { name: state, isFile: false };
  const record = files.find((f) => f.name.endsWith('step.json'))?.name ?? any.name;
  switch (random(6)) {
    case 0: {
      const document = JSON.parse(readFileSync(record, 'utf8'));
      damage(document, random);
      if (random(2)) Object.assign(document.record ?? document, { state: 'open' });
      writeFileSync(record, JSON.stringify(document));
      return 'fields of the record';
    }
    case 1:
      writeFileSync(record, readFileSync(record).fill(random(256), random(200)));
      return 'bytes of the record';
    case 2:
      if (any.isFile) truncateSync(any.name, random(40));
      else mkdirSync(path.join(any.name, `x${random(9)}`), { recursive: true });
      return 'a file cut short, a folder more';
    case 3:
      rmSync(any.name, { recursive: true });
      symlinkSync(random(2) ? victim : path.join(victim, 'file'), any.name);
      return 'a link in the place of something';
    case 4:
      rmSync(any.name, { recursive: true });
      return 'something is gone';
    default:
      if (any.isFile) writeFileSync(any.name, 'x'.repeat(random(100)));
      else cpSync(victim, path.join(any.name, 'more'), { recursive: true });
      return 'other contents';
  }
}

async function answerOf(root: string, random: Random): Promise<string> {
  try {
    const state = stateOf(root);
    inspect(state, nodeFs);
    isUnfinished(state);
    if (random(2)) await recoverNow(state);
    await undo(root, { force: random(4) === 0 });
    return 'undone';
  } catch (error) {
    const { kind, message } = asNayekError(error);
    if (kind === 'internal') throw error;
    if (message.includes('\n')) throw new Error(`more than one line: ${message}`);
    return kind;
  }
}

type Contents = Readonly<Record<string, string>>;

function contents(root: string): Contents {
  const names = readdirSync(root).filter((name) => name !== '.nayek');
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(root, name), 'utf8')]));
}

/** Each file is as it was, or as it was before the patch; a person's file is untouched; so is what lies outside. */
function assertNothingLost(root: string, victim: string, before: Contents, about: string): void {
  if (readdirSync(victim).join() !== 'file' || readFileSync(path.join(victim, 'file'), 'utf8') !== 'precious\n') {
    throw new Error(`written outside: ${about}`);
  }
  const now = contents(root);
  for (const [name, text] of Object.entries(OWN)) {
    if (now[name] !== text && now[name] !== before[name]) throw new Error(`${name} is lost: ${about}`);
  }
  for (const name of Object.keys(now))
    if (!(name in before) && !(name in OWN)) throw new Error(`${name} is new: ${about}`);
}
