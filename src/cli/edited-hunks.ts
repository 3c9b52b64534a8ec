/** A change as text that a person edits, as `git add -p` has it for `e`, and back. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Edited } from '../engine/workspace.ts';
import type { FileChange } from '../model/plan.ts';
import { hunksIn } from '../report/diff.ts';
import { local } from '../report/words/local.ts';
import { type Edit, lineEnd, lineEnding } from '../syntax/edit.ts';
import { say } from '../system/say.ts';

/** The hunks of these changes, exact, and what may be done with them behind `#`. */
export function editable(changes: readonly FileChange[]): string {
  const lines: string[] = [];
  for (const [index, change] of changes.entries()) {
    lines.push(`=== ${index + 1} ${JSON.stringify(change.path)}`);
    for (const { oldStart, oldCount, newStart, newCount, lines: rows } of hunksIn(change)) {
      lines.push(`@@ -${oldStart},${oldCount} +${newStart},${newCount} @@`);
      for (const { kind, text } of rows) lines.push(`${kind}${text.replace(/\n$/, '')}`);
    }
  }
  const how = [
    say`Lines with + are put in: change them, add some, remove some.`,
    say`Lines with - are taken out: to keep one, put a space in the place of the -.`,
    say`The others only say where; counts are worked out anew. Lines with # do not count.`,
    say`Where nothing is left, nothing is edited.`,
  ];
  return `${[...lines, ...how.map((text) => `# ${local(text)}`)].join('\n')}\n`;
}

/** What was made of `editable(changes)`; undefined where nothing is left; a text says why it does not apply. */
export function readEdited(text: string, changes: readonly FileChange[]): Edited | string | undefined {
  const edits: Record<string, Edit[]> = {};
  const creates: Record<string, string> = {};
  for (const section of text.split(/^=== /m).slice(1)) {
    const change = changes[Number.parseInt(section, 10) - 1];
    if (!change) return say`the file of a hunk is not told`;
    const [, ...hunks] = section.split(/^@@ ?/m);
    if (change.before === null) {
      const added = hunks.flatMap((hunk) => linesOf(hunk).map((line) => line.slice(1)));
      if (added.length > 0) creates[change.path] = `${added.join('\n')}\n`;
      continue;
    }
    for (const hunk of hunks) {
      const found = editsOf(hunk, change.before);
      if (typeof found === 'string') return found;
      if (found.length > 0) edits[change.path] = [...(edits[change.path] ?? []), ...found];
    }
  }
  return Object.keys(edits).length + Object.keys(creates).length === 0 ? undefined : { edits, creates };
}

/** The lines below the head. Editors may take the blank of an empty line away. */
function linesOf(hunk: string): string[] {
  const lines = hunk.split('\n').slice(1);
  if (lines.at(-1) === '') lines.pop();
  return lines.filter((line) => !/^[#\\]/.test(line)).map((line) => (line === '' ? ' ' : line));
}

/** The edits of one hunk on the text before; a text says why not. */
function editsOf(hunk: string, before: string): Edit[] | string {
  const [, line = '', count = ''] = /^-(\d+)(?:,(\d+))? /.exec(hunk) ?? [];
  if (line === '') return say`a hunk has no head`;
  const end = lineEnding(before);
  let at = offsetOf(before, Number(line) + (count === '0' ? 1 : 0));
  const out: { start: number; end: number; text: string }[] = [];
  const open = (): { start: number; end: number; text: string } => {
    const last = out.at(-1);
    if (last?.end === at) return last;
    const fresh = { start: at, end: at, text: '' };
    out.push(fresh);
    return fresh;
  };
  for (const row of linesOf(hunk)) {
    const [sign, text] = [row[0], row.slice(1).replace(/\r$/, '')];
    if (sign === '+') open().text += `${text}${end}`;
    else if (sign === '-' || sign === ' ') {
      const next = lineEnd(before, at);
      const old = before.slice(at, next).replace(/\r?\n$/, '');
      if (old !== text || (next === at && text === '')) return say`it does not apply: ${text.trim()}`;
      if (sign === '-') open().end = next;
      at = next;
    } else return say`a line begins neither with a space nor with + or -: ${row}`;
  }
  return out.map((edit) => fitted(edit, before)).filter((e) => before.slice(e.start, e.end) !== e.text);
}

/** At the end of a text without a line end, that stays so where a line is replaced, and one is put in before a new one. */
function fitted(edit: Edit, before: string): Edit {
  if (before === '' || before.endsWith('\n') || edit.end !== before.length || edit.text === '') return edit;
  if (edit.start === edit.end) return { ...edit, text: `${lineEnding(before)}${edit.text.replace(/\r?\n$/, '')}` };
  return { ...edit, text: edit.text.replace(/\r?\n$/, '') };
}

/** Offset of a line, counted from 1. */
function offsetOf(text: string, line: number): number {
  let at = 0;
  for (let n = 1; n < line && at !== -1; n++) at = text.indexOf('\n', at) + 1 || text.length;
  return at;
}

/**
 * What the user's editor makes of a text. VISUAL and EDITOR are commands, as git takes them; else vi.
 * https://git-scm.com/docs/git-var#Documentation/git-var.txt-GITEDITOR
 */
export async function edit(text: string): Promise<string | undefined> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nayek-edit-'));
  const file = path.join(folder, 'change.diff');
  // Ctrl-C is the editor's meanwhile.
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  try {
    writeFileSync(file, text, { mode: 0o600 });
    const editor = process.env.VISUAL || process.env.EDITOR || 'vi';
    const [program, words] =
      process.platform === 'win32' ? [`${editor} "${file}"`, []] : ['sh', ['-c', `${editor} "$1"`, 'sh', file]];
    const child = spawn(program, words, { stdio: 'inherit', shell: process.platform === 'win32' });
    const code = await new Promise((resolve) => child.on('error', resolve).on('close', resolve));
    return code === 0 ? readFileSync(file, 'utf8') : undefined;
  } finally {
    process.off('SIGINT', ignore);
    rmSync(folder, { recursive: true, force: true });
  }
}
