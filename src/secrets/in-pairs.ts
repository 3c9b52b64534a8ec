/** `key: NAME` and `value: …` as two lines of one item, in either order: render.yaml, Kubernetes, ECS. */
import { judged } from './judge.ts';
import { saying } from './names.ts';
import type { Range } from './range.ts';

const NAMED = /^[ \t]*(?:- )?[ \t]*["']?(?:key|name)["']?[ \t]*:[ \t]*["']?([\w.-]{1,100})["']?,?[ \t\r]*$/i;
const VALUE = /^([ \t]*(?:- )?[ \t]*["']?value["']?[ \t]*:[ \t]*)(\S.*?),?[ \t\r]*$/i;

/** Adds the ranges of the values. An item ends with a dash, or with its bracket. */
export function inPairs(text: string, out: Range[]): void {
  if (!/value["']?[ \t]*:/i.test(text)) return;
  let at = 0;
  const before: { readonly line: string; readonly start: number }[] = [];
  for (const line of text.split('\n')) {
    const here = { line, start: at };
    const [last] = before;
    if (last) {
      // The name first, unless the second line begins the next item; or the value first.
      if (!/^[ \t]*- /.test(line)) pair(text, last, here, out);
      if (!/^[ \t]*- /.test(line)) pair(text, here, last, out);
    }
    before[0] = here;
    at += line.length + 1;
  }
}

interface Line {
  readonly line: string;
  readonly start: number;
}

function pair(text: string, named: Line, valued: Line, out: Range[]): void {
  if (named.line.length > 2000) return;
  const name = NAMED.exec(named.line)?.[1];
  const value = name === undefined ? undefined : VALUE.exec(valued.line);
  if (name === undefined || !value?.[2] || /^[|>{[]/.test(value[2])) return;
  const start = valued.start + (value[1] ?? '').length;
  const held = value[2];
  const quote = /^(["']).*\1$/.test(held) ? 1 : 0;
  out.push(...judged(text, name, saying(name), [{ start: start + quote, end: start + held.length - quote }]));
}
