/** What is installed: npm's package and the wheel. test/live/wheel.test.ts installs the wheel. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildOnce, home } from './built.ts';
import { temporaryFolder } from './temporary.ts';

beforeAll(buildOnce);

describe("npm's package", () => {
  it('holds no scripts, no tools, no types that nobody shows, and no link that leads nowhere', () => {
    const folder = temporaryFolder('pack');
    const packed = execFileSync(process.execPath, ['bin/packaging/npm.mjs', folder], {
      cwd: home,
      encoding: 'utf8',
    }).trim();
    execFileSync('tar', ['xzf', packed, '-C', folder]);
    const root = path.join(folder, 'package');
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    for (const key of ['scripts', 'devDependencies', 'overrides', 'dependencies'])
      expect(manifest).not.toHaveProperty(key);
    const named = [manifest.bin.nayek, manifest.man, manifest.types, manifest.exports['.'].import];
    for (const file of named) expect(existsSync(path.join(root, file)), file).toBe(true);

    const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => /\.cache$|\.map$|\.mjs$|types[\\/]src[\\/](?:cli|batch|verify)/.test(name))).toEqual(
      [],
    );
    const dead = files
      .filter((name) => name.endsWith('.md'))
      .flatMap((name) => {
        const text = readFileSync(path.join(root, name), 'utf8');
        return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
          .map((m) => (m[1] ?? '').replace(/#.*$/, ''))
          .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
          .filter((link) => !existsSync(path.join(root, path.dirname(name), link)))
          .map((link) => `${name}: ${link}`);
      });
    expect(dead).toEqual([]);
    // From where it is installed.
    const run = execFileSync(process.execPath, [path.join(root, manifest.bin.nayek), '--version'], {
      encoding: 'utf8',
    });
    expect(run.trim()).toBe(manifest.version);
  });
});

describe('the documents', () => {
  it('never run the bare name from a registry, which nobody has registered', () => {
    const files = ['README.md', 'CONTRIBUTING.md', 'action.yml', '.pre-commit-hooks.yaml'];
    for (const name of readdirSync(path.join(home, 'docs'))) if (name.endsWith('.md')) files.push(`docs/${name}`);
    const bare =
      /\b(?:npx|uvx|pipx run|npm exec|npm i(?:nstall)?(?: -g| --global)?|pip install|uv tool install)(?: -y| --yes)? nayek\b/;
    for (const file of files) expect(readFileSync(path.join(home, file), 'utf8'), file).not.toMatch(bare);
  });
});

describe('the wheel', () => {
  it('leaves out what was packed before, which lies in dist/, too', () => {
    const folder = temporaryFolder('packed-before');
    mkdirSync(path.join(folder, 'dist/packages'), { recursive: true });
    for (const name of ['nayek.cjs', 'packages/nayek-0.0.1.tgz']) writeFileSync(path.join(folder, 'dist', name), 'x');
    const script = [
      'import pathlib, runpy, sys',
      "files = runpy.run_path('bin/packaging/wheel.py')['files']",
      "files.__globals__['HOME'] = pathlib.Path(sys.argv[1])",
      'print([name for name, _ in files()])',
    ].join('\n');
    expect(execFileSync('python3', ['-c', script, folder], { cwd: home, encoding: 'utf8' })).toBe(
      "['nayek/dist/nayek.cjs']\n",
    );
  });

  it('is pure, has the command, and is the same bytes each time', () => {
    const bytes = ['a', 'b'].map((name) => {
      const folder = path.join(temporaryFolder('wheel'), name);
      mkdirSync(folder);
      const file = execFileSync('python3', ['bin/packaging/wheel.py', folder], { cwd: home, encoding: 'utf8' }).trim();
      expect(path.dirname(file)).toBe(folder);
      expect(path.basename(file)).toMatch(/^nayek-[\d.]+\w*-py3-none-any\.whl$/);
      return { file, data: readFileSync(file) };
    });
    expect(bytes[0]?.data.equals(bytes[1]?.data ?? Buffer.alloc(0))).toBe(true);
    const script =
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print("\\n".join(z.namelist()))';
    const names = execFileSync('python3', ['-c', script, bytes[0]?.file ?? ''], { encoding: 'utf8' })
      .trim()
      .split('\n');
    for (const name of ['nayek/__main__.py', 'nayek/dist/command.cjs', 'nayek/dist/recipes/render.yaml']) {
      expect(names).toContain(name);
    }
    expect(names.filter((name) => /\.cache$|\.map$|\.mjs$|\.d\.ts$|index\.js$/.test(name))).toEqual([]);
    // What the command reads beside itself.
    const beside = readdirSync(path.join(home, 'dist')).filter((name) => /\.(?:wasm|json|cjs)$/.test(name));
    for (const name of beside) expect(names).toContain(`nayek/dist/${name}`);
  });
});
