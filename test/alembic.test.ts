import { beforeAll, describe, expect, it } from 'vitest';
import type { Migrations } from '../src/model/facts.ts';
import { createModuleGraph } from '../src/python/graph.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { readEnvFile } from '../src/survey/alembic/env-file.ts';
import { classifyUrl, maskUrl } from '../src/survey/alembic/url-value.ts';
import { findAlembic } from '../src/survey/alembic.ts';
import { executedFrom } from '../src/survey/executed.ts';
import { findMigrations } from '../src/survey/migrations.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { rewritesFor } from '../transforms/alembic-url/driver.ts';

beforeAll(loadPython);

const INI =
  '[alembic]\nscript_location = migrations\nprepend_sys_path = .\nsqlalchemy.url = postgresql://a:s3cret@h/db\n';

/** An env.py with the templates' two functions around the given expressions. */
function env(parts: { head?: string; setup?: string; url?: string; engine?: string } = {}): string {
  return `from alembic import context
from sqlalchemy import engine_from_config, create_engine
${parts.head ?? ''}
config = context.config
${parts.setup ?? ''}

def run_migrations_offline():
    context.configure(url=${parts.url ?? 'config.get_main_option("sqlalchemy.url")'})


def run_migrations_online():
    connectable = ${parts.engine ?? 'engine_from_config(config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.")'}
    with connectable.connect() as connection:
        context.configure(connection=connection)
`;
}

function survey(files: Record<string, string>) {
  const repo = memorySnapshot(files);
  return findAlembic(repo, createModuleGraph(repo));
}

function source(parts: Parameters<typeof env>[0], more: Record<string, string> = {}) {
  return survey({ 'alembic.ini': INI, 'migrations/env.py': env(parts), ...more })[0]?.env?.url;
}

describe('findAlembic', () => {
  it('finds the script folder from the ini, from the working folder, from %(here)s and from a package', () => {
    const at = (path: string, location: string, files: Record<string, string>) =>
      survey({ [path]: `[alembic]\nscript_location = ${location}\n`, ...files })[0];
    expect(at('alembic.ini', 'db/migrations', { 'db/migrations/env.py': env() })).toMatchObject({
      scripts: 'db/migrations',
      cwd: '',
    });
    expect(at('src/app/alembic.ini', './app/alembic', { 'src/app/alembic/env.py': env() })).toMatchObject({
      scripts: 'src/app/alembic',
      cwd: 'src',
    });
    const here = at('a/alembic.ini', '%(here)s/../m', { 'm/env.py': env() });
    expect(here).toMatchObject({ scripts: 'm' });
    expect(here?.cwd).toBeUndefined();
    expect(
      at('alembic.ini', 'shop:migrations', { 'shop/__init__.py': '', 'shop/migrations/env.py': env() }),
    ).toMatchObject({ scripts: 'shop/migrations' });
    expect(at('alembic.ini', 'alembic', { 'x.py': '' })).toEqual({ path: 'alembic.ini' });
    expect(at('alembic.ini', '../outside', { 'x.py': '' })).toEqual({ path: 'alembic.ini' });
  });

  it('reads other names, [tool.alembic], several main sections, and leaves tests out', () => {
    const found = survey({
      'conf/db.ini': '[alembic]\nscript_location = %(here)s/m\n',
      'conf/m/env.py': env(),
      'svc/pyproject.toml': '[tool.alembic]\nscript_location = "%(here)s/m"\n',
      'svc/m/env.py': env(),
      'two/alembic.ini': '[core]\nscript_location = %(here)s/c\n[tenant]\nscript_location = %(here)s/t\n',
      'two/c/env.py': env(),
      'two/t/env.py': env(),
      'tests/alembic.ini': INI,
      'other/setup.cfg': '[metadata]\nname = x\n',
    });
    expect(found.map((c) => [c.path, c.section, c.scripts])).toEqual([
      ['conf/db.ini', undefined, 'conf/m'],
      ['svc/pyproject.toml', undefined, 'svc/m'],
      ['two/alembic.ini', 'core', 'two/c'],
      ['two/alembic.ini', 'tenant', 'two/t'],
    ]);
  });

  it('hides the credentials', () => {
    const [config] = survey({ 'alembic.ini': INI, 'migrations/env.py': env() });
    expect(config?.url).toMatchObject({ kind: 'literal', section: 'alembic', at: { line: 4 } });
    expect(JSON.stringify(config)).not.toContain('s3cret');
  });

  it('never throws on odd input', () => {
    for (const text of [
      '',
      '[alembic',
      '[alembic]\nscript_location',
      '[alembic]\nscript_location =\n',
      '\u0000',
      '[alembic]\nscript_location = a:b:c\n',
    ]) {
      expect(() => survey({ 'alembic.ini': text })).not.toThrow();
    }
    expect(survey({ 'pyproject.toml': '[tool.alembic]\nscript_location = [\n' })).toEqual([]);
  });
});

