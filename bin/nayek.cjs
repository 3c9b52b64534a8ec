#!/usr/bin/env node
/**
 * Starts the command from code that V8 has compiled before: that halves the time to start. V8 takes such code for this
 * very source, version and flags only, so there is a file for each. A checkout has them from its build; else the first run
 * writes one into the user's own cache folder, as Node 22 does by itself. NODE_DISABLE_COMPILE_CACHE=1 turns it off.
 * https://nodejs.org/api/vm.html#scriptcreatecacheddata
 *
 * A run takes seconds at most, and most of its code is run a few times: what V8 spends on compiling it anew, for speed in
 * the long run, is a third of all time on a large repository. So V8 is told to wait longer before it does, where its
 * option for that is known; Node 24 has a compiler in between, and gains nothing.
 *
 * Nor does the young generation grow, which would take a fifth of the memory at the peak and gain little; one as small is
 * gone through by one thread. Its largest size is settled before a program begins, but how it grows is asked each time.
 */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');

const file = path.join(__dirname, 'command.cjs');
const SMALL = '--semi-space-growth-factor=1 --no-parallel-scavenge';
const OPTIONS = {
  20: `--interrupt-budget=540000 ${SMALL}`,
  22: `--invocation-count-for-turbofan=24000 ${SMALL}`,
  24: SMALL,
};

// An option that V8 does not know is an error on standard error.
const options = OPTIONS[process.versions.node.split('.')[0]];
if (options) v8.setFlagsFromString(options);
// Code that was compiled under other options is refused.
const tag = v8.cachedDataVersionTag();
// Ctrl-C meanwhile waits for who answers it: main() listens before it does anything, and only then is it heard.
const waits = () => undefined;
process.on('SIGINT', waits);
void load().main();
process.off('SIGINT', waits);

function load() {
  const built = read(path.join(__dirname, `command.${tag}.cache`));
  // Node 22 and later keep a cache of their own.
  const { enableCompileCache } = require('node:module');
  if (!built && enableCompileCache) {
    enableCompileCache();
    return require(file);
  }
  // It is ASCII: see build.mjs.
  const text = fs.readFileSync(file, 'latin1');
  const source = `(function (exports, require, module, __filename, __dirname) { ${text}\n})`;
  const kept = built ? undefined : keptIn(text);
  const cachedData =
    built ?? (kept && isOwn(path.dirname(kept), 'isDirectory') && isOwn(kept, 'isFile') ? read(kept) : undefined);
  const script = new vm.Script(source, { filename: file, cachedData });
  if (kept && (!cachedData || script.cachedDataRejected)) process.once('exit', () => keep(script, kept));
  const loaded = { exports: {} };
  script.runInThisContext()(loaded.exports, require, loaded, file, __dirname);
  return loaded.exports;
}

function read(name) {
  try {
    return fs.readFileSync(name);
  } catch {
    return undefined;
  }
}

/** Where the compiled code of this source is kept; undefined where there is no place for it. */
function keptIn(text) {
  const { NODE_DISABLE_COMPILE_CACHE: off, XDG_CACHE_HOME: xdg } = process.env;
  if (off === '1' || typeof process.getuid !== 'function') return undefined;
  const base = xdg && path.isAbsolute(xdg) ? xdg : ownCache();
  if (!base) return undefined;
  const key = require('node:crypto').createHash('sha256').update(text).digest('hex').slice(0, 16);
  return path.join(base, 'nayek', `command.${key}.${tag}.cache`);
}

/** As sudo may leave HOME as it is: root makes nothing in the home of somebody else. */
function ownCache() {
  try {
    const home = os.homedir();
    return fs.statSync(home).uid === process.getuid() ? path.join(home, '.cache') : undefined;
  } catch {
    return undefined;
  }
}

/** It is code that will run: nobody else may have written it. */
function isOwn(place, kind) {
  try {
    const stat = fs.lstatSync(place);
    return stat[kind]() && stat.uid === process.getuid() && (stat.mode & 0o022) === 0;
  } catch {
    return false;
  }
}

function keep(script, name) {
  const made = `${name}.${process.pid}`;
  try {
    fs.mkdirSync(path.dirname(name), { recursive: true, mode: 0o700 });
    if (!isOwn(path.dirname(name), 'isDirectory')) return;
    fs.writeFileSync(made, script.createCachedData(), { flag: 'wx', mode: 0o600 });
    fs.renameSync(made, name);
  } catch {
    // Without it the next start takes longer.
    try {
      fs.unlinkSync(made);
    } catch {}
  }
}
