/** Methods of str. */
import { isAscii, type Known, sized, sizedItems } from './known.ts';

/** What `strip()` and `split()` take for blank. */
const BLANK = '\\s\\x1c-\\x1f';

/** `text.method(…)` */
export function textMethod(text: string, method: string, args: readonly Known[]): Known | undefined {
  const [first, second] = args;
  if (!isAscii(text) || args.some((a) => typeof a !== 'string' || !isAscii(a))) return undefined;
  const ascii = (chars: string): string => chars.replace(/[\\\]^-]/g, '\\$&');
  const blanks = first === undefined ? BLANK : ascii(String(first));
  const none = args.length === 0;
  switch (method) {
    case 'lower':
    case 'casefold':
      return none ? text.toLowerCase() : undefined;
    case 'upper':
      return none ? text.toUpperCase() : undefined;
    case 'strip':
    case 'lstrip':
    case 'rstrip': {
      if (args.length > 1 || blanks === '') return args.length > 1 ? undefined : text;
      const left = method === 'rstrip' ? text : text.replace(new RegExp(`^[${blanks}]+`), '');
      return method === 'lstrip' ? left : left.replace(new RegExp(`[${blanks}]+$`), '');
    }
    case 'replace':
      if (args.length !== 2 || first === '') return undefined;
      return sized(text.replaceAll(String(first), () => String(second)));
    case 'startswith':
    case 'endswith':
      if (args.length !== 1) return undefined;
      return method === 'startswith' ? text.startsWith(String(first)) : text.endsWith(String(first));
    case 'split':
      if (args.length > 1 || first === '') return undefined;
      return none
        ? sizedItems(
            'list',
            text.split(new RegExp(`[${BLANK}]+`)).filter((p) => p !== ''),
          )
        : sizedItems('list', text.split(String(first)));
    default:
      return undefined;
  }
}
