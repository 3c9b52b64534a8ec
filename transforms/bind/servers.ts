/** The arguments of a server's call that carry host and port. */
import type { Signature } from '../../src/knowledge/server-calls.ts';
import type { Argument } from '../../src/syntax/python/ast.ts';

const ORDER = ['host', 'port', 'debug'] as const;

/** The argument for `which`, by keyword or position. */
export function argumentOf(
  args: readonly Argument[],
  signature: Signature,
  which: (typeof ORDER)[number],
): Argument | undefined {
  const named = args.find((a) => a.name !== undefined && a.name === signature[which]);
  const position = signature.positions?.[ORDER.indexOf(which)];
  if (named || position === undefined) return named;
  const plain = args.filter((a) => a.name === undefined && a.star === undefined);
  const unpacked = args.findIndex((a) => a.star === '*');
  if (unpacked !== -1 && unpacked <= position) return undefined;
  return plain[position];
}
