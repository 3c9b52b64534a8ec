/** Names that a module uses as it is loaded and that nothing has bound by then: NameError. */
import type { Service } from '../../model/facts.ts';
import { collect } from '../../python/bindings.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { ClassStmt, Expr, FunctionStmt, PythonModule, Stmt } from '../../syntax/python/ast.ts';
import { childrenOf } from '../../syntax/python/children.ts';
import { isValidPython } from '../../syntax/python/parser.ts';
import { say } from '../../system/say.ts';
import { compareVersions } from '../dependencies/versions.ts';
import { isTypeChecking } from '../executed.ts';
import { mayBind } from '../may-bind.ts';
import { isStated } from '../python-version/runs-on.ts';
import type { Started } from '../started.ts';
import type { Note } from './note.ts';

/** https://docs.python.org/3/library/functions.html and the names of exceptions */
const BUILTINS = new Set(
  (
    '__build_class__ __builtins__ __debug__ __doc__ __file__ __import__ __loader__ __name__ __package__ __path__ __spec__ ' +
    '__annotations__ __class__ __module__ __qualname__ __dict__ abs aiter all anext any ascii bin bool breakpoint bytearray ' +
    'bytes callable chr classmethod compile complex copyright credits delattr dict dir divmod enumerate eval exec exit ' +
    'filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len ' +
    'license list locals map max memoryview min next object oct open ord pow print property quit range repr reversed round ' +
    'set setattr slice sorted staticmethod str sum super tuple type vars zip True False None Ellipsis NotImplemented _'
  ).split(' '),
);
const EXCEPTION = /(?:Error|Exception|Warning|Exit|Interrupt|Iteration|Group)$/;
/** What binds names that are not seen. */
const DYNAMIC = /\bglobals\(\)|\bexec\(|\bbuiltins\b|\b__builtins__\b|\bsetattr\(|^\s*global\s/m;
/** The first Python that evaluates an annotation only when somebody asks for it. https://peps.python.org/pep-0649/ */
const LAZY = '3.14';
const FUTURE = /^from[ \t]+__future__[ \t]+import[^\n]*\bannotations\b/m;

/** At most one: the first stops the rest. https://docs.python.org/3/reference/executionmodel.html#resolution-of-names */
export function undefinedName(
  modules: ModuleGraph,
  { entry, python }: Service,
  started: readonly Started[],
): Note | undefined {
  const stated = isStated(python) ? python.version : undefined;
  const lazy = stated === undefined || compareVersions(stated, LAZY) >= 0;
  const seen = new Map<string, Loaded>();
  for (const { path, stmt, when } of started) {
    const module = when === 'service' ? modules.module(path) : undefined;
    if (!module || module.seenErrors || stmt.kind === 'import' || stmt.kind === 'from') continue;
    const loaded = seen.get(path) ?? loadedFrom(modules, path, module);
    seen.set(path, loaded);
    const found = unbound(stmt, loaded, lazy && stated !== undefined);
    if (!found) continue;
    const { name, line, late, annotation } = found;
    const below = annotation && lazy ? say` below Python ${LAZY}` : '';
    const text = say`${path} uses ${name} as it is loaded, and ${whyUnbound(late)}: NameError${below}, and ${entry.module} cannot be imported.`;
    return { text, at: { path, line }, ...(below === '' ? { stops: true } : {}) };
  }
  return undefined;
}

function whyUnbound(late: Late): string {
  if (late === 'never') return say`nothing in it binds that name`;
  if (late === 'checked') return say`it is imported below \`if TYPE_CHECKING:\` alone, which never runs`;
  return say`it is bound in line ${String(late)} only`;
}

/** The first name that a statement reads before it is bound; `lazy`: annotations read none. */
function unbound(stmt: Stmt, loaded: Loaded, lazy: boolean) {
  const { binder, body, text } = loaded;
  if (binder === 'anything' || !body.has(stmt)) return undefined;
  for (const { expr, annotation } of evaluated(stmt, loaded)) {
    const name = expr.kind === 'name' ? expr.id : '';
    const late = binder(name, expr.start, stmt);
    if (late !== undefined && !isValidPython(text)) return undefined;
    if (late !== undefined && !(annotation && lazy)) return { name, line: expr.line, late, annotation };
  }
  return undefined;
}

/** What is asked of a module again for each of its statements. */
interface Loaded {
  readonly text: string;
  readonly body: ReadonlySet<Stmt>;
  /** Annotations are never evaluated. */
  readonly future: boolean;
  /** Names of its top level. */
  readonly bound: ReadonlyMap<string, unknown>;
  readonly binder: Binder;
}

function loadedFrom(modules: ModuleGraph, path: string, module: PythonModule): Loaded {
  const { text, body } = module;
  const bound = modules.bindings(path);
  return { text, body: new Set(body), future: FUTURE.test(text), bound, binder: binderOf(modules, path, module) };
}

/** The line that binds a name later; 'checked': only a block for type checkers binds it. */
type Late = number | 'never' | 'checked';
/** Undefined where it is or may be bound by then. */
type Binder = 'anything' | ((name: string, at: number, stmt: Stmt) => Late | undefined);

function binderOf(modules: ModuleGraph, path: string, { text, body }: PythonModule): Binder {
  if (DYNAMIC.test(text) || modules.stars(path).length > 0) return 'anything';
  const bound = modules.bindings(path);
  const checked = checkedNames(text, body);
  const elsewhere = new Map<string, boolean>();
  return (name, at, stmt) => {
    if (name === '' || BUILTINS.has(name) || EXCEPTION.test(name)) return undefined;
    const all = bound.get(name) ?? [];
    if (all.length > 0) {
      if (checked.has(name)) return 'checked';
      const [first] = all;
      const later = first && all.every((b) => (b.kind === 'class' || b.kind === 'function') && b.stmt.start > at);
      return later && first.stmt !== stmt ? first.stmt.line : undefined;
    }
    let binds = elsewhere.get(name);
    if (binds === undefined) {
      binds = mayBind(name).test(text);
      elsewhere.set(name, binds);
    }
    return binds ? undefined : 'never';
  };
}

/**
 * Names that blocks below `if TYPE_CHECKING:` bind and nothing else of the module.
 * https://docs.python.org/3/library/typing.html#typing.TYPE_CHECKING
 */
function checkedNames(text: string, body: readonly Stmt[]): ReadonlySet<string> {
  const blocks = body.flatMap((stmt) => (stmt.kind === 'if' && isTypeChecking(stmt) ? [stmt.body] : []));
  const names = blocks.flatMap((block) => [...collect(block).keys()]);
  if (names.length === 0) return new Set();
  let rest = text;
  for (const block of blocks.reverse()) {
    const [first, last] = [block[0], block.at(-1)];
    if (first && last) rest = rest.slice(0, first.start) + rest.slice(last.end);
  }
  // Bases look like parameters.
  const others = rest.replace(/\bclass\s+\w+\s*\([^()]*\)/g, '');
  return new Set(names.filter((name) => !mayBind(name).test(others)));
}

interface Evaluated {
  readonly expr: Expr;
  readonly annotation: boolean;
}

/** Names that the statement reads when it runs, bodies of classes included: not those of lambdas and comprehensions. */
function* evaluated(stmt: Stmt, loaded: Loaded): Generator<Evaluated> {
  if (stmt.kind === 'function') yield* ofHead(stmt, loaded);
  if (stmt.kind === 'class') {
    if (!isHeadBound(stmt, stmt, loaded))
      for (const expr of [...stmt.decorators, ...stmt.bases.map((b) => b.value)]) yield* namesOf(expr, false);
    yield* ofClass(stmt, loaded);
  }
  if ((stmt.kind === 'assign' || stmt.kind === 'expr') && stmt.value) yield* namesOf(stmt.value, false);
}

function* ofHead(stmt: FunctionStmt, loaded: Loaded): Generator<Evaluated> {
  if (isHeadBound(stmt, stmt, loaded)) return;
  for (const expr of [...stmt.decorators, ...stmt.params.flatMap((p) => p.default ?? [])]) yield* namesOf(expr, false);
  if (loaded.future) return;
  const declared = [...stmt.params.flatMap((p) => p.annotation ?? []), ...(stmt.returns ? [stmt.returns] : [])];
  for (const expr of declared) yield* namesOf(expr, true);
}

/** Names of the class itself come first. */
function* ofClass(owner: ClassStmt, loaded: Loaded): Generator<Evaluated> {
  const own = new Set(
    owner.body.flatMap((s) => {
      if (s.kind === 'function' || s.kind === 'class') return [s.name];
      return s.kind === 'assign' ? s.targets.flatMap((t) => (t.kind === 'name' ? [t.id] : [])) : [];
    }),
  );
  for (const stmt of owner.body) {
    if (stmt.kind !== 'assign' && stmt.kind !== 'expr' && stmt.kind !== 'function') continue;
    if (stmt.kind === 'function' && isHeadBound(stmt, owner, loaded)) continue;
    const all = [...evaluated(stmt, loaded)];
    if (stmt.kind === 'assign' && stmt.annotation && !loaded.future) all.push(...namesOf(stmt.annotation, true));
    for (const one of all) if (one.expr.kind === 'name' && !own.has(one.expr.id)) yield one;
  }
}

function* namesOf(expr: Expr, annotation: boolean): Generator<Evaluated> {
  if (expr.kind === 'name') yield { expr, annotation };
  // Of these, one part is evaluated in any case.
  const sure = expr.kind === 'conditional' ? expr.test : expr.kind === 'bool' ? expr.left : undefined;
  if (sure) return yield* namesOf(sure, annotation);
  if (
    expr.kind === 'lambda' ||
    (expr.kind === 'other' && /comprehension|generator_expression|named_expression/.test(expr.type))
  )
    return;
  for (const child of childrenOf(expr)) yield* namesOf(child, annotation);
}

const WORDS = /"[^"\\\n]*"|'[^'\\\n]*'|(?<![\w.])[A-Za-z_]\w*|[^ -~\s]/g;
const KEYWORDS = new Set('def class async await lambda if else for in is not and or'.split(' '));
/** Where the pattern of `WORDS` cannot tell what is a string. */
const UNCLEAR = /\\|"""|'''/;

/**
 * True where the text of a head shows that all its names are bound: then it is not parsed. `within` is the statement of
 * the module that it belongs to.
 */
function isHeadBound(stmt: FunctionStmt | ClassStmt, within: Stmt, { text, bound, binder }: Loaded): boolean {
  const { headEnd } = stmt;
  if (headEnd === undefined || binder === 'anything') return false;
  const head = text.slice(stmt.start, headEnd);
  if (UNCLEAR.test(head)) return false;
  for (const { 0: word, index } of head.matchAll(WORDS)) {
    const code = word.charCodeAt(0);
    if (isQuote(code) || KEYWORDS.has(word)) continue;
    // Another alphabet, or an f-string, perhaps.
    if (code > LAST_OF_ASCII || isQuote(head.charCodeAt(index + word.length))) return false;
    if (!bound.has(word) && bindsHere(head, index, word.length)) continue;
    if (binder(word, stmt.start + index, within) !== undefined) return false;
  }
  return true;
}

const LAST_OF_ASCII = 127;
const DEFINED = /\b(?:def|class)\s+$/;
const GIVEN = /[(,]\s*\*{0,2}$/;
const AFTER_GIVEN = /\s*[,):=]/y;

function isQuote(code: number): boolean {
  return code === 34 || code === 39;
}

/** The name of the definition, a parameter, or what looks like one to `mayBind`. */
function bindsHere(head: string, index: number, length: number): boolean {
  const before = head.slice(Math.max(0, index - 12), index);
  AFTER_GIVEN.lastIndex = index + length;
  return DEFINED.test(before) || (GIVEN.test(before) && AFTER_GIVEN.test(head));
}
