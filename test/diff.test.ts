import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { applyPatch, parsePatch, reversePatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileChange, Plan } from '../src/model/plan.ts';
import { type Encoding, encode } from '../src/repo/source.ts';
import { exactDiff, shownDiff } from '../src/report/diff.ts';
import { type Hunk, hunksOf, splitLines } from '../src/report/hunks.ts';
import { applyEdits, type Edit } from '../src/syntax/edit.ts';
import { textAndEdits } from './arbitrary.ts';
import { cpuSeconds } from './cpu.ts';
import { temporaryFolder } from './temporary.ts';
import { runs } from './tier.ts';

/** Applies hunks strictly: every context and removed line must be where the header says. */
function applyHunks(before: string, hunks: readonly Hunk[]): string {
  const old = splitLines(before);
  const out: string[] = [];
  let at = 0;
  for (const hunk of hunks) {
    const start = hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1;
    expect(start).toBeGreaterThanOrEqual(at);
    out.push(...old.slice(at, start));
    expect(out.length).toBe(hunk.newCount === 0 ? hunk.newStart : hunk.newStart - 1);
    at = start;
    for (const { kind, text } of hunk.lines) {
      if (kind !== '+') expect(old[at++]).toBe(text);
      if (kind !== '-') out.push(text);
    }
    expect(at - start).toBe(hunk.oldCount);
  }
  return [...out, ...old.slice(at)].join('');
}

function change(
  file: string,
  before: string | null,
  edits: Edit[],
  encoding: Encoding = 'utf-8',
  bom = false,
): FileChange {
  const after = before === null ? (edits[0]?.text ?? '') : applyEdits(before, edits);
  return { path: file, before, after, edits: before === null ? [] : edits, encoding, bom, sha256: null, by: ['test'] };
}

function planOf(changes: readonly FileChange[]): Plan {
  return { root: '/r', recipe: 'test', changes, verdicts: [], warnings: [], reads: {}, skipped: [] };
}

/** A repository with the files before, in `folder` below its top. */
function repository(changes: readonly FileChange[], folder = ''): string {
  const top = temporaryFolder('diff');
  execFileSync('git', ['init', '-q'], { cwd: top });
  for (const c of changes) {
    const file = path.join(top, folder, c.path);
    mkdirSync(path.dirname(file), { recursive: true });
    if (c.before !== null) writeFileSync(file, encode(c.before, c));
  }
  return top;
}

function git(cwd: string, args: readonly string[], input: Buffer): void {
  execFileSync('git', [...args], { cwd, input, stdio: ['pipe', 'pipe', 'pipe'] });
}

describe('the diff as another library reads it', () => {
  it('gives the text with the edits applied, and back', () => {
    fc.assert(
      fc.property(textAndEdits, ({ text, edits }) => {
        const changed = change('a.py', text, [...edits]);
        // The library splits lines at '\\n' alone, as git does, and takes no empty file for a text.
        fc.pre(changed.after !== text && text !== '' && changed.after !== '');
        const [patch] = parsePatch(exactDiff(planOf([changed])).toString('utf8'));
        if (!patch) throw new Error('no patch');
        const options = { autoConvertLineEndings: false };
        expect(applyPatch(text, patch, options)).toBe(changed.after);
        expect(applyPatch(changed.after, reversePatch(patch), options)).toBe(text);
      }),
    );
  });
});

describe('hunks', () => {
  it('give the text with the edits applied, and the way back', () => {
    fc.assert(
      fc.property(textAndEdits, ({ text, edits }) => {
        const after = applyEdits(text, edits);
        const hunks = hunksOf(text, edits);
        expect(applyHunks(text, hunks)).toBe(after);
        if (after === text) expect(hunks).toEqual([]);
      }),
      { numRuns: runs(500) },
    );
  });

  it('start and end with up to three lines of context, and no hunk touches the next', () => {
    fc.assert(
      fc.property(textAndEdits, ({ text, edits }) => {
        let last = -1;
        for (const hunk of hunksOf(text, edits)) {
          const kinds = hunk.lines.map((l) => l.kind).join('');
          expect(kinds).toMatch(/^ {0,3}[-+](?:.*[-+])? {0,3}$/);
          expect(kinds).not.toMatch(/[-+] {7,}[-+]/);
          expect(hunk.oldStart).toBeGreaterThan(last);
          last = hunk.oldStart + hunk.oldCount - 1;
        }
      }),
      { numRuns: runs(500) },
    );
  });

  it('show only lines that differ, when an edit replaces more', () => {
    const [hunk] = hunksOf('a\nb\nc\n', [{ start: 0, end: 6, text: 'a\nx\nb\nc\n' }]);
    expect(hunk?.lines.map((l) => l.kind + l.text)).toEqual([' a\n', '+x\n', ' b\n', ' c\n']);
  });

  it('of a text that is emptied or begun start at line 0 of the empty side, as in git', () => {
    expect(hunksOf('a\nb\n', [{ start: 0, end: 4, text: '' }])).toMatchObject([
      { oldStart: 1, oldCount: 2, newStart: 0, newCount: 0 },
    ]);
    expect(hunksOf('', [{ start: 0, end: 0, text: 'a\n' }])).toMatchObject([
      { oldStart: 0, oldCount: 0, newStart: 1, newCount: 1 },
    ]);
  });

  it('of 10,000 edits in 5 MB take no time to speak of', () => {
    const text = 'x = 1  # a line of some length, as they are\n'.repeat(120_000);
    const edits = Array.from({ length: 10_000 }, (_, i) => ({ start: i * 440, end: i * 440 + 1, text: 'y' }));
    expect(cpuSeconds(() => expect(hunksOf(text, edits)).toHaveLength(10_000))).toBeLessThan(20);
  });
});

