import { beforeAll, describe, expect, it } from 'vitest';
import { createModuleGraph } from '../src/python/graph.ts';
import type { Definition } from '../src/python/modules.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { importsOf, reachableFrom } from '../src/survey/reachable.ts';
import { loadPython } from '../src/syntax/python/parser.ts';

beforeAll(loadPython);

function graph(files: Record<string, string>) {
  const repo = memorySnapshot(files);
  return { repo, modules: createModuleGraph(repo) };
}

function where(found: Definition | undefined): string {
  if (!found) return 'nothing';
  if (found.kind === 'external') return `external ${found.name}`;
  return `${found.kind} ${found.path}${found.kind === 'module' ? '' : `:${found.name}`} via ${found.via.map((v) => v.path).join(',')}`;
}

describe('names', () => {
  const { modules } = graph({
    'app/__init__.py': '',
    'app/database.py': 'from sqlalchemy.orm import declarative_base\nBase = declarative_base()\n',
    'app/db/__init__.py': 'from app.db.base import *\n',
    'app/db/base.py': '__all__ = ["Base"]\nfrom ..database import Base\nhidden = 1\n',
    'app/models.py': 'from app.db import Base as Root\n\n\nclass User(Root):\n    pass\n',
    'app/alias.py': 'import app.database as d\nfrom app import database\nParent = d.Base\nOther = database.Base\n',
    'alembic/env.py': 'from alembic import context\nfrom app.db import Base, hidden\n',
    'app/redis.py': 'import redis\nclient = redis.Redis()\n',
  });

  it('follows re-exports, aliases and star imports to the definition', () => {
    expect(where(modules.define('app/models.py', 'Root'))).toBe(
      'assign app/database.py:Base via app/models.py,app/db/__init__.py,app/db/base.py',
    );
    expect(where(modules.define('app/alias.py', 'Parent'))).toContain('assign app/database.py:Base');
    expect(where(modules.define('app/alias.py', 'Other'))).toContain('assign app/database.py:Base');
  });

  it('honours __all__', () => {
    expect(where(modules.define('alembic/env.py', 'hidden'))).toBe('nothing');
  });

  it('does not take a folder for the library of the same name', () => {
    expect(where(modules.define('alembic/env.py', 'context'))).toBe('external alembic.context');
    expect(where(modules.define('app/redis.py', 'redis'))).toBe('external redis');
  });

  it('survives an import cycle', () => {
    const cycle = graph({ 'a.py': 'from b import x\n', 'b.py': 'from a import x\n' }).modules;
    expect(where(cycle.define('a.py', 'x'))).toBe('nothing');
  });
});

describe('imports', () => {
  it('finds packages in src and in sibling folders of a monorepo', () => {
    const { modules } = graph({
      'api/main.py': 'import shared.tools\n',
      'libs/shared/__init__.py': '',
      'libs/shared/tools.py': '',
      'svc/src/core/__init__.py': '',
      'svc/run.py': 'from core import x\n',
    });
    expect(modules.resolve('api/main.py', 'shared.tools', 0)?.path).toBe('libs/shared/tools.py');
    expect(modules.resolve('svc/run.py', 'core', 0)).toMatchObject({
      path: 'svc/src/core/__init__.py',
      root: 'svc/src',
    });
  });

  it('lists what is reached, in order, each once', () => {
    const { repo, modules } = graph({
      'main.py': 'from app import (\n    views,  # first\n    models,\n)\n\ndef late():\n    import app.late\n',
      'app/__init__.py': '',
      'app/views.py': 'from .models import User\n',
      'app/models.py': 'class User: pass\n',
      'app/late.py': '',
      'app/dead.py': '',
    });
    expect(importsOf(repo, modules, 'main.py')).toEqual([
      'app/__init__.py',
      'app/views.py',
      'app/models.py',
      'app/late.py',
    ]);
    expect(reachableFrom(repo, modules, 'main.py')).toEqual([
      'main.py',
      'app/__init__.py',
      'app/views.py',
      'app/models.py',
      'app/late.py',
    ]);
  });

  it('answers nothing for relative imports above the repository', () => {
    const { modules } = graph({ 'main.py': 'from ...x import y\n' });
    expect(modules.resolve('main.py', 'x', 3)).toBeUndefined();
  });
});
