/** Programs that are the application themselves: run by their framework's own program, or by the call at their end. */
import { type Makes, SCRIPTS, type Script } from '../knowledge/frameworks.ts';
import { isDeployedBy } from '../knowledge/server-calls.ts';
import type { Evidence } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import type { Stmt } from '../syntax/python/ast.ts';
import { absoluteModules, calls } from '../syntax/python/walk.ts';
import { type Application, MAKES_APPLICATION } from './applications.ts';
import type { Candidate } from './candidates.ts';
import { isNotDeployed } from './deployed.ts';
import { importedAt } from './executed.ts';
import { reachOf } from './launch-paths.ts';
import { type ServerCall, STARTS_SERVER, servedApplication, serverCall, serverNames } from './server-calls.ts';

/** One for each file, of the first row of the frameworks that it fits; a file that another one imports is part of that. */
export function findScripts(repo: Snapshot, modules: ModuleGraph): Candidate[] {
  const out = new Map<string, Candidate>();
  for (const [framework, script] of SCRIPTS) {
    const word = script.imports ?? framework;
    const deployed = modules.files.filter((file) => !isNotDeployed(file) && !script.part?.test(file));
    const files = repo.matching(deployed, new RegExp(`\\b${word}\\b`));
    for (const path of [...files, ...callersOf(repo, modules, deployed, script.imports ? [] : files)]) {
      const found = out.has(path) ? undefined : placeOf(repo, modules, path, script);
      // What it speaks is its own server's affair.
      if (found) add(out, found, { framework, interface: 'asgi' });
    }
  }
  if (out.size === 0) for (const found of localApplications(repo, modules)) add(out, found, found.makes);
  const parts = new Set([...out.keys()].flatMap((path) => importsOf(modules, path)));
  const whole = [...out.values()].filter(({ path }) => !parts.has(path));
  return whole.length > 0 ? whole : [...out.values()];
}

/** Files that start what another one makes: `from dashboard import app`, `app.run()`. */
function callersOf(repo: Snapshot, modules: ModuleGraph, all: readonly string[], makers: readonly string[]): string[] {
  const made = new Set(makers);
  const others = made.size === 0 ? [] : all.filter((file) => !made.has(file));
  return repo.matching(others, STARTS_SERVER).filter((file) => importsOf(modules, file).some((one) => made.has(one)));
}

/** A file that is run, and the place in it or in one that it imports that tells. */
interface Program {
  readonly file: string;
  readonly at: Evidence;
}

function add(out: Map<string, Candidate>, { file, at }: Program, { framework, interface: spoken }: Makes): void {
  if (out.has(file) || file.endsWith('/__init__.py')) return;
  const app = { framework, interface: spoken, identity: `${file}:`, path: file, wrapped: 0 } as const;
  out.set(file, { path: file, attr: '', kind: 'script', app, at });
}

function placeOf(repo: Snapshot, modules: ModuleGraph, path: string, script: Script): Program | undefined {
  const module = modules.module(path);
  if (!module) return undefined;
  if (script.imports !== undefined) {
    const found = module.body.find((stmt) => imports(stmt, script.imports ?? ''));
    return found && { file: path, at: { path, line: found.line } };
  }
  return serverCalls(repo, modules, path).find(({ server }) => server === script.call);
}

/** Applications that no module holds: made within a function that also starts their server. */
function localApplications(repo: Snapshot, modules: ModuleGraph): (Program & { readonly makes: Makes })[] {
  const files = modules.files.filter((file) => !isNotDeployed(file));
  return repo.matching(repo.matching(files, MAKES_APPLICATION), STARTS_SERVER).flatMap((path) =>
    serverCalls(repo, modules, path).flatMap(({ server, app, ...program }) => {
      const made = isDeployedBy(server) ? app() : undefined;
      return made ? [{ ...program, makes: made }] : [];
    }),
  );
}

interface Started extends Program {
  readonly server: ServerCall['server'];
  /** What it serves, worked out when it is asked for. */
  readonly app: () => Application | undefined;
}

/** Calls of a file that start a server when a file of the repository is run. */
function serverCalls(repo: Snapshot, modules: ModuleGraph, path: string): Started[] {
  const module = modules.module(path);
  if (!module) return [];
  return calls(module.body, serverNames(module)).flatMap(({ call, around }) => {
    const place = { modules, path, around };
    const found = serverCall(place, call);
    const file = found && reachOf(repo, place)?.file;
    if (!found || file === undefined) return [];
    const app = () => servedApplication(place, found.served, []);
    return [{ file, at: { path, line: call.line }, server: found.server, app }];
  });
}

function imports(stmt: Stmt, name: string): boolean {
  return absoluteModules(stmt).some((module) => module === name || module.startsWith(`${name}.`));
}

function importsOf(modules: ModuleGraph, path: string): string[] {
  return (modules.module(path)?.body ?? []).flatMap((stmt) => {
    const known = stmt.kind === 'import' || stmt.kind === 'from' ? importedAt(modules, path, stmt) : [];
    return known.filter((file) => file !== path);
  });
}
