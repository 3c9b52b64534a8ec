/**
 * Journals that are damaged with their structure, and half of the records sealed anew as only this user could: undo,
 * status and a patch on them write nothing outside, remove nothing that nayek has not made, and answer in one line.
 */
import nodeFs, {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
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
import { readSnapshot } from '../../src/repo/disk-snapshot.ts';
import { loadPython } from '../../src/syntax/python/parser.ts';
import { asNayekError } from '../../src/system/errors.ts';
import { inspect } from '../../src/writer/inspect.ts';
import { readJournal, saveRecord } from '../../src/writer/journal.ts';
import { seal } from '../../src/writer/seal.ts';
import { setAside } from '../../src/writer/set-aside.ts';
import { stateOf } from '../../src/writer/state.ts';
import { isUnfinished, recoverNow, undo } from '../../src/writer/undo.ts';
import { applyPlan } from '../../src/writer/write.ts';
import { damage, type Random } from './json.ts';
import { writeTree } from './tree.ts';

const OWN: Readonly<Record<string, string>> = {
  'main.py': 'from fastapi import FastAPI\n\napp = FastAPI()\n',
  'requirements.txt': 'fastapi\nuvicorn\n',
  'notes.txt': 'of a person\n',
};

/** What a person has put into the state folder. */
const MINE: readonly string[] = ['mine', 'steps/mine', 'steps/0001/mine', 'aside-1/mine'];

/** A repository with a journal: path → bytes, null for a folder. */
interface Sound {
  readonly name: string;
  /** The state folder, relative. */
  readonly state: string;
  readonly tree: ReadonlyMap<string, Buffer | null>;
}

/** Damages `count` journals of patched repositories. @throws an Error that names what was lost or written. */
export async function damagedJournals(count: number, random: Random, told: (n: number) => void): Promise<string> {
  const top = mkdtempSync(path.join(os.tmpdir(), 'nayek-fuzz-'));
  process.env.XDG_STATE_HOME = path.join(top, 'state');
  const [victim, root] = [path.join(top, 'victim'), path.join(top, 'root')];
  const answers = new Map<string, number>();
  try {
    await loadPython();
    writeTree(victim, { file: 'precious\n' });
    const sounds = await soundOnes(root);
    for (let n = 0; n < count; n++) {
      told(n);
      const sound = sounds[random(sounds.length)] as Sound;
      put(root, sound);
      const how = damaged(path.join(root, sound.state), root, victim, random);
      const mine = MINE.filter((name) => isPrecious(path.join(root, sound.state, name)));
      const before = contents(root);
      const about = `case ${n} (${sound.name}, ${how.what})`;
      const said = await answerOf(root, how.isForged, random).catch((error: Error) => {
        throw new Error(`${about}: ${error.stack}`);
      });
      assertNothingLost({ top, root, before, about: `${about}: ${said}`, isForged: how.isForged });
      if (found(root).length < mine.length) throw new Error(`a person's file in the state folder is lost: ${about}`);
      answers.set(said, (answers.get(said) ?? 0) + 1);
    }
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
  return [...answers].map(([said, times]) => `${times} ${said}`).join(', ');
}

/** One patch, two patches, a patch that was cut short; in `.nayek/` and in the git directory. */
async function soundOnes(root: string): Promise<Sound[]> {
  const out: Sound[] = [];
  for (const inGit of [false, true]) {
    rmSync(root, { recursive: true, force: true });
    writeTree(root, OWN);
    if (inGit) writeTree(root, { '.git/HEAD': 'ref: refs/heads/main\n', '.git/objects/info/packs': '' });
    const state = inGit ? '.git/nayek' : '.nayek';
    const add = (name: string): void => {
      const mine = Object.fromEntries(MINE.map((file) => [path.join(state, file), 'precious\n']));
      out.push({ name: `${name} in ${state}`, state, tree: new Map([...taken(root), ...taken(mine)]) });
    };
    await patch(root, 'procfile');
    add('one patch');
    await patch(root, 'vps');
    add('two patches');
    for (const step of readJournal(stateOf(root), nodeFs).steps.slice(-1)) {
      saveRecord({ ...step, record: { ...step.record, state: 'open' } }, nodeFs);
      const [first] = step.record.files;
      if (first?.before)
        writeFileSync(path.join(root, first.path), readFileSync(path.join(step.folder, first.before.blob)));
    }
    add('cut short');
  }
  return out;
}

async function patch(root: string, recipe: string): Promise<void> {
  const steps = chooseSteps(loadRecipe(recipe, parts), parts, {});
  await applyPlan(makePlan(readSnapshot(root), steps, { recipe }));
}

/** Of a folder on disk, or of files with texts. */
function taken(from: string | Readonly<Record<string, string>>): Map<string, Buffer | null> {
  if (typeof from !== 'string') return new Map(Object.entries(from).map(([name, text]) => [name, Buffer.from(text)]));
  const entries = readdirSync(from, { recursive: true, withFileTypes: true });
  return new Map(
    entries.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(from, file), entry.isDirectory() ? null : readFileSync(file)];
    }),
  );
}

function put(root: string, { tree }: Sound): void {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, 0o700);
  for (const [name, bytes] of tree) {
    const file = path.join(root, name);
    if (bytes === null) mkdirSync(file, { mode: 0o700, recursive: true });
    else {
      if (MINE.some((mine) => name.endsWith(mine))) mkdirSync(path.dirname(file), { mode: 0o700, recursive: true });
      writeFileSync(file, bytes, { mode: 0o600 });
    }
  }
}