describe('the exact diff', () => {
  const odd: readonly FileChange[] = [
    change('a b.py', 'x = 1\ny = 2\n', [{ start: 4, end: 5, text: '9' }]),
    change('é"\t\\.py', 'x = 1\ny = 2', [{ start: 11, end: 11, text: '\nz = 3' }], 'utf-8', true),
    change('crlf.ini', '[a]\r\nb = 1\r\n', [{ start: 5, end: 5, text: '# ' }]),
    change('latin.py', '# coding: latin-1\nx = "é"\n', [{ start: 18, end: 18, text: 'import os\n' }], 'latin1'),
    change('wide.txt', 'gunicorn\r\né\r\n', [{ start: 0, end: 0, text: 'uvicorn\r\n' }], 'utf-16le', true),
    change('wider.txt', 'x = 1\n'.repeat(100), [{ start: 4, end: 5, text: '9é' }], 'utf-16be', true),
    change('was-empty.py', '', [{ start: 0, end: 0, text: 'x' }]),
    change('emptied.py', 'x\n', [{ start: 0, end: 2, text: '' }]),
    change('formfeed.py', 'a\n\f\nb\u2028c\rd\n', [{ start: 0, end: 1, text: 'z' }]),
    change('deep/er/Procfile', null, [{ start: 0, end: 0, text: 'web: x\n' }]),
    change('new without end', null, [{ start: 0, end: 0, text: 'web: x' }]),
    change('new-empty', null, []),
  ];

  it.each(['', 'back end/src'])('is taken by git apply, forth and back, with the root at %j', (folder) => {
    const top = repository(odd, folder);
    const diff = exactDiff(planOf(odd), { prefix: folder });
    for (const cwd of new Set([top, path.join(top, folder)])) {
      git(cwd, ['apply', '--check'], diff);
      git(cwd, ['apply'], diff);
      for (const c of odd) expect(readFileSync(path.join(top, folder, c.path)), c.path).toEqual(encode(c.after, c));
      git(cwd, ['apply', '-R'], diff);
      for (const c of odd) {
        if (c.before !== null)
          expect(readFileSync(path.join(top, folder, c.path)), c.path).toEqual(encode(c.before, c));
      }
    }
  });

  it('is taken by git apply for any text and edits', () => {
    const samples = fc.sample(textAndEdits, { numRuns: runs(150), seed: 7 });
    const changes = samples
      .map(({ text, edits }, i) => change(`f${i}.txt`, text, edits))
      .filter((c) => c.before !== c.after);
    expect(changes.length).toBeGreaterThan(runs(150) / 3);
    const top = repository(changes);
    git(top, ['apply', '--whitespace=nowarn'], exactDiff(planOf(changes)));
    for (const c of changes) expect(readFileSync(path.join(top, c.path), 'utf8')).toBe(c.after);
  });

  it('holds credentials: it would not apply without them', () => {
    const plan = planOf([change('a.ini', 'u = postgres://me:hunter2@h/db\n', [{ start: 0, end: 0, text: '# ' }])]);
    expect(exactDiff(plan).toString()).toContain('hunter2');
  });
});

describe('the diff for reading', () => {
  it('masks credentials in every line', () => {
    const text = 'a = 1\nSECRET_KEY = "abc123"\nurl = "postgres://me:hunter2@h/db"\nb = 2\n';
    const plan = planOf([
      change('a.py', text, [
        { start: 0, end: 0, text: '# ' },
        { start: 6, end: 6, text: '# ' },
      ]),
    ]);
    expect(shownDiff(plan)).not.toMatch(/abc123|hunter2/);
    expect(shownDiff(plan)).toContain('+# SECRET_KEY = "***"');
  });

  it('lets no control character, escape sequence or bidi override through', () => {
    const plan = planOf([
      change('a\x1b[2J.py', 'x\x1b]0;title\x07 = "\u202e\u2066"\r\n', [{ start: 0, end: 1, text: '\x9b31m' }]),
    ]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that must not come out
    expect(shownDiff(plan)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
    expect(shownDiff(plan)).toContain('\\u{202e}');
  });

  it('is coloured only where asked', () => {
    const plan = planOf([change('a.py', 'x\n', [{ start: 0, end: 1, text: 'y' }])]);
    expect(shownDiff(plan)).not.toContain('\x1b');
    expect(shownDiff(plan, { colour: true })).toContain('\x1b[31m-x\x1b[0m\n\x1b[32m+y\x1b[0m');
  });
});
