/**
 * Direct reads of the environment move to the project's pydantic settings object, where that changes no value.
 * https://docs.pydantic.dev/latest/concepts/pydantic_settings/
 *
 * A field holds the text as `os.getenv` gives it, and `int(…)` or `.lower() == "true"` stay around the read: pydantic takes
 * "5.0" for an int and "yes" for a bool, which the program did not.
 */
import type { Evidence, Facts } from '../src/model/facts.ts';
import type { Outcome, Part } from '../src/model/transform.ts';
import type { Snapshot } from '../src/repo/snapshot.ts';
import { executedFrom } from '../src/survey/executed.ts';
import { type Edit, lineEnding } from '../src/syntax/edit.ts';
import type { PythonModule } from '../src/syntax/python/ast.ts';
import { ensureImport, removeUnusedImport } from '../src/syntax/python/ensure-import.ts';
import { say } from '../src/system/say.ts';
import { type Field, fieldFor, fieldText } from './settings/field.ts';
import { newSettings, reaches, settingsPlace, withNew } from './settings/made.ts';
import { isObject, type SettingsObject, settingsObject } from './settings/object.ts';
import { type DirectRead, directReads } from './settings/reads.ts';
import { words } from './settings/words.ts';
import { type Writes, writesOf } from './settings/writes.ts';

export const settings: Part = {
  id: 'settings',
  summary: 'Direct reads of the environment go through the pydantic settings object; those that must not stay.',
  severity: 'important',
  words,
  source: 'https://docs.pydantic.dev/latest/concepts/pydantic_settings/',
  options: {},
  plan(repo: Snapshot, facts: Facts): readonly Outcome[] {
    const there = settingsObject(repo, facts);
    const place = there === undefined ? settingsPlace(repo, facts) : undefined;
    const object = there ?? place?.object ?? say`there is no pydantic settings class`;
    if (typeof object === 'string') return [{ kind: 'skipped', reason: object, at: [] }];
    const reads = directReads(repo, facts, object);
    if (place)
      return reads.length > 0
        ? withNew(place, moved(facts, object, reads, writesOf(repo, facts.modules)))
        : [{ kind: 'skipped', reason: say`nothing reads the environment`, at: [] }];
    const at: Evidence[] = [{ path: object.path, line: object.cls?.line ?? 1 }];
    if (reads.length === 0) return [{ kind: 'satisfied', reason: say`everything is read through ${object.name}`, at }];
    return moved(facts, object, reads, writesOf(repo, facts.modules));
  },
};

/** A read that moves, with the field that it reads then. */
interface Move {
  readonly read: DirectRead;
  readonly field: Field;
}

function moved(facts: Facts, object: SettingsObject, reads: readonly DirectRead[], writes: Writes): Outcome[] {
  const before = executedFrom(facts.modules, object.path);
  const stays: Outcome[] = [];
  const moves: Move[] = [];
  const fields = new Map<string, Field | string>();
  for (const read of reads) {
    const known = fields.get(read.variable) ?? fieldFor(object, read, reads);
    fields.set(read.variable, known);
    const why = whyNot(facts, object, read, { before, writes }) ?? (typeof known === 'string' ? known : undefined);
    if (why === undefined && typeof known !== 'string') moves.push({ read, field: known });
    else stays.push({ kind: 'manual', reason: say`${read.variable} is read here: ${why}`, at: [placeOf(read)] });
  }
  const module = facts.modules.module(object.path);
  if (moves.length === 0) return stays;
  const edits = new Map<string, Edit[]>();
  if (module) edits.set(object.path, fieldEdits(module, object, moves));
  for (const path of new Set(moves.map((m) => m.read.path))) {
    edits.set(
      path,
      readEdits(
        facts,
        object,
        path,
        moves.filter((m) => m.read.path === path),
      ),
    );
  }
  const names = [...new Set(moves.map((m) => m.read.variable))];
  return [
    {
      kind: 'edits',
      reason: say`${names.join(', ')} through ${object.name}`,
      at: moves.map(({ read }) => placeOf(read)),
      edits: Object.fromEntries([...edits].filter(([, made]) => made.length > 0)),
      ...(module
        ? {}
        : {
            creates: {
              [object.path]: newSettings(
                object,
                moves.map((m) => m.field),
              ),
            },
          }),
      warnings: object.envFile ? [alsoReads(object.name, object.envFile)] : [],
    },
    ...stays,
  ];
}

