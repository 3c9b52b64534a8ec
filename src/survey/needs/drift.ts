/** Breaks between the versions that an install takes and the code, or each other: rows of src/knowledge/drift.json. */
import { DRIFT, type DriftEvidence, type DriftRow } from '../../knowledge/drift.ts';
import type { Evidence, Need } from '../../model/facts.ts';
import { say } from '../../system/say.ts';
import { surelyLacks } from '../dependencies/installs-all.ts';
import { keptBelow, keptFrom, type Taken, takesFrom } from '../dependencies/takes.ts';
import { compareVersions } from '../dependencies/versions.ts';
import { plainPostgres } from '../notes/drivers.ts';
import type { Asked } from './asked.ts';

/** Render's when nothing is said. https://render.com/docs/python-version */
const PLATFORM_PYTHON = '3.14';
/** From here on a lower bound is taken for the version. */
const CURRENT_PYTHON = '3.10';
const RANGE = /[<>=!~].*$/;

/** One for each row that holds; the place is the import that breaks, else the requirement. */
export function driftNeeds(asked: Asked): Need[] {
  const { repo, dependencies, installed } = asked;
  const taken: Taken = { repo, dependencies, installed };
  const imported = importsOf(asked);
  return DRIFT.flatMap((row) => {
    const at = holds(asked, taken, imported, row.when);
    return at ? [needOf(row, at, asked.list)] : [];
  });
}

function needOf(row: DriftRow, at: Evidence, list: string): Need {
  const { what, ask, say: told, proved } = row;
  if (row.older !== undefined)
    return { name: what, range: '', text: wheelText(row), why: what, at, kind: 'told', proved };
  if (ask === undefined)
    return { name: what, range: '', text: `${what}: ${told}.`, why: what, at, kind: 'told', proved };
  const code = row.edit === undefined ? '' : ` ${say`Or change the code: nayek patch ${row.edit}`}.`;
  const text = `${what}. ${say`Add ${ask} to ${list}`}.${code}`;
  return {
    name: ask.replace(RANGE, ''),
    range: RANGE.exec(ask)?.[0] ?? '',
    text,
    why: what,
    at,
    kind: 'missing',
    proved,
  };
}

function wheelText({ when, older }: DriftRow): string {
  const [[name, below] = []] = Object.entries(when.held ?? {});
  return (
    say`${name} below ${below} has no wheel for Python ${when.python}: its install compiles, or stops. ` +
    say`Have the service run on Python ${older}, or take ${name} ${below}.`
  );
}

const kept = new WeakMap<Asked['started'], ReadonlyMap<string, Evidence>>();

/** Dotted name of what is imported at start → the first place; once for all rounds of the needs of a service. */
function importsOf(asked: Asked): ReadonlyMap<string, Evidence> {
  const known = kept.get(asked.started) ?? importedAtStart(asked);
  kept.set(asked.started, known);
  return known;
}

function importedAtStart({ modules, started }: Asked): Map<string, Evidence> {
  const out = new Map<string, Evidence>();
  const add = (name: string, path: string, line: number): void => {
    if (out.has(name) || modules.resolve(path, name.split('.')[0] ?? '', 0)) return;
    out.set(name, { path, line });
  };
  for (const { path, stmt } of started) {
    if (stmt.kind === 'import') for (const { module } of stmt.names) add(module, path, stmt.line);
    if (stmt.kind === 'from' && stmt.level === 0) {
      add(stmt.module, path, stmt.line);
      for (const { name } of stmt.names) add(`${stmt.module}.${name}`, path, stmt.line);
    }
  }
  return out;
}

/** Where all the evidence holds; undefined where some does not. */
function holds(
  asked: Asked,
  taken: Taken,
  imported: ReadonlyMap<string, Evidence>,
  when: DriftEvidence,
): Evidence | undefined {
  const { requirements } = taken.dependencies;
  const { held = {}, since = {}, takes = {}, listed, lacks = [], imports, spares = [], uses } = when;
  const at = imports ? placeOf(asked, imported, imports, uses) : undefined;
  if (imports && !at) return undefined;
  if (!pythonFits(asked, when) || spares.some((name) => mentions(imported, name))) return undefined;
  const vouched = new Set([...Object.keys(held), ...(listed ?? [])]);
  const all =
    Object.entries(held).every(([name, below]) => keptBelow(taken, name, below)) &&
    Object.entries(since).every(([name, from]) => keptFrom(taken, name, from)) &&
    Object.entries(takes).every(([name, floor]) => takesFrom(taken, name, floor, vouched)) &&
    (!listed || requirements.some((r) => listed.includes(r.name))) &&
    lacks.every((name) => surelyLacks(asked.installed, name));
  if (!all) return undefined;
  if (when.state === 'plain-postgresql')
    return plainPostgres(asked.repo, asked.modules, asked.service, asked.dependencies);
  const named = [...Object.keys(held), ...(listed ?? []), ...Object.keys(takes)];
  return at ?? requirements.find((r) => named.includes(r.name))?.at ?? taken.dependencies.at;
}

function mentions(imported: ReadonlyMap<string, Evidence>, name: string): boolean {
  return [...imported.keys()].some((one) => one === name || one.startsWith(`${name}.`));
}

/** The first import of one of the names, in a file that matches `uses` where it is given. */
function placeOf(
  { repo }: Asked,
  imported: ReadonlyMap<string, Evidence>,
  names: readonly string[],
  uses: string | undefined,
): Evidence | undefined {
  const used = uses === undefined ? undefined : new RegExp(uses);
  for (const [one, at] of imported) {
    if (!names.some((name) => one === name || one.startsWith(`${name}.`))) continue;
    if (!used || used.test(repo.read(at.path)?.text ?? '')) return at;
  }
  return undefined;
}

function pythonFits({ service }: Asked, { python, pythonBelow }: DriftEvidence): boolean {
  if (python === undefined && pythonBelow === undefined) return true;
  const stated = service.python;
  // An old lower bound is no statement: the platform's own Python runs it.
  const old = stated?.bound === true && compareVersions(stated.version, CURRENT_PYTHON) < 0;
  const version = stated && !old ? stated.version : PLATFORM_PYTHON;
  if (pythonBelow !== undefined && compareVersions(version, pythonBelow) >= 0) return false;
  return python === undefined || compareVersions(version, python) >= 0;
}
