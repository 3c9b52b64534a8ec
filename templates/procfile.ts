import { readCommand, shellWord } from '../src/commands/command.ts';
import { inFolder, inOrder, type Step } from '../src/commands/steps.ts';
import { isAdded } from '../src/judge/fault.ts';
import { type Judgement, judge } from '../src/judge/judge.ts';
import type { Evidence, Facts, Service } from '../src/model/facts.ts';
import { servedName } from '../src/model/served.ts';
import type { Chosen, Options, Outcome, Part } from '../src/model/transform.ts';
import { dirname, join, within } from '../src/repo/path.ts';
import type { Snapshot } from '../src/repo/snapshot.ts';
import { undeployable } from '../src/survey/dependencies/missing.ts';
import { refusedScheme } from '../src/survey/notes/drivers.ts';
import { type Edit, lineEnding } from '../src/syntax/edit.ts';
import { commandOf, type Procfile, parseProcfile } from '../src/syntax/procfile.ts';
import { field, parseYaml, textField } from '../src/syntax/yaml.ts';
import { say } from '../src/system/say.ts';
import { words } from './procfile/words.ts';
import {
  addsGunicorn,
  GUNICORN_DEFAULTS,
  type GunicornOptions,
  migrateStep,
  startCommand,
  workerCommands,
} from './start-command.ts';

interface ProcfileOptions extends GunicornOptions {
  readonly migrate: string;
  readonly message: string;
}

const MIGRATE = {
  default: 'release',
  help: "where migrations run: 'release' (release: line), 'start' (before the server), 'tolerate' (before it, failures ignored: unsafe), 'never'",
};

export const procfile: Part = {
  id: 'procfile',
  afterMigrations: true,
  summary: 'Writes a Procfile with the web process, the migrations and the workers.',
  severity: 'important',
  words,
  source: 'https://devcenter.heroku.com/articles/procfile',
  options: {
    migrate: MIGRATE,
    message: { default: 'No migration to apply', help: "what 'tolerate' prints when the migration fails" },
    workers: { default: 0, help: 'number of gunicorn workers; 0 leaves it to WEB_CONCURRENCY' },
    'worker-class': { default: 'auto', help: 'worker class of an ASGI application; auto goes by its uvicorn' },
    timeout: { default: 0, help: 'gunicorn --timeout in seconds; 0 leaves its default' },
    logs: { default: false, help: 'write access and error log to the standard streams' },
  },
  plan(repo, facts, options, chosen) {
    if (facts.services.length === 0) return [{ kind: 'skipped', reason: say`no web service was found`, at: [] }];
    const read = readOptions(options, chosen);
    if (!['release', 'start', 'tolerate', 'never'].includes(read.migrate)) {
      const { help } = MIGRATE;
      return [{ kind: 'manual', reason: say`option migrate: '${read.migrate}' is no such value (${help})`, at: [] }];
    }
    const taken = new Set<string>();
    return facts.services.map((service) => {
      const outcome = planService(repo, facts, service, read, taken);
      return facts.services.length > 1 ? { ...outcome, service: service.root } : outcome;
    });
  },
};

function readOptions(options: Options, chosen: Chosen | undefined): ProcfileOptions {
  const text = (name: string, otherwise: string) => (typeof options[name] === 'string' ? options[name] : otherwise);
  const number = (name: string) => (typeof options[name] === 'number' ? options[name] : 0);
  return {
    migrate: text('migrate', 'release'),
    message: text('message', 'No migration to apply'),
    workers: number('workers'),
    workerClass: text('worker-class', GUNICORN_DEFAULTS.workerClass),
    timeout: number('timeout'),
    logs: options.logs === true,
    adds: addsGunicorn(chosen),
  };
}

