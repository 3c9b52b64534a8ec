/**
 * A small Python syntax tree, lowered once from tree-sitter into plain objects.
 *
 * Every node carries `start` and `end` (UTF-16 offsets into the text that was parsed, end exclusive) and `line`
 * (1-based), so that a decision made on the tree becomes an edit of the text by range. Nodes own no native memory.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

export type Expr =
  | NameExpr
  | AttributeExpr
  | CallExpr
  | StringExpr
  | NumberExpr
  | ConstantExpr
  | SequenceExpr
  | DictExpr
  | BinaryExpr
  | BoolExpr
  | UnaryExpr
  | CompareExpr
  | SubscriptExpr
  | ConditionalExpr
  | LambdaExpr
  | AwaitExpr
  | NamedExpr
  | OtherExpr;

export interface NameExpr extends Span {
  readonly kind: 'name';
  readonly id: string;
}
export interface AttributeExpr extends Span {
  readonly kind: 'attribute';
  readonly value: Expr;
  readonly attr: string;
}
export interface CallExpr extends Span {
  readonly kind: 'call';
  readonly func: Expr;
  readonly args: readonly Argument[];
  /** Range of the argument list with its parentheses. */
  readonly argsStart: number;
  readonly argsEnd: number;
}
export interface Argument extends Span {
  /** Keyword name; absent for a positional argument. */
  readonly name?: string;
  readonly star?: '*' | '**';
  readonly value: Expr;
}
export interface StringExpr extends Span {
  readonly kind: 'string';
  /** Decoded value; null when it has interpolations, is bytes, or has an escape that is not decoded here. */
  readonly value: string | null;
  /** Lower-case prefix letters of the first part: '', 'f', 'r', 'rb', … */
  readonly prefix: string;
  /** Interpolated expressions of an f-string, in order. */
  readonly holes: readonly Expr[];
  /** Literal text between the holes: `pieces.length === holes.length + 1`. Escapes are left as written. */
  readonly pieces: readonly string[];
}
export interface NumberExpr extends Span {
  readonly kind: 'number';
  readonly text: string;
}
export interface ConstantExpr extends Span {
  readonly kind: 'constant';
  readonly value: true | false | null | '...';
}
export interface SequenceExpr extends Span {
  readonly kind: 'list' | 'tuple' | 'set';
  readonly items: readonly Expr[];
}
export interface DictExpr extends Span {
  readonly kind: 'dict';
  /** A `**spread` entry has a null key. */
  readonly entries: readonly { readonly key: Expr | null; readonly value: Expr }[];
}
export interface BinaryExpr extends Span {
  readonly kind: 'binary';
  readonly op: string;
  readonly left: Expr;
  readonly right: Expr;
}
export interface BoolExpr extends Span {
  readonly kind: 'bool';
  readonly op: 'and' | 'or';
  readonly left: Expr;
  readonly right: Expr;
}
export interface UnaryExpr extends Span {
  readonly kind: 'unary';
  readonly op: string;
  readonly operand: Expr;
}
export interface CompareExpr extends Span {
  readonly kind: 'compare';
  /** `operands.length === ops.length + 1` */
  readonly operands: readonly Expr[];
  readonly ops: readonly string[];
}
export interface SubscriptExpr extends Span {
  readonly kind: 'subscript';
  readonly value: Expr;
  readonly index: readonly Expr[];
}
export interface ConditionalExpr extends Span {
  readonly kind: 'conditional';
  readonly test: Expr;
  readonly then: Expr;
  readonly otherwise: Expr;
}
export interface LambdaExpr extends Span {
  readonly kind: 'lambda';
  readonly body: Expr;
}
export interface AwaitExpr extends Span {
  readonly kind: 'await';
  readonly value: Expr;
}
export interface NamedExpr extends Span {
  readonly kind: 'named';
  readonly name: string;
  readonly value: Expr;
}
/** Anything else (comprehension, starred, yield, slice, …): its expressions, in order. */
export interface OtherExpr extends Span {
  readonly kind: 'other';
  /** tree-sitter's node type. */
  readonly type: string;
  readonly children: readonly Expr[];
}

export type Stmt =
  | ImportStmt
  | FromImportStmt
  | AssignStmt
  | ExprStmt
  | FunctionStmt
  | ClassStmt
  | IfStmt
  | TryStmt
  | BlockStmt
  | ReturnStmt
  | OtherStmt;

