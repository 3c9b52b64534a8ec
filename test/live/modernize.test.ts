/**
 * The transforms for what newer versions no longer have: each fixture's program says the same before and after with the old
 * version, fails before with the new one (where that has taken it away), and says the same after.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary.ts';

interface Shown {
  readonly part: string;
  readonly old: readonly string[];
  readonly now: readonly string[];
  /** What fails with the new versions as it was; FastAPI itself still knows the decorator on_event, and warns. */
  readonly breaks: (name: string) => boolean;
  /** What it makes is for the new version alone. */
  readonly onlyNew?: true;
  /** Prints what a user of `app` sees. */
  readonly program: string;
}

const SHOWN: readonly Shown[] = [
  {
    part: 'lifespan',
    old: ['fastapi==0.110.0', 'httpx==0.27.2', 'uvicorn==0.29.0'],
    now: ['fastapi==0.165.0', 'starlette==1.10.0', 'httpx==0.28.1', 'uvicorn==0.29.0'],
    breaks: (name) => ['starlette', 'handler-from-elsewhere'].includes(name),
    program: `
from fastapi.testclient import TestClient
from app import app
with TestClient(app) as client:
    print(client.get("/").text)
with TestClient(app) as client:
    print(client.get("/").text)
`,
  },
  {
    part: 'before-first-request',
    old: ['flask==2.2.5', 'werkzeug==2.3.8'],
    now: ['flask==3.1.0'],
    breaks: () => true,
    program: `
from app import app
for _ in range(3):
    print(app.test_client().get("/").text)
`,
  },
  {
    part: 'pydantic-2',
    old: ['pydantic==1.10.24'],
    now: ['pydantic==2.9.2', 'pydantic-settings==2.6.0'],
    breaks: (name) => name !== 'validators',
    onlyNew: true,
    program: 'from models import show\nprint(show())\n',
  },
];

const HOME = path.join(import.meta.dirname, '..', '..', 'fixtures');
const folders = new Map<string, string>();
let top = '';

beforeAll(() => {
  top = temporaryFolder('modernize-live');
  for (const { part, old, now } of SHOWN) {
    for (const [age, wanted] of [
      ['old', old],
      ['new', now],
    ] as const) {
      const target = path.join(top, `${part}-${age}`);
      const install = ['-m', 'pip', 'install', '--quiet', '--target', target, ...wanted];
      execFileSync('python3', install, { stdio: 'ignore' });
      folders.set(`${part}-${age}`, target);
    }
  }
}, 600_000);

/** What the program prints; undefined where it fails. */
function said(folder: string, libraries: string, program: string): string | undefined {
  const env = {
    PATH: process.env.PATH ?? '',
    PYTHONPATH: libraries,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONWARNINGS: 'ignore',
  };
  try {
    return execFileSync('python3', ['-c', program], {
      cwd: folder,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}

describe.each(SHOWN)('$part', ({ part, program, breaks, onlyNew }) => {
  const names = readdirSync(path.join(HOME, part)).filter((name) => existsSync(path.join(HOME, part, name, 'after')));

  it.each(names)('%s', (name) => {
    const before = path.join(HOME, part, name, 'before');
    const after = path.join(top, part, name);
    mkdirSync(after, { recursive: true });
    for (const side of ['before', 'after']) cpSync(path.join(HOME, part, name, side), after, { recursive: true });
    const run = (folder: string, age: string) => said(folder, folders.get(`${part}-${age}`) ?? '', program);
    const was = run(before, 'old');
    expect(was).toBeTruthy();
    if (!onlyNew) expect(run(after, 'old')).toBe(was);
    expect(run(before, 'new')).toBe(breaks(name) ? undefined : was);
    expect(run(after, 'new')).toBe(was);
  });
});
