/**
 * Builds the package: one CommonJS file for the command (it starts faster than ESM), one ES module for the API, its
 * types, the grammars as WebAssembly, recipes, samples for `explain`, and the licences of what was bundled.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const home = import.meta.dirname;
const dist = path.join(home, 'dist');
const require = createRequire(import.meta.url);
if (!existsSync(path.join(home, 'node_modules', 'esbuild'))) installTools();
const { build } = await import('esbuild');
const { parse } = await import('yaml');

const shared = {
  absWorkingDir: home,
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

mkdirSync(dist, { recursive: true });
const [command, api] = await Promise.all([
  build({
    ...shared,
    entryPoints: ['src/cli/main.ts'],
    format: 'cjs',
    // A text with a single other letter takes two bytes for each of its letters, and longer to be read and compiled.
    charset: 'ascii',
    outfile: 'dist/new-command.cjs',
    // Optional: loaded where they are installed, for `batch --engine` only.
    external: ['bullmq', 'ioredis', 'pg'],
    // A real import() starts node's module loader; require() is there already.
    supported: { 'dynamic-import': false },
    // Its ES module asks for import.meta.url, which CommonJS has not.
    alias: { 'web-tree-sitter': require.resolve('web-tree-sitter') },
    define: { 'import.meta.url': 'undefined' },
  }),
  build({
    ...shared,
    entryPoints: ['src/index.ts'],
    format: 'esm',
    outfile: 'dist/index.js',
    banner: {
      js: "import { createRequire as __nayekRequire } from 'node:module';const require = __nayekRequire(import.meta.url);",
    },
  }),
]);
await build({
  ...shared,
  platform: 'browser',
  target: 'es2022',
  entryPoints: { single: 'src/report/page/browser/single.ts', batch: 'src/batch/review/browser/batch.ts' },
  format: 'iife',
  outdir: 'dist/page',
});
rmSync(path.join(dist, 'review'), { recursive: true, force: true });
for (const [folder, name] of [
  ['report/page', 'page.css'],
  ['batch/review', 'batch.css'],
]) {
  copyFileSync(path.join(home, 'src', folder, name), path.join(dist, 'page', name));
}
const made = path.join(dist, 'new-command.cjs');
// What is left of other letters stands in regular expressions, which esbuild keeps as they are.
writeFileSync(made, readFileSync(made, 'utf8').replace(/[^\0-\x7f]/g, escaped));
// In one step: a command that starts meanwhile, as in tests, reads the old one or the new one.
renameSync(made, path.join(dist, 'command.cjs'));
rmSync(path.join(dist, 'types'), { recursive: true, force: true });
execFileSync(
  process.execPath,
  [require.resolve('typescript/package.json').replace('package.json', 'bin/tsc'), '-p', 'tsconfig.types.json'],
  {
    cwd: home,
    stdio: 'inherit',
  },
);

for (const [name, file, packed = file] of [
  ['web-tree-sitter', 'web-tree-sitter.wasm'],
  ['tree-sitter-python', 'tree-sitter-python.wasm'],
  ['@ast-grep/wasm', 'wasm_bg.wasm', 'ast-grep.wasm'],
]) {
  copyFileSync(require.resolve(`${name}/${file}`), path.join(dist, packed));
}
const recipes = path.join(home, 'transforms', 'recipes');
mkdirSync(path.join(dist, 'recipes'), { recursive: true });
for (const name of readdirSync(path.join(dist, 'recipes'))) {
  if (!existsSync(path.join(recipes, name))) rmSync(path.join(dist, 'recipes', name));
}
for (const name of readdirSync(recipes)) copyFileSync(path.join(recipes, name), path.join(dist, 'recipes', name));
for (const name of ['plan.schema.json', 'report.schema.json']) {
  copyFileSync(path.join(home, 'src', 'report', name), path.join(dist, name));
}
copyFileSync(path.join(home, 'src', 'engine', 'recipe.schema.json'), path.join(dist, 'recipe.schema.json'));
copyFileSync(path.join(home, 'src', 'rules', 'rule.schema.json'), path.join(dist, 'rule.schema.json'));
copyFileSync(path.join(home, 'src', 'testing', 'case.schema.json'), path.join(dist, 'case.schema.json'));
cpSync(path.join(home, 'transforms', 'rules'), path.join(dist, 'rules'), { recursive: true });
copyFileSync(path.join(home, 'bin', 'nayek.cjs'), path.join(dist, 'nayek.cjs'));
chmodSync(path.join(dist, 'nayek.cjs'), 0o755);
copyFileSync(path.join(home, 'bin', 'import.cjs'), path.join(dist, 'import.cjs'));
writeFileSync(path.join(dist, 'samples.json'), JSON.stringify(samples()));
writeFileSync(path.join(dist, 'NOTICE'), notice([command, api]));
const { manual } = require(path.join(dist, 'command.cjs'));
mkdirSync(path.join(dist, 'fr'), { recursive: true });
writeFileSync(path.join(dist, 'nayek.1'), await manual('en'));
writeFileSync(path.join(dist, 'fr', 'nayek.1'), await manual('fr'));
compileAhead();

/** A UTF-16 unit as JavaScript writes it. */
function escaped(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Runs the command once on a sample and keeps what V8 has compiled, with the flags that it is started with; see bin/nayek.cjs. */
function compileAhead() {
  for (const name of readdirSync(dist)) if (/^command\..*cache$/.test(name)) rmSync(path.join(dist, name));
  const scratch = mkdtempSync(path.join(tmpdir(), 'nayek-build-'));
  const sample = path.join(scratch, 'sample');
  cpSync(path.join(home, 'fixtures', 'recipes', 'fi9-nayek', 'before'), sample, { recursive: true });
  // Its lines up to the one that gives V8 its options.
  const [options] = /^const SMALL = [\s\S]*setFlagsFromString\(.*$/m.exec(
    readFileSync(path.join(dist, 'nayek.cjs'), 'utf8'),
  );
  const script = `
    const fs = require('node:fs'), v8 = require('node:v8'), vm = require('node:vm');
    ${options}
    const file = ${JSON.stringify(path.join(dist, 'command.cjs'))};
    const source = '(function (exports, require, module, __filename, __dirname) { ' + fs.readFileSync(file, 'latin1') + '\\n})';
    const compiled = new vm.Script(source, { filename: file });
    process.argv = [process.execPath, file, 'patch', '--dry-run', ${JSON.stringify(sample)}];
    const cache = file.replace(/cjs$/, v8.cachedDataVersionTag() + '.cache');
    process.on('exit', () => fs.writeFileSync(cache, compiled.createCachedData()));
    const loaded = { exports: {} };
    compiled.runInThisContext()(loaded.exports, require, loaded, file, ${JSON.stringify(dist)});
    loaded.exports.main();
  `;
  const runner = path.join(scratch, 'run.cjs');
  writeFileSync(runner, script);
  // The second is that of a batch's workers: src/batch/pool.ts.
  for (const flags of [[], ['--max-old-space-size=1024']]) {
    execFileSync(process.execPath, [...flags, runner], { stdio: 'ignore' });
  }
  rmSync(scratch, { recursive: true });
}

/** By part, the smallest fixture in which it changes something with its default options: path → text. */
function samples() {
  const fixtures = path.join(home, 'fixtures');
  const out = {};
  for (const part of readdirSync(fixtures).sort()) {
    if (!['transforms', 'templates'].some((folder) => existsSync(path.join(home, folder, `${part}.ts`)))) continue;
    let best;
    for (const name of readdirSync(path.join(fixtures, part)).sort()) {
      const folder = path.join(fixtures, part, name);
      const spec = path.join(folder, 'case.yaml');
      const special =
        existsSync(spec) &&
        /^(?:parts|options|unsafe)$/m.test(Object.keys(parse(readFileSync(spec, 'utf8'))).join('\n'));
      if (!existsSync(path.join(folder, 'after')) || special) continue;
      const files = tree(path.join(folder, 'before'));
      const size = Object.values(files).join('').length;
      if (!best || size < best.size) best = { size, files };
    }
    if (best) out[part] = best.files;
  }
  return out;
}

function tree(folder) {
  const out = {};
  for (const name of existsSync(folder) ? readdirSync(folder, { recursive: true }).sort() : []) {
    const file = path.join(folder, name);
    if (statSync(file).isFile()) out[name.replaceAll('\\', '/')] = readFileSync(file, 'utf8');
  }
  return out;
}

/** The licence texts of every package that went into a bundle, and of the grammars. */
function notice(results) {
  const names = new Set(['tree-sitter-python', 'web-tree-sitter']);
  for (const { metafile } of results) {
    for (const input of Object.keys(metafile.inputs)) {
      const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
      if (name) names.add(name);
    }
  }
  const texts = [...names].sort().map((name) => {
    const folder = path.join(home, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((f) => /^(?:licen[cs]e|copying)/i.test(f));
    // Some packages hold the name of their licence only; its text is in their repository.
    const text = file ? path.join(folder, file) : path.join(home, 'docs', 'licences', `${name.replace('/', '-')}.txt`);
    if (!existsSync(text)) throw new Error(`${name} comes without a licence text`);
    return `${name} ${version} (${license})\n\n${readFileSync(text, 'utf8').trim()}\n`;
  });
  return `nayek contains code of the following packages.\n\n${texts.join(`\n${'-'.repeat(78)}\n\n`)}`;
}

/**
 * npm prepares a git dependency that is installed globally, as pre-commit does, under global settings: what it is built
 * with then lands elsewhere. https://github.com/npm/cli/blob/latest/node_modules/pacote/lib/git.js
 */
function installTools() {
  const env = { ...process.env, npm_config_global: 'false', npm_config_location: 'user' };
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync(npm, args, { cwd: home, env, stdio: ['ignore', 'ignore', 'inherit'], shell: npm !== 'npm' });
}
