/** The files that a service's processes run. */
import type { ServiceSeed } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { dirname, join } from '../../repo/path.ts';
import type { Snapshot, SourceFile } from '../../repo/snapshot.ts';
import { platformScripts } from '../platform-scripts.ts';
import { reachableFrom } from '../reachable.ts';

/**
 * Modules named in a string that is imported at run time: Django's settings, ROOT_URLCONF and include(), Flask's
 * from_object and `config="pkg.Config"`, import_module, and `uvicorn.run("app.main:app")`.
 */
const NAMED =
  /(?:DJANGO_SETTINGS_MODULE["'\]]*\s*[,=]\s*|from_object\(\s*(?:os\.(?:getenv|environ\.get)\(\s*["']\w{1,80}["']\s*,\s*)?|import_module\(\s*|include\(\s*\(?\s*|ROOT_URLCONF\s*=\s*|WSGI_APPLICATION\s*=\s*|ASGI_APPLICATION\s*=\s*|\.run\(\s*|\b\w*(?:config|settings)\w*[ \t]*(?::[ \t]*\w+[ \t]*)?=[ \t]*)["']([A-Za-z_][\w.]{0,200})(?::\w+)?["']/g;

/** Flask's `from_pyfile("config.py")`, relative to the application's folder or the instance. */
const PY_FILE = /from_pyfile\(\s*["']([\w./-]{1,200}\.py)["']/g;
/** `import_module(f"app.routers.{name}")`: every module of that package may be meant. */
const ANY_OF = /import_module\(\s*f["']([A-Za-z_][\w.]{0,200})\.\{\w{1,80}\}["']/g;

const NOT_SERVICE =
  /(?:^|\/)(?:tests?|testing|docs?|examples?|lambda_handlers?|lambdas)(?:\/|$)|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest)\.py$/;

/** What only a file that Alembic runs can import. https://alembic.sqlalchemy.org/en/latest/api/runtime.html */
export const ALEMBIC_CONTEXT = /^[ \t]*from[ \t]+alembic[ \t]+import\b[^\n]*\bcontext\b|\balembic\.context\b/m;

const kept = new WeakMap<ModuleGraph, Map<string, readonly string[]>>();

/**
 * Files of the service in import order: what the entry module reaches, then each alembic env.py, worker module and
 * gunicorn configuration of the same root, and each program of its commands, with what they reach. No tests. Worked out once for each entry.
 */
export function serviceFiles(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed): readonly string[] {
  const key = `${seed.root}\0${seed.entry.path}`;
  const known = kept.get(modules) ?? new Map<string, readonly string[]>();
  kept.set(modules, known);
  let files = known.get(key);
  if (!files) {
    files = collect(repo, modules, seed);
    known.set(key, files);
  }
  return files;
}

function collect(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed): readonly string[] {
  const seen = new Set<string>();
  const queue = [seed.entry.path];
  const drain = (): void => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (seen.has(next) || !repo.has(next)) continue;
      for (const file of reachableFrom(repo, modules, next)) {
        if (seen.has(file) || (file !== seed.entry.path && isOutside(file, seed))) continue;
        seen.add(file);
        queue.push(...named(repo, modules, file, seed));
      }
    }
  };
  drain();
  queue.push(...besides(repo, modules, seed, seen));
  drain();
  return [...seen];
}

function isOutside(file: string, seed: ServiceSeed): boolean {
  const base = seed.root === '' || !file.startsWith(`${seed.root}/`) ? file : file.slice(seed.root.length + 1);
  return NOT_SERVICE.test(base);
}

function named(repo: Snapshot, modules: ModuleGraph, file: string, seed: ServiceSeed): string[] {
  const source = repo.read(file);
  if (!source) return [];
  const out: string[] = [];
  for (const name of namesIn(source)) {
    // "config.Production" names a class in a module, "app.urls" a module.
    for (const module of [name, name.slice(0, Math.max(0, name.lastIndexOf('.')))]) {
      if (module === '') continue;
      const target = modules.resolve(file, module, 0)?.path ?? rooted(repo, seed, module);
      if (!target) continue;
      out.push(target);
      break;
    }
  }
  return [...out, ...computed(repo, modules, file, source.text, seed)];
}

const names = new WeakMap<SourceFile, readonly string[]>();

/** Once for a file, which the plan on the result reads again. */
function namesIn(file: SourceFile): readonly string[] {
  const known = names.get(file) ?? [...file.text.matchAll(NAMED)].map(([, name = '']) => name);
  names.set(file, known);
  return known;
}

/** Files that are named by a path, and the modules of a package of which one is imported by a computed name. */
function computed(repo: Snapshot, modules: ModuleGraph, file: string, text: string, seed: ServiceSeed): string[] {
  const out: string[] = [];
  for (const [, name = ''] of text.matchAll(PY_FILE)) {
    const path = [join(dirname(file), name), join(seed.root, name)].find((p) => repo.has(p));
    if (path) out.push(path);
  }
  for (const [, name = ''] of text.matchAll(ANY_OF)) {
    const folder = modules.resolve(file, name, 0)?.folder;
    if (folder) out.push(...modules.files.filter((f) => dirname(f) === folder));
  }
  return out;
}

function rooted(repo: Snapshot, seed: ServiceSeed, module: string): string | undefined {
  const base = join(seed.root, module.replaceAll('.', '/'));
  return [`${base}.py`, `${base}/__init__.py`].find((p) => repo.has(p));
}

/** Code of the service that the entry does not import: migrations, workers, the server's configuration. */
function besides(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed, seen: ReadonlySet<string>): string[] {
  const prefix = seed.root === '' ? '' : `${seed.root}/`;
  const inside = modules.files.filter((f) => f.startsWith(prefix) && !seen.has(f) && !isOutside(f, seed));
  const envs = inside.filter((f) => f.endsWith('/env.py') && isNear(dirname(f), prefix, seen));
  const run = new Set(repo.matching(envs, ALEMBIC_CONTEXT));
  const migrations = envs.filter((f) => run.has(f) || repo.has(join(dirname(f), 'script.py.mako')));
  const workers = repo.matching(
    inside.filter((f) => /celery|worker|tasks?|broker|queue/i.test(f)),
    /\bCelery\(|class WorkerSettings|\bWorker\(|dramatiq\.|Broker\(|Huey\(|^@(?:\w+\.)*(?:task|shared_task|actor)\b/m,
  );
  const servers = repo.matching(
    inside.filter((f) => /(?:^|\/)[^/]*gunicorn[^/]*\.py$/.test(f)),
    /^(?:bind|workers|worker_class)\s*=/m,
  );
  const near = workers.filter((f) => isNear(dirname(f), prefix, seen));
  return [...migrations, ...near, ...servers, ...released(repo, seed)];
}

/**
 * Programs that run before the service: Django's own for migrations, and what the platform's commands run by its path.
 * https://docs.djangoproject.com/en/stable/ref/django-admin/
 */
function released(repo: Snapshot, seed: ServiceSeed): string[] {
  const manage = join(seed.root, 'manage.py');
  const own = seed.entry.framework === 'django' && repo.has(manage) ? [manage] : [];
  return [...own, ...platformScripts(repo, seed).map(({ path }) => path)];
}

/** True unless the file belongs to another package of a monorepo: it shares its first folder with a reached file. */
function isNear(folder: string, prefix: string, seen: ReadonlySet<string>): boolean {
  const top = folder.slice(prefix.length).split('/')[0] ?? '';
  if (top === '' || /alembic|migrations?|db|database/.test(top)) return true;
  return [...seen].some((f) => f.startsWith(`${prefix}${top}/`));
}
