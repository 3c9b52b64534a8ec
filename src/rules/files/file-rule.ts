/** A rule for INI, TOML, YAML or requirements files. */
import { unknownKey } from '../../system/nearest.ts';
import { say } from '../../system/say.ts';
import { headOf, type RuleHead, type RuleOrigin } from '../head.ts';
import { type Change, changesOf, type FileLanguage } from './change.ts';

/** A rule for files of another kind. */
export interface FileRule extends RuleHead, RuleOrigin {
  readonly language: FileLanguage;
  readonly changes: readonly Change[];
}

/** Keys of a rule for files that are no Python. */
const FILE_KEYS = ['id', 'language', 'message', 'note', 'url', 'severity', 'files', 'ignores', 'change'];

/** The rule of a document; `fail` throws with its place. */
export function fileRuleOf(
  data: Record<string, unknown>,
  language: FileLanguage,
  { source, at }: RuleOrigin,
  fail: (why: string) => never,
): FileRule {
  const head = headOf(data, fail);
  const strange = Object.keys(data).find((key) => !FILE_KEYS.includes(key));
  if (strange !== undefined) return fail(unknownKey(strange, FILE_KEYS));
  if (data.change === undefined) return fail(say`change is missing`);
  const changes = changesOf(data.change, language, fail);
  const bare = changes.some((c) => c.kind === 'add' && c.beside === undefined);
  if (bare && !head.files) return fail(say`add needs beside, or files: which list is meant`);
  return { ...head, language, changes, source, at };
}
