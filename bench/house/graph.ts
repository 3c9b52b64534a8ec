/** Which file imports which, and the rooms that they lie in. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Bottom up: a room may import from itself and from those before it. */
export const ROOMS: readonly string[] = [
  'src/system',
  'src/repo',
  'src/syntax',
  'src/secrets',
  'src/python',
  'src/knowledge',
  'src/commands',
  'src/model',
  'src/survey',
  'src/judge',
  'src/lists',
  'src/rules',
  'src/api.ts',
  'transforms',
  'templates',
  'src/engine',
  'src/testing',
  'src/writer',
  'src/report',
  'src/verify',
  'src/batch',
  'src/cli',
  'src/index.ts',
];

const FOLDERS = ['src', 'transforms', 'templates'];

/** Repository-relative file → the files that it imports, types included. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Read from the sources below `home` (absolute; the project itself by default). */
export function importGraph(home: string = process.cwd()): ImportGraph {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(home, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => path.posix.join(folder, name.split(path.sep).join('/'))),
  );
  const known = new Set(files);
  return new Map(files.sort().map((file) => [file, importsOf(home, file).filter((target) => known.has(target))]));
}

function importsOf(home: string, file: string): string[] {
  const text = readFileSync(path.join(home, file), 'utf8');
  // Our own sources, as biome formats them: a module name stands in single quotes behind `from`, `import` or `import(`.
  const names = [...text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map((m) => m[1] ?? '');
  return [...new Set(names.map((name) => path.posix.join(path.posix.dirname(file), name)))];
}

/** 'src/survey' for 'src/survey/alembic/origin.ts', 'transforms' for all of transforms. */
export function roomOf(file: string): string {
  const [top = '', second = ''] = file.split('/');
  return top === 'src' ? `${top}/${second}` : top;
}

/** The groups of files that reach each other, by Tarjan's algorithm. https://doi.org/10.1137/0201010 */
export function cycles(graph: ImportGraph): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    const at = order.size;
    order.set(file, at);
    low.set(file, at);
    open.push(file);
    for (const target of graph.get(file) ?? []) {
      if (!order.has(target)) visit(target);
      if (open.includes(target)) low.set(file, Math.min(low.get(file) ?? at, low.get(target) ?? at));
    }
    if (low.get(file) !== at) return;
    const group = open.splice(open.indexOf(file));
    if (group.length > 1) found.push(group.sort());
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return found;
}

/**
 * The rooms as a Mermaid flow chart. An arrow that others imply is left out, so that the picture can be read.
 * https://mermaid.js.org/syntax/flowchart.html
 */
export function mapOf(graph: ImportGraph = importGraph()): string {
  const arrows = new Map<string, Set<string>>(ROOMS.map((room) => [room, new Set()]));
  for (const [file, targets] of graph) {
    for (const target of targets) if (roomOf(target) !== roomOf(file)) arrows.get(roomOf(file))?.add(roomOf(target));
  }
  const reach = new Map<string, Set<string>>();
  for (const room of ROOMS) {
    const direct = [...(arrows.get(room) ?? [])];
    reach.set(room, new Set([...direct, ...direct.flatMap((to) => [...(reach.get(to) ?? [])])]));
  }
  const lines = [...ROOMS].reverse().flatMap((room) => {
    const direct = [...(arrows.get(room) ?? [])].sort((a, b) => ROOMS.indexOf(b) - ROOMS.indexOf(a));
    const implied = (to: string): boolean => direct.some((via) => via !== to && reach.get(via)?.has(to));
    return direct.filter((to) => !implied(to)).map((to) => `  ${nodeOf(room)} --> ${nodeOf(to)}`);
  });
  return `flowchart TD\n${lines.join('\n')}\n`;
}

function nodeOf(room: string): string {
  return `${room.replace(/\W/g, '_')}["${room}"]`;
}
