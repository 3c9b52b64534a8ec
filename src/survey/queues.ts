/** Queue objects in the code: Celery applications, taskiq brokers, arq settings, dramatiq actors, RQ and huey queues. */

import { type NamedWorker, type QueueShape, workerTools } from '../knowledge/workers.ts';
import type { Evidence } from '../model/facts.ts';
import { topLevel } from '../python/bindings.ts';
import { externalName } from '../python/definition.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { topOf } from '../python/place.ts';
import { sites } from '../python/sites.ts';
import { staticString } from '../python/text.ts';
import { makerOf } from '../python/values.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { lineOf } from '../syntax/edit.ts';
import { unlessRenamed } from '../syntax/python/needle.ts';
import { keyword, positional, stringValue } from '../syntax/python/walk.ts';

export interface Queue {
  readonly tool: NamedWorker;
  readonly at: Evidence;
  /** Name of the object in its module, '' for none. */
  readonly attr: string;
  /** Django keeps it in its settings. */
  readonly django: boolean;
  /** Names of the queues, where the tool has names. */
  readonly names: readonly string[];
  /** Files that define jobs which the object does not name itself. */
  readonly tasks: readonly string[];
  /** A schedule exists. */
  readonly schedule: boolean;
}

type Seen = Pick<Queue, 'at' | 'attr'> & Partial<Queue>;

/** Queues that these files define, one of each tool at most: the first. */
export function findQueues(repo: Snapshot, modules: ModuleGraph, files: readonly string[]): Queue[] {
  return workerTools.flatMap((tool) => {
    const seen = ofDjango(repo, modules, files, tool) ?? ofCode(repo, modules, files, tool);
    return seen ? [{ tool, django: false, names: [], tasks: [], schedule: false, ...seen }] : [];
  });
}

function ofCode(repo: Snapshot, modules: ModuleGraph, files: readonly string[], tool: NamedWorker): Seen | undefined {
  const { queue } = tool;
  switch (queue.by) {
    case 'object':
      return objectOf(repo, modules, files, queue);
    case 'class':
      return classOf(repo, modules, files, tool, queue.ends);
    case 'decorator':
      return decorated(repo, modules, files, queue);
    case 'call':
      return called(repo, modules, files, queue);
  }
}

type Shape<By extends QueueShape['by']> = Extract<QueueShape, { readonly by: By }>;

function objectOf(
  repo: Snapshot,
  modules: ModuleGraph,
  files: readonly string[],
  shape: Shape<'object'>,
): Seen | undefined {
  for (const path of repo.matching(files, shape.mention)) {
    const found = assigned(modules, path, (name) => shape.made.test(name));
    if (!found) continue;
    const loads = shape.loads?.test(repo.read(path)?.text ?? '') === true;
    const tasks = shape.tasks && !loads ? repo.matching(files, shape.tasks(found.attr)) : [];
    const schedule = shape.schedule !== undefined && repo.matching(files, shape.schedule).length > 0;
    return { ...found, tasks, schedule };
  }
  return undefined;
}

function classOf(
  repo: Snapshot,
  modules: ModuleGraph,
  files: readonly string[],
  tool: NamedWorker,
  ends: string,
): Seen | undefined {
  if (repo.matching(files, importsOf(tool)).length === 0) return undefined;
  for (const path of repo.matching(files, new RegExp(`^class[ \\t]+\\w*${ends}\\b`, 'm'))) {
    for (const stmt of modules.module(path)?.body ?? []) {
      if (stmt.kind === 'class' && stmt.name.endsWith(ends)) return { at: { path, line: stmt.line }, attr: stmt.name };
    }
  }
  return undefined;
}

/** A line that imports the tool. */
export function importsOf({ imports }: NamedWorker): RegExp {
  return new RegExp(`^[ \\t]*(?:from|import)[ \\t]+(?:${imports.join('|')})\\b`, 'm');
}

function decorated(
  repo: Snapshot,
  modules: ModuleGraph,
  files: readonly string[],
  shape: Shape<'decorator'>,
): Seen | undefined {
  const tasks = repo.matching(files, shape.mention);
  const path = repo.matching(files, shape.broker)[0] ?? tasks[0];
  if (path === undefined || tasks.length === 0 || !modules.module(path)) return undefined;
  return { at: { path, line: 1 }, attr: '', tasks };
}

/** Every queue that is made: a worker listens on those that it is told, and jobs of the others wait for ever. */
function called(
  repo: Snapshot,
  modules: ModuleGraph,
  files: readonly string[],
  shape: Shape<'call'>,
): Seen | undefined {
  const made: { readonly at: Evidence; readonly name: string | undefined }[] = [];
  for (const path of repo.matching(files, shape.mention)) {
    const needle = unlessRenamed(modules.module(path)?.text ?? '', [shape.last]);
    for (const { expr, around } of sites(modules, path, (e) => e.kind === 'call', needle)) {
      const place = { modules, path, around };
      if (expr.kind !== 'call' || externalName(place, expr.func) !== shape.made) continue;
      const given = positional(expr)[0] ?? keyword(expr, 'name');
      made.push({ at: { path, line: expr.line }, name: given ? staticString(place, given) : shape.unnamed });
    }
  }
  const [first] = made;
  const names = made.flatMap(({ name }) => (name !== undefined && /^[\w.-]+$/.test(name) ? [name] : []));
  // The one that a worker listens on without being told.
  const told = [...new Set(names)].filter((name, _, all) => all.length > 1 || name !== shape.unnamed);
  return first && { at: first.at, attr: '', names: told };
}

/** Django's settings name the queues themselves, or an application that keeps one. */
function ofDjango(
  repo: Snapshot,
  modules: ModuleGraph,
  files: readonly string[],
  { django, queue }: NamedWorker,
): Seen | undefined {
  if (!django) return undefined;
  if ('queues' in django) return queuesIn(repo, modules, files, django.queues);
  for (const path of repo.matching(files, queue.by === 'object' ? queue.mention : django.installed)) {
    const text = repo.read(path)?.text ?? '';
    const found = django.installed.exec(text);
    if (found) return { at: { path, line: lineOf(text, found.index) }, attr: '', django: true };
  }
  return undefined;
}

function queuesIn(repo: Snapshot, modules: ModuleGraph, files: readonly string[], name: string): Seen | undefined {
  for (const path of repo.matching(files, new RegExp(`^${name}\\b`, 'm'))) {
    for (const stmt of modules.module(path)?.body ?? []) {
      const [target] = stmt.kind === 'assign' ? stmt.targets : [];
      if (stmt.kind !== 'assign' || target?.kind !== 'name' || target.id !== name) continue;
      if (stmt.value?.kind !== 'dict') continue;
      const names = stmt.value.entries.map((e) => stringValue(e.key ?? undefined) ?? '');
      const known = names.length > 0 && names.every((n) => /^[\w.-]+$/.test(n));
      return { at: { path, line: stmt.line }, attr: '', django: true, names: known ? names : [] };
    }
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
