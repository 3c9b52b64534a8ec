/** Tools that take jobs from a queue: a row each, from which their objects, their commands and their imports are known. */

/** A queue that was found in the code. */
export interface FoundQueue {
  /** Dotted module as the service's processes import it; undefined where they cannot. */
  readonly module: string | undefined;
  /** Name of the object in its module, '' for none. */
  readonly attr: string;
  /** Django keeps the queue in its settings. */
  readonly django: boolean;
  /** Names of the queues, where the tool has names. */
  readonly names: readonly string[];
  /** Other modules that define jobs, which a worker must import too. */
  readonly jobs: readonly string[];
  /** Variable that holds Redis' URL. */
  readonly redis: string | undefined;
}

/** How the queue shows itself in the code. */
export type QueueShape =
  | {
      /** An object of a class, at the top of a module. */
      readonly by: 'object';
      /** Of every file that makes one. */
      readonly mention: RegExp;
      /** Full dotted name of the class; one that keeps jobs in memory has no worker. */
      readonly made: RegExp;
      /** Files that define jobs for the object of this name. */
      readonly tasks?: (attr: string) => RegExp;
      /** A schedule exists somewhere. */
      readonly schedule?: RegExp;
      /** The object names the modules of its jobs itself. */
      readonly loads?: RegExp;
    }
  /** A class whose name ends so, in a program that imports the tool. */
  | { readonly by: 'class'; readonly ends: string }
  /** Functions with a decorator; the module that sets a broker comes first. */
  | { readonly by: 'decorator'; readonly mention: RegExp; readonly broker: RegExp }
  /** A call whose first argument is the queue's name; the name of one without, which a worker takes when it is told none. */
  | {
      readonly by: 'call';
      readonly mention: RegExp;
      readonly made: string;
      readonly last: string;
      readonly unnamed: string;
    };

export interface WorkerTool {
  readonly queue: QueueShape;
  /** In Django's settings: a dictionary with the queues' names as keys, or an application that is installed. */
  readonly django?: { readonly queues: string } | { readonly installed: RegExp };
  /** A worker's command, inside a longer line. */
  readonly line: RegExp;
  /** Source of an expression: without it a script's line starts no worker. */
  readonly word: string;
  /** Source of an expression: what stands at the beginning of a command that starts one. */
  readonly begins: string;
  /** The module that a command names; undefined: it names none, and is right anywhere. */
  readonly names: RegExp | undefined;
  /** Commands of the same program that start no worker. */
  readonly other?: RegExp;
  /** A command that runs the schedule alone, and one that runs it beside the jobs. */
  readonly schedules?: { readonly alone: RegExp; readonly within?: RegExp };
  /** Options that name files of the process, each with a default in the folder that it runs in, or the standard streams. */
  readonly files?: readonly string[];
  /** Top-level modules of the tool. */
  readonly imports: readonly string[];
  /** Modules that are imported only where the queue is in Redis. */
  readonly redis: readonly string[];
  /** It looks for Redis on its own machine unless an option of its command (one that matches `told`) says where. */
  readonly server?: { readonly command: string; readonly option: string; readonly told: RegExp };
  /** Undefined where the queue's module cannot be imported. */
  readonly command: (queue: FoundQueue) => string | undefined;
  readonly scheduler?: (queue: FoundQueue) => string | undefined;
}

const words = (...parts: readonly (string | readonly string[])[]): string => parts.flat().join(' ');

