/** Anybody's text where a person reads it. */
import { mask } from '../secrets/mask.ts';
import { oneLine, visible } from '../syntax/visible.ts';

/** On one line, without credentials, and with control characters spelt out. */
export function shownLine(text: string): string {
  return visible(oneLine(mask(text)));
}
