/** patch, apply, undo and an editor at once, in processes of their own: afterwards all of the patch is there, or none. */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Random } from './json.ts';
import { writeTree } from './tree.ts';

const FILES: Readonly<Record<string, string>> = {
  'app/__init__.py': '',
  'app/main.py':
    'from fastapi import FastAPI\n\napp = FastAPI()\n\nif __name__ == "__main__":\n    import uvicorn\n\n    uvicorn.run(app, host="127.0.0.1", port=8000)\n',
  'app/views.py': 'x = 1\n',
  'requirements.txt': 'fastapi\nuvicorn\n',
};

/** What tells of each file that the patch changes or makes whether it is patched. */
const PATCHED: readonly (readonly [string, (text: string | undefined) => boolean])[] = [
  ['app/main.py', (text) => text?.includes('os.getenv("PORT"') === true],
  ['requirements.txt', (text) => text?.includes('gunicorn') === true],
  ['Procfile', (text) => text !== undefined],
  ['render.yaml', (text) => text !== undefined],
];

/** Runs `count` rounds of the built command `nayek`. @throws an Error that names what is mixed. */
export async function together(
  nayek: string,
  count: number,
  random: Random,
  told: (n: number) => void,
): Promise<string> {
  const top = mkdtempSync(path.join(os.tmpdir(), 'nayek-fuzz-'));
  const env = { ...process.env, XDG_STATE_HOME: path.join(top, 'state') };
  const ends = { patched: 0, unpatched: 0 };
  try {
    for (let n = 0; n < count; n++) {
      told(n);
      const root = path.join(top, `r${n}`);
      writeTree(root, FILES);
      const plan = path.join(top, 'plan.json');
      const call = (...args: string[]): Promise<void> => run([nayek, ...args], root, env);
      await call('patch', '--dry-run', '--format', 'json', '-o', plan);
      if (random(2)) await call('patch');
      const late = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, random(400)));
      const calls = [['patch'], ['apply', plan, '-C', '.'], ['undo', '.'], ['patch', '.']];
      await Promise.all([...calls.map((args) => late().then(() => call(...args))), edits(root, random)]);
      ends[assertWhole(root) ? 'patched' : 'unpatched']++;
      rmSync(root, { recursive: true });
    }
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
  return `${ends.patched} ended patched, ${ends.unpatched} as before`;
}

/** Somebody works on a source that the patch is decided on, and adds and removes another. */
async function edits(root: string, random: Random): Promise<void> {
  for (let n = 0; n < 6; n++) {
    await new Promise((resolve) => setTimeout(resolve, random(200)));
    appendFileSync(path.join(root, 'app/views.py'), `# ${n}\n`);
    const other = path.join(root, 'gunicorn.conf.py');
    if (n === 2 && random(2)) writeFileSync(other, 'timeout = 30\n');
    else rmSync(other, { force: true });
  }
}

/** Whatever it answers: the tree tells. */
function run(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString();
    });
    child.on('close', () =>
      said.includes('internal error') ? reject(new Error(`${args.slice(1).join(' ')}: ${said}`)) : resolve(),
    );
  });
}

/** Whether it is patched. @throws an Error when only half of it is, when an edit is lost, or when something stays behind. */
function assertWhole(root: string): boolean {
  const texts = PATCHED.map(([name, isPatched]) => {
    const file = path.join(root, name);
    return [name, isPatched(existsSync(file) ? readFileSync(file, 'utf8') : undefined)] as const;
  });
  const patched = texts.filter(([, yes]) => yes).map(([name]) => name);
  if (patched.length > 0 && patched.length < texts.length)
    throw new Error(`a mixed tree: only ${patched.join(', ')} patched`);
  const edited = readFileSync(path.join(root, 'app/views.py'), 'utf8');
  if (!edited.endsWith('# 0\n# 1\n# 2\n# 3\n# 4\n# 5\n')) throw new Error('an edit was lost');
  const left = (readdirSync(root, { recursive: true }) as string[]).filter((name) =>
    /nayek-tmp|\.tmp$|(?:^|\/)lock$/.test(name),
  );
  if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
  return patched.length > 0;
}
