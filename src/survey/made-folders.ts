/** Which folders the program makes by itself before, or while, it is imported. */
import type { Service } from '../model/facts.ts';
import { definitionOf } from '../python/definition.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Place } from '../python/place.ts';
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

/** What must be called for a place to run, and whether by its own name: else it is a method of some object. */
interface Callee {
  readonly name: string;
  readonly stmt: Stmt;
  readonly own: boolean;
}

/** True unless the place lies in a function that nothing calls which runs at import, nor what calls it. */
function mayRun(repo: Snapshot, modules: ModuleGraph, files: readonly string[], around: readonly Stmt[]): boolean {
  const seen = new Set<Stmt>();
  const open = [calleeAround(around)];
  while (open.length > 0) {
    const callee = open.pop();
    if (!callee) return true;
    if (seen.has(callee.stmt)) continue;
    seen.add(callee.stmt);
    const word = wordOf(new Set([callee.name]));
    for (const path of repo.matching(files, word)) {
      for (const { call, around: above } of calls(modules.module(path)?.body ?? [], word)) {
        if (mayCall({ modules, path, around: above }, call, callee)) open.push(calleeAround(above));
      }
    }
  }
  return false;
}

/** Builtins and the like that call what they are given; a framework keeps it for later. */
const CALLS = /^(?:map|filter|sorted|reduce|starmap)$/;

/** By the definition where the name has one, also as what another call is given; a method by its name alone. */
function mayCall(place: Place, { func, args }: CallExpr, { name, stmt, own }: Callee): boolean {
  const given = args.map(({ value }) => (lastName(value) === name ? definitionOf(place, value) : undefined));
  const found = definitionOf(place, func);
  const passes = CALLS.test(lastName(func)) || found?.kind === 'function' || found?.kind === 'class';
  if (passes && given.some((one) => one?.kind === 'function' && one.stmt === stmt)) return true;
  if (found?.kind === 'function' || found?.kind === 'class') return found.stmt === stmt;
  return found === undefined && lastName(func) === name && own === (func.kind === 'name');
}

/** Undefined for what runs with the module, or when Django has started. */
function calleeAround(around: readonly Stmt[]): Callee | undefined {
  const outer = around.find((s) => s.kind === 'function' || s.kind === 'class');
  if (outer?.kind === 'function') return { name: outer.name, stmt: outer, own: true };
  const method = around.find((s) => s.kind === 'function');
  if (outer?.kind !== 'class' || method?.kind !== 'function' || method.name === 'ready') return undefined;
  const made = /^__(?:init|new|post_init|call)__$/.test(method.name);
  return made ? { name: outer.name, stmt: outer, own: true } : { name: method.name, stmt: method, own: false };
}
