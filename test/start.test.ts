/** How the published command starts: compiled code in the user's cache folder, which only that user can have written. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import nodeModule from 'node:module';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildOnce, command } from './built.ts';
import { temporaryFolder } from './temporary.ts';

beforeAll(buildOnce);

/** Node 22 and later keep such code themselves. */
const itsOwn = !('enableCompileCache' in nodeModule);

/** As it is published: without the compiled code of a checkout. */
function published() {
  const top = temporaryFolder('start');
  for (const name of ['nayek.cjs', 'command.cjs'])
    copyFileSync(path.join(path.dirname(command), name), path.join(top, name));
  const cache = path.join(top, 'cache');
  const folder = path.join(cache, 'nayek');
  const start = (env: NodeJS.ProcessEnv = {}): void => {
    const options = { encoding: 'utf8', env: { ...process.env, XDG_CACHE_HOME: cache, ...env } } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(top, 'nayek.cjs'), '--version'], options);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+/), stderr: '' });
  };
  const kept = (): readonly string[] =>
    readdirSync(cache, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.cache'));
  return { cache, folder, start, kept };
}

describe.runIf(itsOwn && process.platform !== 'win32')('compiled code', () => {
  it('is kept by the first run, for its owner alone, and stays', () => {
    const { cache, start, kept } = published();
    mkdirSync(cache);
    start();
    const [name = '', ...others] = kept();
    expect(others).toEqual([]);
    const file = path.join(cache, name);
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    const { mtimeMs, ino } = statSync(file);
    start();
    expect(statSync(file)).toMatchObject({ mtimeMs, ino });
    expect(kept()).toEqual([name]);
  });

  it('comes with a checkout: its build has made it under the options that the command starts with', () => {
    const { cache } = published();
    mkdirSync(cache);
    const env = { ...process.env, XDG_CACHE_HOME: cache };
    expect(spawnSync(process.execPath, [command, '--version'], { env }).status).toBe(0);
    expect(readdirSync(cache)).toEqual([]);
  });

  it('that is damaged is made again', () => {
    const { cache, start, kept } = published();
    mkdirSync(cache);
    start();
    const file = path.join(cache, kept()[0] ?? '');
    const whole = readFileSync(file).length;
    writeFileSync(file, 'no code');
    start();
    expect(readFileSync(file).length).toBeGreaterThan(whole / 2);
  });

  it('is neither read nor written where others may write, or through a link', () => {
    const { cache, folder, start, kept } = published();
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o777);
    start();
    expect(kept()).toEqual([]);
    const linked = published();
    mkdirSync(linked.cache);
    symlinkSync(cache, linked.folder);
    linked.start();
    expect(kept()).toEqual([]);
  });

  it('is not kept where the user does not want it, or there is no place', () => {
    const { cache, start, kept } = published();
    mkdirSync(cache);
    start({ NODE_DISABLE_COMPILE_CACHE: '1' });
    start({ XDG_CACHE_HOME: '/dev/null/x' });
    expect(kept()).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)('makes nothing in the home of somebody else', () => {
    const { cache: home, start } = published();
    mkdirSync(home);
    start({ XDG_CACHE_HOME: '', HOME: home });
    expect(readdirSync(home)).toEqual(['.cache']);
    const { cache: other, start: again } = published();
    mkdirSync(other);
    chownSync(other, 65534, 65534);
    again({ XDG_CACHE_HOME: '', HOME: other });
    expect(readdirSync(other)).toEqual([]);
  });
});