function planService(
  repo: Snapshot,
  facts: Facts,
  service: Service,
  options: ProcfileOptions,
  taken: Set<string>,
): Outcome {
  const single = facts.services.length === 1;
  for (const path of new Set([join(service.root, 'Procfile'), 'Procfile'])) {
    const file = repo.read(path);
    if (!file) {
      if (repo.has(path)) return { kind: 'manual', reason: say`${path} cannot be read`, at: [{ path, line: 1 }] };
      continue;
    }
    if (!single && path === 'Procfile' && service.root !== '' && !startsIn(parseProcfile(file.text), service.root)) {
      continue;
    }
    return existing(repo, facts, service, options, path, file.text);
  }
  const path = single ? 'Procfile' : join(service.root, 'Procfile');
  if (taken.has(path)) {
    const snippet = compose(repo, service, options, path).text;
    return { kind: 'manual', reason: say`${path} already starts another service`, at: [service.entry.at], snippet };
  }
  const lower = path.toLowerCase();
  const other = repo.paths.find((p) => p.length === path.length && p.toLowerCase() === lower);
  if (other) {
    return {
      kind: 'manual',
      reason: say`${other} is never read: platforms look for ${path}, and some file systems hold only one of the two`,
      at: [{ path: other, line: 1 }],
      commands: [`git mv ${shellWord(other)} ${shellWord(path)}`],
    };
  }
  taken.add(path);
  const made = compose(repo, service, options, path);
  const alone = undeployable(service.dependencies);
  if (alone !== undefined && service.dependencies) {
    return { kind: 'manual', reason: alone, at: [service.dependencies.at, ...made.at], snippet: made.text };
  }
  if (made.unready !== undefined) {
    return { kind: 'manual', reason: `${path}: ${made.unready}`, at: made.at, snippet: made.text };
  }
  return {
    kind: 'edits',
    creates: { [path]: made.text },
    reason: made.own
      ? say`${path} starts the service as ${made.own.path} does`
      : say`${path} starts ${service.entry.program ?? servedName(service.entry)}`,
    at: made.at,
    warnings: made.warnings,
    commands: made.commands,
  };
}

interface Composed {
  readonly text: string;
  readonly lines: ReadonlyMap<string, string>;
  /** Where the start command is from, if it is the project's own. */
  readonly own?: Evidence;
  readonly at: readonly Evidence[];
  readonly warnings: readonly string[];
  readonly commands: readonly string[];
  readonly unready?: string;
}

/** The lines that migrate and serve, and what is to be known about them. */
function mainLines(service: Service, mode: ProcfileOptions, from: string, serve: Step, migrate: Step | undefined) {
  const lines = new Map([['web', inOrder(from, [serve])]]);
  if (!migrate) return { lines, warnings: [] };
  const { text } = migrate.command;
  if (mode.migrate === 'tolerate') {
    // As the document writes it, which has the script find the folder by itself.
    const written = text.replace('python -m alembic ', 'alembic ');
    const all = `${written} || echo ${quoted(mode.message)} && ${inOrder(migrate.folder, [serve])}`;
    lines.set('web', `bash -c "${inFolder(within(from, migrate.folder), all)}"`);
    const lost =
      written === text ? [] : [say`\`${written}\` does not find the modules that env.py imports: \`${text}\` would`];
    return {
      lines,
      warnings: [
        ...lost,
        say`a failed \`${written}\` is ignored and the server starts all the same: /health answers while every query fails`,
        say`bash keeps SIGTERM to itself and orphans gunicorn on a shutdown: \`exec gunicorn\` would not`,
      ],
    };
  }
  if (mode.migrate === 'never') return { lines, warnings: [say`nothing runs \`${text}\``] };
  // The release phase has a file system of its own: a SQLite file migrated there is never seen by the web process.
  if (mode.migrate === 'start' || service.database?.kind === 'sqlite') {
    lines.set('web', inOrder(from, [migrate, serve]));
    return { lines, warnings: [] };
  }
  lines.set('release', inFolder(within(from, migrate.folder), text));
  return { lines, warnings: [say`Railway runs no release line: \`${text}\` is its pre-deploy command there`] };
}

