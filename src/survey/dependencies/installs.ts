/** What the repository's own build commands install: Dockerfiles, render.yaml, build scripts, CI. */
import { type ManagerId, type NamedTool, tools } from '../../knowledge/managers.ts';
import type { ServiceSeed } from '../../model/facts.ts';
import { basename, dirname, isWithin, join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { yamlOf } from '../../syntax/documents.ts';
import { textField } from '../../syntax/yaml.ts';
import { blueprintServices, rootDirOf } from '../blueprint.ts';
import { copies, type Dockerfile, findDockerfiles } from './dockerfiles.ts';

export interface SaidInstall {
  /** Requirement files named by one command, as written but with copies led back to their source. */
  readonly files: readonly string[];
  /** Extras of the project itself (`pip install .[prod]`); undefined when the project itself is not installed. */
  readonly extras?: readonly string[];
  /** Dependency groups of pyproject.toml (`pip install --group main`). https://pip.pypa.io/en/stable/user_guide/#dependency-groups */
  readonly groups?: readonly string[];
  /** The tool that installs from its own project file. */
  readonly tool?: ManagerId;
  /** Higher is nearer to what is deployed. */
  readonly weight: number;
}

const SCRIPT = /(?:^|\/)(?:render-)?(?:build|install|setup|deploy|start|run)[^/]*\.sh$/;
const OTHERS =
  /(?:^|\/)(?:render\.ya?ml|nixpacks\.toml|railway\.(?:json|toml)|app\.ya?ml|Makefile|apprunner\.yaml)$|^\.github\/workflows\/[^/]+\.ya?ml$|^\.gitlab-ci\.yml$/;
const installs = (tool: NamedTool): string => `${tool.id}\\s+(?:${tool.installs.join('|')})\\b`;
/** A command that installs a project by its own tool. */
const BY_TOOL: readonly { readonly id: ManagerId; readonly form: RegExp }[] = tools.map((tool) => ({
  id: tool.id,
  form: new RegExp(`\\b${installs(tool)}`),
}));
const NEEDLE = new RegExp(`pip3? +install|${tools.map(installs).join('|')}`);

/** SaidInstall commands that concern the service, best evidence first. */
export function findInstalls(repo: Snapshot, seed: ServiceSeed): SaidInstall[] {
  const out: SaidInstall[] = [];
  for (const [order, file] of findDockerfiles(repo, seed).entries())
    out.push(...fromDockerfile(file, order === 0 ? 10 : 6));
  const others = repo.matching(
    repo.paths.filter((p) => OTHERS.test(p) || SCRIPT.test(p)),
    NEEDLE,
  );
  for (const path of others) {
    const text = path.endsWith('render.yaml') ? ofService(repo, path, seed) : (repo.read(path)?.text ?? '');
    const weight = weightOf(path);
    for (const line of text.replace(/\\\r?\n/g, ' ').split('\n')) {
      if (!/^\s*#/.test(line)) out.push(...fromCommands(line, weight));
    }
  }
  return out.sort((a, b) => b.weight - a.weight);
}

function weightOf(path: string): number {
  if (path.endsWith('render.yaml')) return 12;
  return path.startsWith('.github/') ? 2 : path.endsWith('.sh') ? 5 : 3;
}

/** The build commands of a blueprint, without those of services that lie in other folders. */
function ofService(repo: Snapshot, path: string, seed: ServiceSeed): string {
  const parsed = yamlOf(repo, path);
  if (!parsed?.ok) return repo.read(path)?.text ?? '';
  const all = blueprintServices(parsed.root);
  const own = all.filter((s) => isWithin(seed.root, join(dirname(path), rootDirOf(s))));
  const commands = ['buildCommand', 'preDeployCommand', 'startCommand'];
  return (own.length > 0 ? own : all).flatMap((s) => commands.map((key) => textField(s, key) ?? '')).join('\n');
}

function fromDockerfile(file: Dockerfile, weight: number): SaidInstall[] {
  const renamed = new Map<string, string>();
  for (const { sources, to } of copies(file.instructions)) {
    const [source] = sources;
    if (sources.length !== 1 || source === undefined || !/\.(?:txt|in)$/.test(source)) continue;
    const target = /\.(?:txt|in)$/.test(to) ? basename(to) : basename(source);
    renamed.set(target, source.replace(/^(?:\.?\/)+/, ''));
  }
  return file.instructions
    .filter((i) => i.name === 'RUN')
    .flatMap((i) => fromCommands(i.args, weight))
    .map((install) => ({ ...install, files: install.files.map((f) => renamed.get(basename(f)) ?? f) }));
}

function fromCommands(text: string, weight: number): SaidInstall[] {
  return text.split(/&&|\|\||;|\|/).flatMap((command) => {
    const tool = BY_TOOL.find(({ form }) => form.test(command))?.id;
    return tool ? [{ files: [], tool, weight }] : pipInstall(command.trim().split(/\s+/), weight);
  });
}

/** `pip install -r requirements.txt .[prod] --group main` */
function pipInstall(words: readonly string[], weight: number): SaidInstall[] {
  const at = words.findIndex((w, i) => w === 'install' && /(?:^|\/)(?:pip[\d.]*)$/.test(words[i - 1] ?? ''));
  if (at === -1) return [];
  const files: string[] = [];
  const groups: string[] = [];
  let extras: string[] | undefined;
  for (let i = at + 1; i < words.length; i++) {
    const word = unquoted(words[i]);
    const attached = /^(?:--requirement=|-r)(.+)$/.exec(word)?.[1];
    if (word === '-r' || word === '--requirement') files.push(unquoted(words[++i]));
    else if (attached) files.push(unquoted(attached));
    const group = word === '--group' ? unquoted(words[++i]) : /^--group=(.+)$/.exec(word)?.[1];
    if (group) groups.push(unquoted(group).replace(/^.*:/, ''));
    const own = /^\.\/?(?:\[([^\]]*)\])?$/.exec(word);
    if (own) extras = (own[1] ?? '').split(',').flatMap((e) => e.trim() || []);
  }
  if (files.length === 0 && !extras && groups.length === 0) return [];
  return [{ files, ...(extras ? { extras } : {}), ...(groups.length > 0 ? { groups } : {}), weight }];
}

function unquoted(word = ''): string {
  return word.replace(/^["']|["']$/g, '');
}
