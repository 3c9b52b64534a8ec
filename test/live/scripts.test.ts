/**
 * Frameworks whose files are run as they are: the repositories of fixtures/ready/scripts.yaml, patched, and started as
 * their Procfile says, with today's version of each framework. They must listen on every interface, on PORT, and answer.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makePlan } from '../../src/engine/make-plan.ts';
import { parts } from '../../src/engine/parts.ts';
import { chooseSteps, loadRecipe } from '../../src/engine/recipe.ts';
import { memorySnapshot } from '../../src/repo/snapshot.ts';
import { loadPython } from '../../src/syntax/python/parser.ts';
import { temporaryFolder } from '../temporary.ts';
import { freePort } from './servers.ts';

const FILE = path.join(import.meta.dirname, '..', '..', 'fixtures', 'ready', 'scripts.yaml');
const { cases } = parse(readFileSync(FILE, 'utf8')) as {
  cases: { name: string; files: Readonly<Record<string, string>> }[];
};
/** What is asked of each, and what is installed for it: what pip agrees upon quickly. */
const PLAIN = ['streamlit', 'tornado', 'dash', 'bottle', 'gunicorn'];
const ASKED: readonly (readonly [name: string, where: string, libraries: readonly string[]])[] = [
  ['skip-streamlit', '/_stcore/health', PLAIN],
  ['skip-tornado', '/', PLAIN],
  ['skip-tornado-by-a-class', '/', PLAIN],
  ['dash-without-a-name-for-its-server', '/', PLAIN],
  ['skip-dash-with-one', '/', PLAIN],
  ['bottle-with-its-default-application', '/', PLAIN],
  ['skip-bottle', '/', PLAIN],
  ['skip-gradio', '/', ['gradio']],
  ['skip-gradio-blocks-with-a-queue', '/', ['gradio']],
  ['skip-nicegui', '/', ['nicegui']],
  ['skip-fasthtml-by-its-function', '/', ['python-fasthtml', 'gunicorn', 'uvicorn-worker']],
  ['skip-falcon-asgi', '/', ['falcon', 'gunicorn', 'uvicorn-worker']],
  ['skip-chainlit', '/', ['chainlit']],
];

let top = '';
beforeAll(async () => {
  await loadPython();
  top = temporaryFolder('scripts-live');
  mkdirSync(path.join(top, 'tmp'));
});

/** An environment with today's versions; made once for each list. */
function installed(libraries: readonly string[]): string {
  const folder = path.join(top, `with-${libraries.join('-')}`);
  if (!existsSync(folder)) {
    execFileSync('python3', ['-m', 'venv', folder]);
    const python = path.join(folder, 'bin/python');
    // uv where it is there: pip takes minutes for what gradio and chainlit bring.
    const [program, ...words] = hasUv()
      ? ['uv', 'pip', 'install', '--python', python]
      : [python, '-m', 'pip', 'install'];
    // Its locks stay behind.
    const env = { ...process.env, TMPDIR: path.join(top, 'tmp') };
    execFileSync(program, [...words, '--quiet', ...libraries], { stdio: 'ignore', env });
  }
  return path.join(folder, 'bin');
}

function hasUv(): boolean {
  return spawnSync('uv', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Writes the patched repository; the command of its web process. */
function patched(name: string, folder: string): string {
  const spec = cases.find((one) => one.name === name);
  const repo = memorySnapshot(Object.fromEntries(Object.entries(spec?.files ?? {})), '/app');
  const recipe = loadRecipe('procfile', parts);
  const plan = makePlan(repo, chooseSteps(recipe, parts, {}), { recipe: recipe.name });
  const after = repo.with(new Map(plan.changes.map((c) => [c.path, c.after])));
  for (const file of after.paths) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), after.read(file)?.text ?? '');
  }
  return /^web: (.*)$/m.exec(after.read('Procfile')?.text ?? '')?.[1] ?? '';
}

/** Addresses, in the kernel's hexadecimal form, at which something listens on a port. */
function listening(port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local = '', , state]) => state === '0A' && local.endsWith(`:${hex}`))
      .map(([, local = '']) => local.slice(0, local.indexOf(':'))),
  );
}

describe('frameworks of their own', () => {
  it.each(ASKED)('%s', async (name, where, libraries) => {
    const bin = installed(libraries);
    const folder = path.join(top, name);
    mkdirSync(folder, { recursive: true });
    const command = patched(name, folder);
    const port = await freePort();
    const env = {
      ...{ PATH: `${bin}:${process.env.PATH}`, PORT: String(port), HOME: folder, LC_ALL: 'C.UTF-8' },
      TMPDIR: path.join(top, 'tmp'),
    };
    const child = spawn('sh', ['-c', command], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += String(data)));
    const ended = new Promise<string>((resolve) => child.once('close', () => resolve('ended')));
    try {
      const answer = await Promise.race([answers(`http://127.0.0.1:${port}${where}`), ended]);
      // An application without a route answers 404: it is the one that answers.
      const good = /^skip-(?:bottle|falcon)/.test(name) ? 404 : 200;
      expect([command, answer, said]).toEqual([command, good, said]);
      expect([...new Set(listening(port))].every((address) => /^0+$/.test(address))).toBe(true);
      expect(listening(port).length).toBeGreaterThan(0);
    } finally {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      await ended;
    }
  });
});

/** The status of the first answer. */
async function answers(url: string): Promise<number> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer) {
      await answer.text();
      return answer.status;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
