/** Files that pydantic settings look for when the service starts, and that no checkout holds. */
import type { AlembicConfig, Service } from '../../model/facts.ts';
import { externalName } from '../../python/definition.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { type Place, placeIn } from '../../python/place.ts';
import { meaningOf } from '../../python/values.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { AssignStmt, ClassStmt, Expr, Stmt } from '../../syntax/python/ast.ts';
import { descend, dotted, keyword, lastName, positional, stringValue } from '../../syntax/python/walk.ts';
import { literally } from '../../system/pattern.ts';
import { say } from '../../system/say.ts';
import { callsAtImport, callsAtStart, type RunningCall } from '../at-import.ts';
import { deploymentFiles } from '../deployment-files.ts';
import { lineage, type SettingsClass } from '../environment/settings-classes.ts';
import { filePath } from '../file-paths.ts';
import type { Note } from './note.ts';
import { isMade } from './opened-files.ts';

/** https://docs.pydantic.dev/latest/api/types/#pydantic.types.FilePath */
const TYPES = /^pydantic\.(?:types\.)?(FilePath|DirectoryPath)$/;
/** What takes values from elsewhere, or leaves defaults as they are. */
const OTHERWISE = /customi[sz]e_sources|validate_all|validate_default|def __init__|secrets_dir/;

/** What else sets variables where it is deployed. */
const SETS = /(?:^|\/)(?:fly\.toml|app\.json|[\w-]*\.env(?!\.(?:example|sample|template|dist))[\w.-]*)$/;

/**
 * One note for each field. Settings validate their defaults, unlike models:
 * https://docs.pydantic.dev/latest/concepts/pydantic_settings/#validation-of-default-values and, of pydantic 1,
 * https://docs.pydantic.dev/1.10/usage/settings/ (`validate_all`).
 */
export function settingsFiles(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  found: { readonly files: readonly string[]; readonly alembic: readonly AlembicConfig[] },
): Note[] {
  if (repo.matching(found.files, /\b(?:File|Directory)Path\b/).length === 0) return [];
  const env = found.alembic.find((c) => c.path === service.migrations?.config)?.env?.path;
  const calls = [
    ...callsAtStart(modules, service.entry),
    ...(env === undefined || service.migrations?.command.startsWith('cd ') ? [] : callsAtImport(modules, env)),
  ];
  const out = new Map<Stmt, Note>();
  for (const call of calls) {
    for (const { field, name, type, path, at } of wanted(modules, call)) {
      const there = filePath(at, field.expr, service.root);
      if (there === undefined || out.has(field.stmt) || repo.has(there) || repo.hasFolder(there)) continue;
      if (isMade(repo, modules, service, there) || isSet(repo, service, { path, line: field.stmt.line })) continue;
      const { line } = field.stmt;
      const variable = service.env.find((v) => v.at.path === path && v.at.line === line)?.name;
      const other = variable === undefined ? '' : say`, or set ${variable} to one that is there`;
      const text = say`${there} must be there when the service starts: ${name} is a ${type} of settings that are made then (${call.path}:${call.expr.line}), and no checkout holds it. Add it to the repository, or let the build command make it${other}.`;
      out.set(field.stmt, { text, at: { path, line }, stops: true });
    }
  }
  return [...out.values()];
}

interface Wanted {
  readonly field: { readonly stmt: AssignStmt; readonly expr: Expr };
  readonly name: string;
  readonly type: string;
  readonly path: string;
  readonly at: Place;
}

/** Fields with a path for a default, of the settings that a call without arguments makes. */
function wanted(modules: ModuleGraph, call: RunningCall): Wanted[] {
  if (call.expr.args.length > 0) return [];
  const made = meaningOf(placeIn(call), call.expr.func);
  if (made?.kind !== 'class') return [];
  const line: SettingsClass[] = [];
  if (!lineage(modules, made, line) || line.some((c) => OTHERWISE.test(textOf(modules, c)))) return [];
  const checked = line.flatMap(({ stmt }) => stmt.body.flatMap(validated));
  if (checked.includes('*')) return [];
  const seen = new Set<string>(checked);
  return line.flatMap(({ path, stmt: owner }) => {
    const at: Place = { modules, path, around: [owner] };
    return owner.body.flatMap((stmt) => {
      const one = fieldOf(at, stmt);
      if (!one || seen.has(one.name)) return [];
      seen.add(one.name);
      return one.type === undefined ? [] : [{ ...one, type: one.type, path, at }];
    });
  });
}

function textOf(modules: ModuleGraph, { path, stmt }: { readonly path: string; readonly stmt: ClassStmt }): string {
  return modules.module(path)?.text.slice(stmt.start, stmt.end) ?? '';
}

/** Names of the fields that a validator may change; '*' for all of them. */
function validated(stmt: Stmt): string[] {
  if (stmt.kind !== 'function') return [];
  return stmt.decorators.flatMap((d) => {
    const name = lastName(d.kind === 'call' ? d.func : d);
    if (name !== undefined && /^(?:root|model)_validator$/.test(name)) return ['*'];
    if (name === undefined || !/validator$/.test(name)) return [];
    return d.kind === 'call' ? positional(d).map((e) => stringValue(e) ?? '*') : ['*'];
  });
}

function fieldOf(at: Place, stmt: Stmt): (Omit<Wanted, 'type' | 'path' | 'at'> & { type?: string }) | undefined {
  const [target] = stmt.kind === 'assign' ? stmt.targets : [];
  if (stmt.kind !== 'assign' || target?.kind !== 'name') return undefined;
  const { value, annotation } = stmt;
  const info = value?.kind === 'call' && lastName(value.func) === 'Field' ? value : undefined;
  const expr = info ? (keyword(info, 'default') ?? positional(info)[0]) : value;
  const type = expr && annotation ? typeOf(at, annotation) : undefined;
  if (!expr || type === undefined) return { name: target.id, field: { stmt, expr: target } };
  return { name: target.id, field: { stmt, expr }, type };
}

/** 'FilePath', also where it may be None as well. */
function typeOf(at: Place, annotation: Expr): string | undefined {
  const names = [...descend(annotation)].flatMap((e) => {
    if (e.kind !== 'name' && e.kind !== 'attribute') return [];
    return dotted(e) === undefined ? [] : [externalName({ ...at, around: [] }, e) ?? dotted(e) ?? ''];
  });
  const types = names.flatMap((name) => TYPES.exec(name)?.[1] ?? []);
  const others = names.filter(
    (name) => !TYPES.test(name) && !/^(?:typing(?:_extensions)?(?:\.Optional)?|pydantic(?:\.types)?)$/.test(name),
  );
  return types.length === 1 && others.length === 0 ? types[0] : undefined;
}

/** Something that is deployed sets the variable, to whatever it is. */
function isSet(repo: Snapshot, { env }: Service, at: { readonly path: string; readonly line: number }): boolean {
  const names = env.filter((v) => v.at.path === at.path && v.at.line === at.line).map((v) => literally(v.name));
  if (names.length === 0) return false;
  return repo.matching(deploymentFiles(repo, SETS), new RegExp(`\\b(?:${names.join('|')})\\b`)).length > 0;
}
