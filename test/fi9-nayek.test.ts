/** The user's own document, byte for byte: what its six patches say is what the recipe `fi9-nayek` makes. */

import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { schemaValidator } from '../bench/corpus/schema.ts';
import { makePlan } from '../src/engine/make-plan.ts';
import { parts } from '../src/engine/parts.ts';
import { loadRecipe } from '../src/engine/recipe.ts';
import type { Plan } from '../src/model/plan.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { servedCommand } from './command.ts';
import { temporaryFolder } from './temporary.ts';

const beside = path.join(import.meta.dirname, '..', '..', 'shared');
const home = path.join(import.meta.dirname, '..', 'fixtures', 'recipes', 'fi9-nayek');
const before = readTree(path.join(home, 'before'));
const after = readTree(path.join(home, 'after'));
const document = existsSync(path.join(beside, 'seed.md'))
  ? readFileSync(path.join(beside, 'seed.md'), 'utf8')
  : undefined;
/** The document's code blocks by number of patch; from the document itself where it is at hand. */
const blocks = document === undefined ? undefined : codeBlocks(document);

/** File of each patch; a whole file, or a part of one. */
const PATCHES = [
  { patch: 1, file: 'app/main.py', whole: false },
  { patch: 2, file: 'alembic/env.py', whole: false },
  { patch: 3, file: 'alembic.ini', whole: true },
  { patch: 4, file: 'requirements.txt', whole: true },
  { patch: 5, file: 'Procfile', whole: true },
  { patch: 6, file: 'render.yaml', whole: true },
] as const;

beforeAll(loadPython);

describe('recipe fi9-nayek', () => {
  it('changes exactly the files of the six patches', () => {
    const plan = run('fi9-nayek');
    expect(plan.changes.map((c) => c.path).sort()).toEqual(PATCHES.map((p) => p.file).sort());
    expect(plan.verdicts.filter((v) => v.kind === 'failed' || v.kind === 'manual')).toEqual([]);
  });

  it.each(PATCHES)('patch $patch: $file', ({ patch, file, whole }) => {
    const result = resultOf(run('fi9-nayek'), file);
    expect(result).toBe(after[file]);
    const block = blocks?.get(patch);
    if (!blocks) return;
    if (block === undefined) throw new Error(`the document has no code for patch ${patch}`);
    if (whole) expect(result).toBe(block);
    else expect(result).toContain(block);
  });

  it.each([
    ['gunicorn', /no extra|extra/i],
    ['gunicorn', /21\.2\.0|CVE|smuggling/i],
    ['procfile', /failed `alembic upgrade head` is ignored/],
    ['procfile', /does not find the modules that env\.py imports/],
    ['render-yaml', /nothing runs `python -m alembic upgrade head`/],
    ['render-yaml', /DATABASE_URL.*nothing connects/],
    ['render-yaml', /no `plan`/],
    ['render-yaml', /no ipAllowList/],
  ])('%s warns: %s', (part, warning) => {
    const warnings = run('fi9-nayek')
      .verdicts.filter((v) => v.part === part)
      .flatMap((v) => v.warnings);
    expect(
      warnings.some((w) => warning.test(w)),
      warnings.join('\n'),
    ).toBe(true);
  });

  it('warns of folders that a deploy empties', () => {
    const { warnings } = run('fi9-nayek');
    for (const name of ['CHROMA_DB_DIR', 'CHROMA_DB_DIR_LAWS']) {
      expect(
        warnings.some((w) => w.startsWith(`${name} `)),
        warnings.join('\n'),
      ).toBe(true);
    }
  });

  it('never shows the password', () => {
    const plan = run('fi9-nayek');
    const said = plan.verdicts.flatMap((v) => [v.reason, ...v.warnings, ...v.commands, v.snippet ?? '']);
    expect(said.join('\n')).not.toContain('pass123');
    for (const file of ['Procfile', 'render.yaml']) expect(resultOf(plan, file)).not.toContain('pass123');
  });
});

