/**
 * ast-grep's own matcher, as WebAssembly, on the grammar that nayek ships: a rule means here what it means there.
 * Loaded only when a rule runs. https://github.com/ast-grep/ast-grep/tree/main/crates/wasm
 */
import { readFile } from 'node:fs/promises';
import * as glue from '@ast-grep/wasm/wasm_bg.js';
import { loadPython, wasmFile } from '../syntax/python/parser.ts';

/** What ast-grep matches with. https://ast-grep.github.io/reference/yaml.html */
export interface Matcher {
  readonly rule: unknown;
  readonly constraints?: unknown;
  readonly utils?: unknown;
  readonly transform?: unknown;
}

/** A node of ast-grep, as far as rules need it. It must not outlive the call that gave it. */
export interface MatchNode {
  /** UTF-16 offsets. */
  range(): { readonly start: { readonly index: number }; readonly end: { readonly index: number } };
  text(): string;
  getMatch(name: string): MatchNode | undefined;
  getMultipleMatches(name: string): MatchNode[];
  /** What `transform` has made; without the sigil. */
  getTransformed(name: string): string | undefined;
  matches(matcher: Matcher): boolean;
  prevAll(): MatchNode[];
  nextAll(): MatchNode[];
}

const LANGUAGE = 'python';
/** `$` is no letter of Python: ast-grep parses patterns with this in its place. */
const EXPANDO = 'µ';

let loading: Promise<void> | undefined;

/** Loads ast-grep once; needed before `matchesIn`. */
export function loadAstGrep(): Promise<void> {
  loading ??= load();
  return loading;
}

async function load(): Promise<void> {
  // Ours first: it tells web-tree-sitter where its own WebAssembly lies.
  await loadPython();
  const bytes = await readFile(wasmFile('@ast-grep/wasm', 'wasm_bg.wasm', 'ast-grep.wasm'));
  const { exports } = (await WebAssembly.instantiate(bytes, { './wasm_bg.js': glue })).instance;
  glue.__wbg_set_wasm(exports);
  (exports as { __wbindgen_start(): void }).__wbindgen_start();
  await glue.initializeTreeSitter();
  const libraryPath = wasmFile('tree-sitter-python', 'tree-sitter-python.wasm');
  await glue.registerDynamicLanguage({ [LANGUAGE]: { libraryPath, expandoChar: EXPANDO } });
}

/**
 * What `read` makes of the matches in a text, in ast-grep's order: outer nodes before what they hold.
 * @throws Error with ast-grep's words when the matcher is not a rule.
 */
export function matchesIn<T>(text: string, matcher: Matcher, read: (nodes: readonly MatchNode[]) => T): T {
  const tree = glue.parse(LANGUAGE, text);
  const inner = tree.getInnerTree();
  const root = tree.root();
  try {
    return read(root.findAll(matcher) as MatchNode[]);
  } finally {
    // Trees lie outside of the garbage collector's heap: without this, some hundred files exhaust it.
    root.free();
    tree.free();
    inner?.delete();
  }
}