function compose(repo: Snapshot, service: Service, options: ProcfileOptions, path: string): Composed {
  const from = dirname(path);
  const start = startCommand(repo, service, options);
  const serve: Step = { folder: service.root, command: start.command };
  const migrate = start.migrates ? undefined : migrateStep(repo, service);
  const { lines, warnings: ofMain } = mainLines(service, options, from, serve, migrate);
  const warnings = [...start.warnings, ...ofMain];
  for (const { process, command } of workerCommands(service)) {
    lines.set(freeName(process, lines), inOrder(from, [{ folder: service.root, command }]));
  }
  const installed = service.dependencies && dirname(service.dependencies.path);
  if (from !== service.root && installed) {
    warnings.push(
      say`buildpacks install from the folder that they build: deploy ${installed}/ as the application's root, or add a buildpack that changes to it`,
    );
  }
  const refused = refusedScheme(service);
  if (refused) {
    warnings.push(
      say`Heroku hands out postgres:// in ${refused}, which SQLAlchemy refuses since 1.4: read it with ` +
        say`os.environ["${refused}"].replace("postgres://", "postgresql://", 1)`,
    );
  }
  const text = [...lines].map(([type, command]) => `${type}: ${command}\n`).join('');
  warnings.push(...railpackProblems(text, lines));
  const at = [
    service.entry.at,
    ...(start.own ? [start.own] : []),
    ...(migrate && service.migrations ? [service.migrations.at] : []),
  ];
  const { own, commands, unready } = start;
  const more = { ...(own ? { own } : {}), ...(unready === undefined ? {} : { unready }) };
  return { text, lines, at, warnings, commands, ...more };
}

function existing(
  repo: Snapshot,
  facts: Facts,
  service: Service,
  options: ProcfileOptions,
  path: string,
  text: string,
): Outcome {
  const known = parseProcfile(text);
  const web = commandOf(known, 'web');
  if (web) {
    const written = {
      command: readCommand(web.command),
      folder: dirname(path),
      at: { path, line: web.line, note: 'web' },
    };
    const judged = judge(repo, service, written, { behind: 'platform' });
    const faults = judged.faults.filter((f) => !isAdded(f));
    const at = [written.at, ...faults.map((f) => f.at).filter((a) => a.path !== path)];
    if (faults.length > 0) {
      const snippet = `web: ${judged.mended?.text ?? compose(repo, service, options, path).lines.get('web') ?? ''}`;
      return { kind: 'manual', reason: faults.map((f) => f.reason).join('; '), at, snippet };
    }
    const warnings = [...judged.warnings, ...gaps(repo, known, service, judged)];
    return { kind: 'satisfied', reason: say`${path} starts the web process: ${judged.proof}`, at, warnings };
  }
  const made = compose(repo, service, options, path);
  const line = `web: ${made.lines.get('web') ?? ''}`;
  const at = [{ path, line: 1 }, ...made.at];
  if (facts.services.length > 1 || known.broken.length > 0 || known.disabled.includes('web')) {
    const why = known.disabled.includes('web') ? say`has its web line commented out` : say`has no web line`;
    return { kind: 'manual', reason: `${path} ${why}`, at, snippet: line, warnings: made.warnings };
  }
  if (made.unready !== undefined) return { kind: 'manual', reason: `${path}: ${made.unready}`, at, snippet: line };
  const end = lineEnding(text);
  const edit: Edit = {
    start: text.length,
    end: text.length,
    text: `${text === '' || text.endsWith('\n') ? '' : end}${line}${end}`,
  };
  return {
    kind: 'edits',
    edits: { [path]: [edit] },
    reason: say`${path} gets a web line`,
    at,
    warnings: made.warnings,
    commands: made.commands,
  };
}

function gaps(repo: Snapshot, known: Procfile, service: Service, judged: Judgement): string[] {
  const migrate = migrateStep(repo, service);
  if (!migrate || commandOf(known, 'release') || known.disabled.includes('release') || judged.migrates) return [];
  return [say`its Procfile never runs \`${migrate.command.text}\``];
}

function startsIn(known: Procfile, root: string): boolean {
  const command = commandOf(known, 'web')?.command ?? '';
  return command.split(/[\s"';&]+/).some((word) => word.replace(/^\.\//, '').replace(/\/$/, '') === root);
}

function freeName(name: string, lines: ReadonlyMap<string, string>): string {
  if (!lines.has(name)) return name;
  let count = 2;
  while (lines.has(`${name}${count}`)) count++;
  return `${name}${count}`;
}

/** For inside double quotes. */
function quoted(message: string): string {
  return `'${message.replace(/["'`$\\]/g, '')}'`;
}

/** Railpack reads a Procfile as YAML. https://railpack.com/config/procfile */
function railpackProblems(text: string, lines: ReadonlyMap<string, string>): string[] {
  const parsed = parseYaml(text);
  const same = parsed.ok && [...lines].every(([type, command]) => textField(parsed.root, type) === command);
  if (same && [...lines.keys()].every((type) => field(parsed.root, type)?.kind === 'scalar')) return [];
  return [say`Railway reads a Procfile as YAML and would not understand this one`];
}
