/** Notes about how the processes run: bind, workers, migrations. */

import { migrationTool } from '../../knowledge/migrations.ts';
import type { Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { dirname } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { iniOf } from '../../syntax/documents.ts';
import { lineOf } from '../../syntax/edit.ts';
import { say } from '../../system/say.ts';
import { revisionPaths } from '../alembic/versions.ts';
import type { Started } from '../started.ts';
import { aloneSocketIo } from '../web-sockets.ts';
import { allowedHosts, trustedHosts } from './hosts.ts';
import type { Note } from './note.ts';
import { once } from './once.ts';

/** Migrations beyond this are not parsed for a note. */
const MAX_MIGRATIONS = 150;

export function processNotes(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  files: readonly string[],
  started: readonly Started[],
): Note[] {
  const found = [
    boundPort(service),
    oneProcess(scheduler(repo, files)),
    oneProcess(connectionsInMemory(repo, files)),
    clients(oneProcess(socketIo(repo, modules, files))),
    ...once(modules, service, started),
    streams(repo, service, files),
    brokenMigration(repo, modules, service),
    brokenInterpolation(repo, service),
    allowedHosts(repo, modules, service, files),
    trustedHosts(repo, modules, files),
  ];
  return found.flatMap((note) => note ?? []);
}

/** https://docs.gunicorn.org/en/stable/configure.html: the command line wins over the file. */
function boundPort(service: Service): Note | undefined {
  const conf = service.deployment.gunicornConf;
  if (!conf?.bind || !/:\d+$/.test(conf.bind)) return undefined;
  // Another name than that one is read only where a command names it.
  const text = /(?:^|\/)gunicorn\.conf\.py$/.test(conf.path)
    ? say`${conf.path} binds ${conf.bind}: only --bind on the command line makes gunicorn listen on the platform's port.`
    : say`${conf.path} binds ${conf.bind}: a start with \`-c ${conf.path}\` listens on the platform's port only with --bind beside it.`;
  return { text, at: conf.at };
}

/** https://apscheduler.readthedocs.io/en/3.x/faq.html#how-do-i-share-a-single-job-store-among-one-or-more-worker-processes */
function scheduler(repo: Snapshot, files: readonly string[]): Note | undefined {
  const form = /\b(?:Background|AsyncIO)Scheduler\s*\(|\bAPScheduler\s*\(/;
  return first(
    repo,
    repo.matching(repo.matching(files, /\bapscheduler\b/i), form),
    form,
    () =>
      say`APScheduler runs inside the web process: with several workers every job runs once in each, so run one worker.`,
  );
}

function connectionsInMemory(repo: Snapshot, files: readonly string[]): Note | undefined {
  const form =
    /\bself\.active_connections\b|\bactive_connections\s*(?::[^=\n]{0,80})?=\s*(?:\[\]|\{\}|set\(\)|defaultdict\()/;
  const sockets = repo.matching(files, /\bWebSocket\b/);
  return first(
    repo,
    repo.matching(sockets, form),
    form,
    () =>
      say`WebSocket connections are kept in the memory of one process: with several workers clients do not reach each other, so run one worker.`,
  );
}

function socketIo(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): Note | undefined {
  const at = aloneSocketIo(repo, modules, files);
  const text =
    say`Socket.IO keeps its clients in the memory of one process, as it has no message queue: with several workers half of ` +
    say`their requests are refused, so run one worker.`;
  return at && { text, at };
}

function clients(note: Note | undefined): Note | undefined {
  return note && { ...note, clients: true };
}

/** A response of Flask or Django that does not end: a thread of the server writes it. */
function streams(repo: Snapshot, { entry }: Service, files: readonly string[]): Note | undefined {
  const form = /["']text\/event-stream/;
  if (entry.interface !== 'wsgi') return undefined;
  const note = first(
    repo,
    repo.matching(files, form),
    form,
    () =>
      say`A response of text/event-stream stays open: each open page takes a thread of the server, which has one for each worker unless --threads says more.`,
  );
  return note && { ...note, threads: true };
}

function oneProcess(note: Note | undefined): Note | undefined {
  return note && { ...note, oneProcess: true };
}

function first(repo: Snapshot, paths: readonly string[], form: RegExp, words: () => string): Note | undefined {
  const [path] = paths;
  const text = path === undefined ? undefined : repo.read(path)?.text;
  const found = text === undefined ? null : form.exec(text);
  if (path === undefined || text === undefined || !found) return undefined;
  return { text: words(), at: { path, line: lineOf(text, found.index) } };
}

/**
 * Alembic reads its whole section with interpolation: a `%` that starts none stops every command.
 * https://docs.python.org/3/library/configparser.html#configparser.BasicInterpolation
 */
function brokenInterpolation(repo: Snapshot, { migrations }: Service): Note | undefined {
  const path = migrations?.tool === 'alembic' ? migrations.config : undefined;
  if (path === undefined || path.endsWith('.toml')) return undefined;
  const wrong = iniOf(repo, path)?.entries.find(
    (e) => (e.section === 'alembic' || e.section === 'DEFAULT') && /%/.test(e.value.replace(/%%|%\([^()\s]+\)s/g, '')),
  );
  if (!wrong) return undefined;
  const text = say`${wrong.key} in ${path} holds a % that configparser takes for an interpolation: alembic stops with InterpolationSyntaxError. Write %% there.`;
  return { text, at: { path, line: wrong.line }, stops: true };
}

/** The files of Alembic's revisions; none where there are more than can be looked at. */
export function revisionsOf(repo: Snapshot, modules: ModuleGraph, service: Service): readonly string[] {
  const { migrations } = service;
  if (!migrations || migrationTool(migrations.tool).found !== 'alembic') return [];
  const prefix = service.root === '' ? '' : `${service.root}/`;
  const revisions = modules.files.filter((f) => f.startsWith(prefix) && /\/versions\/[^/]+\.py$/.test(f));
  const beside = revisions.filter((f) => repo.has(`${dirname(dirname(f))}/env.py`));
  const elsewhere = migrations.config === undefined ? [] : revisionPaths(repo, { path: migrations.config });
  const own = [...new Set([...beside, ...elsewhere])];
  return own.length > MAX_MIGRATIONS ? [] : own;
}

/** A revision that does not parse stops every `alembic upgrade`. */
function brokenMigration(repo: Snapshot, modules: ModuleGraph, service: Service): Note | undefined {
  for (const path of revisionsOf(repo, modules, service)) {
    const module = modules.module(path);
    if (!module || module.errors === 0) continue;
    const text = say`The migration ${path} is not valid Python: alembic stops at it before it upgrades anything.`;
    return { text, at: { path, line: module.errorLine ?? 1 }, stops: true };
  }
  return undefined;
}
