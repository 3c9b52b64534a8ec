/** Arbitrary texts and edits for property tests. */
import fc from 'fast-check';
import type { Edit } from '../src/syntax/edit.ts';

export const anyText = fc.string({
  unit: fc.constantFrom('a', 'b', 'é', '𝒳', '\n', '\n', '\r\n', '\t', ' '),
  maxLength: 60,
});

/** A text and edits that do not overlap, in order. */
export const textAndEdits = anyText.chain((text) =>
  fc.array(fc.tuple(fc.nat(text.length), anyText), { maxLength: 12 }).map((cuts) => {
    const whole = cuts.map(([at, fresh]) => [insidePair(text, at) ? at - 1 : at, fresh] as const);
    const sorted = whole.sort((a, b) => a[0] - b[0]);
    const edits: Edit[] = [];
    for (let i = 0; i + 1 < sorted.length; i += 2) {
      const [from, to] = [sorted[i], sorted[i + 1]];
      if (from && to) edits.push({ start: from[0], end: to[0], text: from[1] });
    }
    return { text, edits };
  }),
);

function insidePair(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
