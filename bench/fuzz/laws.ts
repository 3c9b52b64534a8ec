/** What must hold for every text, edit and byte; each law throws where it does not. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decode, encode } from '../../src/repo/source.ts';
import { type Hunk, hunksOf, splitLines } from '../../src/report/hunks.ts';
import { mask } from '../../src/secrets/mask.ts';
import { applyEdits, mergeEdits } from '../../src/syntax/edit.ts';
import { visible } from '../../src/syntax/visible.ts';
import { anyBytes, anyForm, textAndEdits } from './generate.ts';

const formed = anyForm.chain((form) => textAndEdits(form).map((made) => ({ form, ...made })));

export const LAWS = {
  'bytes that are decoded come back identical': fc.property(anyBytes, (bytes) => {
    const decoded = decode(bytes);
    if (decoded) assert.deepEqual(encode(decoded.text, decoded), bytes);
    // What is a text to begin with is never given up.
    else assert.ok(bytes.includes(0) || !valid(bytes), bytes.toString('hex'));
  }),
  'a text comes back in every encoding': fc.property(formed, ({ form, text }) => {
    const decoded = decode(encode(text, form));
    assert.equal(decoded?.text, text);
    assert.deepEqual({ encoding: decoded?.encoding, bom: decoded?.bom }, form);
  }),
  'what no edit claims stays': fc.property(formed, ({ text, edits }) => {
    let rest = applyEdits(text, edits);
    let at = 0;
    for (const edit of mergeEdits(edits)) {
      const kept = text.slice(at, edit.start) + edit.text;
      assert.ok(rest.startsWith(kept));
      rest = rest.slice(kept.length);
      at = edit.end;
    }
    assert.equal(rest, text.slice(at));
  }),
  'hunks lead to the result, and back': fc.property(formed, ({ text, edits }) => {
    const hunks = hunksOf(text, edits);
    const after = applyEdits(text, edits);
    assert.equal(walk(text, hunks, '-', '+'), after);
    assert.equal(walk(after, hunks, '+', '-'), text);
  }),
  'masked text is not masked further, and shown text holds nothing that a terminal obeys': fc.property(
    formed,
    ({ text }) => {
      assert.equal(mask(mask(text)), mask(text));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that must not come out
      assert.doesNotMatch(visible(text), /[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/);
    },
  ),
};

/** Applies hunks strictly: every line that must be there is where the header says. */
function walk(text: string, hunks: readonly Hunk[], drop: '-' | '+', add: '-' | '+'): string {
  const lines = splitLines(text);
  const out: string[] = [];
  let at = 0;
  for (const hunk of hunks) {
    const start = drop === '-' ? hunk.oldStart : hunk.newStart;
    const count = drop === '-' ? hunk.oldCount : hunk.newCount;
    const first = count === 0 ? start : start - 1;
    out.push(...lines.slice(at, first));
    at = first;
    for (const line of hunk.lines) {
      if (line.kind !== add) assert.equal(lines[at++], line.text);
      if (line.kind !== drop) out.push(line.text);
    }
    assert.equal(at - first, count);
  }
  return [...out, ...lines.slice(at)].join('');
}

/** UTF-8 by the platform's own strict decoder. */
function valid(bytes: Buffer): boolean {
  if (bytes[0] === 0xff || bytes[0] === 0xfe) return false;
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
