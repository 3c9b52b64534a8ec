/** A Python environment with the FastAPI stack: from PyPI, else from Debian's packages. */
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

function run(program: string, ...args: string[]) {
  return spawnSync(program, args, { encoding: 'utf8' });
}

/** Installs the requirements into `folder`; false when PyPI cannot be reached. */
export function fromPyPI(folder: string, requirements: string): boolean {
  if (run('python3', '-m', 'venv', folder).status !== 0) return false;
  const pip = path.join(folder, 'bin', 'pip');
  const done = run(pip, 'install', '--quiet', '--disable-pip-version-check', '-r', requirements).status === 0;
  if (!done) rmSync(folder, { recursive: true, force: true });
  return done;
}

/** An environment of Debian's python3-fastapi, python3-uvicorn and gunicorn; answers uvicorn's version. */
export function fromDebian(folder: string): string {
  const made = run('/usr/bin/python3', '-m', 'venv', '--system-site-packages', '--without-pip', folder);
  const python = path.join(folder, 'bin', 'python');
  const found = run(python, '-c', 'import fastapi, gunicorn, uvicorn; print(uvicorn.__version__)');
  if (made.status !== 0 || found.status !== 0) throw new Error('neither PyPI nor Debian has the FastAPI stack');
  const program = path.join(folder, 'bin', 'gunicorn');
  writeFileSync(program, `#!${python}\nfrom gunicorn.app.wsgiapp import run\nrun()\n`);
  chmodSync(program, 0o755);
  return found.stdout.trim();
}

/** A FastAPI program that shows what reaches it. */
export const PROGRAM: Readonly<Record<string, string>> = {
  'requirements.txt': 'fastapi\nuvicorn[standard]\n',
  'app/__init__.py': '',
  'app/main.py': `import asyncio
import os

from fastapi import FastAPI, Request, WebSocket

app = FastAPI()


@app.get("/health")
def health():
    return {"status": "ok"}


@app.get("/seen")
def seen(request: Request):
    return {
        "scheme": request.url.scheme,
        "host": request.headers["host"],
        "client": request.client.host,
        "greeting": os.environ.get("GREETING", "hello"),
    }


@app.get("/slow")
async def slow(seconds: float):
    await asyncio.sleep(seconds)
    return {"slept": seconds}


@app.websocket("/echo")
async def echo(socket: WebSocket):
    await socket.accept()
    await socket.send_text("echo " + await socket.receive_text())
    await socket.close()
`,
};
