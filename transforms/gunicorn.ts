import { eventletGone, gunicornBelow, gunicornUnfit, gunicornWanted } from '../src/judge/needs.ts';
import { type OtherStart, standIn, startsWithout } from '../src/judge/server-choice.ts';
import { speaksWebSocket } from '../src/knowledge/servers.ts';
import { addToList, type Wish } from '../src/lists/add.ts';
import { commandFor } from '../src/lists/commands.ts';
import { onlyAdded } from '../src/lists/proof.ts';
import type { Addition } from '../src/lists/style.ts';
import type { Dependencies, Evidence, Facts, Requirement, Service } from '../src/model/facts.ts';
import type { Chosen, Options, Outcome, Part } from '../src/model/transform.ts';
import type { Snapshot } from '../src/repo/snapshot.ts';
import { encodable } from '../src/repo/source.ts';
import { isDevGroup } from '../src/survey/dependencies/dev-group.ts';
import { bringsFramework } from '../src/survey/dependencies/frameworks.ts';
import { whyNoDependencies } from '../src/survey/dependencies/missing.ts';
import { readRequirementTree } from '../src/survey/dependencies/requirement-files.ts';
import { admitsFrom, compareVersions } from '../src/survey/dependencies/versions.ts';
import { serviceFiles } from '../src/survey/environment/files.ts';
import { lacksWebSockets } from '../src/survey/web-sockets.ts';
import { greenWorker, lacksUvicorn, workerClass } from '../src/survey/worker-class.ts';
import { applyEdits } from '../src/syntax/edit.ts';
import { parseRequirement } from '../src/syntax/requirements.ts';
import { both, say } from '../src/system/say.ts';
import { thirdPartyImports } from './gunicorn/imports.ts';
import { words } from './gunicorn/words.ts';

/** Runs on Python 3.7 and newer; the first without the two vulnerabilities. */
const GUNICORN: Addition = { name: 'gunicorn', version: '23.0.0' };
/** The last one for Python 3.5 and 3.6. */
const GUNICORN_OLD: Addition = { name: 'gunicorn', version: '21.2.0' };
const OLD_PYTHON = say`Python 3.6 has no gunicorn without CVE-2024-1135 and CVE-2024-6827: 21.2.0 is the last one for it`;
/** Runs on Python 3.8 and newer, and with every uvicorn since 0.14. https://pypi.org/project/websockets/ */
const WEBSOCKETS: Addition = { name: 'websockets', version: '13.1' };
const UVICORN_WORKER: Addition = { name: 'uvicorn-worker', version: '0.4.0' };
/** https://docs.gunicorn.org/en/stable/install.html#extra-packages */
const EXTRAS = new Set(['eventlet', 'gevent', 'gthread', 'setproctitle', 'tornado', 'testing', 'http2', 'fast']);

export const gunicorn: Part = {
  id: 'gunicorn',
  summary: 'Adds gunicorn (and the ASGI worker that it needs) to the dependency file, in that file’s own style.',
  severity: 'critical',
  words,
  source: 'https://docs.gunicorn.org/en/stable/install.html',
  options: {
    requirement: {
      default: '',
      help: 'requirement to add as it stands, such as gunicorn==23.0.0; empty: chosen for the project',
    },
    comment: { default: '', help: 'comment behind the requirement given' },
  },
  plan(repo, facts, options, chosen) {
    const byFile = new Map<string, [Service, ...Service[]]>();
    const out: Outcome[] = [];
    for (const service of facts.services) {
      const path = service.dependencies?.path;
      const known = path === undefined ? undefined : byFile.get(path);
      if (path === undefined) out.push({ ...withoutFile(repo, facts, service), ...labelled(facts, service) });
      else if (known) known.push(service);
      else byFile.set(path, [service]);
    }
    for (const services of byFile.values()) {
      const { dependencies } = services[0];
      if (dependencies)
        out.push({ ...forFile(repo, facts, dependencies, services, options, chosen), ...labelled(facts, services[0]) });
    }
    return out;
  },
};

function labelled(facts: Facts, service: Service): { service?: string } {
  return facts.services.length > 1 ? { service: service.root } : {};
}

function withoutFile(repo: Snapshot, facts: Facts, service: Service): Outcome {
  const imports = thirdPartyImports(repo, facts.modules, service);
  const servers = ['gunicorn', ...(service.entry.interface === 'asgi' ? ['uvicorn', 'uvicorn-worker'] : [])];
  const all = [...new Set([...imports.filter((i) => !servers.includes(i)), ...servers])];
  const path = service.root === '' ? 'requirements.txt' : `${service.root}/requirements.txt`;
  return {
    kind: 'manual',
    reason: say`${whyNoDependencies(repo, service.root)}: ${path} should list what the service imports (check the names and versions)`,
    at: [service.entry.at],
    snippet: `${all.join('\n')}\n`,
  };
}