export interface ImportStmt extends Span {
  readonly kind: 'import';
  readonly names: readonly ({ readonly module: string; readonly as?: string } & Span)[];
}
export interface FromImportStmt extends Span {
  readonly kind: 'from';
  /** Dotted module without its leading dots; '' for `from . import x`. */
  readonly module: string;
  /** Number of leading dots. */
  readonly level: number;
  readonly names: readonly ({ readonly name: string; readonly as?: string } & Span)[];
  readonly star: boolean;
  /** Range of the module as written, with its dots. */
  readonly moduleStart: number;
  readonly moduleEnd: number;
}
export interface AssignStmt extends Span {
  readonly kind: 'assign';
  /** `a = b = v` has two targets. An annotation without value has one target and no value. */
  readonly targets: readonly Expr[];
  readonly value?: Expr;
  readonly annotation?: Expr;
  /** '=' or an augmented operator such as '+='. */
  readonly op: string;
}
export interface ExprStmt extends Span {
  readonly kind: 'expr';
  readonly value: Expr;
}
export interface Parameter extends Span {
  readonly name: string;
  readonly star?: '*' | '**';
  readonly annotation?: Expr;
  readonly default?: Expr;
}
export interface FunctionStmt extends Span {
  readonly kind: 'function';
  readonly name: string;
  readonly async: boolean;
  readonly params: readonly Parameter[];
  readonly returns?: Expr | undefined;
  readonly decorators: readonly Expr[];
  readonly body: readonly Stmt[];
  /** Offset of `def`/`async`, after the decorators; `start` includes the decorators. */
  readonly defStart: number;
  readonly mentions?: Mentions;
  /** Of a definition that is not parsed yet: the offset after its head. */
  readonly headEnd?: number;
}
export interface ClassStmt extends Span {
  readonly kind: 'class';
  readonly name: string;
  readonly bases: readonly Argument[];
  readonly decorators: readonly Expr[];
  readonly body: readonly Stmt[];
  readonly mentions?: Mentions;
  /** Of a definition that is not parsed yet: the offset after its head. */
  readonly headEnd?: number;
}
/**
 * Of a definition that is not parsed yet: false when a pattern matches nowhere in it, so that there is no need to. The
 * head is all but the body; without `part` both are looked at.
 */
export type Mentions = (pattern: RegExp, part?: 'head' | 'body') => boolean;

export interface IfStmt extends Span {
  readonly kind: 'if';
  readonly test: Expr;
  readonly body: readonly Stmt[];
  /** `elif` is an IfStmt alone in here. */
  readonly orelse: readonly Stmt[];
}
export interface TryStmt extends Span {
  readonly kind: 'try';
  readonly body: readonly Stmt[];
  readonly handlers: readonly (readonly Stmt[])[];
  readonly orelse: readonly Stmt[];
  readonly finalbody: readonly Stmt[];
}
/** with, for, while, match: the header's expressions, and every nested block in order. */
export interface BlockStmt extends Span {
  readonly kind: 'with' | 'for' | 'while' | 'match';
  readonly header: readonly Expr[];
  /** Names bound by the header (`as x`, loop targets). */
  readonly targets: readonly Expr[];
  readonly body: readonly Stmt[];
}
export interface ReturnStmt extends Span {
  readonly kind: 'return';
  readonly value?: Expr;
}
/** pass, raise, del, global, assert, …, and ERROR nodes. */
export interface OtherStmt extends Span {
  readonly kind: 'other';
  readonly type: string;
  readonly children: readonly Expr[];
}

export interface PythonModule {
  readonly text: string;
  readonly body: readonly Stmt[];
  /** Number of ERROR and MISSING nodes: 0 for a file that parses. Parses all of it. */
  readonly errors: number;
  /** 1-based line of the first of them. */
  readonly errorLine?: number | undefined;
  /** 1-based line of the first statement that lies too deep and was not looked into, of what has been parsed so far. */
  readonly deepLine?: number | undefined;
  /** An error was met in what has been parsed so far. */
  readonly seenErrors: boolean;
  /** Parses all of it, so that `seenErrors` is final. */
  check(): void;
}
