/** The document's eighth problem: a repository of its shape, with a settings object, has eight points of eight. */
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { makePlan } from '../src/engine/make-plan.ts';
import { parts } from '../src/engine/parts.ts';
import { loadRecipe } from '../src/engine/recipe.ts';
import { checklist } from '../src/report/checklist.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { readFixture, snapshotOf } from '../src/testing/fixture.ts';

const SETTINGS = `from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    SECRET_KEY: str = ""
    DATABASE_URL: str = ""


settings = Settings()
`;
const READER = `import os

from app.settings import settings

LOG_LEVEL = os.getenv("LOG_LEVEL", "INFO")
SECRET_KEY = settings.SECRET_KEY
`;

/** What the other modules import from there. */
const IMPORTED =
  'CORS_ALLOW_ORIGINS LOG_LEVEL CHROMA_DB_DIR CHROMA_DB_DIR_LAWS OPENAI_API_KEY JWT_SECRET SECRET_KEY'.split(' ');
const CONFIG = `from app.settings import settings

DATABASE_URL = settings.DATABASE_URL
${IMPORTED.map((name) => `${name} = "the-value-of-it"\n`).join('')}`;

beforeAll(loadPython);

test('eight of eight', () => {
  const fixture = readFixture('recipes', path.join('fixtures', 'recipes', 'fi9-nayek'));
  const main = String(fixture.before['app/main.py']);
  const before = {
    ...fixture.before,
    'app/main.py': Buffer.from(`import app.log\n${main}`),
    'app/settings.py': Buffer.from(SETTINGS),
    'app/log.py': Buffer.from(READER),
    'app/config.py': Buffer.from(CONFIG),
    'requirements.txt': Buffer.from(`${fixture.before['requirements.txt']}\npydantic-settings==2.4.0\n`),
  };
  const { steps } = loadRecipe('settings', parts);
  const repo = snapshotOf({ before, spec: { root: 'konan-backend' } });
  const plan = makePlan(repo, steps, { recipe: 'settings' });
  expect(plan.changes.map((c) => c.path)).toEqual(expect.arrayContaining(['app/log.py', 'app/settings.py']));
  const after = repo.with(new Map(plan.changes.map((c) => [c.path, c.after])));
  const points = checklist(makePlan(after, steps, { recipe: 'settings' }), parts);
  expect(points.map((p) => [p.part, p.mark, p.mark === 'holds' ? '' : p.reason])).toEqual(
    steps.map(({ part }) => [part.id, 'holds', '']),
  );
  expect(points).toHaveLength(8);
});