describe('the French report of the recipe', () => {
  const run = servedCommand();
  const report = (): string => {
    const sample = path.join(temporaryFolder('fi9'), 'konan-backend');
    cpSync(path.join(home, 'before'), sample, { recursive: true });
    const args = ['patch', '--recipe', 'fi9-nayek', '--format', 'markdown', '--lang', 'fr', sample];
    const { code, out } = run(sample, args);
    expect(code).toBe(0);
    return out;
  };

  it("names the document's eight problems in its order; the one without a patch with a command", () => {
    const text = report();
    const [critical = '', important = ''] = text.split('### 🟡 IMPORTANTS');
    const numbered = (part: string): string[] => part.match(/^\d\. \*\*.*$/gm) ?? [];
    expect(numbered(critical)).toEqual([
      '1. **Host ou port fixe** : `app/main.py:30`',
      '2. **Base importée par un réexport** : `alembic/env.py:22`, `app/database.py:8`',
      '3. **URL de base de données fixe dans alembic.ini** : `alembic.ini:3`, `alembic/env.py:28`',
      '4. **Pas de serveur de production** : `requirements.txt:3`',
    ]);
    expect(numbered(important.split('\n---\n')[0] ?? '')).toEqual([
      '5. **Port non configurable** : `app/main.py:30`',
      '6. **Pas de Procfile complet** : `app/main.py:10`, `alembic.ini:1`',
      '7. **Pas de render.yaml complet** : `app/main.py:10`',
      expect.stringMatching(
        /^8\. \*\*Variables lues directement\*\* : `app\/config\.py:7`, .* — hors de cette recette ; .* : `nayek patch --dry-run --only settings`/,
      ),
    ]);
    // The command is right: it names these very places.
    const { out } = run(path.join(home, 'before'), ['patch', '--check', '--only', 'settings']);
    expect(out).toMatch(/settings +app\/config\.py:7: DATABASE_URL is read here/);
  });

  it("has the document's sections in its order", () => {
    const heads = (text: string): string[] =>
      [...text.matchAll(/^## (.*)$/gm)].map(([, head = '']) => head.replace(/[^\p{Lu} -]/gu, '').trim());
    const wanted = ['PROBLÈMES IDENTIFIÉS', 'LISTE DES PATCHS', 'CODE DES PATCHS', 'VÉRIFICATION POST-PATCH', 'RÉSUMÉ'];
    expect(heads(report())).toEqual(wanted);
    if (document) expect(heads(document).map((h) => h.replace(/ FINAYEK$/, ''))).toEqual(wanted);
  });

  it('lists each patch, and the code that comes of it is that of the document', () => {
    const text = report();
    const [, list = '', code = ''] = text.split(/^## (?:LISTE|CODE) DES PATCHS$/m);
    for (const { patch, file, whole } of PATCHES) {
      expect(list).toContain(`### PATCH ${patch} : \`${file}\` — `);
      const shown = codeBlocks(code).get(patch) ?? '';
      const masked = (after[file] ?? '').replace('postgres:pass123@', 'postgres:***@');
      expect(shown.length, file).toBeGreaterThan(20);
      expect(masked).toContain(shown);
      // What the document shows of a file that it changes in part is there, too; of a whole file, what changed in it.
      const block = blocks?.get(patch)?.replace('postgres:pass123@', 'postgres:***@');
      if (block === undefined) continue;
      if (whole) expect(block).toContain(shown);
      else for (const line of block.trimEnd().split('\n').slice(-4)) expect(shown).toContain(line);
    }
  });
});

describe('recipe render on the same repository', () => {
  it("passes the document's checklist", () => {
    const plan = run('render');
    const text = (file: string) => resultOf(plan, file);
    expect(plan.verdicts.filter((v) => v.kind === 'failed' || v.kind === 'manual')).toEqual([]);
    expect(text('app/main.py')).toMatch(/os\.getenv\("HOST", "0\.0\.0\.0"\)/);
    expect(text('app/main.py')).toMatch(/os\.getenv\("PORT", "8000"\)/);
    expect(text('alembic/env.py')).toContain('from app.database import Base\n');
    expect(text('alembic.ini')).toMatch(/^# sqlalchemy\.url = /m);
    expect(text('requirements.txt')).toMatch(/^gunicorn/m);
    expect(text('Procfile')).toBe(
      'web: gunicorn app.main:app --bind 0.0.0.0:$PORT --worker-class uvicorn.workers.UvicornWorker\nrelease: python -m alembic upgrade head\n',
    );
    expect(parse(text('render.yaml'))).toMatchObject({
      services: [
        {
          name: 'konan-backend',
          plan: 'free',
          startCommand: expect.stringMatching(/^python -m alembic upgrade head && exec gunicorn app\.main:app /),
          healthCheckPath: '/health',
          envVars: expect.arrayContaining([
            { key: 'PYTHON_VERSION', value: '3.11.0' },
            { key: 'DATABASE_URL', fromDatabase: { name: 'konan-db', property: 'connectionString' } },
            { key: 'SECRET_KEY', generateValue: true },
            { key: 'OPENAI_API_KEY', sync: false },
          ]),
        },
      ],
      databases: [{ name: 'konan-db', databaseName: 'konan_db', plan: 'free', ipAllowList: [] }],
    });
  });

  it('makes a render.yaml that the schema of Render takes', () => {
    const schema = path.join(beside, 'render.schema.json');
    if (!existsSync(schema)) {
      if (process.env.CI === 'true') throw new Error(`Render's schema is missing: ${schema}`);
      return;
    }
    for (const recipe of ['render', 'fi9-nayek']) {
      expect(schemaValidator(schema)(parse(resultOf(run(recipe), 'render.yaml'))), recipe).toEqual([]);
    }
  });
});

describe('recipe procfile on the same repository', () => {
  it('leaves Render out', () => {
    const files = run('procfile').changes.map((c) => c.path);
    expect(files).toContain('Procfile');
    expect(files).not.toContain('render.yaml');
  });
});

function run(recipe: string): Plan {
  const { steps, name } = loadRecipe(recipe, parts);
  return makePlan(memorySnapshot(before, '/konan-backend'), steps, { recipe: name });
}

function resultOf(plan: Plan, file: string): string {
  return plan.changes.find((c) => c.path === file)?.after ?? before[file] ?? '';
}

/** The code below `### PATCH n`, by n. */
function codeBlocks(document: string): Map<number, string> {
  const out = new Map<number, string>();
  for (const section of document.split(/^### PATCH /m).slice(1)) {
    const [, code] = /^```\w*\n(.*?)^```$/ms.exec(section.split(/^---$/m)[0] ?? '') ?? [];
    if (code !== undefined) out.set(Number.parseInt(section, 10), code);
  }
  return out;
}

function readTree(folder: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const full = path.join(entry.parentPath, entry.name);
    out[path.relative(folder, full).replaceAll('\\', '/')] = readFileSync(full, 'utf8');
  }
  return out;
}
