/** The files of the recipe `vps` before real judges: systemd's analyzer, nginx, and requests to a running gunicorn. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makePlan } from '../../src/engine/make-plan.ts';
import { chooseSteps, loadRecipe } from '../../src/engine/recipe.ts';
import { readSnapshot } from '../../src/repo/disk-snapshot.ts';
import { loadPython } from '../../src/syntax/python/parser.ts';
import { emitters } from '../../templates/index.ts';
import { transforms } from '../../transforms/index.ts';
import { temporaryFolder } from '../temporary.ts';
import { echo, get } from './vps/client.ts';
import { fromDebian, fromPyPI, PROGRAM } from './vps/python.ts';
import { complaintsOfNginx, freePort, startNginx, stop, untilListening } from './vps/site.ts';
import { commandLine, complaints, environment, isExposedAtMost, pretend, read, value } from './vps/systemd.ts';

const root = path.join(import.meta.dirname, '..', '..');
const parts = [...transforms, ...emitters];
/** Exposure level 2.0 of 10. Units of programs that steer a browser need more. */
const EXPOSURE = 20;
let home = '';

beforeAll(async () => {
  await loadPython();
  home = temporaryFolder('vps');
  for (const [program, option] of [
    ['nginx', '-v'],
    ['systemd-analyze', '--version'],
  ] as const) {
    if (spawnSync(program, [option]).error) throw new Error(`${program} is not installed (Debian: nginx, systemd)`);
  }
});

/** Patches the folder with the recipe, as the command would. */
function patch(folder: string, recipe: string, ...set: string[]): void {
  const steps = chooseSteps(loadRecipe(recipe, parts), parts, { set });
  for (const { path: file, after } of makePlan(readSnapshot(folder), steps, { recipe }).changes) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), after);
  }
}

function filesOf(folder: string, end: string): string[] {
  const deploy = path.join(folder, 'deploy');
  const names = existsSync(deploy) ? readdirSync(deploy) : [];
  return names.filter((name) => name.endsWith(end)).map((name) => path.join(deploy, name));
}

/** A copy of each fixture that the parts change, patched for its own folder. */
function patchedFixtures(): { name: string; folder: string }[] {
  const out: { name: string; folder: string }[] = [];
  for (const part of ['systemd', 'nginx']) {
    for (const name of readdirSync(path.join(root, 'fixtures', part))) {
      const from = path.join(root, 'fixtures', part, name);
      const spec = existsSync(path.join(from, 'case.yaml')) ? parse(read(path.join(from, 'case.yaml'))) : {};
      const folder = path.join(home, part, name, spec?.root ?? 'app');
      rmSync(folder, { recursive: true, force: true });
      cpSync(path.join(from, 'before'), folder, { recursive: true });
      // What stood there before is somebody's own.
      const own = new Set([...filesOf(folder, '.service'), ...filesOf(folder, '.nginx.conf')]);
      patch(folder, 'vps', `folder=${folder}`);
      for (const file of own) rmSync(file);
      out.push({ name: `${part}/${name}`, folder });
    }
  }
  return out;
}

describe('every unit and every site of the fixtures', () => {
  it('is what systemd and nginx accept', () => {
    let units = 0;
    let sites = 0;
    for (const { name, folder } of patchedFixtures()) {
      for (const file of filesOf(folder, '.service')) {
        pretend(read(file), folder);
        expect(complaints(file), `${name}: ${path.basename(file)}`).toBe('');
        const browser = !/^SystemCallFilter=/m.test(read(file));
        expect(isExposedAtMost(file, browser ? 45 : EXPOSURE), `${name}: exposure`).toBe(true);
        units++;
      }
      for (const file of filesOf(folder, '.nginx.conf')) {
        expect(complaintsOfNginx(path.join(home, 'nginx-t'), file), `${name}: ${path.basename(file)}`).toBe('');
        sites++;
      }
    }
    expect(units).toBeGreaterThanOrEqual(12);
    expect(sites).toBeGreaterThanOrEqual(12);
  });

  it('would be refused with a mistake in it', () => {
    const { folder } = patchedFixtures().find(({ folder: f }) => filesOf(f, '.service').length > 0) ?? { folder: '' };
    const [unit = ''] = filesOf(folder, '.service');
    const wrong = (name: string, text: string): string => {
      const file = path.join(home, name);
      writeFileSync(file, text);
      return file;
    };
    pretend(read(unit), folder);
    expect(complaints(wrong('good.service', read(unit)))).toBe('');
    expect(complaints(wrong('key.service', read(unit).replace('ProtectHome=', 'ProtectHouse=')))).toContain('Unknown');
    expect(complaints(wrong('start.service', read(unit).replace(/^ExecStart=.*$/m, 'ExecStart=/nowhere/x')))).toContain(
      'not executable',
    );
    expect(
      isExposedAtMost(wrong('open.service', read(unit).replace(/^(?:Protect|System|Restrict).*\n/gm, '')), EXPOSURE),
    ).toBe(false);
    const [site = ''] = patchedFixtures().flatMap(({ folder: f }) => filesOf(f, '.nginx.conf'));
    const broken = wrong('broken.conf', read(site).replace('proxy_redirect off;', 'proxy_redirect of;'));
    expect(complaintsOfNginx(path.join(home, 'nginx-t'), broken)).not.toBe('');
  });
});

