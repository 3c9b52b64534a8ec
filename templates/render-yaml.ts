import type { Dependencies, Facts, Service } from '../src/model/facts.ts';
import type { Outcome, Part } from '../src/model/transform.ts';
import { join } from '../src/repo/path.ts';
import type { Snapshot } from '../src/repo/snapshot.ts';
import { blueprintServices, deploys, webServiceOf } from '../src/survey/blueprint.ts';
import { installedFrom } from '../src/survey/dependencies/installed.ts';
import { undeployable } from '../src/survey/dependencies/missing.ts';
import { yamlOf } from '../src/syntax/documents.ts';
import { say } from '../src/system/say.ts';
import { type Blueprint, blueprint } from './render-yaml/blueprint.ts';
import { type Field, type List, print, printItems } from './render-yaml/document.ts';
import { outdated, unanswered } from './render-yaml/existing.ts';
import { type Broken, brokenRules, heldService } from './render-yaml/held.ts';
import { type BlueprintOptions, readOptions, renderOptions, wrongOption } from './render-yaml/options.ts';
import { unset } from './render-yaml/unset.ts';
import { words } from './render-yaml/words.ts';

const HEADER = 'Render Blueprint: https://render.com/docs/blueprint-spec';
const ASKS = 'Render asks once, when it is first deployed, for what is marked `sync: false`.';

export const renderYaml: Part = {
  id: 'render-yaml',
  afterMigrations: true,
  summary: 'Writes render.yaml: services, environment, database, health check and plan, from what the code needs.',
  severity: 'important',
  words,
  source: 'https://render.com/docs/blueprint-spec',
  options: renderOptions,
  plan(repo, facts, options, chosen) {
    if (facts.services.length === 0) return [{ kind: 'skipped', reason: say`no web service was found`, at: [] }];
    const wrong = wrongOption(options);
    if (wrong) return [{ kind: 'manual', reason: wrong, at: [] }];
    const read = readOptions(options, chosen);
    const path = ['render.yaml', 'render.yml'].find((name) => repo.has(name));
    return [path === undefined ? create(repo, facts, read) : existing(repo, facts, read, path)];
  },
};

function create(repo: Snapshot, facts: Facts, options: BlueprintOptions): Outcome {
  const made = blueprint(repo, facts, options);
  const at = made.at.length > 0 ? made.at : facts.services.map((s) => s.entry.at);
  if (made.services.length === 0) {
    const services = facts.services.map((s) =>
      undeployable(s.dependencies) || !s.dependencies ? withRequirements(s) : s,
    );
    const wished = blueprint(repo, { ...onlyFacts(facts), services }, { ...options, adds: true });
    return {
      kind: 'manual',
      reason: made.missing.join('; '),
      at,
      snippet: sections(wished),
      warnings: wished.warnings,
    };
  }
  const fields: Field[] = [{ key: 'services', value: { kind: 'list', items: made.services, spaced: true } }];
  if (made.databases.length > 0) {
    fields.push({ key: 'databases', value: { kind: 'list', items: made.databases, spaced: true } });
  }
  const others = repo.paths.filter((p) => /\/render\.ya?ml$/.test(p) && isBlueprint(repo, p));
  const header = made.asks ? [HEADER, ASKS] : [HEADER];
  return {
    kind: 'edits',
    creates: { 'render.yaml': print(fields, options.explain ? header : []) },
    reason: say`render.yaml declares ${facts.services.map((s) => s.name).join(', ')}`,
    at,
    warnings: [
      ...made.warnings,
      ...made.missing,
      ...others.map((p) => say`${p} is a blueprint too: Render reads the one whose path is set in its Dashboard`),
    ],
    commands: made.commands,
  };
}

function isBlueprint(repo: Snapshot, path: string): boolean {
  const parsed = yamlOf(repo, path);
  return parsed?.ok === true && blueprintServices(parsed.root).length > 0;
}

function existing(repo: Snapshot, facts: Facts, options: BlueprintOptions, path: string): Outcome {
  const parsed = yamlOf(repo, path);
  if (!parsed) return { kind: 'manual', reason: say`${path} cannot be read`, at: [{ path, line: 1 }] };
  if (!parsed.ok) {
    const reason = say`${path} is not a valid blueprint: ${parsed.problem}`;
    return { kind: 'manual', reason, at: [{ path, line: parsed.line }] };
  }
  const declared = blueprintServices(parsed.root);
  const broken = [...brokenRules(parsed.root, path)];
  const warnings = outdated(parsed.root, path);
  const missing = facts.services.filter((s) => !declared.some((d) => deploys(d, s.root)));
  if (missing.length === 0) {
    const at = declared.filter((d) => facts.services.some((s) => deploys(d, s.root)));
    const held = facts.services.flatMap((service) => {
      const node = webServiceOf(declared, service);
      if (node) warnings.push(...unanswered(repo, service, node, path));
      if (node) warnings.push(...unset(repo, service, parsed.root, node, path));
      return node ? [heldService(repo, service, node, path)] : [];
    });
    broken.push(...held.flatMap((h) => h.broken));
    warnings.push(...held.flatMap((h) => h.warnings));
    if (broken.length > 0) return fallsShort(broken, warnings);
    const proofs = held.map((h) => h.proof).filter((proof) => proof !== '');
    return {
      kind: 'satisfied',
      reason: say`${path} deploys the web service${proofs.length > 0 ? `: ${proofs.join('; ')}` : ''}`,
      at: at.map((d) => ({ path, line: d.line })),
      warnings,
    };
  }
  const made = blueprint(repo, { ...onlyFacts(facts), services: missing }, options);
  warnings.push(...broken.map((b) => b.reason));
  return {
    kind: 'manual',
    reason: say`${path} does not deploy ${missing.map((s) => s.name).join(', ')}`,
    at: [{ path, line: 1 }, ...missing.map((s) => s.entry.at)],
    snippet: sections(made),
    warnings: [...warnings, ...made.warnings],
    commands: made.commands,
  };
}

/** What is wrong with a blueprint, with the lines that a person writes instead. */
function fallsShort(broken: readonly Broken[], warnings: readonly string[]): Outcome {
  const lines = [...new Set(broken.flatMap((b) => (b.line === undefined ? [] : [b.line])))];
  return {
    kind: 'manual',
    reason: broken.map((b) => b.reason).join('; '),
    at: broken.map((b) => b.at),
    ...(lines.length > 0 ? { snippet: `${lines.join('\n')}\n` } : {}),
    warnings,
  };
}

/** The facts are computed on demand: a spread would compute them all. */
function onlyFacts(facts: Facts): Facts {
  return {
    modules: facts.modules,
    services: facts.services,
    get alembic() {
      return facts.alembic;
    },
    get runCalls() {
      return facts.runCalls;
    },
  };
}

/** The service as it would be with a requirements.txt in its folder. */
function withRequirements(service: Service): Service {
  const dependencies: Dependencies = {
    form: 'requirements',
    path: join(service.root, 'requirements.txt'),
    requirements: service.dependencies?.requirements ?? [],
    locks: [],
    install: 'pip install -r requirements.txt',
    manager: 'pip',
    at: service.entry.at,
  };
  return installedFrom(service, dependencies);
}

/** What a person pastes. */
function sections(made: Blueprint): string {
  return [section('services', made.services), section('databases', made.databases)].filter((s) => s !== '').join('\n');
}

function section(key: string, items: List['items']): string {
  return items.length === 0 ? '' : `${key}:\n${printItems({ kind: 'list', items, spaced: true })}`;
}
