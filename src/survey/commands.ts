/** Commands that start processes, wherever a repository writes them down, and what each of them starts. */
import { SERVER_WORDS } from '../knowledge/servers.ts';
import { workerTools } from '../knowledge/workers.ts';
import type { Evidence } from '../model/facts.ts';
import { isMade } from '../repo/made.ts';
import { dirname, join, resolve } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { execForm, type Instruction, lastStage, workdirOf } from '../syntax/dockerfile.ts';
import { dockerfileOf, procfileOf, yamlDocumentsOf } from '../syntax/documents.ts';
import { field, mapsIn, textField, type YamlNode } from '../syntax/yaml.ts';
import { type StartTarget, startTargets } from './start-targets.ts';
import { uwsgiCommand } from './uwsgi.ts';

export type CommandSource =
  | 'procfile'
  | 'render'
  | 'platform'
  | 'dockerfile'
  | 'compose'
  | 'script'
  | 'make'
  | 'readme';

export interface StartCommand {
  readonly source: CommandSource;
  /** As written; an exec form is joined with blanks. */
  readonly command: string;
  readonly at: Evidence;
  /** Folder that it runs in, as far as the repository tells; relative. */
  readonly folder: string;
  /** A container that publishes a port: visitors come to it. */
  readonly published?: true;
  /** Process name of a Procfile line. */
  readonly process?: string;
  /** Applications and scripts that it starts. */
  readonly targets: readonly StartTarget[];
}

