/** Which candidates the repository itself starts, and from which folder. */
import type { Evidence } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { basename, dirname, distance } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { lineAt, lineStartsOf } from '../syntax/python/lower/expressions.ts';
import type { Candidate } from './candidates.ts';
import { type CommandSource, startCommands } from './commands.ts';
import { isNotDeployed } from './deployed.ts';
import type { StartTarget } from './start-targets.ts';
import { TAKES_IMPORT_STRING, webFiles } from './web-files.ts';

export interface StartEvidence {
  readonly source: CommandSource | 'code';
  readonly weight: number;
  readonly at: Evidence;
  readonly target: StartTarget;
  /** Folder that the import string implies on sys.path; absent for scripts. */
  readonly importRoot?: string;
}

const WEIGHTS: Readonly<Record<CommandSource | 'code', number>> = {
  procfile: 60,
  render: 60,
  dockerfile: 60,
  platform: 50,
  compose: 40,
  script: 30,
  code: 25,
  make: 20,
  readme: 12,
};

/** Visitors come to it. */
const PUBLISHED = 10;

interface Said {
  readonly source: CommandSource | 'code';
  readonly published?: true;
  readonly at: Evidence;
  readonly folder: string;
  readonly target: StartTarget;
}

/** Evidence per candidate, strongest first. A command counts only for the candidates that lie nearest to it. */
export function startEvidence(
  repo: Snapshot,
  modules: ModuleGraph,
  candidates: readonly Candidate[],
): Map<Candidate, StartEvidence[]> {
  const out = new Map<Candidate, StartEvidence[]>();
  const said = [...commandsSaid(repo), ...stringsSaid(repo, modules)];
  for (const { source, at, folder, target, published } of said) {
    const from = target.folder ? under(folder, target.folder) : folder;
    const hits = candidates.flatMap((candidate) => {
      const root = matchedRoot(candidate, target, from);
      return root === undefined ? [] : [{ candidate, ...root, distance: distance(root.near, from) }];
    });
    const nearest = Math.min(...hits.map((h) => h.distance));
    for (const hit of hits) {
      if (hit.distance !== nearest) continue;
      const secondary = /(?:dev|test|ci|local|e2e)/i.test(basename(at.path));
      const weight = WEIGHTS[source] * (target.development || secondary ? 0.6 : 1) + (published ? PUBLISHED : 0);
      const evidence: StartEvidence = {
        source,
        weight,
        at,
        target,
        ...(hit.importRoot === undefined ? {} : { importRoot: hit.importRoot }),
      };
      out.set(
        hit.candidate,
        [...(out.get(hit.candidate) ?? []), evidence].sort((a, b) => b.weight - a.weight),
      );
    }
  }
  return out;
}

function commandsSaid(repo: Snapshot): Said[] {
  return startCommands(repo)
    .filter((c) => !isNotDeployed(c.at.path))
    .flatMap(({ source, at, folder, targets, published }) =>
      targets.map((target) => ({ source, at, folder, target, ...(published ? { published } : {}) })),
    );
}

/** `uvicorn.run("app.main:app")` and the like: import strings in files that name a server. */
function stringsSaid(repo: Snapshot, modules: ModuleGraph): Said[] {
  const files = repo.matching(webFiles(repo, modules), TAKES_IMPORT_STRING);
  return files.flatMap((path) => {
    const text = repo.read(path)?.text ?? '';
    const lineStarts = lineStartsOf(text);
    return [...text.matchAll(/["']([A-Za-z_][\w.]*):([A-Za-z_]\w*)["']/g)].map((m) => ({
      source: 'code' as const,
      at: { path, line: lineAt({ lineStarts }, m.index) },
      folder: dirname(path),
      target: { server: 'uvicorn', module: m[1] ?? '', attr: m[2] ?? '' },
    }));
  });
}

function matchedRoot(
  candidate: Candidate,
  target: StartTarget,
  from: string,
): { readonly near: string; readonly importRoot?: string } | undefined {
  const { script, server, module } = target;
  if (script !== undefined || (server === 'fastapi' && !module)) return scriptRoot(candidate.path, script, from);
  if (!module || !isNamed(candidate, target)) return undefined;
  const relative = module.replaceAll('.', '/');
  const files = server === 'python' ? ['/__main__.py', '.py'] : ['.py', '/__init__.py'];
  for (const file of files) {
    const root = beforeSuffix(candidate.path, `${relative}${file}`);
    if (root !== undefined) return { near: root, importRoot: root };
  }
  return undefined;
}

/** Without a script, `fastapi run` looks for one of its own. */
function scriptRoot(path: string, script: string | undefined, from: string): { readonly near: string } | undefined {
  const scripts = script ? [script.replace(/^\.\//, '')] : ['main.py', 'app.py', 'api.py', 'app/main.py'];
  for (const file of scripts) {
    const name = basename(file);
    const root = beforeSuffix(path, file) ?? (file.startsWith('/') ? beforeSuffix(path, name) : undefined);
    if (root !== undefined && (script || root === from)) return { near: root };
  }
  return undefined;
}

/** True where the target names the candidate, or says nothing; what is `application` to flask may be called `app`. */
function isNamed({ attr }: Candidate, target: StartTarget): boolean {
  if (!target.attr || target.attr === attr) return true;
  return target.attr === 'application' && attr === 'app' && target.server === 'flask';
}

/** The folder before `suffix`, when the path ends in it at a boundary. */
function beforeSuffix(path: string, suffix: string): string | undefined {
  if (path === suffix) return '';
  return path.endsWith(`/${suffix}`) ? path.slice(0, -suffix.length - 1) : undefined;
}

function under(folder: string, move: string): string {
  if (move.startsWith('/')) return folder;
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of move.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
