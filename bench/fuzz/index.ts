/**
 * The long run of the property tests: `npm run fuzz -- [--cases 100000] [--seed 1] [--mutations 2000] [--kinds plans,marks] [folder…]`.
 * Each folder holds repositories whose files are damaged at random. The work is done in child processes, which are
 * stopped when a case takes longer than a minute or a process more than a gigabyte.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { loadPython } from '../../src/syntax/python/parser.ts';
import { damagedStates } from './batch-state.ts';
import { damagedJournals } from './journals.ts';
import { kills } from './kills.ts';
import { LAWS } from './laws.ts';
import { filesOf, mutated, randomizer } from './mutations.ts';
import { checkOnDisk } from './on-disk.ts';
import { checkPlan } from './planning.ts';
import { damagedPlans } from './saved-plans.ts';
import { anyService, PLANTED } from './services.ts';
import { together } from './together.ts';

/** Milliseconds without an answer. */
const PATIENCE = 60_000;
/** Megabytes of heap. */
const HEAP = 1024;
/** Repositories with more files that nayek reads are left out: a case would take too long. */
const MOST_FILES = 250;
/** Milliseconds for one damaged repository; the plan itself is made two or three times. */
const SLOW = 10_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cases: { type: 'string', default: '100000' },
    mutations: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    kinds: { type: 'string' },
    work: { type: 'string' },
  },
});
const seed = Number(values.seed);

const KINDS = ['laws', 'disk', 'services', 'plans', 'ledgers', 'marks', 'journals', 'together', 'kills'];

/** A child's work; prints what it is doing, so that its last line names the case that stopped it. */
async function work(kind: string): Promise<void> {
  const cases = Number(values.cases);
  if (kind === 'laws') {
    const runs = Math.ceil((cases * 0.7) / Object.keys(LAWS).length);
    for (const [name, law] of Object.entries(LAWS)) {
      console.log(`law: ${name}`);
      fc.assert<unknown>(law as fc.IRawProperty<unknown>, { numRuns: runs, seed });
      console.log(`done ${runs}`);
    }
  } else if (kind === 'disk') {
    for (let at = 0, batch = 1000; at < cases * 0.25; at += batch) {
      console.log(`disk: seed ${seed + at}`);
      await checkOnDisk(batch, seed + at);
      console.log(`done ${batch}`);
    }
  } else if (kind === 'services') await services(Math.ceil(cases * 0.05));
  else if (kind === 'plans') {
    const { written } = await damagedPlans(Math.ceil(cases * 0.4), randomizer(seed), caseOf(kind));
    console.log('done 1');
    console.log(`figure ${written} of them were written and taken back`);
  } else if (kind === 'journals') {
    const figure = await damagedJournals(Math.ceil(cases * 0.3), randomizer(seed), caseOf(kind));
    console.log('done 1');
    console.log(`figure ${figure}`);
  } else if (kind === 'kills') {
    const nayek = path.join(path.dirname(process.argv[1] ?? ''), 'nayek.cjs');
    const figure = await kills(nayek, Math.ceil((cases * 3) / 1000), randomizer(seed), caseOf(kind));
    console.log('done 1');
    console.log(`figure ${figure}`);
  } else if (kind === 'together') {
    const nayek = path.join(path.dirname(process.argv[1] ?? ''), 'nayek.cjs');
    const figure = await together(nayek, Math.ceil(cases / 500), randomizer(seed), caseOf(kind));
    console.log('done 1');
    console.log(`figure ${figure}`);
  } else if (kind === 'ledgers' || kind === 'marks') {
    damagedStates(kind, Math.ceil(cases * 0.3), randomizer(seed), caseOf(kind));
    console.log('done 1');
  } else await mutations(kind, Number(values.mutations));
}

/** Tells of a case, and now and then how many are done. */
function caseOf(kind: string): (n: number) => void {
  return (n) => {
    if (n > 0) console.log('done 1');
    console.log(`${kind}: case ${n} of seed ${seed}`);
  };
}

async function services(count: number): Promise<void> {
  await loadPython();
  for (const [index, files] of fc.sample(anyService, { numRuns: count, seed }).entries()) {
    console.log(`service ${index} of seed ${seed}`);
    checkPlan(files, { secret: PLANTED, unsafe: index % 2 === 0 });
    console.log('done 1');
    // The parser frees its memory between turns of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function mutations(root: string, count: number): Promise<void> {
  await loadPython();
  const files = filesOf(root, MOST_FILES);
  if (!files) return;
  const targets = Object.keys(checkPlan(files)?.reads ?? files).filter((name) => Object.hasOwn(files, name));
  const random = randomizer(seed);
  let failures = 0;
  for (let n = 0; n < count; n++) {
    const made = mutated(files, targets, random);
    console.log(`${path.basename(root)} case ${n} of seed ${seed}: ${made.name}`);
    const start = performance.now();
    try {
      checkPlan(made.files, { unsafe: n % 4 === 0 });
      const took = performance.now() - start;
      if (took > SLOW) throw new Error(`took ${Math.round(took)} ms`);
    } catch (error) {
      failures++;
      console.log(`FAILED ${path.basename(root)} case ${n}: ${made.name}: ${(error as Error).message.slice(0, 500)}`);
    }
    console.log('done 1');
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (failures > 0) throw new Error(`${failures} cases failed`);
}

/** Runs one child to its end. */
function child(kind: string): Promise<{ readonly cases: number; readonly problem?: string }> {
  const args = [`--max-old-space-size=${HEAP}`, '--enable-source-maps', process.argv[1] ?? ''];
  const options = ['cases', 'mutations', 'seed'].flatMap((name) => [`--${name}`, String(values[name as 'cases'])]);
  const running = spawn(process.execPath, [...args, '--work', kind, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve) => {
    let cases = 0;
    let doing = '';
    let errors = '';
    let rest = '';
    let failures = '';
    let timer = setTimeout(stop, PATIENCE);
    function stop(): void {
      errors = `no answer for ${PATIENCE} ms\n`;
      running.kill('SIGKILL');
    }
    running.stdout.on('data', (data: Buffer) => {
      clearTimeout(timer);
      timer = setTimeout(stop, PATIENCE);
      const lines = (rest + data.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith('done ')) cases += Number(line.slice(5));
        else if (line.startsWith('figure ')) console.log(line.slice(7));
        else if (line.startsWith('FAILED ')) failures += `  ${line}\n`;
        else doing = line;
      }
    });
    running.stderr.on('data', (data: Buffer) => {
      errors = (errors + data.toString()).slice(-4000);
    });
    running.on('close', (code) => {
      clearTimeout(timer);
      resolve(code === 0 ? { cases } : { cases, problem: `${doing}\n${failures}${errors}` });
    });
  });
}

async function main(): Promise<void> {
  const repositories = positionals.flatMap((folder) =>
    readdirSync(folder)
      .sort()
      .map((name) => path.join(path.resolve(folder), name)),
  );
  const missing = positionals.find((folder) => !existsSync(folder));
  if (missing) throw new Error(`${missing} does not exist`);
  let total = 0;
  for (const kind of values.kinds?.split(',') ?? [...KINDS, ...repositories]) {
    const start = performance.now();
    const { cases, problem } = await child(kind);
    total += cases;
    const took = Math.round((performance.now() - start) / 1000);
    console.log(`${problem ? 'FAILED' : 'ok    '} ${path.basename(kind)}: ${cases} cases, ${took} s`);
    if (problem) {
      console.log(problem);
      process.exitCode = 1;
    }
  }
  console.log(`${total} cases`);
}

await (values.work === undefined ? main() : work(values.work));
