/**
 * A second opinion on changed Python files from CPython's own compile(), where python3 is at hand. Compiles only: the
 * code is never run, and `-I -S` keeps the interpreter away from the folder and from site packages.
 * https://docs.python.org/3/library/functions.html#compile
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import path from 'node:path';
import type { FileChange } from '../model/plan.ts';
import { encode } from '../repo/source.ts';
import { withoutCommon } from '../syntax/python/validity.ts';
import { findProgram } from '../system/program.ts';

/** Of a longer text only what changed is compiled, with all code of its top level. UTF-16 units: half a second. */
const LARGE = 1024 * 1024;

/** Milliseconds for the files of one repository; beyond it there is no second opinion. */
const TIMEOUT = 10_000;

/**
 * Answers one request after the other. A request: pairs of words (before, after; '.' and base64, or '-' for none), a
 * line each, then an empty line. The answer: the number of each pair whose second text does not compile, with the message
 * when the first does, then an empty line.
 */
const SCRIPT = `
import sys
from binascii import a2b_base64
if sys.version_info[0] < 3: sys.exit(3)
def problem(data):
    try:
        compile(data, '<source>', 'exec', dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        return type(error).__name__ + ': ' + str(getattr(error, 'msg', '')) + ' (line ' + str(getattr(error, 'lineno', 0)) + ')'
lines = []
for line in sys.stdin.buffer:
    if line.strip():
        lines.append(line.strip())
        continue
    for n in range(0, len(lines), 2):
        before, after = lines[n], lines[n + 1]
        found = problem(a2b_base64(after[1:]))
        if not found: continue
        same = before == after or before != b'-' and problem(a2b_base64(before[1:]))
        print(n // 2, '' if same else ascii(found)[1:-1])
    print(flush=True)
    lines = []
`;

export interface Opinion {
  /** Files that CPython compiled before, but not any more: path → its message. */
  readonly rejected: ReadonlyMap<string, string>;
  /** Files that this Python does not compile anyway; all when there is none, or when it takes too long. */
  readonly unjudged: ReadonlySet<string>;
}

/** A text before and after (null: there was none), as it is encoded in its file. */
export type Judged = Pick<FileChange, 'path' | 'before' | 'after' | 'encoding' | 'bom'>;

/** Of Python files only. Works beside the caller. A Python below `root` is the repository's own and does not count. */
export async function askPython(texts: readonly Judged[], root?: string): Promise<Opinion> {
  const files = texts.filter((c) => c.path.endsWith('.py'));
  const rejected = new Map<string, string>();
  if (files.length === 0) return { rejected, unjudged: new Set() };
  const line = (text: string | null, c: Judged): string =>
    text === null ? '-' : `.${encode(text, c).toString('base64')}`;
  const input = files
    .map((c) => (c.before !== null && c.after.length > LARGE ? { ...c, ...withoutCommon(c.before, c.after) } : c))
    .flatMap((c) => [line(c.before, c), line(c.after, c)])
    .join('\n');
  const answer = (await ask('python3', input, root)) ?? (await ask('python', input, root));
  if (answer === undefined) return { rejected, unjudged: new Set(files.map((c) => c.path)) };
  const unjudged = new Set<string>();
  for (const said of answer.split('\n')) {
    const [, index, message] = /^(\d+) (.*)/.exec(said) ?? [];
    const file = index === undefined ? undefined : files[Number(index)];
    if (file && message) rejected.set(file.path, message);
    else if (file) unjudged.add(file.path);
  }
  return { rejected, unjudged };
}

interface Interpreter {
  readonly child: ChildProcessWithoutNullStreams;
  /** Requests are answered in turn. */
  busy: Promise<unknown>;
}

/** Program → its process. A batch asks for hundreds of repositories, and to start Python takes longer than to compile. */
const running = new Map<string, Interpreter>();

/** Starts the interpreter, which takes a while, before there is something to ask. */
export function wakePython(root: string): void {
  const program = findProgram('python3', root);
  if (program && !running.has(program)) holdOpen(start(program).child, false);
}

/** Ends the interpreters, for a program that goes on without them; the next question starts one again. */
export function dismissPython(): void {
  for (const { child } of running.values()) child.stdin.end();
  running.clear();
}

/** What the interpreter printed; undefined when there is none, it is too old, or it takes too long. */
async function ask(command: string, input: string, root?: string): Promise<string | undefined> {
  const program = findProgram(command, root);
  if (!program) return undefined;
  const interpreter = running.get(program) ?? start(program);
  const answer = interpreter.busy.then(() => answerOf(interpreter, input));
  interpreter.busy = answer;
  return answer;
}

function start(program: string): Interpreter {
  const child = spawn(program, ['-I', '-S', '-W', 'ignore', '-c', SCRIPT], {
    cwd: path.parse(program).root,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  child.stdout.setEncoding('latin1');
  child.stderr.resume();
  // An interpreter that ends at once closes the pipe; that it has ended says enough.
  child.stdin.on('error', () => undefined);
  const interpreter = { child, busy: Promise.resolve() };
  running.set(program, interpreter);
  const forget = (): void => {
    if (running.get(program) === interpreter) running.delete(program);
  };
  child.on('error', forget).on('exit', forget);
  return interpreter;
}

function answerOf({ child }: Interpreter, input: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    const end = (said: string | undefined): void => {
      clearTimeout(late);
      child.stdout.off('data', read);
      child.off('error', failed).off('close', failed);
      holdOpen(child, false);
      resolve(said);
    };
    const failed = (): void => end(undefined);
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      failed();
    }, TIMEOUT);
    const read = (text: string): void => {
      answer += text;
      if (/(?:^|\n)\r?\n$/.test(answer)) end(answer);
    };
    if (child.exitCode !== null || child.pid === undefined) return end(undefined);
    holdOpen(child, true);
    child.on('error', failed).on('close', failed);
    child.stdout.on('data', read);
    child.stdin.write(`${input}\n\n`);
  });
}

/** An idle interpreter does not keep the command from ending; the interpreter ends when its input is closed by that. */
function holdOpen(child: ChildProcessWithoutNullStreams, hold: boolean): void {
  const streams = [child, child.stdin, child.stdout, child.stderr] as { ref?: () => void; unref?: () => void }[];
  for (const stream of streams) {
    if (hold) stream.ref?.();
    else stream.unref?.();
  }
}
