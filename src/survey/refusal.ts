/** Repositories that are not something to patch, and why. */
import type { Evidence, Refusal, Service } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { say } from '../system/say.ts';
import { MAKES_APPLICATION } from './applications.ts';
import { findBot } from './bots.ts';
import { findCandidates } from './candidates.ts';
import { isAside } from './deployed.ts';
import { importRoots } from './import-root.ts';
import { isImportable } from './importable.ts';

/** Names of files that make a folder a project template. */
const TEMPLATE_FILE = /(?:^|\/)(?:cookiecutter\.json|copier\.ya?ml)$/;

/**
 * The reason for which nothing can be done, or undefined. A template is refused only when the application lies in the
 * folder that is rendered: a normal repository may hold templates of other things.
 */
export function findRefusal(
  repo: Snapshot,
  modules: ModuleGraph,
  services: () => readonly Service[],
): Refusal | undefined {
  if (repo.paths.length === 0) {
    return { kind: 'empty', reason: say`The folder holds no files; give the folder of a Python web repository.` };
  }
  const jinja = repo.paths.filter((p) => p.endsWith('.py.jinja') || p.endsWith('.py.jinja2') || p.endsWith('.py.j2'));
  if (modules.files.length === 0 && jinja.length === 0) {
    return { kind: 'no-python', reason: say`No Python file was found; nayek patches Python web services only.` };
  }
  if (services().length > 0) return undefined;
  const template = templateFolder(repo, modules, jinja);
  if (template) {
    return {
      kind: 'template',
      reason: say`The service lies in ${template}, which is a project template; render it first (cookiecutter, copier) and patch the generated project.`,
    };
  }
  const bot = findBot(repo, modules);
  if (bot) {
    return {
      kind: 'no-service',
      reason: say`No web application was found: ${bot.path} runs a bot or a consumer (line ${String(bot.line)}), which listens on no port. It is a background worker: \`worker: python ${bot.path}\` in a Procfile, or a service of type worker with that start command on Render.`,
    };
  }
  const closed = unimportable(repo, modules);
  if (closed) {
    return {
      kind: 'no-service',
      reason: say`${closed.path} makes a web application (line ${String(closed.line)}), and no server can import it by its name: rename the file, or the package of the same name beside it.`,
    };
  }
  return {
    kind: 'no-service',
    reason: say`No web application (FastAPI, Flask, Django, Starlette, …) that a server could start was found${unread(repo, modules)}`,
  };
}

/** An application at the top of a file whose name no server can import. */
function unimportable(repo: Snapshot, modules: ModuleGraph): Evidence | undefined {
  const { candidates, mounted } = findCandidates(repo, modules);
  return candidates.find(
    ({ kind, path, app }) =>
      kind === 'instance' &&
      app.framework !== 'django' &&
      !mounted.has(app.identity) &&
      !isAside(path) &&
      importRoots(repo, modules, path).every((r) => !isImportable(repo, path, r.folder, r.module)),
  )?.at;
}

/** Files that may hold the application and could not be understood. */
function unread(repo: Snapshot, modules: ModuleGraph): string {
  const broken = modules.broken.map(({ path, line }) => say`${path} does not parse (line ${line})`);
  const closed = repo.skipped.filter((s) => s.path.endsWith('.py')).map((s) => `${s.path} ${s.reason}`);
  const [first, ...more] = [...broken, ...closed];
  if (first === undefined) return '.';
  return `: ${first}${more.length > 0 ? say` (and ${more.length} more)` : ''}.`;
}

/** The folder or file below which an application waits to be rendered. */
function templateFolder(repo: Snapshot, modules: ModuleGraph, jinja: readonly string[]): string | undefined {
  const rendered = modules.files.filter((p) => p.includes('{{') || p.includes('{%'));
  const inFolder = repo.matching(rendered, MAKES_APPLICATION)[0];
  if (inFolder) return inFolder.split('/').find((part) => part.includes('{{') || part.includes('{%'));
  const asTemplate = repo.matching(jinja, MAKES_APPLICATION)[0];
  if (asTemplate) return asTemplate;
  if (!repo.paths.some((p) => TEMPLATE_FILE.test(p))) return undefined;
  const marked = repo.matching(modules.files, /\{\{[ \t]*(?:cookiecutter|copier|_copier|project)\w*/);
  return repo.matching(marked, MAKES_APPLICATION)[0];
}
