/** Functions and classes that are known by their first line; header and body are parsed when they are asked for. */
import type { Argument, ClassStmt, Expr, FunctionStmt, Parameter, Stmt } from './ast.ts';
import { firstIndex } from './bisect.ts';
import { lineAt } from './lower/expressions.ts';
import { endWithComments, type LogicalLine } from './outline.ts';
import { block, outermost, parsed, type Source } from './piece.ts';

const FIRST_WORDS = /(?:(async)[ \t]+)?(?:def|(class))[ \t]+([A-Za-z_]\w*)(?=[ \t]*[([:])/y;

/**
 * The definition whose first line is the first of `lines`, the rest being nested in it; undefined when it is none, or
 * one that only a parser understands.
 */
export function definition(
  source: Source,
  decorators: readonly LogicalLine[],
  lines: readonly LogicalLine[],
  suite: Place['suite'],
): FunctionStmt | ClassStmt | undefined {
  const [first, ...nested] = lines;
  if (!first) return undefined;
  FIRST_WORDS.lastIndex = first.start;
  const [, async, isClass, name] = FIRST_WORDS.exec(source.text) ?? [];
  if (name === undefined || (async && isClass)) return undefined;
  // A dedent to no block's column: the parser shall say what it makes of it.
  if (nested.some((l) => l.indent < (nested[0]?.indent ?? 0))) return undefined;
  // `def f(): return 1` has nothing nested; all others end their first line with the colon.
  if ((source.text[first.end - 1] === ':') !== nested.length > 0) return undefined;
  const place = { source, decorators, first, nested, name, suite };
  return isClass ? new DeferredClass(place) : new DeferredFunction(place, async !== undefined);
}

interface Place {
  readonly source: Source;
  readonly decorators: readonly LogicalLine[];
  /** Holds `def` or `class`. */
  readonly first: LogicalLine;
  readonly nested: readonly LogicalLine[];
  readonly name: string;
  /** The statements of a class, whose methods are left for later, too. */
  readonly suite: (source: Source, lines: readonly LogicalLine[], end: number) => readonly Stmt[];
}

/** A body that is not there yet. */
const NO_BODY = ' pass';

abstract class Deferred<T extends FunctionStmt | ClassStmt> {
  abstract readonly kind: T['kind'];
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly name: string;
  protected readonly place: Place;
  private header: T | undefined;
  private statements: readonly Stmt[] | undefined;

  constructor(place: Place) {
    const { source, decorators, first, nested, name } = place;
    this.place = place;
    this.name = name;
    this.start = (decorators[0] ?? first).start;
    this.end = endWithComments(
      source.text,
      (nested.at(-1) ?? first).end,
      nested[0]?.indent ?? Number.POSITIVE_INFINITY,
    );
    this.line = lineAt(source, first.start);
  }

  get decorators(): readonly Expr[] {
    return this.head.decorators;
  }

  get body(): readonly Stmt[] {
    this.statements ??= this.parsedBody();
    return this.statements;
  }

  mentions(pattern: RegExp, part?: 'head' | 'body'): boolean {
    const { source, nested } = this.place;
    const from = part === 'body' ? (nested[0]?.lineStart ?? this.start) : this.start;
    const to = part === 'head' ? this.headEnd : this.end;
    const found = source.matches(pattern);
    return (found[firstIndex(found.length, (i) => (found[i] ?? to) >= from)] ?? to) < to;
  }

  get headEnd(): number {
    const { first, nested } = this.place;
    return nested.length > 0 ? first.end : this.end;
  }

  /** Everything but the body. */
  protected get head(): T {
    this.header ??= this.parsedHead();
    return this.header;
  }

  protected abstract nestedBlock(source: Source, lines: readonly LogicalLine[]): readonly Stmt[];

  private parsedHead(): T {
    const { source, decorators, first, nested } = this.place;
    const [end, more] = nested.length > 0 ? [first.end, NO_BODY] : [this.end, ''];
    const [found] = parsed(source, decorators[0] ?? first, end, more) ?? [];
    return found?.kind === this.kind ? (found as T) : this.inWhole();
  }

  private parsedBody(): readonly Stmt[] {
    const { source, nested } = this.place;
    return nested.length > 0 ? this.nestedBlock(source, nested) : this.head.body;
  }

  /** In a text with a syntax error, what became of it. */
  private inWhole(): T {
    const found = outermost(this.place.source.whole(), this.start, this.end).find((s) => s.kind === this.kind);
    return (found ?? this.empty()) as T;
  }

  protected abstract empty(): T;
}

class DeferredFunction extends Deferred<FunctionStmt> implements FunctionStmt {
  readonly kind = 'function';
  readonly async: boolean;
  readonly defStart: number;

  constructor(place: Place, async: boolean) {
    super(place);
    this.async = async;
    this.defStart = place.first.start;
  }

  get params(): readonly Parameter[] {
    return this.head.params;
  }

  get returns(): Expr | undefined {
    return this.head.returns;
  }

  protected nestedBlock(source: Source, lines: readonly LogicalLine[]): readonly Stmt[] {
    return block(source, lines, this.end);
  }

  protected empty(): FunctionStmt {
    const { start, end, line, kind, name, async, defStart } = this;
    return { start, end, line, kind, name, async, defStart, params: [], decorators: [], body: [] };
  }
}

class DeferredClass extends Deferred<ClassStmt> implements ClassStmt {
  readonly kind = 'class';

  get bases(): readonly Argument[] {
    return this.head.bases;
  }

  protected nestedBlock(source: Source, lines: readonly LogicalLine[]): readonly Stmt[] {
    return this.place.suite(source, lines, this.end);
  }

  protected empty(): ClassStmt {
    const { start, end, line, kind, name } = this;
    return { start, end, line, kind, name, bases: [], decorators: [], body: [] };
  }
}
