/**
 * The only file that knows which tree-sitter is used.
 *
 * web-tree-sitter loads the grammar's own .wasm everywhere (glibc, musl, macOS, Windows) without a compiler, and a
 * tree is freed at `delete()`, so one tree is alive at a time. https://github.com/tree-sitter/tree-sitter/tree/master/lib/binding_web
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Language, Tree, TreeCursor, Parser as TreeSitterParser } from 'web-tree-sitter';
import { timed } from '../../system/stats.ts';

/** What the cursor's numbers stand for. */
interface Grammar {
  readonly types: readonly string[];
  readonly named: readonly boolean[];
  readonly fields: readonly (string | null)[];
}

let parser: TreeSitterParser | undefined;
let grammar: Grammar = { types: [], named: [], fields: [] };
let loading: Promise<void> | undefined;

/** Loads the grammar once. Must be awaited before `eachTopLevel`; may be started early, as it compiles in the background. */
export function loadPython(): Promise<void> {
  loading ??= load();
  return loading;
}

async function load(): Promise<void> {
  const { Parser, Language } = await import('web-tree-sitter');
  const module: Emscripten = { locateFile: () => wasmFile('web-tree-sitter', 'web-tree-sitter.wasm') };
  await Parser.init(module);
  readDirectly(module);
  const language = await Language.load(wasmFile('tree-sitter-python', 'tree-sitter-python.wasm'));
  const created = new Parser();
  created.setLanguage(language);
  parser = created;
  grammar = grammarOf(language);
}

/** What emscripten adds to the object that it is given, as far as it is used here. */
interface Emscripten {
  readonly locateFile: () => string;
  /** The memory of the module; another one after it has grown. */
  readonly HEAP32?: Int32Array;
  setValue?: (address: number, value: number, type: string) => void;
  getValue?: (address: number, type: string) => number;
}

/**
 * Each question to a cursor writes and reads four integers by emscripten's general functions, which takes a tenth of all
 * the time of a parse. https://emscripten.org/docs/api_reference/preamble.js.html#accessing-memory
 */
function readDirectly(module: Emscripten): void {
  const { setValue, getValue } = module;
  if (!setValue || !getValue || !(module.HEAP32 instanceof Int32Array)) return;
  module.setValue = (address, value, type) => {
    if (type === 'i32' && module.HEAP32) module.HEAP32[address >> 2] = value;
    else setValue(address, value, type);
  };
  module.getValue = (address, type) =>
    type === 'i32' && module.HEAP32 ? (module.HEAP32[address >> 2] ?? 0) : getValue(address, type);
}

function grammarOf(language: Language): Grammar {
  const types = Array.from({ length: language.nodeTypeCount }, (_, id) => language.nodeTypeForId(id) ?? '');
  return {
    types,
    // Comments say nothing about the program.
    named: types.map((type, id) => type !== 'comment' && language.nodeTypeIsNamed(id)),
    fields: Array.from({ length: language.fieldCount + 1 }, (_, id) => language.fieldNameForId(id)),
  };
}

/** Most nodes are leaves. */
const NO_NODES: readonly Node[] = [];

/** A node of the concrete tree, copied out of the parser's memory. Offsets are UTF-16 units of the text. */
export class Node {
  readonly type: string;
  readonly startIndex: number;
  readonly endIndex: number;
  /** The name of the parent's field that it fills. */
  readonly field: string | null;
  /** Without comments and tokens such as '(' and 'def'. */
  namedChildren: readonly Node[] = NO_NODES;
  /** Children that fill a field, tokens such as an operator included. */
  fields: readonly Node[] = NO_NODES;

  constructor(type: string, startIndex: number, endIndex: number, field: string | null) {
    this.type = type;
    this.startIndex = startIndex;
    this.endIndex = endIndex;
    this.field = field;
  }

  childForFieldName(name: string): Node | undefined {
    for (const child of this.fields) if (child.field === name) return child;
    return undefined;
  }

  childrenForFieldName(name: string): Node[] {
    return this.fields.filter((c) => c.field === name);
  }
}

/** Places that tree-sitter could not parse: how many, and the offset of the first. */
export interface SyntaxErrors {
  readonly count: number;
  readonly first?: number;
}

interface FoundErrors {
  count: number;
  first: number;
}

/** A part of a text that is parsed by itself, perhaps with a few words put before or after it. */
export interface Piece {
  /** What is parsed. */
  readonly text: string;
  /** Added to its offsets to get those of the whole text. */
  readonly base: number;
}

