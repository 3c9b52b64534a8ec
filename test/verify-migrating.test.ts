/** A start that migrates first: the time of the server begins behind that. */
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cleanup } from '../src/verify/cleanup.ts';
import { openLog } from '../src/verify/log.ts';
import { waitBehindMigrations } from '../src/verify/migrating.ts';
import { freePort } from '../src/verify/ports.ts';
import { start } from '../src/verify/process.ts';
import { poll } from '../src/verify/steps.ts';
import { temporaryFolder } from './temporary.ts';

const SERVER = 'require("http").createServer((_, r) => r.end("ok")).listen(Number(process.env.PORT))';
const onLinux = process.platform === 'linux';

describe.skipIf(!onLinux)('waitBehindMigrations', () => {
  it.each([
    ['waits for as long as they run', 'alembic upgrade head', 20],
    ['waits no longer for what is none', 'alembic history', 1],
  ])('%s', async (_, first, rounds) => {
    const home = temporaryFolder('migrating');
    // Runs until the test says so, however slow the machine is.
    writeFileSync(path.join(home, 'alembic'), '#!/bin/sh\ntouch begun\nwhile [ ! -e go ]; do sleep 0.05; done\n');
    chmodSync(path.join(home, 'alembic'), 0o755);
    writeFileSync(path.join(home, 'server.cjs'), SERVER);
    const log = openLog(path.join(home, 'log'));
    const tidy = cleanup();
    const shop = { log, cleanup: tidy, signal: new AbortController().signal, folder: home };
    const port = await freePort();
    const command = `./${first} && exec "${process.execPath}" server.cjs`;
    const env = { PATH: process.env.PATH ?? '', PORT: String(port) };
    const running = start(shop, { label: 'x', command, cwd: home, env });
    expect(await poll(() => existsSync(path.join(home, 'begun')) || undefined, 60_000)).toBe(true);
    let asked = 0;
    const good = (now: number | undefined): boolean => {
      asked += 1;
      return now === 200;
    };
    const to = { port, path: '/', host: 'localhost' };
    // Each round is over at once: only what still migrates begins another.
    const waiting = waitBehindMigrations(running, command, to, good, 1, shop.signal);
    const more = poll(() => (asked >= rounds + 1 ? 'another round' : undefined), rounds > 1 ? 60_000 : 2000);
    const early = await Promise.race([waiting, more]);
    writeFileSync(path.join(home, 'go'), '');
    if (rounds === 1) expect(early).toMatchObject({ status: undefined, ended: false });
    else expect(early).toBe('another round');
    await waiting;
    await running.kill();
    await tidy.run();
    log.close();
  });
});
