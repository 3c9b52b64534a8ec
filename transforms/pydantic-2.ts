/**
 * Code for pydantic 1 in the form of 2, where what is installed may be 2 already: settings of a library of their own,
 * validators, Config, fields that may be None. All of a repository, or nothing: one version is installed.
 * https://docs.pydantic.dev/latest/migration/
 */
import { oneMore } from '../src/lists/one-more.ts';
import type { Evidence, Facts } from '../src/model/facts.ts';
import type { Part } from '../src/model/transform.ts';
import { externalName } from '../src/python/definition.ts';
import type { ModuleGraph } from '../src/python/modules.ts';
import { placeIn, topOf } from '../src/python/place.ts';
import type { Snapshot } from '../src/repo/snapshot.ts';
import { admitsFrom } from '../src/survey/dependencies/versions.ts';
import { isNotDeployed } from '../src/survey/deployed.ts';
import { type Edit, lineEnding, lineOf } from '../src/syntax/edit.ts';
import type { CallExpr, PythonModule } from '../src/syntax/python/ast.ts';
import { calls } from '../src/syntax/python/walk.ts';
import { say } from '../src/system/say.ts';
import { mendedBy } from './handlers/rewritten.ts';
import { importEdits } from './pydantic-2/imports.ts';
import { bareField, configOf, defaultsOf, modelsIn, validatorOf } from './pydantic-2/models.ts';
import { words } from './pydantic-2/words.ts';

/** Only version 2 has these. */
const NEW =
  /\b(?:pydantic_settings|field_validator|model_validator|ConfigDict|TypeAdapter|computed_field|field_serializer|model_serializer|RootModel|model_config|from_attributes|populate_by_name|json_schema_extra|str_strip_whitespace)\b/;
/** Whose new form takes more than an edit. */
const OTHER =
  /\b(?:root_validator|GenericModel|__root__|parse_raw_as|parse_obj_as|validate_arguments|conlist|conset|min_items|max_items|unique_items|each_item|allow_mutation)\b|\bconst\s*=|\bpydantic\.(?:generics|error_wrappers|utils|class_validators|env_settings|typing|schema|validators|BaseSettings|validator)\b/;
const OLD = /\bBaseSettings\b|\bvalidator\b|\bclass Config\b|\bregex\s*=/;

export const pydantic2: Part = {
  id: 'pydantic-2',
  summary: 'Code for pydantic 1 takes the form of 2, where 2 is what an install may bring.',
  severity: 'important',
  words,
  source: 'https://docs.pydantic.dev/latest/migration/',
  options: {},
  anywhere: true,
  plan(repo, facts, _, chosen) {
    const { modules } = facts;
    const files = repo.matching(modules.files, /\bpydantic\b/).filter((path) => !isNotDeployed(path));
    if (repo.matching(files, NEW).length > 0)
      return [{ kind: 'satisfied', reason: say`the code is for pydantic 2`, at: [] }];
    const old = repo.matching(files, new RegExp(`${OLD.source}|${OTHER.source}`));
    if (old.length === 0) return [{ kind: 'satisfied', reason: say`nothing is of pydantic 1 alone`, at: [] }];
    const kept = keptBelow(facts);
    if (kept) return [{ kind: 'skipped', reason: say`${kept} keeps pydantic below 2: raise it first`, at: [] }];
    // What was planned together would be the new form with the old version.
    if (chosen?.has('requirements') && facts.services.some((s) => s.needs.some((n) => n.name === 'pydantic'))) {
      return [
        { kind: 'skipped', reason: say`requirements keeps pydantic below 2: take \`--only pydantic-2\``, at: [] },
      ];
    }
    const made = migrated(repo, facts, files);
    if ('why' in made) return [{ kind: 'manual', reason: made.why, at: [made.at] }];
    const at = Object.keys(made.edits).map((path) => ({ path, line: 1 }));
    const warnings = [say`pydantic 2 is stricter: it takes no number for a text`];
    return [
      {
        kind: 'edits',
        reason: say`the code is for pydantic 2`,
        at,
        edits: made.edits,
        warnings,
        mends: mendedBy(facts, 'pydantic-2'),
      },
    ];
  },
};

/** The requirement that keeps pydantic 1. */
function keptBelow({ services }: Facts): string | undefined {
  const floors: Readonly<Record<string, string>> = { pydantic: '2', fastapi: '0.100' };
  const found = services
    .flatMap((s) => s.dependencies?.requirements ?? [])
    .find((r) => floors[r.name] !== undefined && !admitsFrom(r.specifier, floors[r.name] ?? ''));
  return found && `${found.name}${found.specifier}`;
}