/** Rows in the order in which a service's workers are listed; the first of a process name is the worker. */
export const WORKERS = {
  /** https://docs.celeryq.dev/en/stable/userguide/workers.html#starting-the-worker */
  celery: {
    queue: {
      by: 'object',
      mention: /\bCelery\b/,
      made: /^celery\.(?:app\.)?Celery$/,
      tasks: (attr) => new RegExp(`@(?:\\w+\\.)*${attr}\\.task\\b|@shared_task\\b`),
      schedule: /\bbeat_schedule\b|\bCELERY_?BEAT_SCHEDULE\b|add_periodic_task\(/,
      loads: /autodiscover_tasks|\bimports\s*=|\binclude\s*=|CELERY_IMPORTS|config_from_object/,
    },
    line: /\bcelery\b(?=[^&|;\n]*\s(?:worker|beat)\b)[^&|;\n]*/,
    word: 'celery',
    begins: 'celery',
    names: /(?:-A|--app)[ =]?\s*([\w.]+)/,
    other: /\b(?:flower|inspect|purge|status|multi)\b/,
    // https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html#starting-the-scheduler
    schedules: { alone: /\sbeat\b/, within: /\s(?:-\w*B|--beat)(?=\s|$)/ },
    // https://docs.celeryq.dev/en/stable/reference/cli.html#celery-beat
    files: ['--schedule', '-s', '--pidfile', '--logfile', '-f', '--statedb'],
    imports: ['celery'],
    redis: [],
    command: ({ module, attr, jobs }) =>
      module && `celery -A ${module}:${attr} worker --loglevel=info${jobs.length > 0 ? ` -I ${jobs.join(',')}` : ''}`,
    scheduler: ({ module, attr }) => module && `celery -A ${module}:${attr} beat --loglevel=info`,
  },
  /** https://taskiq-python.github.io/guide/cli.html */
  taskiq: {
    queue: {
      by: 'object',
      mention: /\btaskiq/,
      made: /^taskiq\w*\.(?:.*\.)?(?!InMemoryBroker$)\w*Broker$/,
      tasks: (attr) => new RegExp(`@${attr}\\.task\\b|@\\w*broker\\.task\\b`),
    },
    line: /\btaskiq\s+(?:worker|scheduler)\b[^&|;\n]*/,
    word: 'taskiq',
    begins: 'taskiq worker',
    names: /(?:worker|scheduler)\s+(?:-\S+\s+)*([\w.]+)/,
    schedules: { alone: /\sscheduler\b/ },
    imports: ['taskiq'],
    redis: ['taskiq_redis'],
    command: ({ module, attr, jobs }) => module && words('taskiq worker', `${module}:${attr}`, jobs),
  },
  /** https://arq-docs.helpmanual.io/ */
  arq: {
    queue: { by: 'class', ends: 'WorkerSettings' },
    line: /\barq\s+[\w.]+\.\w+[^&|;\n]*/,
    word: '\\barq\\b',
    begins: 'arq',
    names: /\barq\s+(?:-\S+\s+)*([\w.]+)/,
    imports: ['arq'],
    redis: ['arq'],
    command: ({ module, attr }) => module && `arq ${module}.${attr}`,
  },
  /** https://dramatiq.io/guide.html#workers */
  dramatiq: {
    queue: { by: 'decorator', mention: /@(?:dramatiq\.)?actor\b/, broker: /\bset_broker\(/ },
    line: /\bdramatiq\s+[\w.:-][^&|;\n]*/,
    word: 'dramatiq',
    begins: 'dramatiq',
    names: /\bdramatiq\s+(?:-\S+\s+)*([\w.]+)/,
    imports: ['dramatiq'],
    redis: ['dramatiq.brokers.redis'],
    command: ({ module, jobs }) => module && words('dramatiq', module, jobs),
  },
  /** https://python-rq.org/docs/workers/ https://github.com/rq/django-rq */
  rq: {
    queue: { by: 'call', mention: /\brq\b/, made: 'rq.Queue', last: 'Queue', unnamed: 'default' },
    django: { queues: 'RQ_QUEUES' },
    line: /\brq\s+worker\b[^&|;\n]*|\bpython3?\s+\S*manage\.py\s+rqworker\b[^&|;\n]*/,
    word: '\\brq\\b',
    begins: 'rq worker',
    names: undefined,
    server: { command: 'rq worker', option: '--url', told: /^(?:-u|--url|-c|--config)(?:$|=)/ },
    imports: ['rq', 'django_rq'],
    redis: ['rq'],
    command: ({ django, names, redis }) =>
      django ? words('python manage.py rqworker', names) : words('rq worker', redis ? [`--url $${redis}`] : [], names),
  },
  /** Jobs in Postgres. https://procrastinate.readthedocs.io/en/stable/howto/basics/command_line.html */
  procrastinate: {
    queue: {
      by: 'object',
      mention: /\bprocrastinate\b/,
      made: /^procrastinate\.(?:app\.)?App$/,
      tasks: (attr) => new RegExp(`@${attr}\\.(?:task|periodic)\\b`),
    },
    line: /\bprocrastinate\s+(?:[^&|;\n]*\s)?worker\b[^&|;\n]*/,
    word: 'procrastinate',
    begins: 'procrastinate',
    names: /\bprocrastinate\s+(?:[^&|;\n]*\s)?(?:--app[= ]|-a ?)([\w.]+)/,
    imports: ['procrastinate'],
    redis: [],
    command: ({ module, attr }) => module && `procrastinate --app=${module}.${attr} worker`,
  },
  /** https://huey.readthedocs.io/en/latest/consumer.html https://huey.readthedocs.io/en/latest/django.html */
  huey: {
    queue: { by: 'object', mention: /\bhuey\b/i, made: /^huey\.(?:.*\.)?(?!\w*MemoryHuey$)\w*Huey$/ },
    django: { installed: /["']huey\.contrib\.djhuey["']/ },
    line: /\bhuey_consumer(?:\.py)?\s[^&|;\n]*/,
    word: 'huey',
    begins: 'huey_consumer\\S*',
    names: /\bhuey_consumer(?:\.py)?\s+(?:-\S+\s+)*([\w.]+)/,
    imports: ['huey'],
    redis: [],
    command: ({ django, module, attr }) =>
      django ? 'python manage.py run_huey' : module && `huey_consumer ${module}.${attr}`,
  },
} as const satisfies Readonly<Record<string, WorkerTool>>;

export type WorkerId = keyof typeof WORKERS;

export interface NamedWorker extends WorkerTool {
  readonly id: WorkerId;
}

export const workerTools: readonly NamedWorker[] = (Object.entries(WORKERS) as [WorkerId, WorkerTool][]).map(
  ([id, row]) => ({ id, ...row }),
);

/** The row of a tool for background work. */
export function workerTool(id: WorkerId): WorkerTool {
  return WORKERS[id];
}

/** Modules that are imported only where a queue is in Redis. */
export const REDIS_MODULES: readonly string[] = workerTools.flatMap((tool) => tool.redis);
