/** Proof that an edit of a dependency file added entries and changed none. */
import { formOf } from '../knowledge/managers.ts';
import type { DependencyForm } from '../model/facts.ts';
import { readRequirements } from '../syntax/requirements.ts';
import { readInstallRequires } from '../syntax/setup-cfg.ts';
import { readToml } from '../syntax/toml.ts';

/** True when `after` has every entry of `before`, in order, and exactly `count` more. */
export function onlyAdded(form: DependencyForm, before: string, after: string, count: number): boolean {
  const left = entriesOf(form, before);
  const right = entriesOf(form, after);
  if (!left || !right || right.length !== left.length + count) return false;
  let at = 0;
  for (const entry of right) if (entry === left[at]) at++;
  return at === left.length;
}

/** One string per entry (and per other value of the file); undefined for what is not TOML. */
export function entriesOf(form: DependencyForm, text: string): string[] | undefined {
  const { grammar } = formOf(form);
  if (grammar === 'requirements') {
    return readRequirements(text).flatMap((line) => {
      if (line.kind === 'blank') return [];
      if (line.kind !== 'requirement') return [text.slice(line.start, line.end)];
      const stop = line.comment?.start ?? line.end;
      return [`${text.slice(line.start, stop).trim()} ${line.comment?.text ?? ''}`];
    });
  }
  if (grammar === 'setup.cfg')
    return readInstallRequires(text).map(
      (i) => `${i.extra ?? ''} ${JSON.stringify(i.requirement.name.text)}${i.requirement.specifier.text}`,
    );
  const toml = readToml(text);
  return toml && leaves(toml.value, '');
}

function leaves(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((v) => leaves(v, `${path}[]`));
  if (typeof value !== 'object' || value === null || value instanceof Date) return [`${path}=${String(value)}`];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}
