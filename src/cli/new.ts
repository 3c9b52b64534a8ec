/** `nayek new rule|transform|emitter <id>`: a file with a fixture that it passes and one that it leaves alone. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { NayekError } from '../system/errors.ts';

export type Kind = 'rule' | 'transform' | 'emitter';

/**
 * Writes below the folder and prints what was made. Returns the exit code.
 * @throws NayekError `usage` for an id that is none, or where a file is in the way
 */
export async function newPart(kind: Kind, id: string, options: { readonly C: string }): Promise<number> {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(id)) {
    throw new NayekError('usage', `'${id}' is no id`, { hint: 'small letters, digits and dashes' });
  }
  const { file, text, fixtures, flag } = SAMPLES[kind];
  const named = (path: string): string => path.replace('ID', id);
  const files: Record<string, string> = { [named(file)]: text.replaceAll('ID', id) };
  for (const [name, content] of Object.entries(fixtures)) files[`fixtures/${id}/${name}`] = content;
  const root = path.resolve(options.C);
  const taken = Object.keys(files).find((file) => existsSync(path.join(root, file)));
  if (taken)
    throw new NayekError('usage', `${taken} exists already`, { hint: 'choose another id; nothing was written' });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  const run = `nayek patch --dry-run ${flag} ${named(file)} <repository>`;
  process.stdout.write(`${Object.keys(files).join('\n')}\n\nTest it: nayek test\nTry it:  ${run}\n`);
  return 0;
}

interface Sample {
  readonly file: string;
  readonly text: string;
  readonly fixtures: Readonly<Record<string, string>>;
  readonly flag: string;
}

const RULE = `# https://ast-grep.github.io/reference/yaml.html
id: ID
language: python
message: utcnow() has no time zone
rule: {pattern: datetime.utcnow()}
fix: datetime.now(timezone.utc)
`;

const TRANSFORM = `// docs/plugins.md of nayek tells what a part is given and what it answers.
import { calls, ensureImport, externalName, lineOf, placeIn, removeUnusedImport, topOf } from 'nayek';

/** @type {import('nayek').Part} */
export default {
  id: 'ID',
  summary: 'Clocks for durations are monotonic: time.time() becomes time.monotonic().',
  source: 'https://docs.python.org/3/library/time.html#time.monotonic',
  options: {},
  // It needs no web service.
  anywhere: true,
  plan(repo, facts) {
    return facts.modules.files.flatMap((path) => {
      const module = facts.modules.module(path);
      if (!module || module.seenErrors) return [];
      const top = topOf(facts.modules, path);
      const found = calls(module.body, /time/)
        .filter(({ call, around }) => externalName(placeIn(top, ...around), call.func) === 'time.time')
        .map(({ call }) => call);
      const [first] = found;
      if (!first) return [];
      const { name, edit } = ensureImport(module, { module: 'time', name: 'monotonic' });
      const edits = found.map(({ func }) => ({ start: func.start, end: func.end, text: name }));
      const unused = removeUnusedImport(module, 'time', edits);
      const at = found.map((call) => ({ path, line: lineOf(module.text, call.start) }));
      const all = [...(edit ? [edit] : []), ...edits, ...(unused ? [unused] : [])];
      return { kind: 'edits', reason: 'the clock is monotonic', at, edits: { [path]: all } };
    });
  },
};
`;

const EMITTER = `// docs/plugins.md of nayek tells what a part is given and what it answers.

/** @type {import('nayek').Part} */
export default {
  id: 'ID',
  summary: 'A .dockerignore keeps secrets and history out of images.',
  source: 'https://docs.docker.com/build/concepts/context/#dockerignore-files',
  options: { extra: { default: '', help: 'one more line' } },
  anywhere: true,
  plan(repo, facts, options) {
    const path = '.dockerignore';
    if (repo.has(path)) return [{ kind: 'satisfied', reason: \`\${path} is there\`, at: [{ path, line: 1 }] }];
    if (!repo.has('Dockerfile')) return [{ kind: 'skipped', reason: 'there is no Dockerfile', at: [] }];
    const lines = ['.git', '.env', ...(options.extra ? [options.extra] : [])];
    const creates = { [path]: \`\${lines.join('\\n')}\\n\` };
    return [{ kind: 'edits', reason: \`\${path} is made\`, at: [{ path: 'Dockerfile', line: 1 }], creates }];
  },
};
`;

const SAMPLES: Readonly<Record<Kind, Sample>> = {
  rule: {
    file: 'rules/ID.yml',
    text: RULE,
    flag: '--rule',
    fixtures: {
      'first/before/app.py': 'from datetime import datetime\n\nNOW = datetime.utcnow()\n',
      'first/after/app.py': 'from datetime import datetime\n\nNOW = datetime.now(timezone.utc)\n',
      'skip-other-names/before/app.py': 'NOW = clock.utcnow()\n',
    },
  },
  transform: {
    file: 'parts/ID.mjs',
    text: TRANSFORM,
    flag: '--plugin',
    fixtures: {
      'first/before/app.py': 'import time\n\nSTART = time.time()\n',
      'first/after/app.py': 'from time import monotonic\n\nSTART = monotonic()\n',
      'skip-other-names/before/app.py': 'from clocks import time\n\nSTART = time.time()\n',
    },
  },
  emitter: {
    file: 'parts/ID.mjs',
    text: EMITTER,
    flag: '--plugin',
    fixtures: {
      'first/before/app.py': '',
      'first/before/Dockerfile': 'FROM python:3.12\n',
      'first/after/.dockerignore': '.git\n.env\n',
      'skip-no-image/before/app.py': '',
    },
  },
};
