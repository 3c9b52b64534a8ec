/** Forms that a secret must have and that the 44 characters of base64 which a platform makes up do not. */
import type { Evidence } from '../../model/facts.ts';
import type { CallExpr, CompareExpr, Expr, Stmt } from '../../syntax/python/ast.ts';
import { callOf } from '../../syntax/python/needle.ts';
import { lastName, positional } from '../../syntax/python/walk.ts';
import { say } from '../../system/say.ts';

export interface SecretForm {
  /** 'a Fernet key' */
  readonly what: string;
  /** The command of a shell that makes one. */
  readonly make: string;
  readonly at: Evidence;
}

type Wanted = Omit<SecretForm, 'at'> & { readonly of: Expr };

/** Base64 of 256 bits. https://render.com/docs/blueprint-spec#setting-environment-variables */
const GENERATED_LENGTH = 44;

/** What mentions a form, a file or an expression, as alternatives. */
export const FORM_WORDS = 'Fernet|fromhex|unhexlify|a2b_hex|b32decode|\\bUUID\\(|AESGCM|\\bAES\\b|SecretBox|\\blen\\(';

const hex = (characters: number): string =>
  `openssl rand -hex ${Math.ceil(characters / 2)}${characters % 2 === 1 ? ` | cut -c1-${characters}` : ''}`;

/** By the last part of the callable that takes the value. */
const CALLS: Readonly<Record<string, () => Omit<SecretForm, 'at'>>> = {
  /** https://cryptography.io/en/latest/fernet/#cryptography.fernet.Fernet */
  Fernet: () => ({ what: say`a Fernet key`, make: "openssl rand -base64 32 | tr '+/' '-_'" }),
  fromhex: () => ({ what: say`hexadecimal`, make: hex(64) }),
  unhexlify: () => ({ what: say`hexadecimal`, make: hex(64) }),
  a2b_hex: () => ({ what: say`hexadecimal`, make: hex(64) }),
  b32decode: () => ({ what: say`base32`, make: 'openssl rand 20 | base32' }),
  UUID: () => ({ what: say`a UUID`, make: 'uuidgen' }),
  /** https://cryptography.io/en/latest/hazmat/primitives/aead/ */
  AESGCM: () => ({ what: say`16, 24 or 32 bytes long`, make: hex(32) }),
  AES: () => ({ what: say`16, 24 or 32 bytes long`, make: hex(32) }),
  SecretBox: () => ({ what: say`${'32'} characters long`, make: hex(32) }),
};

/** A line, or a piece of it: who writes longer ones does not compare lengths in them. */
const LINE = '[^\\n]{0,500}';
const OPERATOR = '(?:[<>]=?|[!=]=|\\bin\\b)';
/** `len(…) < 8` and the like, also over more than one line. */
const LENGTH = [
  `${LINE}${OPERATOR}[\\s\\\\(]*(?:[89]|\\d\\d|[([{])`,
  '[^\\n)]{0,500}\\n',
  `${LINE}\\)[ \\t\\\\]*(?:#[^\\n]*)?\\n[\\s\\\\)]*(?:[<>!=]|not\\b|in\\b)`,
].join('|');

/** Source of a regular expression: what every expression mentions that `formWanted` gives a form for. */
export const FORM_IN_CODE = `${callOf(Object.keys(CALLS).join('|'))}|\\blen[\\s\\\\]*\\((?:${LENGTH})`;

/** The form that this expression wants of one of its parts; undefined where any text will do. */
export function formWanted(expr: CallExpr | CompareExpr, stmt: Stmt): Wanted | undefined {
  if (expr.kind === 'compare') return lengthWanted(expr, stmt.kind === 'other');
  const [of] = positional(expr);
  const form = CALLS[lastName(expr.func)];
  return of && form ? { ...form(), of } : undefined;
}

function ofLengths(of: Expr, lengths: readonly number[]): Wanted | undefined {
  if (lengths.length === 0 || lengths.includes(GENERATED_LENGTH)) return undefined;
  const longest = Math.max(...lengths);
  return { of, what: say`${String(longest)} characters long`, make: hex(longest) };
}

/** `len(KEY) < 64`, `len(KEY) != 32`, `len(KEY) not in (16, 24, 32)`; the other way round where it is asserted. */
function lengthWanted({ operands, ops }: CompareExpr, asserted: boolean): Wanted | undefined {
  const [left, right] = operands;
  const [op = ''] = ops;
  if (ops.length !== 1 || !right || left?.kind !== 'call' || lastName(left.func) !== 'len') return undefined;
  const [of] = positional(left);
  if (!of) return undefined;
  const refuses = /^(?:<=?|!=|not in)$/.test(op);
  if (!refuses && !asserted) return undefined;
  if (op.endsWith('in') && (right.kind === 'tuple' || right.kind === 'list' || right.kind === 'set')) {
    return ofLengths(
      of,
      right.items.flatMap((i) => numberValue(i) ?? []),
    );
  }
  const number = numberValue(right);
  if (number === undefined || number < 8 || number > 4096) return undefined;
  if (op === '!=' || op === '==') return ofLengths(of, [number]);
  const least = op === '<' || op === '>=' ? number : op === '<=' || op === '>' ? number + 1 : 0;
  if (least <= GENERATED_LENGTH) return undefined;
  return { of, what: say`at least ${String(least)} characters long`, make: hex(least) };
}

function numberValue(expr: Expr): number | undefined {
  return expr.kind === 'number' && /^\d{1,6}$/.test(expr.text) ? Number(expr.text) : undefined;
}
