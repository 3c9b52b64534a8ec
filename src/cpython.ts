/**
 * A second opinion on changed Python files from CPython's own compile(), where python3 is at hand. Compiles only: the
 * code is never run, and `-I -S` keeps the interpreter away from the folder and from site packages.
 * https://docs.python.org/3/library/functions.html#compile
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { FileChange } from './plan.ts';
import { findProgram } from './program.ts';
import { encode } from './source.ts';

/** Milliseconds for all files together; beyond it there is no second opinion. */
const TIMEOUT = 10_000;

/** Reads pairs of lines (before, after; '.' and base64, or '-' for none), prints the numbers of pairs that stopped compiling. */
const SCRIPT = `
import sys
from binascii import a2b_base64
if sys.version_info[0] < 3: sys.exit(3)
def problem(data):
    try:
        compile(data, '<source>', 'exec', dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        return type(error).__name__ + ': ' + str(getattr(error, 'msg', '')) + ' (line ' + str(getattr(error, 'lineno', 0)) + ')'
lines = sys.stdin.buffer.read().split()
for n in range(0, len(lines), 2):
    before, after = lines[n], lines[n + 1]
    if before != b'-' and problem(a2b_base64(before[1:])): continue
    found = problem(a2b_base64(after[1:]))
    if found: print(n // 2, ascii(found)[1:-1])
`;

/**
 * Changed or created Python files that CPython does not compile although it compiled them before: path → its message.
 * Empty without python3, and for files that this Python could not compile to begin with. Works beside the caller.
 * A Python below `root` is the repository's own and does not count.
 */
export async function rejectedByPython(changes: readonly FileChange[], root?: string): Promise<Map<string, string>> {
  const files = changes.filter((c) => c.path.endsWith('.py'));
  const out = new Map<string, string>();
  if (files.length === 0) return out;
  const line = (text: string | null, c: FileChange): string =>
    text === null ? '-' : `.${encode(text, c).toString('base64')}`;
  const input = files.flatMap((c) => [line(c.before, c), line(c.after, c)]).join('\n');
  const answer = (await ask('python3', input, root)) ?? (await ask('python', input, root)) ?? '';
  for (const said of answer.split('\n')) {
    const [, index, message] = /^(\d+) (.*)/.exec(said) ?? [];
    const file = index === undefined ? undefined : files[Number(index)];
    if (file && message) out.set(file.path, message);
  }
  return out;
}

/** What the interpreter printed; undefined when there is none, it is too old, or it takes too long. */
function ask(command: string, input: string, root?: string): Promise<string | undefined> {
  const program = findProgram(command, root);
  if (!program) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const child = spawn(program, ['-I', '-S', '-W', 'ignore', '-c', SCRIPT], {
      cwd: path.parse(program).root,
      timeout: TIMEOUT,
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
    let answer = '';
    child.stdout.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
    });
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => resolve(code === 0 ? answer : undefined));
    // An interpreter that ends at once closes the pipe; its exit code says enough.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
