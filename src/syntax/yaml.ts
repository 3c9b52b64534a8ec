/** YAML as a tree of plain nodes with their ranges. Aliases stay references: nothing is ever expanded or copied. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseAllDocuments } from 'yaml';
import { say } from '../system/say.ts';

interface NodeBase {
  /** UTF-16 offsets of the value itself, end exclusive, without a trailing comment. */
  readonly start: number;
  readonly end: number;
  /** 1-based. */
  readonly line: number;
}

export interface YamlScalar extends NodeBase {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As written, quotes included. */
  readonly source: string;
}

export interface YamlMap extends NodeBase {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
}

export interface YamlEntry {
  readonly key: string;
  readonly line: number;
  readonly value: YamlNode;
}

export interface YamlList extends NodeBase {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export type YamlNode = YamlScalar | YamlMap | YamlList;

export type YamlResult =
  | { readonly ok: true; readonly root: YamlNode | undefined }
  | { readonly ok: false; readonly line: number; readonly problem: string };

/** A configuration file that somebody wrote is never near this. UTF-16 units. */
const MAX_LENGTH = 1_000_000;
const MAX_DEPTH = 100;

/**
 * Reads a file with one YAML 1.2 document. Duplicate keys, several documents, a file over a million characters and
 * nesting over a hundred levels are problems; an alias is the very node of its anchor, so that an alias bomb stays as
 * small as its text. Never throws. https://yaml.org/spec/1.2.2/
 */
export function parseYaml(text: string): YamlResult {
  if (text.length > MAX_LENGTH) return { ok: false, line: 1, problem: say`is larger than a million characters` };
  const lines = new LineCounter();
  try {
    const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, logLevel: 'silent' });
    if (!Array.isArray(documents)) return { ok: true, root: undefined };
    const [document] = documents;
    const error = documents.flatMap((d) => d.errors)[0];
    if (error) {
      const [message = say`is not YAML`] = error.message.split('\n');
      const deep = message.includes('call stack');
      const problem = deep ? say`is nested too deeply` : message.replace(/ at line \d+.*$/, '');
      return { ok: false, line: lines.linePos(error.pos[0]).line, problem };
    }
    if (documents.length > 1) return { ok: false, line: 1, problem: say`holds several documents` };
    if (!document?.contents) return { ok: true, root: undefined };
    return { ok: true, root: new Reader(text, lines).node(document.contents, 0) };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, line: error.line, problem: error.message };
    return { ok: false, line: 1, problem: say`is nested too deeply` };
  }
}

/** The documents of a file, whatever is wrong with it: what stands before a problem, the last of duplicate keys too. */
export function yamlDocuments(text: string): readonly YamlNode[] {
  if (text.length > MAX_LENGTH) return [];
  const lines = new LineCounter();
  try {
    const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: false, logLevel: 'silent' });
    return Array.isArray(documents)
      ? documents.flatMap((d) => (d.contents ? [new Reader(text, lines).node(d.contents, 0)] : []))
      : [];
  } catch {
    return [];
  }
}

/** Every map below a node, outermost first; one that has several names counts once. */
export function* mapsIn(node: YamlNode, seen: Set<YamlNode> = new Set()): Generator<YamlMap> {
  if (seen.has(node)) return;
  seen.add(node);
  if (node.kind === 'list') for (const item of node.items) yield* mapsIn(item, seen);
  if (node.kind !== 'map') return;
  yield node;
  for (const { value } of node.entries) yield* mapsIn(value, seen);
}

/** The value of a key of a map (through `<<` merges too); undefined for any other node. */
export function field(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return fieldWithin(node, key, 0);
}

/** The text of a scalar field; undefined when it is missing or no scalar. */
export function textField(node: YamlNode | undefined, key: string): string | undefined {
  const value = field(node, key);
  return value?.kind === 'scalar' && value.value !== null ? String(value.value) : undefined;
}

/** The items of a list field; empty when it is missing or no list. */
export function listField(node: YamlNode | undefined, key: string): readonly YamlNode[] {
  const value = field(node, key);
  return value?.kind === 'list' ? value.items : [];
}

function fieldWithin(node: YamlNode | undefined, key: string, depth: number): YamlNode | undefined {
  if (node?.kind !== 'map' || depth > MAX_DEPTH) return undefined;
  const own = node.entries.find((e) => e.key === key);
  if (own) return own.value;
  for (const { key: name, value } of node.entries) {
    if (name !== '<<') continue;
    for (const merged of value.kind === 'list' ? value.items : [value]) {
      const found = fieldWithin(merged, key, depth + 1);
      if (found) return found;
    }
  }
  return undefined;
}

class Unreadable extends Error {
  readonly line: number;
  constructor(line: number, problem: string) {
    super(problem);
    this.line = line;
  }
}

class Reader {
  private readonly text: string;
  private readonly lines: LineCounter;
  private readonly anchors = new Map<string, YamlNode>();

  constructor(text: string, lines: LineCounter) {
    this.text = text;
    this.lines = lines;
  }

  node(node: ParsedNode | Node | null | undefined, depth: number): YamlNode {
    const [start = 0, end = 0] = node?.range ?? [];
    const { line } = this.lines.linePos(start);
    if (depth > MAX_DEPTH) throw new Unreadable(line, say`is nested too deeply`);
    if (isAlias(node)) {
      const target = this.anchors.get(node.source);
      if (!target) throw new Unreadable(line, say`alias *${node.source} has no anchor before it`);
      return target;
    }
    const made = this.made(node, { start, end, line }, depth);
    if (node && 'anchor' in node && node.anchor) this.anchors.set(node.anchor, made);
    return made;
  }

  private made(node: ParsedNode | Node | null | undefined, base: NodeBase, depth: number): YamlNode {
    if (isMap(node)) {
      const entries = node.items.map((pair): YamlEntry => {
        const key = pair.key as ParsedNode | null;
        const at = this.lines.linePos(key?.range?.[0] ?? base.start).line;
        const name = isScalar(key) ? String(key.value) : '';
        return { key: name, line: at, value: this.node(pair.value as ParsedNode | null, depth + 1) };
      });
      return { kind: 'map', ...base, entries };
    }
    if (isSeq(node))
      return { kind: 'list', ...base, items: node.items.map((item) => this.node(item as ParsedNode, depth + 1)) };
    const value = isScalar(node) ? node.value : null;
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
    return { kind: 'scalar', ...base, value: plain, source: this.text.slice(base.start, base.end) };
  }
}
