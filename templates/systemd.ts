import type { Facts, Service } from '../src/model/facts.ts';
import { servedName } from '../src/model/served.ts';
import type { Chosen, Options, Outcome, Part } from '../src/model/transform.ts';
import type { Snapshot } from '../src/repo/snapshot.ts';
import { say } from '../src/system/say.ts';
import { addsGunicorn, GUNICORN_DEFAULTS, type GunicornOptions, migrateStep } from './start-command.ts';
import { words } from './systemd/words.ts';
import { type Existing, foreignUnit } from './vps/existing.ts';
import { heldUnit, unitsMigrate } from './vps/held.ts';
import { type Processes, processesOf } from './vps/processes.ts';
import { DEPLOY, type Site, siteOptions, sitesOf, wrongSite } from './vps/site.ts';
import { unitText } from './vps/unit.ts';
import { readUnit } from './vps/unit-file.ts';

export const serverOptions = {
  workers: { default: 0, help: 'number of gunicorn workers; 0 leaves it to WEB_CONCURRENCY' },
  'worker-class': { default: 'auto', help: 'worker class of an ASGI application; auto goes by its uvicorn' },
  timeout: { default: 0, help: 'gunicorn --timeout in seconds; 0 leaves its default' },
} as const satisfies Part['options'];

export const systemd: Part = {
  id: 'systemd',
  afterMigrations: true,
  summary:
    'Writes systemd units: the web server, each worker, and the migrations, without rights that they do not need.',
  severity: 'important',
  words,
  source: 'https://docs.gunicorn.org/en/stable/deploy.html#systemd',
  options: { user: siteOptions.user, folder: siteOptions.folder, port: siteOptions.port, ...serverOptions },
  plan(repo, facts, options, chosen) {
    if (facts.services.length === 0) return [{ kind: 'skipped', reason: say`no web service was found`, at: [] }];
    const wrong = wrongSite(options);
    if (wrong) return [{ kind: 'manual', reason: wrong, at: [] }];
    const sites = sitesOf(repo, facts, options);
    return facts.services.map((service, index) => {
      const outcome = planService(repo, facts, service, sites[index] as Site, gunicornOptions(options, chosen));
      return facts.services.length > 1 ? { ...outcome, service: service.root } : outcome;
    });
  },
};

export function gunicornOptions(options: Options, chosen?: Chosen): GunicornOptions {
  const number = (name: string) => (typeof options[name] === 'number' ? options[name] : 0);
  const named = options['worker-class'];
  const workerClass = typeof named === 'string' && named !== '' ? named : GUNICORN_DEFAULTS.workerClass;
  return {
    workers: number('workers'),
    workerClass,
    timeout: number('timeout'),
    logs: false,
    adds: addsGunicorn(chosen),
  };
}

function planService(repo: Snapshot, facts: Facts, service: Service, site: Site, options: GunicornOptions): Outcome {
  const made = processesOf(repo, facts, service, site, options);
  const texts = new Map<string, string>();
  for (const unit of [made.web, ...made.workers, ...(made.migrate ? [made.migrate] : [])]) {
    texts.set(`${DEPLOY}/${unit.name}.service`, unitText(unit, site, service));
  }
  const web = `${DEPLOY}/${site.name}.service`;
  const foreign = repo.has(web) ? undefined : foreignUnit(repo, facts, service);
  if (foreign) return held(repo, service, made, foreign, [...gaps(foreign.text), ...uncovered(made, repo)]);
  if (repo.has(web)) {
    const text = repo.read(web)?.text;
    const snippet = texts.get(web) ?? '';
    if (text === undefined) return { kind: 'manual', reason: say`${web} cannot be read`, at: [{ path: web, line: 1 }] };
    if (!readUnit(text).value('ExecStart')) {
      return { kind: 'manual', reason: say`${web} starts nothing`, at: [{ path: web, line: 1 }], snippet };
    }
    texts.delete(web);
  }
  const missing = [...texts].filter(([path]) => !repo.has(path));
  const own = { path: web, text: repo.read(web)?.text ?? '' };
  if (missing.length === 0) return held(repo, service, made, own, gaps(own.text));
  const { unready } = made.server;
  if (unready !== undefined) {
    return { kind: 'manual', reason: `${web}: ${unready}`, at: [service.entry.at], snippet: texts.get(web) ?? '' };
  }
  return {
    kind: 'edits',
    creates: Object.fromEntries(missing),
    reason: say`${missing.map(([path]) => path.slice(DEPLOY.length + 1)).join(', ')} for ${servedName(service.entry)}`,
    at: [service.entry.at, ...service.workers.map((w) => w.at), ...made.writes.map((w) => w.at)],
    warnings: [...made.warnings, ...written(made, service, site)],
    commands: made.server.commands,
  };
}

/** A unit that is there falls short where what it starts cannot serve. */
function held(
  repo: Snapshot,
  service: Service,
  made: Processes,
  { path, text }: Existing,
  warnings: readonly string[],
): Outcome {
  const at = { path, line: readUnit(text).line('ExecStart'), note: 'ExecStart' };
  const judged = heldUnit(repo, service, path, text);
  const [first, ...more] = judged?.faults ?? [];
  if (first) {
    const reason = [first, ...more].map((f) => f.reason).join('; ');
    return {
      ...{ kind: 'manual', reason, at: [at, ...[first, ...more].map((f) => f.at).filter((a) => a.path !== path)] },
      snippet: `ExecStart=${judged?.mended?.text ?? made.web.exec.line}\n`,
      warnings,
    };
  }
  const migrate = migrateStep(repo, service);
  const never = migrate && !judged?.migrates && !unitsMigrate(repo);
  return {
    kind: 'satisfied',
    reason: judged ? say`${path} starts the service: ${judged.proof}` : say`${path} starts the service`,
    at: [at],
    warnings: [
      ...warnings,
      ...(judged?.warnings ?? []),
      ...(never ? [say`no unit runs \`${migrate.command.text}\``] : []),
    ],
  };
}

/** What a unit that exists lacks. */
function gaps(text: string): string[] {
  const unit = readUnit(text);
  const out: string[] = [];
  const user = unit.value('User');
  if ((user === undefined || user === 'root') && unit.value('DynamicUser') === undefined)
    out.push(say`its unit runs as root`);
  if (unit.value('Restart') === undefined) out.push(say`its unit does not restart what dies`);
  return out;
}

function uncovered(made: Processes, repo: Snapshot): string[] {
  const units = repo.paths.filter((p) => p.endsWith('.service'));
  return made.workers.length > 0 && units.length < 2 ? [say`no unit starts its worker`] : [];
}

function written(made: Processes, service: Service, site: Site): string[] {
  return made.writes
    .filter((w) => w.folder && (w.path === '' || w.path === service.root))
    .map((w) => say`${w.at.path}:${w.at.line} writes beside the code, so ${site.folder} must be writable`);
}
