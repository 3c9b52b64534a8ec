/** What a service imports when it starts, as far as it is none of its own modules. */
import type { ModuleGraph } from '../python/modules.ts';
import type { Evidence } from '../repo/evidence.ts';
import type { Started } from './started.ts';

/** Dotted name → its places; in the order in which they are met. */
export type ImportsAtStart = ReadonlyMap<string, readonly Evidence[]>;

const kept = new WeakMap<readonly Started[], ImportsAtStart>();

/** Worked out once for what a service starts. `from a import b` gives `a` and `a.b`. */
export function importsAtStart(modules: ModuleGraph, started: readonly Started[]): ImportsAtStart {
  const known = kept.get(started) ?? collected(modules, started);
  kept.set(started, known);
  return known;
}

function collected(modules: ModuleGraph, started: readonly Started[]): ImportsAtStart {
  const out = new Map<string, Evidence[]>();
  const add = (name: string, path: string, line: number): void => {
    const known = out.get(name);
    if (known) known.push({ path, line });
    else if (!modules.resolve(path, name.split('.')[0] ?? '', 0)) out.set(name, [{ path, line }]);
  };
  for (const { path, stmt } of started) {
    if (stmt.kind === 'import') for (const { module } of stmt.names) add(module, path, stmt.line);
    if (stmt.kind === 'from' && stmt.level === 0) {
      add(stmt.module, path, stmt.line);
      for (const { name } of stmt.names) add(`${stmt.module}.${name}`, path, stmt.line);
    }
  }
  return out;
}

interface Import {
  readonly name: string;
  /** The first place. */
  readonly at: Evidence;
  readonly places: readonly Evidence[];
  /** Its number in the order in which they are met. */
  readonly order: number;
}

const below = new WeakMap<ImportsAtStart, ReadonlyMap<string, readonly Import[]>>();

/** The imports of one of the names, or of something below it, in order. */
export function importsOf(imports: ImportsAtStart, names: readonly string[]): readonly Import[] {
  const known = below.get(imports) ?? listedBelow(imports);
  below.set(imports, known);
  const found = new Set(names.flatMap((name) => known.get(name) ?? []));
  return [...found].sort((a, b) => a.order - b.order);
}

/** By each name and every name above it, as some eighty rows ask for theirs. */
function listedBelow(imports: ImportsAtStart): Map<string, Import[]> {
  const out = new Map<string, Import[]>();
  let order = 0;
  for (const [name, places] of imports) {
    const [at] = places;
    if (!at) continue;
    const found = { name, at, places, order: order++ };
    for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
      const above = name.slice(0, end);
      const known = out.get(above);
      if (known) known.push(found);
      else out.set(above, [found]);
    }
  }
  return out;
}
