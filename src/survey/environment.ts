/** The environment variables that a service's code reads. */
import type { EnvKind, EnvVar, ServiceSeed } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { isCredential } from '../secrets/credential.ts';
import { envKind, envProperty, isTestVariable, type Neighbours, neighboursOf } from './env-kind.ts';
import { imageValues, outsideImage } from './environment/docker.ts';
import { dynaconfReads } from './environment/dynaconf.ts';
import { exampleValues } from './environment/examples.ts';
import { serviceFiles } from './environment/files.ts';
import { libraryReads } from './environment/libraries.ts';
import type { Refused } from './environment/need.ts';
import { optionReads } from './environment/options.ts';
import { parserReads } from './environment/parsers.ts';
import type { EnvRead } from './environment/read.ts';
import { serviceOfScheme } from './environment/schemes.ts';
import { settingsFields } from './environment/settings.ts';
import { type Demanded, type Forms, type Parts, type Uses, usesOf } from './environment/uses.ts';
import { directReads } from './environment/wrappers.ts';
import { defaultSettings } from './migrations/django-settings.ts';

/** Everything that one service reads, before it is told apart by kind. */
export interface Inventory {
  /** In code order; a name may stand several times. */
  readonly reads: readonly EnvRead[];
  readonly uses: Uses;
  /** Forms that secrets must have. */
  readonly forms: Forms;
  /** Values that the code takes apart. */
  readonly parts: Parts;
  readonly demanded: Demanded;
}

/** Longer defaults are data, not a value that somebody sets. UTF-16 units. */
const MAX_DEFAULT = 200;

/**
 * Variables in code order: the entry's file first, then its imports as they are met, then migrations, workers and the
 * server's configuration. `default` is a literal and never a credential: the production image's value where it sets one.
 * Databases of tests are left out.
 */
export function findEnvironment(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed): EnvVar[] {
  const { uses, forms, parts, ...inventory } = inventoryOf(repo, modules, seed);
  const reads = inventory.reads.map((read) => asDemanded(read, inventory.demanded.get(read.name)));
  const byName = new Map<string, EnvRead[]>();
  for (const read of reads) byName.set(read.name, [...(byName.get(read.name) ?? []), read]);
  const examples = exampleValues(repo, seed);
  const text = reads.map((r) => r.path);
  const files = serviceFiles(repo, modules, seed);
  const neighbours = neighboursOf(
    [...byName.keys()],
    repo.root,
    seed,
    repo.matching([...new Set(text)], /\bboto3\b/).length > 0,
    (words) => importedAmong(repo, files, words),
  );
  const out: EnvVar[] = [];
  const image = imageValues(repo, seed);
  for (const [name, found] of byName) {
    const known = describe(name, found, uses, neighbours, examples);
    const variable = withParts(withForm(known, forms.get(name)), parts.get(name));
    const value = variable?.kind === 'plain' ? image.get(name) : undefined;
    const text = value ?? (variable?.kind === 'plain' ? variable.default : undefined);
    if (variable) out.push(text === undefined ? variable : { ...variable, default: outsideImage(repo, seed, text) });
  }
  const settings = image.get('DJANGO_SETTINGS_MODULE');
  const served = defaultSettings(repo, seed.entry.path);
  if (seed.entry.framework === 'django' && settings !== undefined && served !== undefined && settings !== served) {
    const at = { path: seed.entry.path, line: 1 };
    out.push({ name: 'DJANGO_SETTINGS_MODULE', kind: 'plain', required: true, default: settings, at });
  }
  return out;
}

/** A read that the program ends for, as it stands in the sources. */
function asDemanded(read: EnvRead, refused: Refused | undefined): EnvRead {
  const lacks = read.default === undefined || (refused === 'falsy' && read.default === '');
  if (refused === undefined || read.required || !lacks) return read;
  const { default: _empty, ...rest } = read;
  return { ...rest, required: true };
}

/** The words, in upper case, that some import begins with. All are asked for at once, as most are imported nowhere. */
function importedAmong(repo: Snapshot, files: readonly string[], words: readonly string[]): ReadonlySet<string> {
  const importing = (any: string): RegExp => new RegExp(String.raw`^[ \t]*(?:from|import)[ \t]+(?:${any})\w*\b`, 'im');
  const some = words.length === 0 ? [] : repo.matching(files, importing(words.join('|')));
  return new Set(words.filter((word) => repo.matching(some, importing(word)).length > 0));
}

const kept = new WeakMap<ModuleGraph, Map<string, Inventory>>();

/** The reads of a service with what they feed; worked out once for each entry. */
export function inventoryOf(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed): Inventory {
  const known = kept.get(modules) ?? new Map<string, Inventory>();
  kept.set(modules, known);
  const key = `${seed.root}\0${seed.entry.path}`;
  let inventory = known.get(key);
  if (!inventory) {
    const files = serviceFiles(repo, modules, seed);
    const found = [
      ...directReads(repo, modules, files),
      ...optionReads(repo, modules, files),
      ...parserReads(repo, modules, files),
      ...dynaconfReads(repo, modules, files),
    ];
    // A field whose default is itself a read means that variable, not its own name.
    const declared = settingsFields(repo, modules, files);
    const strict = declared.filter((f) => f.strict);
    const calls = found.map((c) => (strict.some((f) => within(c, f.read)) ? asDemanded(c, 'none') : c));
    const fields = declared.filter(({ read }) => !calls.some((c) => within(c, read)));
    const order = new Map(files.map((f, i) => [f, i]));
    const read = [...calls, ...libraryReads(repo, modules, seed, files), ...fields.map((f) => f.read)];
    const reads = read.sort((a, b) => (order.get(a.path) ?? 0) - (order.get(b.path) ?? 0) || a.start - b.start);
    inventory = { reads, ...usesOf(repo, modules, files, calls, fields) };
    known.set(key, inventory);
  }
  return inventory;
}

