/** Options of the part, as typed values, and what is unsafe in them. */
import type { Chosen, Options, Part } from '../../src/model/transform.ts';
import { addsGunicorn, GUNICORN_DEFAULTS, type GunicornOptions } from '../start-command.ts';

export interface BlueprintOptions extends GunicornOptions {
  readonly plan: string;
  readonly databasePlan: string;
  readonly databaseUrl: string;
  readonly databaseUser: boolean;
  readonly ipAllowList: string;
  readonly migrate: string;
  readonly autoDeploy: string;
  readonly region: string;
  /** Gigabytes; 0 for none. */
  readonly disk: number;
  readonly maxInstances: number;
  readonly quoted: boolean;
  readonly explain: boolean;
  readonly secretComment: string;
  readonly originsComment: string;
  readonly databaseComment: string;
}

export const renderOptions = {
  plan: { default: 'free', help: "plan of web services; 'omit' leaves it to Render, which takes a paid one" },
  'database-plan': { default: 'free', help: 'plan of the database' },
  'database-url': { default: 'attach', help: "'attach' takes it from the database, 'supply' asks for it" },
  'database-user': { default: false, help: "name the database's user rather than leave it to Render" },
  'ip-allow-list': { default: 'closed', help: "'closed' (private network only) or 'omit' (open to every address)" },
  migrate: {
    default: 'auto',
    help: "where migrations run: 'start', 'pre-deploy' (paid plans), 'never'; auto goes by the plan",
  },
  'auto-deploy': { default: 'commit', help: "'commit', 'checksPass', 'off', or 'true' for the deprecated autoDeploy" },
  region: { default: '', help: 'oregon, ohio, virginia, frankfurt or singapore; empty leaves it to Render' },
  disk: { default: 0, help: 'size in gigabytes of a disk for files that must stay (paid plans)' },
  'max-instances': { default: 0, help: 'scale up to so many instances (Pro workspaces); 0 for no scaling' },
  workers: { default: 0, help: 'number of gunicorn workers; 0 leaves it to WEB_CONCURRENCY' },
  'worker-class': { default: 'auto', help: 'worker class of an ASGI application; auto goes by its uvicorn' },
  timeout: { default: 0, help: 'gunicorn --timeout in seconds; 0 leaves its default' },
  logs: { default: false, help: 'pass gunicorn its log files (Render does so by itself)' },
  values: { default: 'quoted', help: "'quoted', or 'plain' where YAML allows it" },
  explain: { default: true, help: 'write comments that explain' },
  'secret-comment': { default: 'set in the Render Dashboard', help: 'comment behind what a person must supply' },
  'origins-comment': {
    default: "set to the frontend's address",
    help: 'comment behind CORS origins and frontend URLs',
  },
  'database-comment': {
    default: 'a free database expires after 30 days',
    help: "comment behind the database's plan",
  },
} as const satisfies Part['options'];

export function readOptions(options: Options, chosen?: Chosen): BlueprintOptions {
  const given = (name: keyof typeof renderOptions): unknown => options[name] ?? renderOptions[name].default;
  const text = (name: keyof typeof renderOptions) => String(given(name));
  const number = (name: keyof typeof renderOptions) => Number(given(name)) || 0;
  const yes = (name: keyof typeof renderOptions) => given(name) === true;
  return {
    plan: text('plan'),
    databasePlan: text('database-plan'),
    databaseUrl: text('database-url'),
    databaseUser: yes('database-user'),
    ipAllowList: text('ip-allow-list'),
    migrate: text('migrate'),
    autoDeploy: text('auto-deploy'),
    region: text('region'),
    disk: number('disk'),
    maxInstances: number('max-instances'),
    workers: number('workers'),
    workerClass: text('worker-class') || GUNICORN_DEFAULTS.workerClass,
    timeout: number('timeout'),
    logs: yes('logs'),
    adds: addsGunicorn(chosen),
    quoted: text('values') !== 'plain',
    explain: yes('explain'),
    secretComment: text('secret-comment'),
    originsComment: text('origins-comment'),
    databaseComment: text('database-comment'),
  };
}

const CHOICES: Partial<Record<keyof typeof renderOptions, RegExp>> = {
  plan: /^(?:omit|free|starter|standard|pro|pro (?:plus|max|ultra)|[\d.]+c-\d+(?:g|mb))$/,
  'database-plan':
    /^(?:free|starter|standard|pro|pro plus|(?:basic|pro|accelerated)-\d+(?:gb|mb)|[\d.]+c-\d+(?:g|mb))$/,
  'database-url': /^(?:attach|supply)$/,
  'ip-allow-list': /^(?:closed|omit)$/,
  migrate: /^(?:auto|start|pre-deploy|never)$/,
  'auto-deploy': /^(?:commit|checksPass|off|true)$/,
  region: /^(?:|oregon|ohio|virginia|frankfurt|singapore)$/,
  values: /^(?:quoted|plain)$/,
};

/** What is wrong with an option's value, in one sentence; undefined when Render would take them all. */
export function wrongOption(options: Options): string | undefined {
  for (const [name, choice] of Object.entries(CHOICES)) {
    const value = options[name];
    if (typeof value !== 'string' || choice.test(value)) continue;
    const { help } = renderOptions[name as keyof typeof renderOptions];
    return `option ${name}: '${value}' is no such value (${help})`;
  }
  return undefined;
}

/** True when the web service costs nothing, or may: no disk, no pre-deploy command, one instance. */
export function freePlan(options: BlueprintOptions): boolean {
  return options.plan === 'free' || options.plan === 'omit';
}
