/** What a person must know before deploying a service, as far as the code proves it. */
import { shellWord } from '../commands/command.ts';
import type { AlembicConfig, Need, Service } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { say } from '../system/say.ts';
import { serviceFiles } from './environment/files.ts';
import { buildOfFrontEnd, isFile } from './front-end.ts';
import { absentTable } from './notes/absent-tables.ts';
import { appendedDatabase } from './notes/appended-database.ts';
import { asyncMode } from './notes/async-mode.ts';
import { booleanDefault } from './notes/boolean-defaults.ts';
import { brokenFile } from './notes/broken-files.ts';
import { buildHooks } from './notes/build-hooks.ts';
import { circularImport } from './notes/circular-imports.ts';
import { connectionNotes } from './notes/connection.ts';
import { contradictions } from './notes/contradictions.ts';
import { noDatabaseUri } from './notes/database-uri.ts';
import { addressAsName } from './notes/dj-url.ts';
import { missingExtension } from './notes/extensions.ts';
import { firstRows } from './notes/first-rows.ts';
import { fixedConfig, fixedHost } from './notes/fixed-config.ts';
import { hashedList } from './notes/hashed-lists.ts';
import { ignoredModules } from './notes/ignored-modules.ts';
import { importPath } from './notes/import-path.ts';
import { indexTwice } from './notes/index-twice.ts';
import { jobModules } from './notes/job-modules.ts';
import { missingLocale } from './notes/locales.ts';
import { madeFiles } from './notes/made-files.ts';
import { mainGuardNote } from './notes/main-guard.ts';
import { migrationsOff } from './notes/migrations-off.ts';
import { neverReturns } from './notes/never-returns.ts';
import { noMigrations, noTables } from './notes/no-tables.ts';
import { notExecutable } from './notes/not-executable.ts';
import type { Note } from './notes/note.ts';
import { oldLock } from './notes/old-lock.ts';
import { openedFiles } from './notes/opened-files.ts';
import { ownModules } from './notes/own-modules.ts';
import { postgresApp } from './notes/postgres-app.ts';
import { processNotes, revisionsOf } from './notes/process.ts';
import { pythonNotes } from './notes/python.ts';
import { pythonOfPins } from './notes/python-of-pins.ts';
import { refusedLine } from './notes/refused-lines.ts';
import { scriptPath } from './notes/script-path.ts';
import { secretForms } from './notes/secret-form.ts';
import { noSecretKey } from './notes/secret-key.ts';
import { settingsFiles } from './notes/settings-files.ts';
import { sqliteAlter } from './notes/sqlite-alter.ts';
import { sqliteFolder } from './notes/sqlite-folder.ts';
import { staticFiles } from './notes/static-files.ts';
import { storageNotes } from './notes/storage.ts';
import { tablesByEach } from './notes/tables-by-each.ts';
import { tablesTwice } from './notes/tables-twice.ts';
import { undefinedName } from './notes/undefined-names.ts';
import { startedBy } from './started.ts';

