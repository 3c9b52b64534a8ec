/** What can be said of the engine without a server: its messages, and that nothing readable goes through it. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sealerOf } from '../src/batch/engine/seal.ts';
import { buildOnce, command } from './built.ts';
import { repositoryOf, SAMPLE } from './sample.ts';
import { temporaryFolder } from './temporary.ts';
import { full, sampled } from './tier.ts';

const KEY = 'k'.repeat(40);
let top: string;
let repo: string;

beforeAll(() => {
  buildOnce();
  top = temporaryFolder('engine');
  repo = repositoryOf(SAMPLE);
});

function nayek(program: string, engine: string, env: NodeJS.ProcessEnv = { NAYEK_ENGINE_KEY: KEY }) {
  const args = [program, 'batch', 'plan', repo, '--state', path.join(top, 'state'), '--engine', engine];
  const inherited = { ...process.env, NAYEK_ENGINE_KEY: '' };
  const { status, stderr } = spawnSync(process.execPath, args, { env: { ...inherited, ...env }, encoding: 'utf8' });
  return { code: status, err: stderr };
}

describe('messages', () => {
  it('says what to install where the packages are missing', () => {
    // Wherever it is looked for.
    const hook = path.join(top, 'hook.cjs');
    const without = (name: string): NodeJS.ProcessEnv => {
      const lines = [
        "const Module = require('node:module');",
        'const resolve = Module._resolveFilename;',
        'Module._resolveFilename = function (request, ...rest) {',
        `  if (request !== '${name}') return resolve.call(this, request, ...rest);`,
        "  throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });",
        '};',
      ];
      writeFileSync(hook, lines.join('\n'));
      return { NAYEK_ENGINE_KEY: KEY, NODE_OPTIONS: `--require=${hook}` };
    };
    for (const [engine, driver] of [
      ['redis://127.0.0.1:1', 'ioredis'],
      ['postgres://127.0.0.1:1/x', 'pg'],
    ] as const) {
      for (const name of sampled(['bullmq', driver], 2).slice(full ? 0 : 1)) {
        const { code, err } = nayek(command, engine, without(name));
        const install = `npm install 'bullmq@^6.3.3' ${driver}, where nayek is installed`;
        expect({ code, err }).toEqual({ code: 2, err: `nayek: --engine needs the package ${name} (${install})\n` });
      }
    }
  });

  it.each(sampled(['redis', 'postgres'], 2))(
    'a %s that does not answer is one line, without its password',
    (scheme) => {
      const { code, err } = nayek(command, `${scheme}://u:hunter2hunter2@127.0.0.1:1/0`);
      expect(code).toBe(2);
      expect(err).toMatch(
        new RegExp(`^nayek: cannot use ${scheme}://u:\\*\\*\\*@127\\.0\\.0\\.1:1/0: .*ECONNREFUSED.*\\n$`),
      );
    },
  );

  it('needs a key, and a known scheme', () => {
    expect(nayek(command, 'redis://127.0.0.1:1', {}).err).toContain('NAYEK_ENGINE_KEY is not set');
    expect(nayek(command, 'redis://127.0.0.1:1', { NAYEK_ENGINE_KEY: 'short' }).err).toContain(
      'less than 32 characters',
    );
    expect(nayek(command, 'https://u:hunter2hunter2@127.0.0.1').err).toMatch(/^nayek: --engine is neither [^@]*$/);
  });
});

describe('seal', () => {
  const sealer = sealerOf({ NAYEK_ENGINE_KEY: KEY });

  it('opens for the same key and purpose alone', () => {
    const message = { url: 'postgres://u:hunter2@db/x', list: [1, null, 'ä'] };
    const sealed = sealer.seal(message, 'job 1');
    expect(sealer.open(sealed, 'job 1')).toEqual(message);
    expect(Buffer.from(sealed, 'base64').includes('hunter2')).toBe(false);
    expect(sealer.seal(message, 'job 1')).not.toBe(sealed);
    const changed = Buffer.from(sealed, 'base64');
    changed[40] = (changed[40] ?? 0) ^ 1;
    const other = sealerOf({ NAYEK_ENGINE_KEY: 'x'.repeat(40) });
    for (const open of [
      () => sealer.open(sealed, 'job 2'),
      () => other.open(sealed, 'job 1'),
      () => sealer.open(changed.toString('base64'), 'job 1'),
      () => sealer.open('', 'job 1'),
      () => sealer.open(undefined, 'job 1'),
    ]) {
      expect(open).toThrow('was not sealed with this NAYEK_ENGINE_KEY');
    }
  });
});
