/** Every Procfile of the fixtures, as the platforms read it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseProcfile } from '../src/syntax/procfile.ts';

const home = path.join(import.meta.dirname, '..', 'fixtures');

const files = ['procfile', 'recipes']
  .flatMap((part) => readdirSync(path.join(home, part)).map((name) => path.join(home, part, name, 'after')))
  .filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => path.basename(name) === 'Procfile')
      .map((name) => path.join(folder, name)),
  );

/** What is wrong with a Procfile for Heroku, Dokku and Railway; empty when nothing is. */
function problems(text: string): string[] {
  const out: string[] = [];
  const { lines, broken } = parseProcfile(text);
  if (broken.length > 0) out.push('a line that is no process');
  const types = lines.map((l) => l.type);
  if (new Set(types).size !== types.length) out.push('a process twice');
  if (lines.some((l) => !/^[A-Za-z0-9_-]{1,63}$/.test(l.type))) out.push('a name that is none');
  if (!text.endsWith('\n')) out.push('no line end');
  let read: unknown;
  try {
    read = parse(text);
  } catch {
    out.push('no YAML');
  }
  // Railpack reads it as YAML, Heroku by lines: both must see the same. https://railpack.com/config/procfile
  const same = Object.fromEntries(lines.map((l) => [l.type, l.command]));
  if (JSON.stringify(read) !== JSON.stringify(same)) out.push('other commands as YAML');
  for (const { type, command } of lines) {
    // dash has none of these, and a line cannot go on in the next.
    if (/\[\[|<\(|<<<|\bsource\b|\bfunction\b|&>|\\$/.test(command)) out.push(`${type} needs bash`);
    if (type === 'web' && !/\$\{?PORT\b|fastapi run|gunicorn\.conf\.py|gunicorn (?!.*--bind)/.test(command)) {
      out.push('web does not listen on PORT');
    }
    if (type === 'release' && /\bPORT\b|\bgunicorn\b|\buvicorn\b/.test(command)) out.push('release starts a server');
  }
  return out;
}

describe('the Procfiles of the fixtures', () => {
  it('are found', () => expect(files.length).toBeGreaterThanOrEqual(12));

  it.each(files.map((file) => [path.relative(home, file), file]))('%s', (_, file) => {
    expect(problems(readFileSync(file, 'utf8'))).toEqual([]);
  });

  it.each([
    ['web: gunicorn a:b --bind 0.0.0.0:$PORT', 'no line end'],
    ['web: "gunicorn" a:b --bind 0.0.0.0:$PORT\n', 'no YAML'],
    ['web: @run $PORT\n', 'no YAML'],
    ['web: run --name a: b --port $PORT\n', 'no YAML'],
    ['web: run --port $PORT # here\n', 'other commands as YAML'],
    ['web: gunicorn a:b --bind 127.0.0.1:8000\n', 'web does not listen on PORT'],
    ['web: run $PORT\nweb: run $PORT\n', 'a process twice'],
    ['web: run $PORT\nit works\n', 'a line that is no process'],
    ['web: [[ -n $PORT ]] && run $PORT\n', 'web needs bash'],
    ['release: gunicorn a:b --bind 0.0.0.0:$PORT\n', 'release starts a server'],
  ])('%j would be seen', (text, problem) => expect(problems(text)).toContain(problem));
});