/** One sentence each, with the place that proves it; no credential in any. */
export function findNotes(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  alembic: readonly AlembicConfig[],
): readonly Note[] {
  const files = serviceFiles(repo, modules, service);
  const needs = service.needs.map(needNote);
  const started = startedBy(repo, modules, service, alembic);
  const revisions = revisionsOf(repo, modules, service);
  return [
    ...(service.beside ?? []).map(besideNote),
    ...found(passedOverNote(service)),
    ...found(alongsideNote(service)),
    ...needs,
    ...(service.system ?? []).map(({ text, at }) => ({ text, at })),
    ...buildHooks(repo, service),
    ...found(frontEndNote(service)),
    ...notExecutable(repo, service),
    ...pythonNotes(repo, service),
    ...found(refusedLine(repo, service)),
    ...found(hashedList(repo, service)),
    ...contradictions(repo, service),
    ...pythonOfPins(repo, service),
    ...found(oldLock(repo, modules, service, started)),
    ...connectionNotes(repo, modules, service, files),
    ...found(fixedHost(repo, modules, service)),
    ...found(fixedConfig(repo, modules, service, started)),
    ...found(addressAsName(repo, modules, service, files)),
    ...found(appendedDatabase(repo, modules, service, files)),
    ...storageNotes(repo, modules, service, files),
    ...found(sqliteFolder(repo, modules, service, files)),
    ...madeFiles(repo, modules, service, files),
    ...found(noDatabaseUri(repo, modules, service, files)),
    ...processNotes(repo, modules, service, files, started),
    ...found(asyncMode(repo, modules, service, started)),
    ...found(firstRows(service, started)),
    ...found(importPath(repo, modules, service)),
    ...found(scriptPath(repo, modules, service)),
    ...found(brokenFile(modules, started)),
    ...found(undefinedName(modules, service, started)),
    ...found(ownModules(repo, modules, service, started)),
    ...ignoredModules(repo, modules, service, started),
    ...found(circularImport(modules, service, alembic)),
    ...found(noTables(repo, service, alembic, files)),
    ...found(noMigrations(repo, modules, service)),
    ...found(absentTable(repo, modules, service, revisions)),
    ...found(booleanDefault(repo, modules, service, revisions)),
    ...found(sqliteAlter(repo, modules, service, revisions)),
    ...found(indexTwice(repo, modules, service, revisions)),
    ...found(migrationsOff(repo, modules, service)),
    ...found(tablesTwice(repo, modules, service, files, { started, alembic, revisions })),
    ...tablesByEach(repo, modules, service, revisions),
    ...found(missingExtension(repo, modules, service, { started, revisions })),
    ...found(postgresApp(repo, modules, service, started)),
    ...found(jobModules(repo, modules, service, started)),
    ...found(noSecretKey(repo, modules, service)),
    ...secretForms(repo, service),
    ...found(staticFiles(repo, modules, service, files)),
    ...openedFiles(repo, modules, service, files),
    ...found(missingLocale(repo, modules, service, files)),
    ...settingsFiles(repo, modules, service, { files, alembic }),
    ...found(neverReturns(repo, modules, service, files)),
    ...found(mainGuardNote(repo, modules, service, files)),
  ];
}

function found(note: Note | undefined): Note[] {
  return note ? [note] : [];
}

function besideNote({ what, at }: NonNullable<Service['beside']>[number]): Note {
  const text = say`${what} is another application, which is left out: one folder is one service. Deploy it as a service of its own, with a start command that names it.`;
  return { text, at };
}

function passedOverNote({ passedOver, dependencies }: Service): Note | undefined {
  if (!passedOver || !dependencies) return undefined;
  const { path, lacks } = passedOver;
  const text = say`${path} lacks ${lacks.join(', ')}, which the start needs and ${dependencies.path} lists: the latter is installed. Renew ${path}, or remove it.`;
  return { text, at: { path, line: 1 } };
}

function alongsideNote({ root, dependencies }: Service): Note | undefined {
  if (!dependencies?.alongside) return undefined;
  const { alongside, at } = dependencies;
  const text = say`${alongside.join(', ')} is imported when the service starts, and ${at.path} does not list it: the build command installs it beside the list. A buildpack that is given ${root}/ alone cannot.`;
  return { text, at };
}

function frontEndNote({ frontEnd }: Service): Note | undefined {
  if (!frontEnd) return undefined;
  const { at } = frontEnd;
  const served = isFile(frontEnd.served) ? frontEnd.served : `${frontEnd.served}/`;
  const command = buildOfFrontEnd(frontEnd, (path) => (path === '' ? '.' : shellWord(path)));
  const text = say`${served} is served, and Node makes it: the build must run \`${command}\`. render.yaml and deploy/README.md do so; on Heroku it takes the buildpack of Node beside that of Python.`;
  return { text, at };
}

function needNote({ text, at, kind }: Need): Note {
  return { text, at, ...(kind === 'missing' || kind === 'told' ? { stops: true } : {}) };
}
