/**
 * The repository's own Python modules: which file an import means, and which object a name means after re-exports,
 * aliases and star imports. Nothing is imported or run; what is not static stays unresolved.
 */
import type { Evidence } from '../repo/evidence.ts';
import type { AssignStmt, ClassStmt, Expr, FromImportStmt, FunctionStmt, PythonModule } from '../syntax/python/ast.ts';
import type { Binding } from './bindings.ts';
import type { ResolvedModule } from './import-path.ts';

/** What a name means in the end. */
export type Definition = {
  /** Where the import chain passed, nearest first; empty when defined in the file asked for. */
  readonly via: readonly Evidence[];
} & (
  | { readonly kind: 'class'; readonly path: string; readonly name: string; readonly stmt: ClassStmt }
  | { readonly kind: 'function'; readonly path: string; readonly name: string; readonly stmt: FunctionStmt }
  | {
      readonly kind: 'assign';
      readonly path: string;
      readonly name: string;
      readonly stmt: AssignStmt;
      readonly value?: Expr;
    }
  /** A module or package of the repository; `path` is its file ('' for a package without __init__.py). */
  | { readonly kind: 'module'; readonly path: string; readonly folder: string; readonly name: string }
  /** Not of this repository: `name` is the full dotted name, such as 'uvicorn.run'. */
  | { readonly kind: 'external'; readonly name: string }
);

export interface ModuleGraph {
  /** One object for all graphs over the same names of files. */
  readonly layout: object;
  /** Every .py file of the repository. */
  readonly files: readonly string[];
  /** Made once and kept; undefined when the file cannot be read. Check `seenErrors` before editing. */
  module(path: string): PythonModule | undefined;
  /** Files in which a syntax error was met so far, with its 1-based line. */
  readonly broken: readonly { readonly path: string; readonly line: number }[];
  /** Files with statements that lie too deep to be looked into, with the 1-based line of the first. */
  readonly deep: readonly { readonly path: string; readonly line: number }[];
  /** The file that `module` means when imported from `from`; undefined when it is not of this repository. */
  resolve(from: string, module: string, level: number): ResolvedModule | undefined;
  /** Bindings of a module's top level (also inside top-level if/try/with), in order; later ones win. */
  bindings(path: string): ReadonlyMap<string, readonly Binding[]>;
  /** Modules that `path` star-imports, in order. */
  stars(path: string): readonly FromImportStmt[];
  /** Follows `name` as seen at the top level of `path` to its definition. */
  define(path: string, name: string): Definition | undefined;
  /** Follows what a name of `path` is bound to, at its top level or in a function. */
  follow(path: string, name: string, binding: Binding): Definition | undefined;
  /** A module or package of a folder; undefined when it has none of this name. */
  child(folder: string, name: string, root: string): ResolvedModule | undefined;
}

/** The same, reached through these lines. */
export function passing(found: Definition, ...through: readonly Evidence[]): Definition {
  return { ...found, via: [...through, ...found.via] };
}
