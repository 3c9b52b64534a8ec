import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edited, lastReplaces, newCommand, readCommand, shellWord } from '../src/commands/command.ts';
import { readShell, shellWords } from '../src/commands/lexer.ts';
import { programOf, scriptFile, scriptOf } from '../src/commands/program.ts';

describe('readShell', () => {
  it.each<[string, string[][]]>([
    ['a && b || c; d & e | f', [['a'], ['b'], ['c'], ['d'], ['e'], ['f']]],
    ['gunicorn app:make() -w 2', [['gunicorn', 'app:make()', '-w', '2']]],
    ['gunicorn \'app:make("x")\'', [['gunicorn', 'app:make("x")']]],
    [
      '(cd x && uvicorn main:app)',
      [
        ['cd', 'x'],
        ['uvicorn', 'main:app'],
      ],
    ],
    ['gunicorn -w $(nproc --all) app:app', [['gunicorn', '-w', '$(nproc --all)', 'app:app']]],
    ['gunicorn app:app > log.txt 2>&1 &', [['gunicorn', 'app:app']]],
    ['echo "a \\"b\\" $(date "+%d") c"', [['echo', 'a "b" $(date "+%d") c']]],
    ['uvicorn main:app \\\n  --port 80\nnext', [['uvicorn', 'main:app', '--port', '80'], ['next']]],
    ['a # comment ; b\nc', [['a'], ['c']]],
    ['', []],
  ])('%s', (line, wanted) => expect(readShell(line).commands.map((c) => c.words)).toEqual(wanted));

  it('says where each command stands and what follows it', () => {
    const line = 'alembic upgrade head  && exec gunicorn a:b';
    const { commands } = readShell(line);
    expect(commands.map((c) => [line.slice(c.start, c.end), c.operator])).toEqual([
      ['alembic upgrade head', '&&'],
      ['exec gunicorn a:b', ''],
    ]);
  });

  it('reads back what shellWord wrote, whatever the words are', () => {
    const words = fc.array(fc.string().filter((w) => !w.includes('\0')));
    fc.assert(
      fc.property(words, (list) => {
        expect(shellWords(list.map(shellWord).join(' '))).toEqual(list);
      }),
    );
  });

  it('is read from what was made as it was made, and every word lies where its range says', () => {
    const words = fc.array(
      fc.string({ minLength: 1 }).filter((w) => !w.includes('\0')),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(words, (list) => {
        const made = newCommand(...list);
        expect(readCommand(made.text)).toEqual(made);
        for (const [i, { start, end }] of (made.commands[0]?.ranges ?? []).entries())
          expect(shellWords(made.text.slice(start, end))).toEqual([list[i]]);
      }),
    );
  });

  it.each([
    ['sh -c "cd x && uvicorn a:b" && uvicorn c:d', 'sh -c "cd x && granian a:b" && granian c:d'],
    // A quote inside the script: its words lie elsewhere than they seem.
    [
      "sh -c 'echo '\\''x'\\'' && uvicorn a:b'; uvicorn c:d > log",
      "sh -c 'echo '\\''x'\\'' && uvicorn a:b'; granian c:d > log",
    ],
  ])('is changed by ranges, also inside sh -c: %s', (line, wanted) => {
    const changed = edited(readCommand(line), ({ words, ranges: [first] }) =>
      words[0] === 'uvicorn' && first ? [{ ...first, text: 'granian' }] : [],
    );
    expect(changed.text).toBe(wanted);
  });

  it.each([
    ['a && b c', 'a && exec b c'],
    ['a; b', 'a; exec b'],
    ['a || b', 'a || b'],
    ['a && X=1 b', 'a && X=1 b'],
    ['a && b > c', 'a && b > c'],
    ['b', 'exec b'],
  ])('hands its place to the last command: %s', (line, wanted) => {
    expect(lastReplaces(readCommand(line)).text).toBe(wanted);
  });

  it('never throws and loses no command to an open quote', () => {
    fc.assert(fc.property(fc.string(), (text) => readShell(text).commands.every((c) => c.words.length > 0)));
    expect(readShell('echo "open; b').plain).toBe(false);
  });
});

describe('programOf', () => {
  it.each<[string, string, string[], string | undefined]>([
    ['exec gunicorn app:app', 'gunicorn', ['app:app'], undefined],
    ['A=1 uv run --no-sync --extra web python -u -m uvicorn a:b', 'uvicorn', ['a:b'], 'uv'],
    ['poetry run opentelemetry-instrument --traces_exporter otlp gunicorn x:y', 'gunicorn', ['x:y'], 'poetry'],
    ['timeout 30 ./wait-for-it.sh db:5432 -- /app/.venv/bin/uvicorn a:b', 'uvicorn', ['a:b'], undefined],
    ['then exec daphne a:b', 'daphne', ['a:b'], undefined],
    ['uv sync', 'uv', ['sync'], undefined],
    ['python main.py', 'python', ['main.py'], undefined],
  ])('%s', (line, name, args, via) => {
    const { via: found, ...program } = programOf(shellWords(line) ?? []);
    expect({ name: program.name, args: program.args, via: found }).toEqual({ name, args, via });
  });

  it('tells a script given to a shell from a file that it runs', () => {
    const of = (line: string) => programOf(shellWords(line) ?? []);
    expect(scriptOf(of('bash -lc "a && b"'))).toBe('a && b');
    expect(scriptFile(of('bash -x start.sh web'))).toBe('start.sh');
    expect(scriptFile(of('./bin/start.sh'))).toBe('./bin/start.sh');
    expect(scriptFile(of('gunicorn a:b'))).toBeUndefined();
  });
});