type Migrated = { readonly edits: Record<string, readonly Edit[]> } | { readonly why: string; readonly at: Evidence };

function migrated(repo: Snapshot, facts: Facts, files: readonly string[]): Migrated {
  const edits: Record<string, readonly Edit[]> = {};
  let settings = false;
  for (const path of files) {
    const module = facts.modules.module(path);
    if (!module || module.seenErrors) return { why: say`${path} does not parse`, at: { path, line: 1 } };
    const { text } = module;
    const other = OTHER.exec(text);
    if (other) return { why: say`${other[0]} takes more than an edit`, at: { path, line: lineOf(text, other.index) } };
    const made = fileEdits(facts, path);
    if (typeof made === 'string') return { why: say`${path}: ${made}`, at: { path, line: 1 } };
    if (made.length > 0) edits[path] = made;
    settings ||= /\bBaseSettings\b/.test(text);
  }
  if (!settings) return { edits };
  const [service, more] = facts.services;
  const { dependencies } = service ?? {};
  const why = say`pydantic-settings must be added to what is installed`;
  if (!dependencies || more || dependencies.locks.length > 0) return { why, at: { path: files[0] ?? '', line: 1 } };
  const added = oneMore(repo, dependencies, 'pydantic-settings', ['pydantic', 'fastapi']);
  return added ? { edits: { ...edits, ...added } } : { why, at: dependencies.at };
}

interface Rewritten {
  readonly edits: readonly Edit[];
  /** What must be imported from pydantic. */
  readonly names: readonly string[];
}

function fileEdits({ modules }: Facts, path: string): readonly Edit[] | string {
  const module = modules.module(path);
  if (!module) return [];
  const { text } = module;
  const models = modelEdits(modules, path, module);
  if (typeof models === 'string') return models;
  const uses = callEdits(modules, path, module);
  if (typeof uses === 'string') return uses;
  const { validators } = uses;
  // The import and the decorators are all that may name it.
  if ((text.match(/\bvalidator\b/g)?.length ?? 0) !== (validators > 0 ? validators + 1 : 0))
    return say`validator is used in another way`;
  const gone = new Set(validators > 0 ? ['validator'] : []);
  const imports = importEdits(module, gone, new Set([...models.names, ...uses.names]));
  return typeof imports === 'string' ? imports : [...imports, ...models.edits, ...uses.edits];
}

/** The bodies of models: their configuration, and defaults that 2 asks for. */
function modelEdits(modules: ModuleGraph, path: string, module: PythonModule): Rewritten | string {
  const { text } = module;
  const edits: Edit[] = [];
  const names: string[] = [];
  for (const model of modelsIn(modules, path, module)) {
    const bare = bareField(model);
    if (bare !== undefined) return say`${model.cls.name}.${bare} has no annotation, which pydantic 2 demands`;
    const config = configOf(text, model);
    if (typeof config === 'string') return config;
    edits.push(...config.edits, ...defaultsOf(text, model));
    names.push(...config.names);
  }
  return { edits, names };
}

/** Calls of validator, Field and constr. */
function callEdits(
  modules: ModuleGraph,
  path: string,
  { body, text }: PythonModule,
): (Rewritten & { readonly validators: number }) | string {
  const edits: Edit[] = [];
  const names: string[] = [];
  let validators = 0;
  for (const { call, stmt, around } of calls(body, /validator|regex|env/)) {
    const name = externalName(placeIn(topOf(modules, path), ...around), call.func) ?? '';
    if (name === 'pydantic.validator') {
      if (stmt.kind !== 'function' || !stmt.decorators.includes(call)) return say`a validator is reused`;
      const made = validatorOf(text, stmt, call);
      if (typeof made === 'string') return made;
      validators++;
      edits.push(...made.edits.map((e) => ({ ...e, text: e.text.replace('\n', lineEnding(text)) })));
      names.push(...made.names);
    }
    if (!/^pydantic\.(?:fields\.)?(?:Field|constr)$/.test(name)) continue;
    const made = argumentEdits(call);
    if (typeof made === 'string') return made;
    edits.push(...made);
  }
  return { edits, names, validators };
}

/** Arguments that have another name in 2. */
function argumentEdits({ args }: CallExpr): readonly Edit[] | string {
  const edits: Edit[] = [];
  for (const { name, value, start } of args) {
    const to = name === 'regex' ? 'pattern' : name === 'env' ? 'validation_alias' : undefined;
    if (to === undefined || name === undefined) continue;
    if (name === 'env' && value.kind !== 'string') return say`Field(env=) has several names`;
    edits.push({ start, end: start + name.length, text: to });
  }
  return edits;
}
