/** Which folders the program makes by itself before, or while, it is imported. */
import type { Service } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { sites } from '../python/sites.ts';
import { basename } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { CallExpr, Expr, Stmt } from '../syntax/python/ast.ts';
import { wordOf } from '../syntax/python/needle.ts';
import { calls, lastName, positional } from '../syntax/python/walk.ts';
import { filePath } from './file-paths.ts';
import { platformCommands } from './notes/platform-commands.ts';

const MAKES = /\bmakedirs\b|\bmkdir\b/;
/** What fills a folder that it makes. */
const FILLS = /\b(?:copytree|extractall|unpack_archive|clone_from|snapshot_download)\b/;

/**
 * False where nothing makes a folder (path from the repository's root) before the program needs it, as far as calls are
 * followed: a call whose folder is not certain may make any, and one in a function counts where its name is called.
 * https://docs.python.org/3/library/os.html#os.makedirs
 */
export function mayMakeFolder(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  files: readonly string[],
  folder: string,
): boolean {
  if (commandMakes(repo, service)) return true;
  if (repo.matching(files, FILLS).length > 0) return true;
  return repo.matching(files, MAKES).some((path) => {
    const made = sites(modules, path, isMaking, MAKES);
    // `subprocess.run("mkdir -p data")`, a call under another name.
    if (made.length === 0) return true;
    return made.some((site) => {
      const target = site.expr.kind === 'call' ? targetOf(site.expr) : undefined;
      const path = target && filePath(site, target, service.root);
      const other = path !== undefined && path !== folder && !path.startsWith(`${folder}/`);
      return !other && mayRun(repo, modules, files, site.around);
    });
  });
}

/** A command of the platform, or a script that it names. */
function commandMakes(repo: Snapshot, service: Service): boolean {
  const texts = platformCommands(repo, service).map(({ text }) => text);
  if (texts.some((text) => MAKES.test(text))) return true;
  const scripts = repo.paths.filter((p) => /\.sh$|(?:^|\/)bin\/p(?:re|ost)_compile$/.test(p));
  const named = scripts.filter((p) => !p.endsWith('.sh') || texts.some((text) => text.includes(basename(p))));
  return repo.matching(named, MAKES).length > 0;
}

function isMaking(expr: Expr): boolean {
  return expr.kind === 'call' && /^(?:makedirs|mkdir)$/.test(lastName(expr.func));
}

/** `os.makedirs(folder)`, `folder.mkdir()` */
function targetOf(call: CallExpr): Expr | undefined {
  const { func } = call;
  const [first] = positional(call);
  if (func.kind !== 'attribute' || func.attr === 'makedirs') return first;
  return func.value.kind === 'name' && func.value.id === 'os' ? first : func.value;
}

/** True unless the place lies in a function whose name nothing calls that runs at import, nor what calls it. */
function mayRun(repo: Snapshot, modules: ModuleGraph, files: readonly string[], around: readonly Stmt[]): boolean {
  const seen = new Set<string>();
  const open = [calledAs(around)];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === '') return true;
    if (seen.has(name)) continue;
    seen.add(name);
    const word = wordOf(new Set([name]));
    for (const path of repo.matching(files, word)) {
      for (const { call, around: above } of calls(modules.module(path)?.body ?? [], word)) {
        if (lastName(call.func) === name) open.push(calledAs(above));
      }
    }
  }
  return false;
}

/** The name by which what stands there is called; '' for what runs with the module, or when Django has started. */
function calledAs(around: readonly Stmt[]): string {
  const outer = around.find((s) => s.kind === 'function' || s.kind === 'class');
  if (outer?.kind === 'function') return outer.name;
  if (outer?.kind !== 'class') return '';
  const method = around.find((s) => s.kind === 'function');
  if (method?.kind !== 'function' || method.name === 'ready') return '';
  return /^__(?:init|new|post_init|call)__$/.test(method.name) ? outer.name : method.name;
}