describe('classifyUrl', () => {
  it.each([
    ['', 'empty'],
    ['driver://user:pass@localhost/dbname', 'placeholder'],
    ['postgresql://user:password@localhost/dbname', 'placeholder'],
    ['postgresql://<user>:<password>@host/db', 'placeholder'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what people write into the ini
    ['${DATABASE_URL}', 'placeholder'],
    ['postgresql://%(DB_USER)s:x@h/db', 'interpolated'],
    ['sqlite:///%(here)s/app.db', 'literal'],
    ['postgresql+psycopg2://postgres:pass123@localhost:5432/konan_db', 'literal'],
    ['postgresql://user:password@localhost/shop', 'literal'],
  ])('%s is %s', (url, kind) => expect(classifyUrl(url)).toBe(kind));

  it('masks a password that holds @, and query values', () => {
    expect(maskUrl('postgresql://u:p@ss/w@h/db?password=x&a=b')).toBe('postgresql://***@h/db?password=***&a=***');
  });
});

describe('how env.py takes its URL', () => {
  it('knows the ini alone', () => expect(source({})).toMatchObject({ kind: 'ini' }));
  it('knows one branch of two', () =>
    expect(source({ head: 'import os', url: 'os.environ["DATABASE_URL"]' })).toMatchObject({
      kind: 'mixed',
      variable: 'DATABASE_URL',
    }));
  it('knows the environment, put into the option', () =>
    expect(
      source({ head: 'import os', setup: 'config.set_main_option("sqlalchemy.url", os.getenv("DB"))' }),
    ).toMatchObject({
      kind: 'env',
      variable: 'DB',
    }));
  it('knows settings, an engine of the application, and current_app', () => {
    const more = { 'app.py': 'engine = make()\nsettings = load()\n' };
    expect(
      source({ head: 'from app import settings', url: 'settings.url', engine: 'create_engine(settings.url)' }, more),
    ).toMatchObject({ kind: 'settings' });
    expect(source({ head: 'from app import engine', url: 'engine.url', engine: 'engine' }, more)).toMatchObject({
      kind: 'settings',
    });
    const flask = 'str(current_app.extensions["migrate"].db.engine.url)';
    expect(
      source({ head: 'from flask import current_app', setup: `config.set_main_option("sqlalchemy.url", ${flask})` }),
    ).toMatchObject({ kind: 'app' });
  });
  it('follows get_url(), section assignment and a dict', () => {
    const head =
      'import os\ndef get_url():\n    url = os.getenv("DATABASE_URL", "x")\n    return url.replace("a", "b")\n';
    expect(
      source({
        head,
        url: 'get_url()',
        engine: 'engine_from_config({**config.get_section("alembic"), "sqlalchemy.url": get_url()})',
      }),
    ).toMatchObject({ kind: 'env' });
    const put =
      'config.get_section("alembic")\n    connectable["sqlalchemy.url"] = get_url()\n    connectable = engine_from_config(connectable)';
    expect(source({ head, url: 'get_url()', engine: put })?.kind).toBe('env');
  });
  it('follows readers of the environment that are made first', () => {
    const head = 'from starlette.config import Config\nread = Config(".env")\n';
    expect(source({ head, url: 'read("DB")', engine: 'create_engine(read("DB"))' })).toMatchObject({
      kind: 'env',
      variable: 'DB',
    });
    const section = 'create_engine(config.get_section("alembic").get("sqlalchemy.url"))';
    expect(source({ engine: section })).toMatchObject({ kind: 'ini' });
  });
  it('does not take a foreign value for known', () => {
    expect(source({ head: 'import vault', url: 'vault.read("db")' })).toMatchObject({ kind: 'unknown' });
    expect(source({ setup: 'def f(url):\n    return url\n', url: 'f(1)' })).toMatchObject({ kind: 'unknown' });
  });
  it('takes a condition on something else for unknown, and one on the URL for a fallback', () => {
    const set = 'config.set_main_option("sqlalchemy.url", os.environ["X_URL"])';
    expect(source({ head: 'import os', setup: `if os.getenv("TESTING"):\n    ${set}` })).toMatchObject({
      kind: 'unknown',
    });
    expect(source({ head: 'import os', setup: `try:\n    ${set}\nexcept KeyError:\n    pass` })).toMatchObject({
      kind: 'unknown',
    });
    expect(source({ head: 'import os', setup: `if "X_URL" in os.environ:\n    ${set}` })).toMatchObject({
      kind: 'env',
    });
    expect(
      source({ head: 'import os', setup: `if not config.get_main_option("sqlalchemy.url"):\n    ${set}` }),
    ).toMatchObject({ kind: 'env' });
  });
  it('sees an asynchronous engine and attributes', () => {
    const text = env({
      engine: 'config.attributes.get("connection") or async_engine_from_config(config.get_section("alembic"))',
    });
    const modules = createModuleGraph(memorySnapshot({ 'm/env.py': text }));
    expect(readEnvFile(modules, 'm/env.py')).toMatchObject({ async: true, attributes: ['connection'] });
  });
});

describe('executedFrom', () => {
  it('follows what runs: packages on the way, submodules; not functions, not TYPE_CHECKING', () => {
    const modules = createModuleGraph(
      memorySnapshot({
        'a.py':
          'from p.q import r\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import never\ndef f():\n    import later\n',
        'p/__init__.py': '',
        'p/q/__init__.py': 'from . import s\n',
        'p/q/r.py': '',
        'p/q/s.py': 'import a\n',
        'never.py': '',
        'later.py': '',
      }),
    );
    expect([...executedFrom(modules, 'a.py')].sort()).toEqual([
      'a.py',
      'p/__init__.py',
      'p/q/__init__.py',
      'p/q/r.py',
      'p/q/s.py',
    ]);
  });
});

describe('findMigrations', () => {
  function migrations(files: Record<string, string>, options: Record<string, string> = {}): Migrations | undefined {
    const repo = memorySnapshot(files);
    const modules = createModuleGraph(repo);
    const { root = '', path = 'main.py', framework = 'fastapi', module = 'main', attr = 'app' } = options;
    const entry = {
      module,
      attr,
      factory: attr.startsWith('create'),
      interface: 'asgi',
      framework: framework as 'fastapi',
      path,
      at: { path, line: 1 },
    } as const;
    return findMigrations(repo, modules, { root, name: 'x', entry }, findAlembic(repo, modules), undefined);
  }
  const plain = {
    'alembic.ini': INI,
    'migrations/env.py': env({ head: 'import models' }),
    'models.py': '',
    'main.py': 'import models\n',
  };

  it('upgrades in the service root, with -c or cd where it must', () => {
    expect(migrations(plain)).toMatchObject({
      tool: 'alembic',
      config: 'alembic.ini',
      command: 'alembic upgrade head',
    });
    const below = {
      'src/app/alembic.ini': '[alembic]\nscript_location = ./app/m\n',
      'src/app/m/env.py': env({ head: 'import models' }),
      'src/models.py': '',
      'src/main.py': 'import models\n',
    };
    expect(migrations(below, { root: 'src', path: 'src/main.py' })?.command).toBe(
      'python -m alembic -c app/alembic.ini upgrade head',
    );
    const own = { 'src/app/alembic.ini': `${below['src/app/alembic.ini']}prepend_sys_path = .\n` };
    expect(migrations({ ...below, ...own }, { root: 'src', path: 'src/main.py' })?.command).toBe(
      'alembic -c app/alembic.ini upgrade head',
    );
    const above = {
      'alembic.ini': INI,
      'migrations/env.py': env({ head: 'import models' }),
      'src/models.py': '',
      'src/main.py': 'import models\n',
    };
    expect(migrations(above, { root: 'src', path: 'src/main.py' })?.command).toBe('cd .. && alembic upgrade head');
  });

  it('has none where nothing is shared, no script folder is, or the folder is a neighbour', () => {
    expect(migrations({ 'alembic.ini': INI, 'main.py': '' })).toBeUndefined();
    const other = {
      'alembic.ini': INI,
      'migrations/env.py': env({ head: 'import models' }),
      'models.py': '',
      'tool/main.py': '',
    };
    expect(migrations(other, { root: 'tool', path: 'tool/main.py' })).toBeUndefined();
    const beside = {
      'a/alembic.ini': INI,
      'a/migrations/env.py': env({ head: 'import shared.models' }),
      'shared/__init__.py': '',
      'shared/models.py': '',
      'b/main.py': 'import shared.models\n',
    };
    expect(migrations(beside, { root: 'b', path: 'b/main.py' })).toBeUndefined();
  });

  it('knows Flask-Migrate, with --app only where flask would not find it', () => {
    const files = {
      'migrations/alembic.ini': '[alembic]\n',
      'migrations/env.py': env({
        head: 'from flask import current_app',
        setup: 'config.set_main_option("sqlalchemy.url", str(current_app.x))',
      }),
      'shop.py': 'from flask_migrate import Migrate\nmigrate = Migrate(app, db)\n',
    };
    const options = { path: 'shop.py', module: 'shop', framework: 'flask' };
    expect(migrations(files, options)).toMatchObject({ tool: 'flask-migrate', command: 'flask --app shop db upgrade' });
    expect(migrations({ ...files, '.flaskenv': 'FLASK_APP=shop.py\n' }, options)?.command).toBe('flask db upgrade');
    expect(migrations({ ...files, 'wsgi.py': '' }, options)?.command).toBe('flask db upgrade');
    const broken = { ...files, 'wsgi.py': 'from app import app\n', 'app.py': 'def routes(a): ...\n' };
    expect(migrations(broken, options)?.command).toBe('flask --app shop db upgrade');
  });

  it('names the script that binds Flask-Migrate where the application does not', () => {
    const files = {
      'migrations/alembic.ini': '[alembic]\n',
      'migrations/env.py': env({ head: 'from flask import current_app' }),
      'app.py': 'from flask_migrate import Migrate\napp = create_app()\n',
    };
    const options = { path: 'app.py', module: 'app', framework: 'flask' };
    expect(migrations(files, options)).toBeUndefined();
    const script = 'from app import app\nmigrate = Migrate(app, db)\nmanager = Manager(app)\n';
    const manage = { ...files, 'manage.py': `${script}manager.add_command('db', MigrateCommand)\n` };
    expect(migrations(manage, options)?.command).toBe('python manage.py db upgrade');
    expect(migrations({ ...files, 'tool.py': script }, options)?.command).toBe('flask --app tool db upgrade');
    expect(migrations({ ...manage, 'tool.py': script }, options)).toBeUndefined();
  });

  it('runs Flask-Migrate above the service where its scripts stand there', () => {
    const files = {
      'migrations/alembic.ini': '[alembic]\n',
      'migrations/env.py': env({ head: 'from flask import current_app' }),
      'src/wsgi.py': 'from app import app as application\n',
      'src/app.py': 'from flask_migrate import Migrate\napp = 1\nMigrate(app, db)\n',
    };
    const options = { root: 'src', path: 'src/wsgi.py', module: 'wsgi', attr: 'application', framework: 'flask' };
    expect(migrations(files, options)?.command).toBe('cd .. && flask --app src/wsgi db upgrade');
  });

  it('upgrades to every head where the history has several', () => {
    const revision = (name: string, down: string): Record<string, string> => ({
      [`migrations/versions/${name}.py`]: `revision: str = "${name}"\ndown_revision: Union[str, None] = ${down}\n`,
    });
    const one = { ...plain, ...revision('a', 'None'), ...revision('b', '"a"'), ...revision('c', '"a"') };
    expect(migrations(one)?.command).toBe('alembic upgrade heads');
    expect(migrations({ ...one, ...revision('d', '("b", "c")') })?.command).toBe('alembic upgrade head');
    const odd = { ...one, 'migrations/versions/e.py': 'revision = make()\n' };
    expect(migrations(odd)?.command).toBe('alembic upgrade head');
  });

  it("takes an ini inside the entry's package", () => {
    const files = {
      'app/alembic.ini': '[alembic]\nscript_location = ./alembic/\n',
      'app/alembic/env.py': env({ head: 'schema = import_module("app.models")' }),
      'app/__init__.py': '',
    };
    const options = { path: 'app/__init__.py', module: 'app' };
    expect(migrations(files, options)?.command).toBe('cd app && alembic upgrade head');
  });

  it('knows Django and aerich', () => {
    const manage = 'from django.core.management import execute_from_command_line\n';
    const django = { path: 'site/wsgi.py', framework: 'django' };
    expect(migrations({ 'manage.py': manage, 'site/wsgi.py': '' }, django)).toEqual({
      tool: 'django',
      command: 'python manage.py migrate --no-input',
      at: { path: 'manage.py', line: 1 },
    });
    expect(migrations({ 'site/wsgi.py': '' }, django)).toBeUndefined();
    const fallback = (name: string): string =>
      `os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.settings.${name}")\n`;
    const split = { 'manage.py': manage + fallback('local'), 'site/wsgi.py': fallback('production') };
    expect(migrations(split, django)?.command).toBe(
      'python manage.py migrate --no-input --settings=site.settings.production',
    );
    const same = { ...split, 'manage.py': manage + fallback('production') };
    expect(migrations(same, django)?.command).toBe('python manage.py migrate --no-input');
    const aerich = {
      'pyproject.toml': '[tool.aerich]\ntortoise_orm = "x"\nlocation = "./migrations"\n',
      'migrations/models/1.py': '',
      'main.py': '',
    };
    expect(migrations(aerich)).toMatchObject({ tool: 'aerich', command: 'aerich upgrade' });
  });

  describe('automatic', () => {
    const upgrade = (body: string): boolean | undefined =>
      migrations({
        ...plain,
        'main.py': `import models, os\nfrom alembic import command\nfrom alembic.config import Config\n${body}`,
      })?.automatic;

    it('at import, in a start-up handler, or in a function that one calls', () => {
      expect(upgrade('command.upgrade(Config("alembic.ini"), "head")\n')).toBe(true);
      expect(upgrade('@app.on_event("startup")\ndef up():\n    command.upgrade(c, "head")\n')).toBe(true);
      expect(
        upgrade(
          'def up():\n    command.upgrade(c, "head")\nasync def life(app):\n    up()\n    yield\napp = FastAPI(lifespan=life)\n',
        ),
      ).toBe(true);
      expect(upgrade('import subprocess\nsubprocess.run(["alembic", "upgrade", "head"])\n')).toBe(true);
    });
    it('not in a command, a route, a function that nothing calls, or only when run as a script', () => {
      expect(upgrade('@cli.command()\ndef up():\n    command.upgrade(c, "head")\n')).toBeUndefined();
      expect(upgrade('@app.post("/admin/up")\ndef up():\n    command.upgrade(c, "head")\n')).toBeUndefined();
      expect(upgrade('def up():\n    command.upgrade(c, "head")\n')).toBeUndefined();
      expect(upgrade('if __name__ == "__main__":\n    command.upgrade(c, "head")\n')).toBeUndefined();
    });
    it('in a method, but for what is another thing of its name', () => {
      const code = 'from alembic import command\nclass Tool:\n    def get(self):\n        command.upgrade(c, "head")\n';
      const of = (main: string, more = ''): boolean | undefined =>
        migrations({
          ...plain,
          'tool.py': code,
          'main.py': `import models, os, tool, other\n${main}`,
          'other.py': more,
        })?.automatic;
      expect(of('tool.Tool().get()\n')).toBe(true);
      expect(of('level = os.environ.get("LEVEL")\n')).toBeUndefined();
      expect(of('x = 1\n', 'box = made()\nbox.get("x")\n')).toBeUndefined();
    });
    it('only where the default of its flag lets it run', () => {
      const flagged = (value: string): string =>
        `class Settings(BaseSettings):\n    up: bool = ${value}\nsettings = Settings()\nif settings.up:\n    command.upgrade(c, "head")\n`;
      expect(upgrade(flagged('True'))).toBe(true);
      expect(upgrade(flagged('False'))).toBeUndefined();
      expect(upgrade('if os.getenv("UP", "true").lower() == "true":\n    command.upgrade(c, "head")\n')).toBe(true);
      expect(upgrade('if os.getenv("UP"):\n    command.upgrade(c, "head")\n')).toBeUndefined();
      const early = (test: string): string =>
        `class S:\n    up = True\ns = S()\n@app.on_event("startup")\ndef start():\n    if ${test}:\n        return\n    command.upgrade(c, "head")\n`;
      expect(upgrade(early('not s.up'))).toBe(true);
      expect(upgrade(early('s.up'))).toBeUndefined();
    });
  });
});

describe('rewritesFor', () => {
  it('names the driver that the ini or the packages name', () => {
    const bare = ['postgres://', 'postgresql://'];
    expect(rewritesFor('postgresql+psycopg2://h/d', false, new Set())).toEqual([
      { from: bare, to: 'postgresql+psycopg2://' },
    ]);
    expect(rewritesFor('postgresql://h/d', false, new Set(['psycopg']))).toEqual([
      { from: bare, to: 'postgresql+psycopg://' },
    ]);
    expect(rewritesFor('postgresql://h/d', false, new Set())).toEqual([{ from: ['postgres://'], to: 'postgresql://' }]);
    expect(rewritesFor('postgresql://h/d', false, new Set(['psycopg2-binary', 'asyncpg']))).toEqual([
      { from: [...bare, 'postgresql+asyncpg://'], to: 'postgresql+psycopg2://' },
    ]);
  });
  it('answers nothing for a driver that the engine cannot use', () => {
    expect(rewritesFor('postgresql+asyncpg://h/d', false, new Set(['asyncpg']))).toBeUndefined();
    expect(rewritesFor('postgresql://h/d', true, new Set(['psycopg2']))).toBeUndefined();
  });
});
