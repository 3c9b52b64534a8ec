/** Queue objects in the code: Celery applications, taskiq brokers, arq settings, dramatiq actors, RQ and huey queues. */
import type { Evidence, Worker } from '../model/facts.ts';
import { topLevel } from '../python/bindings.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { topOf } from '../python/place.ts';
import { sites } from '../python/sites.ts';
import { makerOf } from '../python/values.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { unlessRenamed } from '../syntax/python/needle.ts';
import { positional, stringValue } from '../syntax/python/walk.ts';

export interface Queue {
  readonly tool: Worker['tool'];
  readonly at: Evidence;
  /** Name of the object in its module. */
  readonly attr: string;
  /** RQ: names of the queues. */
  readonly names: readonly string[];
  /** Files that define jobs. */
  readonly tasks: readonly string[];
  /** Celery: a beat schedule exists. */
  readonly schedule: boolean;
  /** Celery: the application names the modules of its tasks itself. */
  readonly loads: boolean;
}

const SCHEDULE = /\bbeat_schedule\b|\bCELERY_?BEAT_SCHEDULE\b|add_periodic_task\(/;
const NONE: Pick<Queue, 'names' | 'tasks' | 'schedule' | 'loads'> = {
  names: [],
  tasks: [],
  schedule: false,
  loads: false,
};

/** Queues that these files define, one of each tool at most: the first. */
export function findQueues(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): Queue[] {
  const finders = [celery, taskiq, arq, dramatiq, rq, huey];
  return finders.flatMap((find) => find(repo, modules, files) ?? []);
}

function celery(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): Queue | undefined {
  const schedule = repo.matching(files, SCHEDULE).length > 0;
  for (const path of repo.matching(files, /\bCelery\b/)) {
    const found = assigned(modules, path, (name) => name === 'celery.Celery' || name === 'celery.app.Celery');
    if (!found) continue;
    const loads = /autodiscover_tasks|\bimports\s*=|\binclude\s*=|CELERY_IMPORTS|config_from_object/.test(
      repo.read(path)?.text ?? '',
    );
    const tasks = repo.matching(files, new RegExp(`@(?:\\w+\\.)*${found.attr}\\.task\\b|@shared_task\\b`));
    return { tool: 'celery', ...found, ...NONE, tasks, schedule, loads };
  }
  return undefined;
}

function taskiq(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): Queue | undefined {
  for (const path of repo.matching(files, /\btaskiq/)) {
    const found = assigned(
      modules,
      path,
      (name) => /^taskiq\w*\..*Broker$/.test(name) && !name.endsWith('InMemoryBroker'),
    );
    if (!found) continue;
    const task = new RegExp(`@${found.attr}\\.task\\b|@\\w*broker\\.task\\b`);
    return { tool: 'taskiq', ...found, ...NONE, tasks: repo.matching(files, task) };
  }
  return undefined;
}

function arq(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): Queue | undefined {
  if (repo.matching(files, /^[ \t]*(?:from|import)[ \t]+arq\b/m).length === 0) return undefined;
  for (const path of repo.matching(files, /^class[ \t]+\w*WorkerSettings\b/m)) {
    for (const stmt of modules.module(path)?.body ?? []) {
      if (stmt.kind !== 'class' || !stmt.name.endsWith('WorkerSettings')) continue;
      return { tool: 'arq', at: { path, line: stmt.line }, attr: stmt.name, ...NONE };
    }
  }
  return undefined;
}

function dramatiq(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): Queue | undefined {
  const actors = repo.matching(files, /@(?:dramatiq\.)?actor\b/);
  const brokers = repo.matching(files, /\bset_broker\(/);
  const path = brokers[0] ?? actors[0];
  if (path === undefined || actors.length === 0 || !modules.module(path)) return undefined;
  return { tool: 'dramatiq', at: { path, line: 1 }, attr: '', ...NONE, tasks: actors };
}

/** Stands for the object that Django-RQ keeps by itself. */
export const DJANGO_RQ = 'django_rq';

function rq(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): Queue | undefined {
  const django = djangoRq(repo, modules, files);
  if (django) return django;
  for (const path of repo.matching(files, /\brq\b/)) {
    const module = modules.module(path);
    const needle = unlessRenamed(module?.text ?? '', ['Queue']);
    for (const { expr, around } of sites(modules, path, (e) => e.kind === 'call', needle)) {
      if (expr.kind !== 'call' || modules.external(path, expr.func, around) !== 'rq.Queue') continue;
      const name = stringValue(positional(expr)[0]);
      const names = name !== undefined && /^[\w.-]+$/.test(name) ? [name] : [];
      return { tool: 'rq', at: { path, line: expr.line }, attr: '', ...NONE, names };
    }
  }
  return undefined;
}

/** https://github.com/rq/django-rq: the keys of RQ_QUEUES are the queues. */
function djangoRq(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): Queue | undefined {
  for (const path of repo.matching(files, /^RQ_QUEUES\b/m)) {
    for (const stmt of modules.module(path)?.body ?? []) {
      const [target] = stmt.kind === 'assign' ? stmt.targets : [];
      if (stmt.kind !== 'assign' || target?.kind !== 'name' || target.id !== 'RQ_QUEUES') continue;
      if (stmt.value?.kind !== 'dict') continue;
      const names = stmt.value.entries.map((e) => stringValue(e.key ?? undefined) ?? '');
      const known = names.length > 0 && names.every((n) => /^[\w.-]+$/.test(n));
      const at = { path, line: stmt.line };
      return { tool: 'rq', at, attr: DJANGO_RQ, ...NONE, names: known ? names : [] };
    }
  }
  return undefined;
}

function huey(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): Queue | undefined {
  for (const path of repo.matching(files, /\bhuey\b/i)) {
    const text = repo.read(path)?.text ?? '';
    const django = /["']huey\.contrib\.djhuey["']/.exec(text);
    if (django) {
      const line = text.slice(0, django.index).split('\n').length;
      return { tool: 'huey', at: { path, line }, attr: 'djhuey', ...NONE };
    }
    const found = assigned(modules, path, (name) => /^huey\..*Huey$/.test(name) && !name.endsWith('MemoryHuey'));
    if (found) return { tool: 'huey', ...found, ...NONE };
  }
  return undefined;
}

/** The first top-level name bound to an object of such a class: made there, or by a function that makes one. */
function assigned(
  modules: ModuleGraph,
  path: string,
  wanted: (name: string) => boolean,
): Pick<Queue, 'at' | 'attr'> | undefined {
  for (const stmt of topLevel(modules.module(path)?.body ?? [])) {
    if (stmt.kind !== 'assign' || stmt.value?.kind !== 'call') continue;
    const [target] = stmt.targets;
    const made = target?.kind === 'name' ? makerOf(topOf(modules, path), stmt.value)?.callee : undefined;
    // `Broker(...).with_result_backend(...)` is still the broker.
    const name = made?.kind === 'external' ? (made.name.split('().')[0] ?? '') : '';
    if (target?.kind === 'name' && wanted(name)) return { attr: target.id, at: { path, line: stmt.line } };
  }
  return undefined;
}