/**
 * Parses `piece` of `text` and hands each child of the module to `visit`, in order, with offsets into `text`.
 *
 * One sweep of a cursor costs a fifth of asking the parser node by node, and only one child's nodes are alive at a
 * time, so that a large file does not need its whole concrete tree in JavaScript.
 */
export function eachTopLevel(text: string, piece: Piece, visit: (node: Node) => void): SyntaxErrors {
  const tree = parsed(piece.text);
  const root = tree.rootNode;
  const cursor = root.walk();
  try {
    const broken = root.hasError;
    const errors: FoundErrors = { count: root.type === 'ERROR' ? 1 : 0, first: root.startIndex + piece.base };
    if (cursor.gotoFirstChild()) {
      do {
        if (broken) countError(cursor, piece.base, errors);
        if (grammar.named[cursor.nodeTypeId] !== false)
          visit(copyBelow(cursor, text, piece.base, broken ? errors : undefined));
      } while (cursor.gotoNextSibling());
    }
    return broken ? { ...errors, count: Math.max(1, errors.count) } : { count: 0 };
  } finally {
    cursor.delete();
    tree.delete();
  }
}

/** True when tree-sitter finds no error: less than half the work of `eachTopLevel`. */
export function isValidPython(text: string): boolean {
  const tree = parsed(text);
  try {
    return !tree.rootNode.hasError;
  } finally {
    tree.delete();
  }
}

function parsed(text: string): Tree {
  const tree = timed('parse', () => parser?.parse(text));
  if (!tree) throw new Error(parser ? 'tree-sitter returned no tree' : 'loadPython() was not awaited');
  return tree;
}

/**
 * The cursor's node with everything below it that is named or fills a field. The cursor ends where it began.
 * Each question to the cursor crosses into WebAssembly: as few as possible are asked.
 */
// complexity: the steps share the cursor, the parent and what was asked already
function copyBelow(cursor: TreeCursor, text: string, base: number, errors: FoundErrors | undefined): Node {
  const top = copy(cursor, base, cursor.nodeTypeId, 0);
  const around = cursor.gotoFirstChild() ? [top] : [];
  for (let parent = around.at(-1); parent; parent = around.at(-1)) {
    if (errors) countError(cursor, base, errors);
    const type = cursor.nodeTypeId;
    const field = cursor.currentFieldId;
    // ERROR is in no table.
    const named = grammar.named[type] !== false;
    let deeper = false;
    if (named || field !== 0 || errors) {
      const node = copy(cursor, base, type, field);
      if (named) parent.namedChildren = withOne(parent.namedChildren, node);
      if (field !== 0) parent.fields = withOne(parent.fields, node);
      if (errors || !isWhole(node, text)) deeper = cursor.gotoFirstChild();
      if (deeper) around.push(node);
    }
    while (!deeper && around.length > 0 && !cursor.gotoNextSibling()) {
      cursor.gotoParent();
      around.pop();
    }
  }
  return top;
}

/** With one more at its end. */
function withOne(nodes: readonly Node[], node: Node): readonly Node[] {
  if (nodes === NO_NODES) return [node];
  (nodes as Node[]).push(node);
  return nodes;
}

const WHOLE = new Set(['identifier', 'integer', 'float', 'string_start', 'string_content', 'string_end']);
const FORMATTED = /^[a-z]?[ft]/i;

/** True when nothing below a node is of use: its text says it all. Of strings, only f- and t-strings hold expressions. */
function isWhole(node: Node, text: string): boolean {
  if (node.type === 'string') return !FORMATTED.test(text.slice(node.startIndex, node.startIndex + 2));
  return WHOLE.has(node.type);
}

function copy(cursor: TreeCursor, base: number, type: number, field: number): Node {
  const { startIndex, endIndex } = cursor;
  return new Node(grammar.types[type] ?? 'ERROR', startIndex + base, endIndex + base, grammar.fields[field] ?? null);
}

function countError(cursor: TreeCursor, base: number, errors: FoundErrors): void {
  if (cursor.nodeType !== 'ERROR' && !cursor.nodeIsMissing) return;
  if (++errors.count === 1) errors.first = cursor.startIndex + base;
}

/** Absolute path: beside the bundle, as `packed`, when built; in node_modules when run from source. */
export function wasmFile(pkg: string, name: string, packed = name): string {
  const here = typeof __dirname === 'string' ? __dirname : path.dirname(fileURLToPath(import.meta.url));
  const beside = path.join(here, packed);
  if (existsSync(beside)) return beside;
  return createRequire(path.join(here, 'anchor.js')).resolve(`${pkg}/${name}`);
}
