/** Runs the built command for one request after the other, as a fresh process would, but for the time to start. */
const fs = require('node:fs');
const readline = require('node:readline');

const processes = require('node:child_process');

// The interpreter that checks what was written is kept from one run to the next: it is no process of the test.
const { TMPDIR } = process.env;
const { spawn } = processes;
processes.spawn = (file, args, options) =>
  spawn(file, args, args?.includes('-I') ? { ...options, env: { ...process.env, TMPDIR } } : options);

const { main } = require(process.argv[2]);
const answers = 1;

/** Collects what is written to a stream. */
function captured(stream) {
  const chunks = [];
  stream.write = (chunk, encoding, done) => {
    chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8'));
    const callback = typeof encoding === 'function' ? encoding : done;
    if (callback) process.nextTick(callback);
    return true;
  };
  return () => Buffer.concat(chunks.splice(0)).toString('base64');
}

const [out, err] = [captured(process.stdout), captured(process.stderr)];

async function answer({ cwd, args, env, umask }) {
  process.umask(umask);
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  process.argv = [process.execPath, process.argv[1], ...args];
  process.exitCode = undefined;
  await main();
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error');
  const code = process.exitCode ?? 0;
  process.exitCode = 0;
  process.chdir('/');
  return { code, out: out(), err: err() };
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const text = Buffer.from(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
    for (let done = 0; done < text.length; ) done += fs.writeSync(answers, text, done);
  }
  process.exit(0);
})();
