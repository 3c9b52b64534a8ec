/** Processes beside the web server that take jobs from a queue. */
import { type FoundQueue, type NamedWorker, workerTools } from '../knowledge/workers.ts';
import type { Deployment, Evidence, ServiceSeed, Worker } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { join } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { serviceFiles } from './environment/files.ts';
import { inventoryOf } from './environment.ts';
import { moduleName } from './import-root.ts';
import { findQueues, importsOf, type Queue } from './queues.ts';

/** Where a command counts first: what a platform runs, then containers, then scripts. */
const RANK: readonly RegExp[] = [/(?:^|\/)Procfile$/, /(?:^|\/)render\.ya?ml$/, /compose[^/]*\.ya?ml$/, /Dockerfile/];

/**
 * One worker for each queue of the service, and Celery's beat where a schedule exists. A command that the repository
 * already uses wins over a made one. Commands run in the service root.
 * https://docs.celeryq.dev/en/stable/userguide/workers.html#starting-the-worker
 */
export function findWorkers(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed, deployment: Deployment): Worker[] {
  const files = serviceFiles(repo, modules, seed);
  const queues = findQueues(repo, modules, files);
  const out: Worker[] = [];
  const add = (found: Worker | undefined): void => {
    if (found && !out.some((w) => w.process === found.process)) out.push(found);
  };
  for (const queue of queues) {
    const written = writtenFor(repo, seed, deployment, queue.tool);
    const made = madeFor(repo, modules, seed, queue);
    const worker = written.find((w) => w.process === 'worker' && servesAll(w.command, queue)) ?? made[0];
    add(worker);
    const ticks = worker !== undefined && queue.tool.schedules?.within?.test(worker.command) === true;
    if (!ticks) add(written.find((w) => w.process === 'beat') ?? (queue.schedule ? made[1] : undefined));
  }
  for (const tool of workerTools.filter((one) => !queues.some((q) => q.tool === one))) {
    // The object is made somewhere that cannot be followed, but the repository says itself how its worker starts.
    const written = writtenFor(repo, seed, deployment, tool);
    const used = written.length > 0 && repo.matching(files, importsOf(tool)).length > 0;
    for (const found of written) {
      // A web process that never imports the queue may still leave its jobs in the database.
      const declared = tool.names !== undefined && /(?:^|\/)Procfile$|compose[^/]*\.ya?ml$/.test(found.at.path);
      if (used || declared) add(found);
    }
  }
  return out;
}

/** True but for a worker of Django's queues that leaves some of them to others. */
function servesAll(command: string, queue: Queue): boolean {
  const words = command.split(/\s+/);
  return !queue.django || queue.names.every((name) => words.includes(name));
}

function writtenFor(repo: Snapshot, seed: ServiceSeed, deployment: Deployment, tool: NamedWorker): Worker[] {
  const rank = (at: Evidence): number => {
    const found = RANK.findIndex((form) => form.test(at.path));
    return found < 0 ? RANK.length : found;
  };
  return [...deployment.commands]
    .sort((a, b) => rank(a.at) - rank(b.at))
    .flatMap(({ command: line, at }): Worker[] => {
      const text = tool.line.exec(line)?.[0];
      if (text === undefined) return [];
      // supervisord's way to name a variable of the environment.
      const clean = text
        .trim()
        .replace(/%\(ENV_(\w+)\)s/g, '$$$1')
        .replace(/(?<!["'\])])["'\])]+$/, '')
        .trim();
      if (tool.other?.test(clean) || !startsHere(repo, seed, tool, clean)) return [];
      // Watching the files is for development, and takes an extra of the tool besides.
      const steady = clean.replace(/\s--reload(?=\s|$)/g, '');
      const command = rank(at) < 2 ? steady : withoutPaths(steady, tool.files ?? []);
      return [{ tool: tool.id, process: tool.schedules?.alone.test(clean) ? 'beat' : 'worker', command, at }];
    });
}

/** Without the options whose file lies outside of the repository: in an image there is such a folder, on a platform none. */
function withoutPaths(command: string, options: readonly string[]): string {
  if (options.length === 0) return command;
  const path = String.raw`["']?/(?!tmp/|dev/)[^\s"']*["']?`;
  return command.replace(
    new RegExp(String.raw`\s(?:${options.join('|')})(?:=|\s+|(?=["']?/))${path}(?=\s|$)`, 'g'),
    '',
  );
}

/** True when the module that the command names is found from the service root. */
function startsHere(repo: Snapshot, seed: ServiceSeed, tool: NamedWorker, command: string): boolean {
  if (!tool.names) return true;
  const named = tool.names.exec(command)?.[1];
  if (named === undefined) return false;
  const parts = named.split('.');
  return [seed.root, join(seed.root, seed.entry.pythonPath ?? '')].some((folder) => {
    for (let n = parts.length; n > 0; n--) {
      const base = join(folder, parts.slice(0, n).join('/'));
      if (repo.has(`${base}.py`) || repo.has(`${base}/__init__.py`)) return n >= parts.length - 1;
    }
    return false;
  });
}

/** Worker, and where the tool has a scheduler of its own also that. */
function madeFor(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed, queue: Queue): Worker[] {
  const { tool, at, attr, django, names } = queue;
  const name = (path: string): string | undefined => importName(seed, path);
  const module = name(at.path);
  const found: FoundQueue = {
    module,
    attr,
    django,
    names,
    jobs: tasks(queue, module, name),
    get redis() {
      return inventoryOf(repo, modules, seed).reads.find((r) => /REDIS.*_URL$/.test(r.name))?.name;
    },
  };
  const worker = tool.command(found);
  const beat = tool.scheduler?.(found);
  return [
    ...(worker === undefined ? [] : [{ tool: tool.id, process: 'worker', command: worker, at }]),
    ...(beat === undefined ? [] : [{ tool: tool.id, process: 'beat', command: beat, at }]),
  ];
}

/** Modules that define the jobs, which the tool must import too. */
function tasks(queue: Queue, module: string | undefined, name: (path: string) => string | undefined): string[] {
  const found = queue.tasks.flatMap((path) => name(path) ?? []);
  return [...new Set(found)].filter((m) => m !== module);
}

/** Dotted name of a file as the service's own processes import it. */
function importName(seed: ServiceSeed, path: string): string | undefined {
  const { pythonPath } = seed.entry;
  const added = pythonPath === undefined || pythonPath.startsWith('.') ? undefined : join(seed.root, pythonPath);
  const fromAdded = added === undefined ? undefined : moduleName(path, added);
  return fromAdded ?? moduleName(path, seed.root);
}
