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
import type { Node, Parser as TreeSitterParser } from 'web-tree-sitter';

export type { Node };

let parser: TreeSitterParser | undefined;
let loading: Promise<void> | undefined;

/** Loads the grammar once. Must be awaited before `withTree`; may be started early, as it compiles in the background. */
export function loadPython(): Promise<void> {
  loading ??= load();
  return loading;
}

async function load(): Promise<void> {
  const { Parser, Language } = await import('web-tree-sitter');
  await Parser.init({ locateFile: () => wasmFile('web-tree-sitter', 'web-tree-sitter.wasm') });
  const language = await Language.load(wasmFile('tree-sitter-python', 'tree-sitter-python.wasm'));
  const created = new Parser();
  created.setLanguage(language);
  parser = created;
}

/**
 * Parses `text` and hands the root node to `visit`; the tree is freed when it returns.
 * Offsets of nodes are UTF-16 units of `text`.
 */
export function withTree<T>(text: string, visit: (root: Node) => T): T {
  if (!parser) throw new Error('loadPython() was not awaited');
  const tree = parser.parse(text);
  if (!tree) throw new Error('tree-sitter returned no tree');
  try {
    return visit(tree.rootNode);
  } finally {
    tree.delete();
  }
}

/** Beside the bundle when built; in node_modules when run from source. */
function wasmFile(pkg: string, name: string): string {
  const here = typeof __dirname === 'string' ? __dirname : path.dirname(fileURLToPath(import.meta.url));
  const beside = path.join(here, name);
  if (existsSync(beside)) return beside;
  return createRequire(path.join(here, 'anchor.js')).resolve(`${pkg}/${name}`);
}
