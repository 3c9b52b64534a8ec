/**
 * patch and undo of a service, killed (SIGKILL) at random moments, from the top and from the folder of the service: what
 * is half written is named by the next dry run, from both, and healed by the next undo or patch.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Random } from './json.ts';
import { writeTree } from './tree.ts';

const FILES: Readonly<Record<string, string>> = {
  'README.md': '# shop\n',
  'svc/app/__init__.py': '',
  'svc/app/main.py':
    'from fastapi import FastAPI\n\napp = FastAPI()\n\nif __name__ == "__main__":\n    import uvicorn\n\n    uvicorn.run(app, host="127.0.0.1", port=8000)\n',
  'svc/requirements.txt': 'fastapi\nuvicorn\n',
};

type Tree = Readonly<Record<string, string>>;

/** Runs `count` rounds of the built command `nayek`. @throws an Error that names the round and what is wrong. */
export async function kills(nayek: string, count: number, random: Random, told: (n: number) => void): Promise<string> {
  const top = mkdtempSync(path.join(os.tmpdir(), 'nayek-fuzz-'));
  const env = { ...process.env, XDG_STATE_HOME: path.join(top, 'state') };
  const ends = { whole: 0, mixed: 0, done: 0 };
  const call = (cwd: string, ...args: string[]): { code: number | null; err: string } => {
    const { status, stderr } = spawnSync(process.execPath, [nayek, ...args], { cwd, env, encoding: 'utf8' });
    if (/internal error/.test(stderr)) throw new Error(`${args.join(' ')}: ${stderr}`);
    return { code: status, err: stderr };
  };
  try {
    for (let n = 0; n < count; n++) {
      told(n);
      const root = path.join(top, `r${n}`);
      writeTree(root, FILES);
      const inGit = random(2) === 1;
      if (inGit) {
        for (const args of [
          ['init', '-q'],
          ['add', '-A'],
          ['-c', 'user.name=x', '-c', 'user.email=x@x', 'commit', '-qm', 'x'],
        ]) {
          spawnSync('git', args, { cwd: root });
        }
      }
      const service = path.join(root, 'svc');
      const before = tree(root);
      const start = performance.now();
      call(root, 'patch', '--allow-dirty', '.');
      const took = performance.now() - start;
      const after = tree(root);
      const undoes = random(3) === 0;
      if (!undoes) call(root, 'undo', '.');
      const from = [root, service][random(2)] ?? root;
      const whole = undoes ? [before, after] : [before, afterOf(call, from, before, after, root)];
      await killed(
        [nayek, ...(undoes ? ['undo', '.'] : ['patch', '--allow-dirty', '.'])],
        undoes ? root : from,
        env,
        random(Math.ceil(took)),
      );
      const now = tree(root);
      const other = [root, service][random(2)] ?? root;
      if (whole.some((one) => same(one, now))) ends.whole++;
      else {
        ends.mixed++;
        const { err } = call(other, 'patch', '--dry-run', '.');
        if (!/cut short/.test(err))
          throw new Error(`round ${n}: a mixed tree, and ${path.relative(root, other) || 'the top'} says: ${err}`);
        const { code, err: said } = call(other, 'undo', '.');
        if (code !== 0) throw new Error(`round ${n}: undo after the kill: ${said}`);
        if (!whole.some((one) => same(one, tree(root)))) throw new Error(`round ${n}: undo leaves a mixed tree`);
      }
      ends.done++;
      rmSync(root, { recursive: true });
    }
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
  return `${ends.done} kills: ${ends.whole} before or after a write, ${ends.mixed} in the middle, named and healed`;
}

/** What a patch from `from` gives: from the service's folder it is another one than from the top. */
function afterOf(
  call: (cwd: string, ...args: string[]) => unknown,
  from: string,
  before: Tree,
  after: Tree,
  root: string,
): Tree {
  if (from === root) return after;
  call(from, 'patch', '--allow-dirty', '.');
  const own = tree(root);
  call(from, 'undo', '.');
  if (!same(before, tree(root))) throw new Error('undo does not give back what was there');
  return own;
}

function killed(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd, env, stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), ms);
    child.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Path → mode and text, without the folders of git and nayek. */
function tree(root: string): Tree {
  const out: Record<string, string> = {};
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(root, name);
    if (/(?:^|\/)\.(?:git|nayek)(?:\/|$)/.test(name) || statSync(file).isDirectory()) continue;
    out[name] = `${statSync(file).mode.toString(8)} ${readFileSync(file, 'utf8')}`;
  }
  return out;
}

function same(a: Tree, b: Tree): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}
