/** Breaks between the versions that an install takes and the code, or each other: rows of src/knowledge/drift.json. */
import { DRIFT, type DriftEvidence, type DriftRow } from '../../knowledge/drift.ts';
import type { Evidence, Need } from '../../model/facts.ts';
import { lineOf } from '../../syntax/edit.ts';
import { expressionsOf } from '../../syntax/python/children.ts';
import { say } from '../../system/say.ts';
import { askedBy } from '../dependencies/companions.ts';
import { surelyLacks } from '../dependencies/installs-all.ts';
import { isConditional } from '../dependencies/lacking.ts';
import { areDisjoint, rangeOf, versionText } from '../dependencies/ranges.ts';
import { keptBelow, keptFrom, type Taken, takesFrom, versionInLock } from '../dependencies/takes.ts';
import { compareVersions } from '../dependencies/versions.ts';
import { djangoMigrations } from '../django-apps.ts';
import { serviceFiles } from '../environment/files.ts';
import { type ImportsAtStart, importsAtStart, importsOf } from '../imports-at-start.ts';
import { plainPostgres } from '../notes/drivers.ts';
import { runsOn } from '../python-version/runs-on.ts';
import { surelyCalled } from '../started.ts';
import { greenWorker } from '../worker-class.ts';
import type { Asked } from './asked.ts';

const RANGE = /[<>=!~].*$/;

/** One for each row that holds; the place is the import that breaks, else the requirement. */
export function driftNeeds(asked: Asked): Need[] {
  const { repo, dependencies, installed } = asked;
  const taken: Taken = { repo, dependencies, installed, python: runsOn(asked.service) };
  const imported = importsAtStart(asked.modules, asked.started);
  return DRIFT.flatMap((row) => {
    const at = holds(asked, taken, imported, row.when);
    return at ? [needOf(row, at, asked, taken)] : [];
  });
}

function needOf(row: DriftRow, at: Evidence, { list }: Asked, taken: Taken): Need {
  const { what, ask, say: other, edit, proved } = row;
  const told = row.older === undefined ? `${what}: ${other}.` : wheelText(row);
  if (ask === undefined || row.older !== undefined)
    return { name: what, range: '', text: told, why: what, at, kind: 'told', proved };
  const refusing = refusedBy(taken, ask);
  if (refusing !== undefined) {
    const how = edit === undefined ? say`Change the code` : say`Change the code: nayek patch --only ${edit}`;
    const text = say`${what}: ${ask} would mend it, and ${refusing} cannot be installed with that. ${how}.`;
    return { name: what, range: '', text, why: what, at, kind: 'told', proved };
  }
  const code = edit === undefined ? '' : ` ${say`Or change the code: nayek patch --only ${edit}`}.`;
  return {
    name: ask.replace(RANGE, ''),
    range: RANGE.exec(ask)?.[0] ?? '',
    text: `${what}. ${say`Add ${ask} to ${list}`}.${code}`,
    why: what,
    at,
    kind: 'missing',
    proved,
    edit,
  };
}

/** What is listed in versions that all ask for another one, by their own metadata. */
function refusedBy({ dependencies, python }: Taken, ask: string): string | undefined {
  const name = ask.replace(RANGE, '');
  const range = rangeOf(RANGE.exec(ask)?.[0] ?? '');
  if (!range || python === undefined) return undefined;
  const found = dependencies.requirements.find((r) => {
    const asked = r.name === name ? undefined : askedBy(r, name, python);
    return asked?.every((one) => {
      const other = rangeOf(one);
      return other !== undefined && areDisjoint(range, other);
    });
  });
  return found && `${found.name} ${versionText(found.specifier)}`;
}

function wheelText({ when, older }: DriftRow): string {
  const [[name, below] = []] = Object.entries(when.held ?? {});
  return (
    say`${name} below ${below} has no wheel for Python ${when.python}: its install compiles, or stops. ` +
    say`Have the service run on Python ${older}, or take ${name} ${below}.`
  );
}

/** Where all the evidence holds; undefined where some does not. */
function holds(asked: Asked, taken: Taken, imported: ImportsAtStart, when: DriftEvidence): Evidence | undefined {
  const { requirements } = taken.dependencies;
  const { held = {}, takes = {}, listed, plain = [], imports, spares = [], schema, mentions, state } = when;
  if (!pythonFits(asked, when) || !listsHold(taken, when)) return undefined;
  const at = imports || schema !== undefined ? placeOf(asked, imported, when) : undefined;
  if ((imports || schema !== undefined) && !at) return undefined;
  if (importsOf(imported, spares).length > 0) return undefined;
  if (mentions !== undefined && !isMentioned(asked, new RegExp(mentions))) return undefined;
  if (state === 'no-pkg-resources' && !lacksPkgResources(taken, when)) return undefined;
  if (state !== undefined && state !== 'no-pkg-resources') {
    const shown = stateOf(asked, state);
    return shown && (at ?? shown);
  }
  const named = [...Object.keys(held), ...(listed ?? []), ...plain, ...Object.keys(takes)];
  return at ?? requirements.find((r) => named.includes(r.name))?.at ?? taken.dependencies.at;
}

