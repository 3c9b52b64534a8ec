/** Python source → the plain tree of `ast.ts`, as little of it as is asked for. */
import { keyOf } from '../../system/pattern.ts';
import type { PythonModule, Stmt } from './ast.ts';
import { lineAt, lineStartsOf, type State } from './lower/expressions.ts';
import { statement } from './lower/statements.ts';
import { logicalLines } from './outline.ts';
import { eachTopLevel, isValidPython, type SyntaxErrors } from './parser.ts';
import type { Source } from './piece.ts';
import { suite } from './suite.ts';

/** Never throws on bad syntax: see `errors`. Offsets are UTF-16 units of `text`. */
export function parsePython(text: string): PythonModule {
  return new Module(text);
}

class Module implements PythonModule, Source {
  readonly text: string;
  private starts: readonly number[] | undefined;
  private statements: readonly Stmt[] | undefined;
  private everything: readonly Stmt[] | undefined;
  private found: SyntaxErrors | undefined;
  private deep: number | undefined;
  private readonly hits = new Map<string, readonly number[]>();

  constructor(text: string) {
    this.text = text;
  }

  get body(): readonly Stmt[] {
    this.statements ??= this.outlined() ?? this.whole();
    return this.statements;
  }

  private outlined(): readonly Stmt[] | undefined {
    const lines = logicalLines(this.text);
    if (!lines || (lines[0]?.indent ?? 0) > 0) return undefined;
    return suite(this, lines, this.text.length);
  }

  get errors(): number {
    this.found ??= isValidPython(this.text) ? { count: 0 } : undefined;
    if (!this.found) this.whole();
    return this.found?.count ?? 0;
  }

  get errorLine(): number | undefined {
    return this.errors > 0 && this.found?.first !== undefined ? lineAt(this, this.found.first) : undefined;
  }

  passOver(start: number): void {
    this.deep = Math.min(this.deep ?? start, start);
  }

  get deepLine(): number | undefined {
    return this.deep === undefined ? undefined : lineAt(this, this.deep);
  }

  check(): void {
    void this.errors;
  }

  get seenErrors(): boolean {
    return (this.found?.count ?? 0) > 0;
  }

  get lineStarts(): readonly number[] {
    this.starts ??= lineStartsOf(this.text);
    return this.starts;
  }

  matches(pattern: RegExp): readonly number[] {
    const key = keyOf(pattern);
    let known = this.hits.get(key);
    if (!known) {
      const everywhere = new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, '')}g`);
      const found: number[] = [];
      // A test makes no object for each match; after an empty one it stays where it is.
      for (let last = -1; everywhere.test(this.text); ) {
        if (everywhere.lastIndex === last) everywhere.lastIndex++;
        else found.push(Math.max(0, everywhere.lastIndex - 1));
        last = everywhere.lastIndex;
      }
      known = found;
      this.hits.set(key, known);
    }
    return known;
  }

  whole(): readonly Stmt[] {
    if (!this.everything) {
      const { text, lineStarts } = this;
      const state: State = { text, lineStarts, depth: 0 };
      const out: Stmt[] = [];
      this.found = eachTopLevel(text, { text, base: 0 }, (node) => statement(state, node, out));
      this.everything = out;
      if (state.tooDeep !== undefined) this.passOver(state.tooDeep);
    }
    return this.everything;
  }
}