interface Damage {
  readonly what: string;
  /** Sealed with our key, which no repository could: then only what lies outside is safe. */
  readonly isForged: boolean;
}

/** Does one thing to the state folder, and says what. */
function damaged(state: string, root: string, victim: string, random: Random): Damage {
  const files = readdirSync(state, { recursive: true, encoding: 'utf8', withFileTypes: true }).map((entry) => ({
    name: path.join(entry.parentPath, entry.name),
    isFile: entry.isFile(),
  }));
  const any = files[random(files.length)] ?? { name: state, isFile: false };
  const records = files.filter((f) => f.name.endsWith('step.json'));
  const record = records[random(records.length)]?.name ?? any.name;
  const plain = (what: string): Damage => ({ what, isForged: false });
  switch (random(9)) {
    case 0:
      spoil(record, random);
      return plain('fields of the record');
    case 1:
      writeFileSync(record, readFileSync(record).fill(random(256), random(200)));
      return plain('bytes of the record');
    case 2:
      if (any.isFile) truncateSync(any.name, random(40));
      else mkdirSync(path.join(any.name, `x${random(9)}`), { recursive: true });
      return plain('a file cut short, a folder more');
    case 3:
      rmSync(any.name, { recursive: true });
      symlinkSync(random(2) ? victim : path.join(victim, 'file'), any.name);
      return plain('a link in the place of something');
    case 4:
      rmSync(any.name, { recursive: true });
      return plain('something is gone');
    case 5:
      if (any.isFile) writeFileSync(any.name, 'x'.repeat(random(100)));
      else writeTree(any.name, { 'more/file': 'more\n' });
      return plain('other contents');
    default: {
      const document = spoil(record, random);
      if (typeof document === 'object' && document !== null) {
        const { seal: _, ...rest } = document as { readonly seal?: unknown };
        const about = `step ${path.basename(path.dirname(record))}`;
        writeFileSync(record, JSON.stringify({ ...rest, seal: seal(JSON.stringify(rest), about, root) }));
      }
      return { what: 'a record sealed anew', isForged: true };
    }
  }
}

function spoil(record: string, random: Random): unknown {
  const document = JSON.parse(readFileSync(record, 'utf8'));
  damage(document, random);
  if (random(2)) Object.assign(document, { state: 'open' });
  writeFileSync(record, JSON.stringify(document));
  return JSON.parse(JSON.stringify(document));
}

async function answerOf(root: string, isForged: boolean, random: Random): Promise<string> {
  try {
    const state = stateOf(root);
    inspect(state, nodeFs);
    if (random(8) === 0) setAside(state, nodeFs);
    isUnfinished(state);
    if (random(2)) await recoverNow(state);
    await undo(root, { force: random(4) === 0 });
    return 'undone';
  } catch (error) {
    const { kind, message } = asNayekError(error);
    if (kind === 'internal') throw error;
    if (!isForged && message.includes('\n')) throw new Error(`more than one line: ${message}`);
    return kind;
  }
}

type Contents = Readonly<Record<string, string>>;

function contents(root: string): Contents {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
  const ofPerson = files.filter((name) => !/^\.(?:nayek|git)/.test(name));
  return Object.fromEntries(ofPerson.map((name) => [name, readFileSync(path.join(root, name), 'utf8')]));
}

function isPrecious(file: string): boolean {
  try {
    return readFileSync(file, 'utf8') === 'precious\n' && !nodeFs.realpathSync(file).includes('victim');
  } catch {
    return false;
  }
}

/** A person's files in the state folder, wherever they have been kept. */
function found(root: string): string[] {
  const all = readdirSync(root, { recursive: true, withFileTypes: true });
  return all
    .filter((e) => e.isFile())
    .map((e) => path.join(e.parentPath, e.name))
    .filter(isPrecious);
}

interface Case {
  readonly top: string;
  readonly root: string;
  readonly before: Contents;
  readonly about: string;
  readonly isForged: boolean;
}

/** Each file is as it was, or as it was before the patch; a person's file is untouched; so is what lies outside. */
function assertNothingLost({ top, root, before, about, isForged }: Case): void {
  const outside = readdirSync(top, { recursive: true, encoding: 'utf8' }).filter((name) => !/^root(?:\/|$)/.test(name));
  const expected = ['state', 'state/nayek', 'state/nayek/journal.key', 'victim', 'victim/file'];
  if (outside.sort().join() !== expected.join()) throw new Error(`outside: ${outside.join()}: ${about}`);
  if (readFileSync(path.join(top, 'victim/file'), 'utf8') !== 'precious\n')
    throw new Error(`written outside: ${about}`);
  const now = contents(root);
  if (now['notes.txt'] !== OWN['notes.txt']) throw new Error(`notes.txt is lost: ${about}`);
  if (isForged) return;
  for (const [name, text] of Object.entries(OWN)) {
    if (now[name] !== text && now[name] !== before[name]) throw new Error(`${name} is lost: ${about}`);
  }
  for (const name of Object.keys(now))
    if (!(name in before) && !(name in OWN)) throw new Error(`${name} is new: ${about}`);
}
