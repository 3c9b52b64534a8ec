/**
 * What is imported at start, and not installed: the first request is never answered.
 * https://docs.python.org/3/library/exceptions.html#ModuleNotFoundError
 */
import { bringsOf, distributionsOf, isStandard, namedLike } from '../../knowledge/distributions.ts';
import type { Dependencies, Need } from '../../model/facts.ts';
import type { Stmt } from '../../syntax/python/ast.ts';
import { say } from '../../system/say.ts';
import { leftOut } from '../dependencies/installed.ts';
import { type Installed, surelyLacks } from '../dependencies/installs-all.ts';
import { djangoNames } from '../django-apps.ts';
import { LOADS_BY_NAME } from '../loaded-by-name.ts';
import { modulesLoaded } from '../started.ts';
import { type Asked, unless, whenOf } from './asked.ts';

/** So many listed distributions that nobody knows may hold any module; fewer are named. */
const MANY = 5;
/** Letters of a word that says something. */
const LONG = 5;
const SHOWN = 3;

interface Foreign {
  /** Dotted, with the imported name where that may be a module. */
  readonly module: string;
  readonly path: string;
  readonly line: number;
  readonly when: string;
}

/** One for each distribution that is missing, at its first import. */
export function importNeeds(asked: Asked): Need[] {
  const { list, installed, dependencies } = asked;
  const missing = new Map<string, Need>();
  const unknowns = unknownOf(dependencies);
  // What they hold is not known, and names of stubs hold no module.
  const strangers = [...installed.names].filter((name) => !bringsOf(name, []) && !name.startsWith('types-'));
  for (const { module, path, line, when } of foreignImports(asked)) {
    const candidates = distributionsOf(module);
    const at = { path, line };
    if (!candidates) {
      const name = module.split('.')[0] ?? '';
      if (missing.has(name) || mayGive(installed, unknowns, name)) continue;
      missing.set(name, unknown({ name, module, path, line, when, list }, unknowns));
      continue;
    }
    const [usual = ''] = candidates;
    if (missing.has(usual) || candidates.some((name) => installed.names.has(name))) continue;
    // `retry2` gives the module `retry`, too.
    if (namedLike(module.split('.')[0] ?? '', strangers)) continue;
    const why = say`${path}:${line} imports ${module}`;
    const aside = dependencies.requirements.find((r) => candidates.includes(r.name) && leftOut(dependencies, r));
    if (aside) {
      const { name, specifier: range, group = '' } = aside;
      const text = say`${module} is imported ${when}; ${name} stands only in the group "${group}" of ${list}, which the build leaves out.`;
      missing.set(usual, { name, range, text, why, at, kind: 'missing' });
      continue;
    }
    const sure = surelyLacks(installed, usual);
    const text = say`${module} is imported ${when}; ${list} does not install ${usual}${unless(sure)}.`;
    missing.set(usual, { name: usual, range: '', text, why, at, kind: sure ? 'missing' : 'perhaps' });
  }
  return [...missing.values()];
}

interface Unknown extends Foreign {
  readonly name: string;
  readonly list: string;
}

/** `strangers`: what is listed and nobody knows. */
function unknown({ name, module, path, line, when, list }: Unknown, strangers: readonly string[]): Need {
  const some = strangers.slice(0, SHOWN).join(', ');
  const unless = some === '' ? '' : say` (of ${some} it is not known what they hold)`;
  const text = say`${module} is imported ${when}; nothing in ${list} is known to bring it${unless}.`;
  const why = say`${path}:${line} imports ${module}`;
  return { name, range: '', text, why, at: { path, line }, kind: 'unknown' };
}

/** True where something that is installed may give a module of this name: by its own name, or because so many are not known. */
function mayGive({ names }: Installed, strangers: readonly string[], top: string): boolean {
  if (strangers.length > MANY || namedLike(top, [...names])) return true;
  // drf-access-policy gives rest_access_policy.
  const words = top
    .toLowerCase()
    .split('_')
    .filter((word) => word.length >= LONG);
  return strangers.some((name) => name.split('-').some((word) => words.includes(word)));
}

/** Listed ones that nobody knows: a lock has the names of all, and not what they hold. */
function unknownOf(dependencies: Dependencies): string[] {
  const kept = dependencies.requirements.filter((r) => !leftOut(dependencies, r));
  return [...new Set(kept.flatMap((r) => (bringsOf(r.name, r.extras) ? [] : [r.name])))];
}

/** What an import asks for, from the top: a module, or a name with its module. */
function modulesOf(stmt: Stmt): readonly string[] {
  if (stmt.kind === 'import') return stmt.names.map(({ module }) => module);
  if (stmt.kind !== 'from' || stmt.level > 0) return [];
  return stmt.names.length > 0 ? stmt.names.map(({ name }) => `${stmt.module}.${name}`) : [`${stmt.module}.*`];
}

/** Imports of what is neither of the repository nor of Python itself, and modules that Django's settings name. */
function* foreignImports({ modules, started, repo, service }: Asked): Generator<Foreign> {
  const foreign = (path: string, name: string): boolean => {
    const top = name.split('.')[0] ?? '';
    return top !== '' && !isStandard(top) && !modules.resolve(path, top, 0);
  };
  const byName = new Set(repo.matching([...new Set(started.map(({ path }) => path))], LOADS_BY_NAME));
  for (const run of started) {
    const { path, stmt } = run;
    const named = byName.has(path) ? modulesLoaded({ modules, path, around: [] }, stmt) : [];
    for (const module of [...modulesOf(stmt), ...named]) {
      if (foreign(path, module)) yield { module, path, line: stmt.line, when: whenOf(run) };
    }
  }
  for (const { module, path, line } of djangoNames(repo, modules, service)) {
    if (foreign(path, module)) yield { module, path, line, when: say`when the service starts` };
  }
}