describe('a program behind nginx', () => {
  let site = '';
  let unit = '';
  let env: Record<string, string> = {};
  let gunicorn: ChildProcess | undefined;
  let nginx: ChildProcess | undefined;
  const ports = { app: 0, http: 0, https: 0, bare: 0 };

  beforeAll(async () => {
    site = path.join(home, 'shop');
    for (const name of ['app', 'http', 'https', 'bare'] as const) ports[name] = await freePort();
    const write = (requirements?: string) => {
      rmSync(site, { recursive: true, force: true });
      for (const [name, text] of Object.entries(PROGRAM)) {
        mkdirSync(path.dirname(path.join(site, name)), { recursive: true });
        writeFileSync(path.join(site, name), name === 'requirements.txt' ? (requirements ?? text) : text);
      }
      patch(site, 'vps', `folder=${site}`, `port=${ports.app}`, 'domain=shop.test');
    };
    write();
    if (!fromPyPI(path.join(site, '.venv'), path.join(site, 'requirements.txt'))) {
      const spare = path.join(home, 'debian');
      write(`fastapi\nuvicorn==${fromDebian(spare)}\n`);
      fromDebian(path.join(site, '.venv'));
    }
    unit = read(path.join(site, 'deploy', 'shop.service'));
    const example = read(path.join(site, 'deploy', 'shop.env.example'));
    expect(example).toContain('GREETING');
    env = environment(unit, `${example}\nGREETING="bon jour"\n`);
    nginx = await startNginx(path.join(home, 'prefix'), listening(), ports.http);
  });
  afterEach(async () => stop(gunicorn));
  afterAll(async () => stop(nginx));

  /** The site on the test's ports: as it is, with TLS as certbot would add it, and bare of headers and patience. */
  function listening(): string {
    const emitted = read(path.join(site, 'deploy', 'shop.nginx.conf'));
    const at = (...listen: string[]) =>
      emitted.replace('listen 80;', listen.join('\n    ')).replace('    listen [::]:80;\n', '');
    const cert = path.join(home, 'cert.pem');
    const key = path.join(home, 'key.pem');
    const subject = ['-subj', '/CN=shop.test', '-days', '2', '-nodes', '-newkey', 'rsa:2048'];
    const made = spawnSync('openssl', ['req', '-x509', ...subject, '-keyout', key, '-out', cert]);
    expect(made.status).toBe(0);
    const tls = [`listen 127.0.0.1:${ports.https} ssl;`, `ssl_certificate ${cert};`, `ssl_certificate_key ${key};`];
    const bare = at(`listen 127.0.0.1:${ports.bare} ssl;`, ...tls.slice(1))
      .replace(/^ *proxy_(?:http_version|set_header).*\n/gm, '')
      .replace(/proxy_read_timeout .*;/, 'proxy_read_timeout 1s;')
      .replace(/^map[^}]*}\n|^upstream[^}]*}\n/gm, '');
    const file = path.join(home, 'listening.conf');
    writeFileSync(file, `${at(`listen 127.0.0.1:${ports.http};`, ...tls)}\n${bare}`);
    return file;
  }

  /** Runs the unit's ExecStart as systemd would: its folder, its environment and nothing more. */
  async function start(more: Record<string, string> = {}): Promise<ChildProcess> {
    const [program = '', ...args] = commandLine(value(unit, 'ExecStart'), env);
    const child = spawn(program, args, {
      cwd: value(unit, 'WorkingDirectory'),
      env: { ...env, ...more },
      stdio: 'ignore',
    });
    gunicorn = child;
    await untilListening(ports.app);
    const end = Date.now() + 600_000;
    for (;;) {
      const answer = await get(`http://127.0.0.1:${ports.app}/health`).catch(() => undefined);
      if (answer?.status === 200) return child;
      if (Date.now() > end) throw new Error('the server does not answer');
    }
  }

  it('nothing answers before the unit runs', async () => {
    expect((await get(`http://127.0.0.1:${ports.http}/health`)).status).toBe(502);
  });

  it('answers, sees the real scheme, host and client, and the variables of its file', async () => {
    await start();
    const headers = { Host: 'shop.test' };
    expect((await get(`http://127.0.0.1:${ports.http}/health`, headers)).body).toBe('{"status":"ok"}');
    const overHttp = JSON.parse((await get(`http://127.0.0.1:${ports.http}/seen`, headers)).body);
    expect(overHttp).toEqual({ scheme: 'http', host: 'shop.test', client: '127.0.0.1', greeting: 'bon jour' });
    const overTls = JSON.parse((await get(`https://127.0.0.1:${ports.https}/seen`, headers)).body);
    expect(overTls.scheme).toBe('https');
    const bare = JSON.parse((await get(`https://127.0.0.1:${ports.bare}/seen`, headers)).body);
    expect(bare).toMatchObject({ scheme: 'http', host: 'shop' });
  });

  it('listens on the loopback interface only', async () => {
    const child = await start();
    const table = read('/proc/net/tcp').split('\n').slice(1);
    const port = ports.app.toString(16).toUpperCase().padStart(4, '0');
    const bound = table.map((l) => l.trim().split(/\s+/)).filter((c) => c[3] === '0A' && c[1]?.endsWith(`:${port}`));
    expect(bound.map((c) => c[1])).toEqual([`0100007F:${port}`]);
    expect(child.exitCode).toBe(null);
  });

  it('speaks WebSocket through nginx, which needs the upgrade headers', async () => {
    await start();
    expect(await echo(`http://127.0.0.1:${ports.http}/echo`, 'salut')).toBe('echo salut');
    const plain = listening();
    writeFileSync(plain, read(plain).replace(/^ *proxy_set_header (?:Upgrade|Connection).*\n/gm, ''));
    const port = await freePort();
    writeFileSync(
      plain,
      read(plain)
        .replace(`127.0.0.1:${ports.http};`, `127.0.0.1:${port};`)
        .replaceAll(`:${ports.https} `, `:${await freePort()} `)
        .replaceAll(`:${ports.bare} `, `:${await freePort()} `),
    );
    const without = await startNginx(path.join(home, 'prefix-without'), plain, port);
    try {
      expect(await echo(`http://127.0.0.1:${port}/echo`, 'salut')).not.toBe('echo salut');
    } finally {
      await stop(without);
    }
  });

  it('waits for a slow answer as long as the server does, and not for ever', async () => {
    await start();
    const [slow, cut] = await Promise.all([
      get(`http://127.0.0.1:${ports.http}/slow?seconds=4`),
      get(`https://127.0.0.1:${ports.bare}/slow?seconds=4`),
    ]);
    expect(slow).toEqual({ status: 200, body: '{"slept":4.0}' });
    expect(cut.status).toBe(504);
  });

  it('finishes the request in flight when it is stopped, in the time that the unit gives', async () => {
    const child = await start();
    const answer = get(`http://127.0.0.1:${ports.http}/slow?seconds=3`);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const began = Date.now();
    // KillMode=mixed: the signal goes to the main process only.
    expect(value(unit, 'KillMode')).toBe('mixed');
    const children = childrenOf(child.pid ?? 0);
    expect(children.length).toBeGreaterThanOrEqual(2);
    await stop(child);
    expect(Date.now() - began).toBeLessThan(Number(value(unit, 'TimeoutStopSec')) * 1000);
    expect(await answer).toEqual({ status: 200, body: '{"slept":3.0}' });
    expect(children.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  });

  it('loses the request when it is killed', async () => {
    const child = await start();
    const answer = get(`http://127.0.0.1:${ports.http}/slow?seconds=3`);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const children = childrenOf(child.pid ?? 0);
    await stop(child, 'SIGKILL');
    for (const pid of children) process.kill(pid, 'SIGKILL');
    expect((await answer).status).toBe(502);
  });

  it('takes new code on a reload with the same main process', async () => {
    const child = await start();
    const [program = ''] = commandLine(value(unit, 'ExecReload'), { MAINPID: String(child.pid) });
    const [, ...args] = commandLine(value(unit, 'ExecReload'), { MAINPID: String(child.pid) });
    const before = childrenOf(child.pid ?? 0);
    expect(spawnSync(program, args).status).toBe(0);
    const end = Date.now() + 600_000;
    while (childrenOf(child.pid ?? 0).some((pid) => before.includes(pid))) {
      if (Date.now() > end) throw new Error('the workers are still the old ones');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect((await get(`http://127.0.0.1:${ports.http}/health`)).status).toBe(200);
    expect(child.exitCode).toBe(null);
  });

  it('tells systemd when it is ready, as Type=notify waits for', async () => {
    expect(value(unit, 'Type')).toBe('notify');
    const socket = path.join(home, 'notify');
    const script = `import socket,sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1]); s.settimeout(600)
print("bound", flush=True)
while True:
    text = s.recv(4096).decode()
    if "READY=1" in text: print("READY=1", flush=True); break
`;
    const listener = spawn('python3', ['-c', script, socket], { stdio: ['ignore', 'pipe', 'ignore'] });
    let heard = '';
    listener.stdout?.on('data', (data) => {
      heard += data;
    });
    while (!heard.includes('bound')) await new Promise((resolve) => setTimeout(resolve, 50));
    const ended = once(listener, 'exit');
    await start({ NOTIFY_SOCKET: socket });
    await ended;
    expect(heard).toContain('READY=1');
  });
});

/** Direct children of a process. */
function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}
