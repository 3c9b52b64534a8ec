/** Facts made by hand, for tests of the emitters. */
import type { Facts, Service } from '../src/model/facts.ts';
import { createModuleGraph } from '../src/python/graph.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';

const at = { path: 'app/main.py', line: 1 };

/** A FastAPI service at the repository's root with a requirements.txt; `more` replaces whole facts. */
export function makeService(more: Partial<Service> = {}): Service {
  return {
    root: '',
    name: 'shop',
    entry: {
      module: 'app.main',
      attr: 'app',
      factory: false,
      interface: 'asgi',
      framework: 'fastapi',
      path: 'app/main.py',
      at,
    },
    workers: [],
    env: [],
    deployment: { dockerfiles: [], commands: [] },
    needs: [],
    notes: [],
    dependencies: {
      form: 'requirements',
      path: 'requirements.txt',
      requirements: ['fastapi', 'uvicorn', 'sqlalchemy', 'gunicorn'].map((name) => ({
        name,
        extras: [],
        specifier: name === 'uvicorn' ? '==0.32.0' : '',
        at: { path: 'requirements.txt', line: 1 },
      })),
      locks: [],
      install: 'pip install -r requirements.txt',
      manager: 'pip',
      at: { path: 'requirements.txt', line: 1 },
    },
    ...more,
  };
}

export function makeFacts(services: readonly Service[], files: Readonly<Record<string, string>> = {}): Facts {
  return { modules: createModuleGraph(memorySnapshot(files)), services, runCalls: [], alembic: [] };
}

/** A variable read in app/settings.py. */
export function variable(
  name: string,
  kind: Service['env'][number]['kind'],
  more: Partial<Service['env'][number]> = {},
): Service['env'][number] {
  return { name, kind, required: false, at: { path: 'app/settings.py', line: 1 }, ...more };
}
