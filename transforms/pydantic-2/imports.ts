/** The imports of a file whose pydantic names are those of version 2. */
import { type Edit, lineEnding } from '../../src/syntax/edit.ts';
import type { FromImportStmt, PythonModule } from '../../src/syntax/python/ast.ts';
import { say } from '../../src/system/say.ts';

const OF_SETTINGS = new Set(['BaseSettings', 'SettingsConfigDict']);

/** `gone` names of pydantic 1 that nothing uses any more, `wanted` names of 2; a text where the import is of another form. */
export function importEdits(
  module: PythonModule,
  gone: ReadonlySet<string>,
  wanted: ReadonlySet<string>,
): Edit[] | string {
  const { text, body } = module;
  const all = body.filter((s): s is FromImportStmt => s.kind === 'from' && s.level === 0 && s.module === 'pydantic');
  const [only, more] = all;
  if (!only) return wanted.size === 0 ? [] : say`pydantic is imported in another way`;
  const [first, last] = [only.names[0], only.names.at(-1)];
  if (more || only.star || !first || !last || only.names.some((n) => n.as !== undefined)) {
    return say`pydantic is imported in another way`;
  }
  const between = text.slice(first.start, last.end);
  if (between.includes('#')) return say`a comment stands in the import of pydantic`;
  const had = only.names.map((n) => n.name);
  const kept = had.filter((name) => !gone.has(name) && !OF_SETTINGS.has(name));
  const own = [...new Set([...kept, ...[...wanted].filter((name) => !OF_SETTINGS.has(name))])];
  const settings = [
    ...new Set([
      ...had.filter((name) => OF_SETTINGS.has(name)),
      ...[...wanted].filter((name) => OF_SETTINGS.has(name)),
    ]),
  ];
  if (own.join() === had.join() && settings.length === 0) return [];
  const comma = only.names[1] ? text.slice(first.end, only.names[1].start) : ', ';
  const line = `from pydantic_settings import ${settings.join(', ')}`;
  if (own.length === 0) return [{ start: only.start, end: only.end, text: line }];
  const edits: Edit[] = own.join() === had.join() ? [] : [{ start: first.start, end: last.end, text: own.join(comma) }];
  if (settings.length > 0) edits.push({ start: only.end, end: only.end, text: lineEnding(text) + line });
  return edits;
}