/**
 * True where no setuptools is installed, or one without the module: 82 has none, and Python 3.12 and newer bring none.
 * https://setuptools.pypa.io/en/latest/history.html
 */
function lacksPkgResources(taken: Taken, when: DriftEvidence): boolean {
  const { python } = taken;
  const installed = besides(taken, when);
  const bare = python !== undefined && compareVersions(python, '3.12') >= 0;
  return bare && (surelyLacks(installed, 'setuptools') || takesFrom(taken, 'setuptools', '82', new Set()));
}

/** What is installed, without the question what older versions of those brought that the row itself knows. */
function besides({ installed }: Taken, { held = {} }: DriftEvidence): Taken['installed'] {
  return { ...installed, held: installed.held.filter(({ name }) => !Object.hasOwn(held, name)) };
}

/** Where all the evidence holds that the lists give. */
export function listsHold(taken: Taken, when: DriftEvidence): boolean {
  const { held = {}, since = {}, takes = {}, listed, plain, unlisted = [], lacks = [] } = when;
  const vouched = new Set([...Object.keys(held), ...(listed ?? [])]);
  return (
    Object.entries(held).every(([name, below]) => keptBelow(taken, name, below)) &&
    Object.entries(since).every(([name, from]) => keptFrom(taken, name, from)) &&
    Object.entries(takes).every(([name, floor]) => takesFrom(taken, name, floor, vouched)) &&
    (!listed || taken.dependencies.requirements.some((r) => listed.includes(r.name))) &&
    (!plain || taken.dependencies.requirements.some((r) => plain.includes(r.name) && !isConditional(taken.repo, r))) &&
    unlisted.every((name) => isUnlisted(taken, name)) &&
    lacks.every((name) => surelyLacks(besides(taken, when), name))
  );
}

function isMentioned({ repo, modules, service }: Asked, expression: RegExp): boolean {
  return repo.matching(serviceFiles(repo, modules, service), expression).length > 0;
}

/** Where the state shows itself; undefined where the service is not in it. */
function stateOf(
  asked: Asked,
  state: Exclude<DriftEvidence['state'], 'no-pkg-resources' | undefined>,
): Evidence | undefined {
  const { repo, modules, service, dependencies } = asked;
  if (state === 'plain-postgresql') return plainPostgres(repo, modules, service, dependencies);
  const worker = state === 'gevent-worker' ? 'gevent' : 'eventlet';
  if (greenWorker(service) !== worker) return undefined;
  return dependencies.requirements.find((r) => r.name === worker)?.at ?? dependencies.at;
}

/** The first line of a model or a migration of Django that matches. Such a line breaks wherever in the file it stands. */
function inSchema({ repo, modules, service, started }: Asked, expression: RegExp): Evidence | undefined {
  if (service.entry.framework !== 'django') return undefined;
  const loaded = [...new Set(started.map(({ path }) => path))];
  for (const path of repo.matching([...loaded, ...djangoMigrations(repo, modules, service)], expression)) {
    const text = repo.read(path)?.text ?? '';
    const found = expression.exec(text);
    if (found) return { path, line: lineOf(text, found.index) };
  }
  return undefined;
}

function isUnlisted(taken: Taken, name: string): boolean {
  return !taken.dependencies.requirements.some((r) => r.name === name) && !versionInLock(taken, name);
}

/** The first import of one of the names, in a file that matches `uses` where it is given; with `runs`, the call. */
function placeOf(
  asked: Asked,
  imported: ImportsAtStart,
  { imports = [], uses, runs, schema }: DriftEvidence,
): Evidence | undefined {
  if (schema !== undefined) return inSchema(asked, new RegExp(schema));
  const textOf = (path: string): string => asked.repo.read(path)?.text ?? '';
  if (runs !== undefined) {
    const paths = new Set(importsOf(imported, imports).flatMap(({ places }) => places.map(({ path }) => path)));
    const run = new RegExp(runs);
    const found = asked.started.find(
      ({ path, stmt }) =>
        paths.has(path) &&
        expressionsOf(stmt)
          .flatMap((expr) => surelyCalled(expr))
          .some(({ call }) => run.test(textOf(path).slice(call.start, call.end))),
    );
    return found && { path: found.path, line: found.stmt.line };
  }
  const used = uses === undefined ? undefined : new RegExp(uses);
  const places = importsOf(imported, imports).flatMap((one) => (used ? one.places : [one.at]));
  return places.find(({ path }) => !used || used.test(textOf(path)));
}

function pythonFits({ service }: Asked, { python, pythonBelow }: DriftEvidence): boolean {
  if (python === undefined && pythonBelow === undefined) return true;
  const version = runsOn(service);
  if (pythonBelow !== undefined && compareVersions(version, pythonBelow) >= 0) return false;
  return python === undefined || compareVersions(version, python) >= 0;
}
