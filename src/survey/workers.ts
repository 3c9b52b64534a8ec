/** Processes beside the web server that take jobs from a queue. */
import type { Deployment, Evidence, ServiceSeed, Worker } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { join } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { serviceFiles } from './environment/files.ts';
import { inventoryOf } from './environment.ts';
import { moduleName } from './import-root.ts';
import { DJANGO_RQ, findQueues, type Queue } from './queues.ts';

type Tool = Worker['tool'];

/** How each tool's worker is started, inside a longer command line. */
const COMMANDS: readonly (readonly [Tool, RegExp])[] = [
  ['celery', /\bcelery\b(?=[^&|;\n]*\s(?:worker|beat)\b)[^&|;\n]*/],
  ['rq', /\brq\s+worker\b[^&|;\n]*|\bpython3?\s+\S*manage\.py\s+rqworker\b[^&|;\n]*/],
  ['dramatiq', /\bdramatiq\s+[\w.:-][^&|;\n]*/],
  ['taskiq', /\btaskiq\s+(?:worker|scheduler)\b[^&|;\n]*/],
  ['huey', /\bhuey_consumer(?:\.py)?\s[^&|;\n]*/],
  ['arq', /\barq\s+[\w.]+\.\w+[^&|;\n]*/],
];

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
  for (const queue of queues) {
    const written = writtenFor(repo, seed, deployment, queue.tool);
    const made = madeFor(repo, modules, seed, queue);
    const worker = written.find((w) => w.process === 'worker' && servesAll(w.command, queue)) ?? made[0];
    const ticks = worker !== undefined && EMBEDDED_BEAT.test(worker.command);
    const beat = ticks
      ? undefined
      : (written.find((w) => w.process === 'beat') ?? (queue.schedule ? made[1] : undefined));
    for (const found of [worker, beat]) {
      if (found && !out.some((w) => w.process === found.process)) out.push(found);
    }
  }
  for (const [tool] of COMMANDS) {
    if (queues.some((q) => q.tool === tool)) continue;
    const used = repo.matching(files, importOf(tool)).length > 0;
    // The object is made somewhere that cannot be followed, but the repository says itself how its worker starts.
    for (const found of writtenFor(repo, seed, deployment, tool)) {
      // A web process that never imports the queue may still leave its jobs in the database.
      const declared = tool !== 'rq' && /(?:^|\/)Procfile$|compose[^/]*\.ya?ml$/.test(found.at.path);
      if ((used || declared) && !out.some((w) => w.process === found.process)) out.push(found);
    }
  }
  return out;
}

/** True but for a worker of Django-RQ that leaves some of the queues to others. */
function servesAll(command: string, queue: Queue): boolean {
  const words = command.split(/\s+/);
  return queue.attr !== DJANGO_RQ || queue.names.every((name) => words.includes(name));
}

/** A worker that runs the scheduler too. https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#starting-the-scheduler */
const EMBEDDED_BEAT = /\s(?:-\w*B|--beat)(?=\s|$)/;

function importOf(tool: Tool): RegExp {
  if (tool === 'rq') return /^[ \t]*(?:from|import)[ \t]+(?:django_)?rq\b/m;
  return new RegExp(`^[ \\t]*(?:from|import)[ \\t]+${tool}\\b`, 'm');
}

function writtenFor(repo: Snapshot, seed: ServiceSeed, deployment: Deployment, tool: Tool): Worker[] {
  const rank = (at: Evidence): number => {
    const found = RANK.findIndex((form) => form.test(at.path));
    return found < 0 ? RANK.length : found;
  };
  const form = COMMANDS.find(([name]) => name === tool)?.[1];
  if (!form) return [];
  return [...deployment.commands]
    .sort((a, b) => rank(a.at) - rank(b.at))
    .flatMap(({ command, at }): Worker[] => {
      const text = form.exec(command)?.[0];
      if (text === undefined) return [];
      // supervisord's way to name a variable of the environment.
      const clean = text
        .trim()
        .replace(/%\(ENV_(\w+)\)s/g, '$$$1')
        .replace(/(?<!["'\])])["'\])]+$/, '')
        .trim();
      const isOther = /\b(?:flower|inspect|purge|status|multi)\b/.test(clean);
      if (isOther || !startsHere(repo, seed, tool, clean)) return [];
      return [{ tool, process: isScheduler(clean) ? 'beat' : 'worker', command: clean, at }];
    });
}

function isScheduler(command: string): boolean {
  return /\s(?:beat|scheduler)\b/.test(command);
}

/** True when the module that the command names is found from the service root. */
function startsHere(repo: Snapshot, seed: ServiceSeed, tool: Tool, command: string): boolean {
  if (tool === 'rq') return true;
  const named =
    tool === 'celery'
      ? /(?:-A|--app)[ =]?\s*([\w.]+)/.exec(command)?.[1]
      : /(?:worker|scheduler|dramatiq|huey_consumer(?:\.py)?|arq)\s+(?:-\S+\s+)*([\w.]+)/.exec(command)?.[1];
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

/** Worker, and for Celery also beat. */
function madeFor(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed, queue: Queue): Worker[] {
  const name = (path: string): string | undefined => importName(seed, path);
  const module = name(queue.at.path);
  const worker = (command: string): Worker => ({ tool: queue.tool, process: 'worker', command, at: queue.at });
  if (queue.tool === 'rq' && queue.attr === DJANGO_RQ)
    return [worker(['python manage.py rqworker', ...queue.names].join(' '))];
  if (queue.tool === 'rq') {
    const url = inventoryOf(repo, modules, seed).reads.find((r) => /REDIS.*_URL$/.test(r.name));
    return [worker(['rq worker', ...(url ? [`--url $${url.name}`] : []), ...queue.names].join(' '))];
  }
  if (module === undefined) return [];
  switch (queue.tool) {
    case 'celery': {
      const app = `celery -A ${module}:${queue.attr}`;
      const beat: Worker = { tool: 'celery', process: 'beat', command: `${app} beat --loglevel=info`, at: queue.at };
      const jobs = queue.loads ? [] : tasks(queue, module, name);
      const include = jobs.length > 0 ? ` -I ${jobs.join(',')}` : '';
      return [worker(`${app} worker --loglevel=info${include}`), beat];
    }
    case 'arq':
      return [worker(`arq ${module}.${queue.attr}`)];
    case 'taskiq':
      return [worker(['taskiq worker', `${module}:${queue.attr}`, ...tasks(queue, module, name)].join(' '))];
    case 'dramatiq':
      return [worker(['dramatiq', module, ...tasks(queue, module, name)].join(' '))];
    case 'huey':
      return [worker(queue.attr === 'djhuey' ? 'python manage.py run_huey' : `huey_consumer ${module}.${queue.attr}`)];
  }
}

/** Modules that define the jobs, which the tool must import too. */
function tasks(queue: Queue, module: string, name: (path: string) => string | undefined): string[] {
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