function forFile(
  repo: Snapshot,
  facts: Facts,
  dependencies: Dependencies,
  services: readonly [Service, ...Service[]],
  options: Options,
  chosen: Chosen | undefined,
): Outcome {
  const present = dependencies.requirements.filter((r) => r.name === 'gunicorn');
  const [first] = present;
  if (!first && services.every((s) => s.entry.program !== undefined)) {
    const reason = say`${services[0].entry.path} starts a server of its own: nothing imports it`;
    return { kind: 'skipped', reason, at: [services[0].entry.at] };
  }
  const unfit = first && unusable(repo, dependencies, first, present, services);
  if (unfit) return unfit;
  const literal = typeof options.requirement === 'string' ? options.requirement.trim() : '';
  const without = literal === '' && !first ? startedWithout(repo, services, chosen) : [];
  const byItself = without.length > 0 && without.every(({ server }) => speaksWebSocket(server));
  const sockets = literal !== '' || byItself ? [] : withoutSockets(repo, facts, services);
  if (first && sockets.length === 0) return satisfied(dependencies, first, present, services);
  if (without.length > 0 && sockets.length === 0) return notNeeded(without);
  const adding = whatToAdd(services, literal, !first && without.length === 0);
  const all = [...adding.servers, ...(sockets.length > 0 ? [WEBSOCKETS] : [])];
  const wish = wishFor(repo, dependencies, services[0], all, literal, options);
  return listed(repo, dependencies, services, adding, wish, sockets);
}

interface Adding {
  readonly servers: readonly Addition[];
  /** uvicorn is missing, and none of these brings it. */
  readonly lacksUvicorn: boolean;
  readonly warnings: readonly string[];
}

/** The servers that go into the list; none where another one starts the services. */
function whatToAdd(services: readonly Service[], literal: string, serves: boolean): Adding {
  const needsWorker = literal === '' && serves && services.some((s) => workerClass(s)?.needs !== undefined);
  const bare = serves && services.some(lacksUvicorn);
  const old = services.some((s) => s.python && !s.python.bound && compareVersions(s.python.version, '3.7') < 0);
  const below = gunicornBelow(services);
  const gunicorn = old ? GUNICORN_OLD : { ...GUNICORN, ...(below === undefined ? {} : { below }) };
  const warnings = literal !== '' ? literalWarnings(literal) : old ? [OLD_PYTHON] : [];
  if (bare && needsWorker) warnings.push(say`uvicorn was not listed either: uvicorn-worker brings it`);
  const servers = serves ? [gunicorn, ...(needsWorker ? [UVICORN_WORKER] : [])] : [];
  return { servers, lacksUvicorn: bare && !needsWorker, warnings };
}

/** The edit of the list, or what a person must do where none can be proved. */
function listed(
  repo: Snapshot,
  dependencies: Dependencies,
  services: readonly [Service, ...Service[]],
  { servers, lacksUvicorn: bare, warnings }: Adding,
  wish: Wish,
  sockets: readonly Evidence[],
): Outcome {
  const [service] = services;
  const at = anchorEvidence(dependencies, service);
  const file = repo.read(dependencies.path);
  const added = file && addToList(file.text, dependencies.form, wish);
  const wanted = added?.written ?? (wish.literal === undefined ? wish.additions.map((a) => a.name) : [wish.literal]);
  if (bare) {
    const instead = commandFor(repo, dependencies, [...wanted, 'uvicorn']);
    const reason = say`neither gunicorn nor uvicorn is listed: ${instead.reason}`;
    return { kind: 'manual', at: [at], ...instead, reason, warnings };
  }
  const { framework } = service.entry;
  if (!bringsFramework(dependencies.requirements, framework)) {
    const reason = say`${dependencies.path} does not list ${framework === 'other' ? say`a server` : framework}: it may not be what the service is installed from`;
    return { kind: 'manual', at: [at], reason, snippet: `${wanted.join('\n')}\n`, warnings };
  }
  if (file && added && dependencies.locks.length === 0) {
    const after = applyEdits(file.text, added.edits);
    if (encodable(after, file.encoding) && onlyAdded(dependencies.form, file.text, after, added.written.length)) {
      const reason = say`puts ${both(added.written)} into ${dependencies.path}${socketsNeed(sockets)}`;
      return { kind: 'edits', edits: { [dependencies.path]: added.edits }, at: [at, ...sockets], reason, warnings };
    }
  }
  const instead = commandFor(repo, dependencies, wanted);
  const reason = instead.reason + (servers.length > 0 ? meanwhile(services) : '') + socketsNeed(sockets);
  return { kind: 'manual', at: [at, ...sockets], warnings, ...instead, reason };
}

/** What starts the services while gunicorn is not there. */
function meanwhile(services: readonly Service[]): string {
  const [server, ...others] = new Set(services.map(standIn));
  return server !== undefined && others.length === 0 ? say`; until then ${server} starts the service` : '';
}

/** What starts each service without gunicorn; empty where one of them starts with it, or may. */
function startedWithout(repo: Snapshot, services: readonly Service[], chosen: Chosen | undefined): OtherStart[] {
  const found = services.map((s) => startsWithout(repo, s, chosen)).filter((s) => s !== undefined);
  return found.length === services.length ? found : [];
}

