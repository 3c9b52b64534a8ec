import { bringsOf, newestOf, pythonOf } from '../src/knowledge/distributions.ts';
import { WITH_GUNICORN } from '../src/knowledge/servers.ts';
import { addToList } from '../src/lists/add.ts';
import { commandFor } from '../src/lists/commands.ts';
import { narrowed } from '../src/lists/narrow.ts';
import { onlyAdded } from '../src/lists/proof.ts';
import type { Addition } from '../src/lists/style.ts';
import type { Dependencies, Facts, Need, Requirement, Service } from '../src/model/facts.ts';
import type { Outcome, Part } from '../src/model/transform.ts';
import type { Snapshot } from '../src/repo/snapshot.ts';
import { encodable } from '../src/repo/source.ts';
import { bringsFramework } from '../src/survey/dependencies/frameworks.ts';
import { leftOut } from '../src/survey/dependencies/installed.ts';
import { installedBy } from '../src/survey/dependencies/installs-all.ts';
import { whyNoDependencies } from '../src/survey/dependencies/missing.ts';
import { readRequirementTree } from '../src/survey/dependencies/requirement-files.ts';
import { admitsFrom, compareVersions, lowerBound } from '../src/survey/dependencies/versions.ts';
import { applyEdits, type Edit } from '../src/syntax/edit.ts';
import { say } from '../src/system/say.ts';
import { words } from './requirements/words.ts';

/** Added by the part `gunicorn` (bounded here), which knows which of them serve the application. */
const SERVERS: ReadonlySet<string> = new Set([...WITH_GUNICORN, 'websockets']);
/** A newest version that runs on this Python runs wherever a platform runs what says nothing. */
const USUAL_PYTHON = '3.10';
/** Reasons that a verdict names. */
const SHOWN = 5;

export const requirements: Part = {
  id: 'requirements',
  summary: 'Adds what is imported at start, and what libraries need besides, to the dependency file, in its own style.',
  severity: 'critical',
  words,
  source: 'https://docs.python.org/3/library/exceptions.html#ModuleNotFoundError',
  options: {},
  plan(repo, facts) {
    const byFile = new Map<string, [Service, ...Service[]]>();
    const out: Outcome[] = [];
    for (const service of facts.services) {
      const path = service.dependencies?.path;
      const known = path === undefined ? undefined : byFile.get(path);
      if (path === undefined) {
        const reason = say`${whyNoDependencies(repo, service.root)}: what it should list stands under gunicorn`;
        out.push({ kind: 'skipped', reason, at: [service.entry.at], ...labelled(facts, service) });
      } else if (known) known.push(service);
      else byFile.set(path, [service]);
    }
    for (const services of byFile.values()) {
      const { dependencies } = services[0];
      const found = dependencies ? forFile(repo, dependencies, services) : [];
      out.push(...found.map((outcome) => ({ ...outcome, ...labelled(facts, services[0]) })));
    }
    return out;
  },
};

function labelled(facts: Facts, service: Service): { service?: string } {
  return facts.services.length > 1 ? { service: service.root } : {};
}

function forFile(repo: Snapshot, dependencies: Dependencies, services: readonly [Service, ...Service[]]): Outcome[] {
  const { path } = dependencies;
  if (!installedBy(repo, dependencies))
    return [{ kind: 'skipped', reason: say`what ${path} installs cannot be told in full`, at: [dependencies.at] }];
  const needs = [...new Map(services.flatMap((s) => s.needs).map((n) => [n.name, n])).values()];
  const listed = new Set(dependencies.requirements.map((r) => r.name));
  const isOwn = (n: Need): boolean => !SERVERS.has(n.name) || (n.range !== '' && listed.has(n.name));
  const missing = needs.filter((n) => n.kind === 'missing' && isOwn(n));
  const others = needs.filter((n) => n.kind === 'perhaps' || n.kind === 'unknown');
  const out: Outcome[] = missing.length > 0 ? [added(repo, dependencies, services, missing)] : [];
  if (others.length > 0) out.push(perhaps(path, others));
  if (out.length > 0) return out;
  return [{ kind: 'satisfied', reason: say`${path} lists all that the code needs`, at: [dependencies.at] }];
}

/** Adds what is not listed, bounds what is. */
function added(
  repo: Snapshot,
  dependencies: Dependencies,
  services: readonly [Service, ...Service[]],
  missing: readonly Need[],
): Outcome {
  const { path } = dependencies;
  const at = missing.map((n) => n.at);
  const { framework } = services[0].entry;
  const names = missing.map((n) => n.name + n.range);
  if (!bringsFramework(dependencies.requirements, framework)) {
    const reason = say`${path} does not list ${framework}: it may not be what the service is installed from`;
    return { kind: 'manual', reason, at, snippet: `${names.join('\n')}\n` };
  }
  const change = dependencies.locks.length === 0 ? changeOf(repo, dependencies, services, missing) : undefined;
  if (change) {
    const reason = say`puts ${change.written.join(', ')} into ${Object.keys(change.edits).join(', ')}: ${whyOf(missing)}`;
    return { kind: 'edits', edits: change.edits, reason, at, mends: missing.map((n) => n.text) };
  }
  const held = dependencies.locks.length === 0 ? heldAgainst(dependencies, missing) : [];
  if (held.length > 0) {
    const reason = say`${whyOf(missing)}; ${held.join('; ')}`;
    return { kind: 'manual', at, reason, snippet: `${names.join('\n')}\n` };
  }
  const instead = commandFor(repo, dependencies, names);
  return { kind: 'manual', at, ...instead, reason: say`${whyOf(missing)}; ${instead.reason}` };
}