const PROCFILE = /(?:^|\/)Procfile(?:\.[\w-]+)?$/;
const DOCKERFILE = /(?:^|\/)(?:[\w.-]+\.)?(?:Dockerfile|Containerfile)(?:[._-][\w.-]+)?$/i;
const COMPOSE = /(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$/i;
const SCRIPT = /\.(?:sh|bash|service|conf)$|(?:^|\/)(?:entrypoint|start|run)$/;
const MAKE = /(?:^|\/)(?:Makefile|makefile|justfile|Taskfile\.ya?ml|package\.json)$/;
const PLATFORM =
  /(?:^|\/)(?:fly\.toml|railway\.(?:json|toml)|nixpacks\.toml|app\.ya?ml|apprunner\.ya?ml|\.do\/app\.ya?ml|heroku\.yml|\.replit)$/;
const UWSGI = /(?:^|\/)(?:[\w-]*uwsgi[\w-]*|wsgi|app)\.ini$/i;
const README = /(?:^|\/)README(?:\.\w+)*$/i;
/** Words without which a script or Makefile starts no Python server. */
const STARTS = new RegExp(['python', SERVER_WORDS, ...workerTools.map((tool) => tool.word)].join('|'));

/** Task workers, which serve nothing but belong to a service. */
const WORKER = new RegExp(`(?:^|[ \\t/])(?:${workerTools.map((w) => w.begins).join('|')})[ \\t]`);

/** Whether a path is a Dockerfile. */
export function isDockerfile(path: string): boolean {
  return DOCKERFILE.test(path) && !path.endsWith('.dockerignore') && !path.endsWith('.py');
}

/** Whether a path is a compose file. */
export function isCompose(path: string): boolean {
  return COMPOSE.test(path);
}

/** Whether a path is a Procfile that a platform reads. */
export function isProcfile(path: string): boolean {
  return PROCFILE.test(path) && !path.endsWith('.windows');
}

const kept = new WeakMap<Snapshot, readonly StartCommand[]>();

/** Every start command of the repository, in path order; read once per snapshot. */
export function startCommands(repo: Snapshot): readonly StartCommand[] {
  let known = kept.get(repo);
  if (!known) {
    known = repo.paths.flatMap((path) => {
      const found = commandsOf(repo, path);
      // What nayek made from the facts is no evidence for them.
      return found.length > 0 && isMade(repo.read(path)?.text ?? '') ? [] : found;
    });
    kept.set(repo, known);
  }
  return known;
}

function commandsOf(repo: Snapshot, path: string): StartCommand[] {
  if (isProcfile(path)) return procfile(repo, path);
  if (isDockerfile(path)) return dockerfile(repo, path);
  if (/(?:^|\/)render\.ya?ml$/.test(path)) return yamlCommands(repo, path, ['startCommand', 'dockerCommand'], 'render');
  if (isCompose(path)) return yamlCommands(repo, path, ['command', 'entrypoint'], 'compose');
  if (PLATFORM.test(path)) return lines(repo, path, 'platform');
  if (MAKE.test(path)) return lines(repo, path, 'make');
  if (README.test(path)) return lines(repo, path, 'readme');
  const loaded = UWSGI.test(path) ? uwsgiCommand(repo.read(path)?.text ?? '') : undefined;
  if (loaded) return [command('script', path, loaded.line, loaded.command, dirname(path))];
  return SCRIPT.test(path) ? lines(repo, path, 'script') : [];
}

function command(
  source: CommandSource,
  path: string,
  line: number,
  text: string,
  folder: string,
  process?: string,
): StartCommand {
  return {
    source,
    command: text,
    at: { path, line },
    folder,
    targets: startTargets(text),
    ...(process === undefined ? {} : { process }),
  };
}

function procfile(repo: Snapshot, path: string): StartCommand[] {
  const { lines: processes = [] } = procfileOf(repo, path) ?? {};
  return processes.map(({ type, command: text, line }) => command('procfile', path, line, text, dirname(path), type));
}

/** CMD and ENTRYPOINT, in exec or shell form. */
function dockerfile(repo: Snapshot, path: string): StartCommand[] {
  const out: StartCommand[] = [];
  let entrypoint = '';
  const instructions = dockerfileOf(repo, path) ?? [];
  const folder = copiedFolder(repo, instructions, dirname(path));
  for (const { name, written: body, line } of instructions) {
    if (name !== 'CMD' && name !== 'ENTRYPOINT') continue;
    const exec = execForm(body);
    const written = exec ? words(exec) : body;
    // The arguments of CMD follow the ENTRYPOINT: `ENTRYPOINT ["python"]`, `CMD ["main.py"]`.
    const whole = name === 'CMD' && entrypoint !== '' ? `${entrypoint} ${written}` : written;
    if (name === 'ENTRYPOINT') entrypoint = written;
    const own = command('dockerfile', path, line, written, folder);
    const both = whole === written ? own.targets : [...own.targets, ...startTargets(whole)];
    out.push({ ...own, targets: both });
  }
  return out;
}

/** The one folder whose content is copied to where the image works: `COPY api/ .`; that of the Dockerfile where it is not one. */
function copiedFolder(repo: Snapshot, instructions: readonly Instruction[], home: string): string {
  const stage = lastStage(instructions);
  const works = workdirOf(stage);
  const copied = stage.flatMap((i) => {
    if ((i.name !== 'COPY' && i.name !== 'ADD') || /(?:^|\s)--from=/.test(i.args)) return [];
    const words = execForm(i.args) ?? i.args.split(/\s+/).filter((w) => !w.startsWith('--'));
    const to = (words.at(-1) ?? '').replace(/\/+\.?$/, '');
    return to === '.' || to === '' || to === works
      ? words.slice(0, -1).map((w) => join(home, w.replace(/^\.\//, '').replace(/\/+\.?$/, '')))
      : [];
  });
  const folders = copied.filter((source) => source === home || repo.hasFolder(source));
  const [only] = folders;
  return folders.length === 1 && only !== undefined && !copied.some((c) => c.endsWith('.')) ? only : home;
}

/** Lines with those that end in a backslash joined to the next; comment lines left out. */
function joined(text: string): { readonly line: number; readonly text: string }[] {
  const out: { line: number; text: string }[] = [];
  let open: { line: number; text: string } | undefined;
  text.split(/\r?\n/).forEach((raw, i) => {
    if (/^[ \t]*#/.test(raw)) return;
    const more = raw.endsWith('\\');
    const part = more ? raw.slice(0, -1) : raw;
    if (open) open.text += ` ${part.trim()}`;
    else open = { line: i + 1, text: part };
    if (more) return;
    out.push(open);
    open = undefined;
  });
  if (open) out.push(open);
  return out;
}

/** Joins the words of an exec form so that each stays one word. */
function words(parts: readonly string[]): string {
  return parts.map((p) => (/[\s;&|]/.test(p) ? `'${p.replaceAll("'", '')}'` : p)).join(' ');
}

/** Commands under these keys, each in the folder that the map around it names. */
function yamlCommands(repo: Snapshot, path: string, keys: readonly string[], source: CommandSource): StartCommand[] {
  const found = (yamlDocumentsOf(repo, path) ?? []).flatMap((document) =>
    [...mapsIn(document)].flatMap((map) =>
      map.entries.flatMap(({ key, line, value }) => {
        const said = keys.includes(key) ? spoken(value).trim() : '';
        if (said === '') return [];
        const published = source === 'compose' && field(map, 'ports') ? { published: true as const } : {};
        return [{ ...command(source, path, line, said, contextOf(map, path)), ...published }];
      }),
    ),
  );
  return found.sort((a, b) => a.at.line - b.at.line);
}

function spoken(value: YamlNode): string {
  if (value.kind === 'list') return words(value.items.map((item) => (item.kind === 'scalar' ? spoken(item) : '')));
  return value.kind === 'scalar' ? String(value.value ?? '') : '';
}

/** `rootDir` of a Render service, build context of a compose service. */
function contextOf(owner: YamlNode, path: string): string {
  const build = field(owner, 'build');
  const context = build?.kind === 'map' ? textField(build, 'context') : textField(owner, 'build');
  const folder = (textField(owner, 'rootDir') ?? context ?? '').replace(/^\.\//, '').replace(/\/+$/, '');
  if (folder === '' || folder === '.' || folder.startsWith('/') || folder.startsWith('..')) return dirname(path);
  return join(dirname(path), folder);
}

/** Commands in line-oriented files: only lines that start a Python server or script. */
function lines(repo: Snapshot, path: string, source: CommandSource): StartCommand[] {
  if (repo.matching([path], STARTS).length === 0) return [];
  const text = repo.read(path)?.text ?? '';
  if (text.length > 200_000) return [];
  const out: StartCommand[] = [];
  let folder = dirname(path);
  for (const { line, text: raw } of joined(text)) {
    const move = /^[ \t]*cd[ \t]+["']?([\w./-]+)["']?[ \t]*$/.exec(raw)?.[1];
    if (move) folder = move.startsWith('/') ? dirname(path) : (resolve(dirname(path), move) ?? dirname(path));
    if (!STARTS.test(raw)) continue;
    const written = cleaned(raw, source);
    // A README for Windows writes `python .\main.py`.
    const found = startTargets(source === 'readme' ? written.replace(/\\(?=\w)/g, '/') : written);
    if (found.length > 0 || (source !== 'readme' && WORKER.test(written)))
      out.push({ ...command(source, path, line, written, folder), targets: found });
  }
  return out;
}

/** The command inside `"dev": "uvicorn …",`, `start = "…"`, `run = ["uvicorn", …]`, `ExecStart=…`, `@uvicorn …`. */
function cleaned(raw: string, source: CommandSource): string {
  const line = raw.trim().replace(/^[@-]+/, '');
  const list = source === 'platform' ? /^["']?[\w.-]+["']?[ \t]*[=:][ \t]*\[(.*)\],?$/.exec(line)?.[1] : undefined;
  if (list !== undefined) return words([...list.matchAll(/"([^"]*)"|'([^']*)'/g)].map((m) => m[1] ?? m[2] ?? ''));
  const quoted = /^["']?[\w.:-]+["']?[ \t]*[:=][ \t]*(["'])(.*)\1,?$/.exec(line)?.[2];
  if (quoted !== undefined && source !== 'script') return quoted;
  return line
    .replace(/^(?:[-*$>`]+[ \t]*)+/, '')
    .replace(/`+$/, '')
    .replace(/^(?:ExecStart|command|cmd|entrypoint|CMD|run)[ \t]*[=:][ \t]*/, '');
}
