/** What `nayek new` writes: a codemod that works, a fixture that it changes and one that it leaves alone. */

export interface Sample {
  /** `ID` stands for the id, here and in the text. */
  readonly file: string;
  readonly text: string;
  readonly fixtures: Readonly<Record<string, string>>;
  readonly flag: string;
}

/** Where the line for editors goes, which names the schema: no line where no schema is installed. */
export const SCHEMA = 'SCHEMA\n';

const PYTHON = `# https://ast-grep.github.io/reference/yaml.html
${SCHEMA}id: ID
language: python
message: utcnow() has no time zone
rule:
  pattern: datetime.datetime.utcnow()
  # The module of the standard library, imported at the top level; this also brings datetime.timezone.
  inside: {kind: module, stopBy: end, has: {pattern: import datetime}}
fix: datetime.datetime.now(datetime.timezone.utc)
`;

const INI = `${SCHEMA}id: ID
language: ini
message: the timezone of file names is UTC
files: ['**/alembic.ini']
change:
  - {set: [alembic, timezone], to: UTC}
`;

const TOML = `${SCHEMA}id: ID
language: toml
message: lines are up to 100 characters long
files: ['**/pyproject.toml']
change:
  - {set: tool.ruff.line-length, to: 100}
`;

const YAML = `${SCHEMA}id: ID
language: yaml
message: no service runs on the free plan
files: ['**/render.yaml']
change:
  - {set: services.*.plan, was: free, to: starter}
`;

const REQUIREMENTS = `${SCHEMA}id: ID
language: requirements
message: psycopg2 becomes psycopg 3
change:
  - {replace: psycopg2-binary, by: 'psycopg[binary]>=3.2'}
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

/** A rule file with fixtures; `changed` is before and after, `left` must stay. */
function ruleSample(text: string, name: string, changed: readonly [string, string], left: string): Sample {
  return {
    ...{ file: 'rules/ID.yml', text, flag: '--rule' },
    fixtures: {
      [`first/before/${name}`]: changed[0],
      [`first/after/${name}`]: changed[1],
      [`skip-other-names/before/${name}`]: left,
    },
  };
}

const CALL = 'import datetime\n\nNOW = datetime.datetime.';
const LINES = '[tool.ruff]\nline-length = ';
const PLAN = 'services:\n  - type: web\n    name: app\n    plan: ';

/** By language. */
export const RULE_SAMPLES: Readonly<Record<string, Sample>> = {
  python: ruleSample(
    PYTHON,
    'app.py',
    [`${CALL}utcnow()\n`, `${CALL}now(datetime.timezone.utc)\n`],
    'from clocks import datetime\n\nNOW = datetime.datetime.utcnow()\n',
  ),
  ini: ruleSample(
    INI,
    'alembic.ini',
    ['[alembic]\nscript_location = alembic\n', '[alembic]\nscript_location = alembic\ntimezone = UTC\n'],
    '[loggers]\nkeys = root\n',
  ),
  toml: ruleSample(TOML, 'pyproject.toml', [`${LINES}88\n`, `${LINES}100\n`], '[tool.black]\nline-length = 88\n'),
  yaml: ruleSample(YAML, 'render.yaml', [`${PLAN}free\n`, `${PLAN}starter\n`], `${PLAN}pro\n`),
  requirements: ruleSample(
    REQUIREMENTS,
    'requirements.txt',
    ['fastapi\npsycopg2-binary==2.9.9\n', 'fastapi\npsycopg[binary]>=3.2\n'],
    'psycopg2-binary-fork\n',
  ),
};

/** Modules of parts. */
export const SAMPLES: Readonly<Record<'transform' | 'emitter', Sample>> = {
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
