/**
 * ast-grep's own matcher, as WebAssembly, on the grammar that nayek ships: a rule means here what it means there.
 * Loaded only when a rule runs. https://github.com/ast-grep/ast-grep/tree/main/crates/wasm
 */
import { readFile } from 'node:fs/promises';
import * as glue from '@ast-grep/wasm/wasm_bg.js';
import { loadPython, wasmFile } from '../syntax/python/parser.ts';
import { withoutFileConditions } from './file-conditions.ts';

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
  /** What `transform` has made; without the sigil. Ask `transformedBy`, which knows of astral characters. */
  getTransformed(name: string): string | undefined;
  matches(matcher: Matcher): boolean;
  /** The nearest first. */
  ancestors(): MatchNode[];
  /** Unique in its tree. */
  id(): number;
  prevAll(): MatchNode[];
  nextAll(): MatchNode[];
}

const LANGUAGE = 'python';
/** `$` is no letter of Python: ast-grep parses patterns with this in its place. */
const EXPANDO = 'µ';

type Root = ReturnType<ReturnType<typeof glue.parse>['root']>;

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

/** All matches of a text, in ast-grep's order: outer nodes before what they hold. Each matcher runs once. */
export type Find = (matcher: Matcher) => readonly MatchNode[];

/**
 * What `read` makes of the matches in a text; `find` looks for others in the same text.
 * @throws Error with ast-grep's words when the matcher is not a rule.
 */
export function matchesIn<T>(text: string, matcher: Matcher, read: (nodes: readonly MatchNode[], find: Find) => T): T {
  const covers = matcher.transform !== undefined && isAstral(text);
  const tree = glue.parse(LANGUAGE, covers ? covered(text) : text);
  const inner = tree.getInnerTree();
  const root = tree.root();
  const known = new Map<string, readonly MatchNode[]>();
  const find = (wanted: Matcher): readonly MatchNode[] => {
    const key = JSON.stringify(wanted);
    const found = known.get(key) ?? allOf(root, covers ? JSON.parse(covered(key)) : wanted);
    known.set(key, found);
    return found;
  };
  try {
    return read(find(matcher), find);
  } finally {
    // Trees lie outside of the garbage collector's heap: without this, some hundred files exhaust it.
    root.free();
    tree.free();
    inner?.delete();
  }
}

/** What `findAll` finds; conditions on the file are asked once, not for each match. */
function allOf(root: Root, matcher: Matcher): readonly MatchNode[] {
  const { utils } = matcher;
  const asked = (rule: object): boolean => root.matches({ rule, ...(utils ? { utils } : {}) });
  const folded = withoutFileConditions(matcher, asked);
  // The root itself is inside of nothing: what was answered for the nodes below it does not hold for it.
  const plain = folded === matcher || root.matches(matcher);
  if (plain) return root.findAll(matcher) as MatchNode[];
  if (!folded) return [];
  return (root.findAll(folded) as MatchNode[]).filter((node) => node.id() !== root.id());
}

/** Its `transform` counts characters where its ranges count UTF-16 units: behind an emoji it would cut wrongly. */
function isAstral(text: string): boolean {
  return /[\ud800-\udfff]/.test(text) && !/[\ue000-\ue7ff]/.test(text);
}

const SHIFT = 0xe000 - 0xd800;

/** Each half of an astral character as a character of its own. */
function covered(text: string): string {
  return text.replace(/[\ud800-\udfff]/g, (half) => String.fromCharCode(half.charCodeAt(0) + SHIFT));
}

/** What `transform` has made of a match in `text`; '' where it has made nothing. */
export function transformedBy(node: MatchNode, name: string, text: string): string {
  const made = node.getTransformed(name) ?? '';
  if (!isAstral(text)) return made;
  return made.replace(/[\ue000-\ue7ff]/g, (half) => String.fromCharCode(half.charCodeAt(0) - SHIFT));
}
