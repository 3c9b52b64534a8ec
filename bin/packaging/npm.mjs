/**
 * Packs what npm installs: `npm run pack [-- <folder>]`. The package is made in a folder of its own, so that it holds no
 * scripts, no tools, only the types that the API shows, and no link to what it does not hold.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const home = path.dirname(path.dirname(import.meta.dirname));
const target = path.resolve(process.argv[2] ?? path.join(home, 'dist', 'packages'));
const stage = mkdtempSync(path.join(tmpdir(), 'nayek-pack-'));
try {
  fill();
  mkdirSync(target, { recursive: true });
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', target];
  const name = execFileSync(npm, args, { cwd: stage, encoding: 'utf8', shell: npm !== 'npm' }).trim();
  process.stdout.write(`${path.join(target, name)}\n`);
} finally {
  rmSync(stage, { recursive: true, force: true });
}

function fill() {
  const {
    scripts: _,
    devDependencies: __,
    overrides: ___,
    allowScripts: ____,
    private: _____,
    ...kept
  } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'));
  writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify(kept, null, 2)}\n`);
  for (const name of ['LICENSE', 'README.md', 'CHANGELOG.md']) cpSync(path.join(home, name), path.join(stage, name));
  // What README says more about; how the sources are divided is for those who have them.
  for (const name of readdirSync(path.join(home, 'docs')).filter((n) => /\.(?:md|png)$/.test(n) && n !== 'house.md')) {
    cpSync(path.join(home, 'docs', name), path.join(stage, 'docs', name));
  }
  const dist = path.join(home, 'dist');
  for (const name of readdirSync(dist)) {
    if (/\.(?:cache|mjs|map)$/.test(name) || name === 'types' || name === 'packages') continue;
    cpSync(path.join(dist, name), path.join(stage, 'dist', name), { recursive: true });
  }
  for (const file of reachable('types/src/index.d.ts')) {
    cpSync(path.join(dist, file), path.join(stage, 'dist', file));
  }
  kept.files = ['dist', 'docs', 'README.md', 'LICENSE', 'CHANGELOG.md'];
  writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify(kept, null, 2)}\n`);
  for (const file of readdirSync(stage, { recursive: true }).filter((name) => String(name).endsWith('.md')))
    unlinked(String(file));
}

/** Types that others show, below dist/. */
function reachable(entry) {
  const found = new Set();
  const open = [entry];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next) || !existsSync(path.join(home, 'dist', next))) continue;
    found.add(next);
    const text = readFileSync(path.join(home, 'dist', next), 'utf8');
    for (const [, from] of text.matchAll(/(?:from|import)\s*\(?['"](\.[^'"]+)['"]/g)) {
      open.push(path.posix.join(path.posix.dirname(next), from.replace(/\.(?:ts|js)$/, '.d.ts')));
    }
  }
  return found;
}

/** A link to a file that is not packed becomes its text. */
function unlinked(file) {
  const at = path.join(stage, file);
  const text = readFileSync(at, 'utf8');
  const out = text.replace(/(!?)\[([^\]\n]*)\]\(([^)\s]+)\)/g, (whole, image, label, link) => {
    if (/^(?:[a-z]+:|#)/.test(link)) return whole;
    const to = path.join(path.dirname(at), link.replace(/#.*$/, ''));
    const held = existsSync(to) && (statSync(to).isFile() || readdirSync(to).length > 0);
    return held ? whole : image ? '' : label;
  });
  if (out !== text) writeFileSync(at, out);
}