/** What is listed at a version that leaves no room for the bound: which of the two gives way, a person decides. */
function heldAgainst(dependencies: Dependencies, missing: readonly Need[]): string[] {
  return missing.flatMap(({ name, range }) =>
    dependencies.requirements
      .filter((r) => !leftOut(dependencies, r) && range !== '' && r.name === name && r.specifier !== '')
      .map(
        ({ at, specifier }) =>
          say`${at.path}:${at.line} has ${name}${specifier}: write ${name}${range} there, or raise what needs it`,
      ),
  );
}

interface Change {
  readonly edits: Record<string, Edit[]>;
  readonly written: string[];
}

/** All of it, proved, or nothing. */
function changeOf(
  repo: Snapshot,
  dependencies: Dependencies,
  services: readonly Service[],
  missing: readonly Need[],
): Change | undefined {
  const { path, form, requirements } = dependencies;
  const listed = (need: Need): Requirement[] =>
    requirements.filter((r) => r.name === need.name && !leftOut(dependencies, r));
  const out: Change = { edits: {}, written: [] };
  for (const need of missing.filter((n) => listed(n).length > 0)) {
    for (const file of new Set(listed(need).map((r) => r.at.path))) {
      const text = repo.read(file)?.text;
      const edits = text === undefined ? undefined : narrowed(text, form, need.name, need.range);
      if (!edits) return undefined;
      out.edits[file] = [...(out.edits[file] ?? []), ...edits];
    }
    out.written.push(need.name + need.range);
  }
  const news = missing.filter((n) => listed(n).length === 0);
  const file = news.length > 0 ? repo.read(path) : undefined;
  if (file) {
    const change = addedTo(repo, file.text, dependencies, services, news);
    if (!change) return undefined;
    out.edits[path] = [...(out.edits[path] ?? []), ...change.edits];
    out.written.push(...change.written);
  }
  return writable(repo, out.edits) ? out : undefined;
}

/** The list with what is not yet in it, where it is surely only added. */
function addedTo(
  repo: Snapshot,
  text: string,
  dependencies: Dependencies,
  services: readonly Service[],
  news: readonly Need[],
) {
  const { form, at, requirements } = dependencies;
  const constraints = form === 'requirements' ? readRequirementTree(repo, at.path).constraints : [];
  const wish = {
    additions: news.map((need) => additionFor(need, dependencies, services)),
    remark: 'Needed at start',
    anchors: [],
    constrained: new Set(constraints.map((c) => c.name)),
  };
  const last = addToList(text, form, wish);
  // The last line with its comment is rewritten for a comma: the part `gunicorn` may want the same.
  const [first] = requirements;
  const aside = first && last?.edits.some((e) => e.end > e.start);
  const change = aside ? addToList(text, form, { ...wish, anchors: [first.name] }) : last;
  return change && onlyAdded(form, text, applyEdits(text, change.edits), change.written.length) ? change : undefined;
}

/** False where the file's encoding has no room for it, or another part may want the very place. */
function writable(repo: Snapshot, edits: Readonly<Record<string, readonly Edit[]>>): boolean {
  return Object.entries(edits).every(([path, all]) => {
    const file = repo.read(path);
    return file !== undefined && encodable(applyEdits(file.text, all), file.encoding);
  });
}

/** Their reasons; beyond a few, how many more. */
function whyOf(needs: readonly Need[]): string {
  const shown = needs.slice(0, SHOWN).map((n) => (n.proved ? say`${n.why} (proved on ${n.proved})` : n.why));
  const more = needs.length - shown.length;
  return [...shown, ...(more > 0 ? [say`${more} more`] : [])].join('; ');
}

/** What may come along, or what nobody knows: said, not added. */
function perhaps(path: string, needs: readonly Need[]): Outcome {
  const known = needs.filter((n) => n.kind === 'perhaps').map((n) => n.name + n.range);
  const strange = needs.filter((n) => n.kind === 'unknown').map((n) => n.name);
  const reason = [
    ...(known.length > 0 ? [say`whether ${path} brings ${known.join(', ')} cannot be told: list what it lacks`] : []),
    ...(strange.length > 0
      ? [say`which distribution gives ${strange.join(', ')} is not known: list it in ${path}`]
      : []),
  ].join('; ');
  const snippet = known.length > 0 ? { snippet: `${known.join('\n')}\n` } : {};
  return { kind: 'manual', reason, at: needs.map((n) => n.at), ...snippet };
}

/** With today's version where that runs on the service's Python and meets no other version of what it brings. */
function additionFor(need: Need, dependencies: Dependencies, services: readonly Service[]): Addition {
  const { name, range } = need;
  if (range !== '') return { name, range };
  const version = newestOf(name);
  const specifier = pythonOf(name) ?? '';
  const runs = services.every(({ python }) => {
    if (specifier === '') return true;
    const oldest = lowerBound(specifier);
    return oldest !== undefined && compareVersions(python?.version ?? USUAL_PYTHON, oldest) >= 0;
  });
  const brought = (bringsOf(name, []) ?? []).filter((one) => one !== name);
  const meets = dependencies.requirements.some(
    (r) => brought.includes(r.name) && !admitsFrom(r.specifier, newestOf(r.name) ?? '0'),
  );
  return version !== undefined && runs && !meets ? { name, version } : { name };
}
