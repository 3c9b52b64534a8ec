/** Conversions by name. */
import { isSequence, type Known, sizedItems, str, truth } from './known.ts';
import { toFloat, toInt } from './known-numbers.ts';
import { toPath } from './known-paths.ts';

/** `int(x)` and the like; undefined for a conversion that is not known. */
export function cast(value: Known, to: string | undefined): Known | undefined {
  switch (to) {
    case undefined:
      return value;
    case 'str':
      return str(value);
    case 'int':
      return toInt(value);
    case 'float':
      return toFloat(value);
    case 'bool':
      return truth(value);
    case 'Path':
      return typeof value === 'string' ? toPath(value) : undefined;
    case 'list':
    case 'tuple':
    case 'set':
      return isSequence(value) ? sizedItems(to, value.items) : undefined;
    default:
      return undefined;
  }
}
