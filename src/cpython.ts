/**
 * A second opinion on changed Python files from CPython's own compile(), where python3 is at hand. Compiles only: the
 * code is never run, and `-I -S` keeps the interpreter away from the folder and from site packages.
 * https://docs.python.org/3/library/functions.html#compile
 */
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import type { FileChange } from './plan.ts';
import { encode } from './source.ts';

/** Milliseconds for all files together; beyond it there is no second opinion. */
const TIMEOUT = 10_000;

/** Reads pairs of lines (before, after; '.' and base64, or '-' for none), prints the numbers of pairs that stopped compiling. */
const SCRIPT = `
import sys, base64
if sys.version_info[0] < 3: sys.exit(3)
def problem(data):
    try:
        compile(data, '<source>', 'exec', dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        return type(error).__name__ + ': ' + str(getattr(error, 'msg', '')) + ' (line ' + str(getattr(error, 'lineno', 0)) + ')'
lines = sys.stdin.buffer.read().split()
for n in range(0, len(lines), 2):
    before, after = lines[n], lines[n + 1]
    if before != b'-' and problem(base64.b64decode(before[1:])): continue
    found = problem(base64.b64decode(after[1:]))
    if found: print(n // 2, ascii(found)[1:-1])
`;

/**
 * Changed or created Python files that CPython does not compile although it compiled them before: path → its message.
 * Empty without python3, and for files that this Python could not compile to begin with.
 */
export function rejectedByPython(changes: readonly FileChange[]): Map<string, string> {
  const files = changes.filter((c) => c.path.endsWith('.py'));
  const out = new Map<string, string>();
  if (files.length === 0) return out;
  const line = (text: string | null, c: FileChange): string =>
    text === null ? '-' : `.${encode(text, c).toString('base64')}`;
  const input = files.flatMap((c) => [line(c.before, c), line(c.after, c)]).join('\n');
  for (const command of ['python3', 'python']) {
    const result = spawnSync(command, ['-I', '-S', '-W', 'ignore', '-c', SCRIPT], {
      input,
      cwd: os.tmpdir(),
      timeout: TIMEOUT,
      encoding: 'utf8',
      windowsHide: true,
    });
    if (result.error || result.status !== 0) continue;
    for (const line of result.stdout.split('\n')) {
      const [, index, message] = /^(\d+) (.*)/.exec(line) ?? [];
      const file = index === undefined ? undefined : files[Number(index)];
      if (file && message) out.set(file.path, message);
    }
    break;
  }
  return out;
}