/** `file`: '?' where its name is worked out when the program runs. */
function alsoReads(name: string, file: string): string {
  if (file === '?') return say`${name} also reads a file of variables, which os.getenv does not`;
  return say`${name} also reads ${file}, which os.getenv does not`;
}

interface Around {
  /** Files that run before the object is there. */
  readonly before: ReadonlySet<string>;
  readonly writes: Writes;
}

/** Why a read cannot go through an object that is made when its module is imported; undefined where it can. */
function whyNot(
  facts: Facts,
  object: SettingsObject,
  read: DirectRead,
  { before, writes }: Around,
): string | undefined {
  if (before.has(read.path)) return say`the settings import this module, which cannot import them`;
  if (read.started) return say`it is an argument of the call that starts the server`;
  if (read.strict) return say`it fails only where it is reached, and a required field would stop every program`;
  if (writes.any) return say`the environment is written while the program runs (${writes.any.path}:${writes.any.line})`;
  const write = writes.names.get(read.variable);
  if (write) return say`it is set while the program runs, or for a test (${write.path}:${write.line})`;
  const known = object.nameIn(read.path);
  if (known) {
    const meant = known.from <= read.start && isObject(read.place, known.name, object.path, object.name);
    return meant ? undefined : say`${known.name} does not mean the settings here`;
  }
  const module = facts.modules.module(read.path);
  if (/\bsys\.path\b/.test(module?.text ?? '')) return say`${read.path} changes sys.path before it imports`;
  const found = object.cls
    ? facts.modules.resolve(read.path, object.module, 0)?.path === object.path
    : reaches(facts, object, read.path);
  return found ? undefined : say`${object.module} is not found from here`;
}

function placeOf({ path, line }: DirectRead): Evidence {
  return { path, line };
}

/** The fields that are missing, below the last one; with what they need imported. */
function fieldEdits(module: PythonModule, object: SettingsObject, moves: readonly Move[]): Edit[] {
  const missing = [...new Map(moves.filter((m) => !m.field.there).map((m) => [m.field.name, m.field])).values()];
  if (missing.length === 0) return [];
  const optional = missing.some((f) => f.optional)
    ? ensureImport(module, { module: 'typing', name: 'Optional' })
    : undefined;
  const aliased = missing.some((f) => f.alias !== undefined)
    ? ensureImport(module, { module: 'pydantic', name: 'Field' })
    : undefined;
  const end = lineEnding(module.text);
  const text = missing
    .map((f) => `${end}${object.indent}${fieldText(f, object.major, optional?.name, aliased?.name)}`)
    .join('');
  const imports = [optional?.edit, aliased?.edit].filter((edit) => edit !== undefined);
  return [...imports, { start: object.behind, end: object.behind, text }];
}

function readEdits(facts: Facts, object: SettingsObject, path: string, moves: readonly Move[]): Edit[] {
  const module = facts.modules.module(path);
  if (!module) return [];
  const own = object.nameIn(path);
  const { name, edit } = own ? { name: own.name } : ensureImport(module, { module: object.module, name: object.name });
  const made = moves.map(({ read, field }) => ({
    start: read.start,
    end: read.end,
    text: `${name}${object.call}.${field.name}`,
  }));
  // Other parts write `os` into these: the import stays.
  const shared = facts.runCalls.some((run) => run.path === path);
  const candidates = shared ? [] : ['os', 'getenv', 'environ'];
  const unused = candidates.flatMap((word) => removeUnusedImport(module, word, made) ?? []).slice(0, 1);
  return [...made, ...exchanged(module.text, edit, unused[0])];
}

/** An import that comes and one that goes, on lines that may touch; no blank lines stay where the file began with it. */
function exchanged(text: string, added: Edit | undefined, gone: Edit | undefined): Edit[] {
  if (!added || !gone) {
    const blank = gone?.start === 0 ? (/^(?:[ \t]*\r?\n)+/.exec(text.slice(gone.end))?.[0].length ?? 0) : 0;
    return gone ? [{ ...gone, end: gone.end + blank }] : added ? [added] : [];
  }
  if (added.start !== gone.end || added.end !== gone.end) return [added, gone];
  return [{ ...gone, text: `${gone.text}${added.text.replace(/^\r?\n/, '')}` }];
}