function notNeeded(starts: readonly OtherStart[]): Outcome {
  const servers = [...new Set(starts.map((s) => s.server))];
  const reason = say`${both(servers)} starts the service: gunicorn is not needed`;
  return { kind: 'satisfied', reason, at: starts.map((s) => s.at) };
}

/** Why websockets is among what is added. */
function socketsNeed([first]: readonly Evidence[]): string {
  const where = first ? `${first.path}:${first.line}` : '';
  return first ? say`; without a WebSocket library uvicorn answers the connections of ${where} with 404` : '';
}

/** Where WebSocket routes stand that the server has no library for. */
function withoutSockets(repo: Snapshot, facts: Facts, services: readonly Service[]): Evidence[] {
  const found = services.map((s) => lacksWebSockets(repo, s, serviceFiles(repo, facts.modules, s)));
  return found.filter((at) => at !== undefined);
}

/** Why what is listed is not installed or cannot start; undefined when it is and can. */
function unusable(
  repo: Snapshot,
  dependencies: Dependencies,
  first: Requirement,
  all: readonly Requirement[],
  services: readonly [Service, ...Service[]],
): Outcome | undefined {
  const aside = all.every((r) => isDevGroup(r.group));
  const unfit = services.map(gunicornUnfit).find((why) => why !== undefined);
  // The part `requirements` bounds what it can.
  const isBounded = (s: Service): boolean => s.needs.some((n) => n.name === 'gunicorn' && n.kind === 'missing');
  const green = services.some((s) => greenWorker(s) === 'eventlet' && eventletGone(s) && !isBounded(s));
  const why = aside
    ? say`gunicorn stands only in the group "${first.group}", which a deployment leaves out`
    : (unfit ?? (green ? say`gunicorn 26 and newer has no eventlet worker` : undefined));
  if (why === undefined) return undefined;
  const until = aside ? meanwhile(services) : '';
  const exact = /^={2,3}/.test(first.specifier);
  const wanted = exact ? 'gunicorn==23.0.0' : gunicornWanted(services);
  return { kind: 'manual', at: all.map((r) => r.at), ...commandFor(repo, dependencies, [wanted]), reason: why + until };
}

function satisfied(
  dependencies: Dependencies,
  first: Requirement,
  all: readonly Requirement[],
  services: readonly Service[],
): Outcome {
  const warnings: string[] = [];
  const locked = dependencies.locked?.gunicorn;
  const old = locked ? compareVersions(locked, '23.0.0') < 0 : all.every((r) => !admitsFrom(r.specifier, '23.0.0'));
  if (old) {
    const which = locked ?? first.specifier;
    warnings.push(
      say`gunicorn ${which} is open to request smuggling (CVE-2024-1135, CVE-2024-6827): raise it to 23.0.0 or newer`,
    );
  }
  if (services.some((service) => service.entry.attr !== '' && lacksUvicorn(service)))
    warnings.push(say`uvicorn, which runs the ASGI application under gunicorn, is not listed`);
  const where = first.group ? ` (${first.group})` : '';
  return {
    kind: 'satisfied',
    reason: say`gunicorn${first.specifier} is already a dependency${where}`,
    at: all.map((r) => r.at),
    warnings,
  };
}

function literalWarnings(literal: string): string[] {
  const parsed = parseRequirement(literal);
  if (!parsed) return [say`${literal} is not a requirement that pip understands`];
  const out = parsed.extras
    .filter((e) => parsed.name.text === 'gunicorn' && !EXTRAS.has(e))
    .map((e) => say`gunicorn has no extra "${e}": pip warns and installs gunicorn alone`);
  if (parsed.name.text === 'gunicorn' && !admitsFrom(parsed.specifier.text, '23.0.0')) {
    out.push(say`${literal} is open to request smuggling (CVE-2024-1135, CVE-2024-6827), closed in 23.0.0`);
  }
  return out;
}

function anchorEvidence(dependencies: Dependencies, service: Service): Requirement['at'] {
  const inFile = dependencies.requirements.filter((r) => r.at.path === dependencies.path);
  const names = ['uvicorn', service.entry.framework];
  return (
    names.map((n) => inFile.find((r) => r.name === n)?.at).find((a) => a !== undefined) ?? {
      path: dependencies.path,
      line: 1,
    }
  );
}

function wishFor(
  repo: Snapshot,
  dependencies: Dependencies,
  service: Service,
  additions: readonly Addition[],
  literal: string,
  options: Options,
): Wish {
  const { framework } = service.entry;
  const near = dependencies.requirements.find(
    (r) => r.name.startsWith(`${framework}-`) && r.at.path === dependencies.path,
  );
  const anchors = ['uvicorn', 'hypercorn', 'daphne', 'waitress', framework, ...(near ? [near.name] : [])];
  const constraints =
    dependencies.form === 'requirements' ? readRequirementTree(repo, dependencies.at.path).constraints : [];
  return {
    additions,
    anchors,
    remark: 'Production server',
    constrained: new Set(constraints.map((c) => c.name)),
    ...(literal === '' ? {} : { literal }),
    ...(typeof options.comment === 'string' && options.comment !== '' ? { comment: options.comment } : {}),
  };
}
