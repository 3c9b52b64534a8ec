/** Paths of pathlib and os.path. */
import { type FilePath, isPath, type Known, str } from './known.ts';

/** `Path(a) / b`: an absolute second part replaces the first. */
export function joinPaths(left: Known, right: Known): FilePath | undefined {
  const [a, b] = [str(left), str(right)];
  const texts = [left, right].every((v) => typeof v === 'string' || isPath(v));
  if (!texts || a === undefined || b === undefined) return undefined;
  return toPath(b.startsWith('/') ? b : `${a}/${b}`);
}

/** https://docs.python.org/3/library/pathlib.html: no `.` in between, no slash at the end. */
export function toPath(text: string): FilePath {
  const root = /^\/*/.exec(text)?.[0] ?? '';
  const parts = text.split('/').filter((p) => p !== '' && p !== '.');
  const whole = `${root.length === 2 ? '//' : root && '/'}${parts.join('/')}`;
  return { type: 'path', text: whole === '' ? '.' : whole };
}

/** `Path(a, b)` and `os.path.join(a, b)` */
export function joined(name: string, parts: readonly (Known | undefined)[]): Known | undefined {
  let out = '';
  for (const part of parts) {
    const text = part === undefined ? undefined : str(part);
    if (text === undefined) return undefined;
    out = text.startsWith('/') || out === '' ? text : out.endsWith('/') ? out + text : `${out}/${text}`;
  }
  return name === 'os.path.join' ? out : toPath(out);
}
