/** What every rule has, whatever it changes. https://ast-grep.github.io/reference/yaml.html */
import { say } from '../system/say.ts';

export type Severity = 'error' | 'warning' | 'info' | 'hint' | 'off';

export interface RuleHead {
  readonly id: string;
  readonly message: string;
  readonly note?: string;
  readonly url?: string;
  readonly severity: Severity;
  /** Globs below the repository's root; undefined: every file of the language. */
  readonly files?: readonly string[];
  readonly ignores?: readonly string[];
}

/** Where a rule was read from. */
export interface RuleOrigin {
  /** The document as YAML text, for another process. */
  readonly source: string;
  /** The rule file and the 1-based line where it starts. */
  readonly at: string;
}

const SEVERITIES: readonly string[] = ['error', 'warning', 'info', 'hint', 'off'] satisfies Severity[];

/** `fail` throws with the place of the rule. */
export function headOf(data: Record<string, unknown>, fail: (why: string) => never): RuleHead {
  const text = (key: string): string | undefined => {
    const value = data[key];
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value.trim() : fail(say`${key} is not a text`);
  };
  const list = (key: string): readonly string[] | undefined => {
    const value = data[key];
    if (value === undefined || value === null) return undefined;
    if (Array.isArray(value) && value.every((v) => typeof v === 'string')) return value;
    return fail(say`${key} is not a list of globs`);
  };
  const id = text('id') ?? fail(say`id is missing`);
  if (!/^[A-Za-z0-9][\w./-]*$/.test(id)) fail(say`the id ${JSON.stringify(id)} is not of letters, digits and -_./`);
  const severity = text('severity') ?? 'hint';
  if (!SEVERITIES.includes(severity)) fail(say`severity is none of ${SEVERITIES.join(', ')}`);
  const [note, url, files, ignores] = [text('note'), text('url'), list('files'), list('ignores')];
  return {
    ...{ id, message: text('message') || id, severity: severity as Severity },
    ...(note ? { note } : {}),
    ...(url ? { url } : {}),
    ...(files ? { files } : {}),
    ...(ignores ? { ignores } : {}),
  };
}