function within(inner: EnvRead, outer: EnvRead): boolean {
  return inner.path === outer.path && inner.start >= outer.start && inner.end <= outer.end;
}

/** The tests' own database. */
function isOfTests(name: string, use: ReturnType<Uses['get']>): boolean {
  return isTestVariable(name) && (use ?? envProperty(name)) !== undefined;
}

/** What of a database or a cache the variable holds. */
function propertyOf(name: string, use: ReturnType<Uses['get']>): NonNullable<EnvVar['property']> {
  return use?.property ?? envProperty(name) ?? 'url';
}

/** A credential that somebody has issued is a secret, however its variable is called. */
function kindHolding(name: string, value: string, named: EnvKind): EnvKind {
  return (named === 'plain' || named === 'supply') && isCredential(name, value) ? 'secret-supply' : named;
}

function describe(
  name: string,
  found: readonly EnvRead[],
  uses: Uses,
  neighbours: Neighbours,
  examples: ReadonlyMap<string, string>,
): EnvVar | undefined {
  const [first] = found;
  if (!first) return undefined;
  const required = found.some((r) => r.required);
  const at = { path: first.path, line: first.line };
  // Platforms set PORT and none sets HOST: a program that does not start without it must be told.
  if (required && name.toUpperCase() === 'HOST') {
    return { name, kind: 'plain', required, default: '0.0.0.0', at };
  }
  // Read here without a default, there with one.
  const given = required ? first.default : found.find((r) => r.default !== undefined)?.default;
  const literal = given !== undefined && given.length <= MAX_DEFAULT ? given : undefined;
  const use = uses.get(name);
  const tests = isOfTests(name, use);
  // The deployed service has none, but a settings class may refuse to start without its fields.
  if (tests && !required) return undefined;
  const named = tests ? testKind(name) : (use?.kind ?? kindOf(name, literal, neighbours, examples.get(name)));
  const kind = given === undefined ? named : kindHolding(name, given, named);
  const property = kind === 'database' || kind === 'redis' ? propertyOf(name, use) : undefined;
  const text = literal ?? (required && kind === 'plain' ? examples.get(name) : undefined);
  const keep = mayBeShown(name, text, kind.startsWith('secret-') || property === 'password');
  return {
    name,
    kind,
    required,
    at,
    ...(keep ? { default: text } : {}),
    ...(property ? { property } : {}),
    ...(first.anyText ? { anyText: true } : {}),
  };
}

/** Not a credential, and of a secret only that it may be empty. */
function mayBeShown(name: string, text: string | undefined, secret: boolean): boolean {
  return text !== undefined && !isCredential(name, text) && !(secret && text !== '');
}

/** A secret of a form that no platform makes up is for a person to make. */
function withForm(variable: EnvVar | undefined, form: EnvVar['form']): EnvVar | undefined {
  const own = variable?.kind === 'secret-generate' || /FERNET|CRYPT|AES/i.test(variable?.name ?? '');
  if (!variable || !form || !own || !variable.kind.startsWith('secret-')) return variable;
  return { ...variable, kind: 'secret-supply', form };
}

/** What is taken apart is no random text, and no whole of something else. */
function withParts(variable: EnvVar | undefined, parts: EnvVar['parts']): EnvVar | undefined {
  if (!variable || !parts || variable.default !== undefined || variable.kind === 'redis') return variable;
  if (variable.kind === 'database' && !parts.of && variable.property === 'url') return variable;
  if (!variable.required && variable.kind !== 'secret-generate') return { ...variable, parts };
  const { property, ...rest } = variable;
  const secret = variable.kind.startsWith('secret-') || variable.kind === 'database' || parts.of?.includes('password');
  return { ...rest, kind: secret ? 'secret-supply' : 'supply', parts };
}

/** By its name; a name that says nothing by the scheme of its default, or of the value in an example file. */
function kindOf(name: string, value: string | undefined, neighbours: Neighbours, example?: string): EnvKind {
  const named = envKind(name, { default: value, neighbours });
  const shown = value ?? example ?? '';
  const scheme = named === 'plain' || named === 'supply' ? /^([A-Za-z][\w+]*):\/\/\S/.exec(shown)?.[1] : undefined;
  return scheme !== undefined && serviceOfScheme(scheme)?.service === 'redis' ? 'redis' : named;
}

/** Never the attached database: what stands for it in production is up to a person. */
function testKind(name: string): EnvKind {
  const property = envProperty(name);
  return property === 'password' || property === 'url' ? 'secret-supply' : 'plain';
}
