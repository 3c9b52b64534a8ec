import { beforeAll, describe, expect, it } from 'vitest';
import { loadPython } from '../src/syntax/python/parser.ts';
import { environment, made } from './made-service.ts';

beforeAll(loadPython);

/** name → 'default', with `!` when required; null for no default. */
function summary(files: Readonly<Record<string, string>>): Record<string, string | null> {
  const out: Record<string, string | null> = {};
  for (const [name, e] of environment(files)) out[e.required ? `${name}!` : name] = e.default ?? null;
  return out;
}

describe('os.environ and os.getenv', () => {
  it('knows the forms, imports and aliases', () => {
    const main = `
import os
import os as _os
from os import environ, getenv as g
from os import environ as E
A = os.getenv("A", "a")
B = os.environ["B"]
C = os.environ.get("C", 3)
D = g("D")
F = E["F"]
G = _os.getenv("G") or "later"
if (h := environ.get("H")):
    print(h)
DEBUG = "I" in os.environ
env = os.environ.copy()
J = env.get("J", default="j")
merged = {**os.environ}
K = merged["K"]
NAME = "L"
L = os.getenv(NAME, default="l")
M = int(os.getenv("M", 60 * 24))
`;
    expect(summary({ 'main.py': main })).toEqual({
      A: 'a',
      'B!': null,
      C: '3',
      D: null,
      'F!': null,
      G: 'later',
      H: null,
      I: null,
      J: 'j',
      'K!': null,
      L: 'l',
      M: '1440',
    });
  });

  it('does not take what is written, deleted or another object', () => {
    const main = `
import os
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "x.y")
del os.environ["GONE"]
data = {}
data["NOT_ENV"]
data.get("NEITHER")
class Env:
    def get(self, name): ...
environment = Env()
environment.get("NOR_THIS")
`;
    expect(summary({ 'main.py': main })).toEqual({});
  });

  it('tells what the program fails without', () => {
    const main = `
import os
A = int(os.getenv("A"))
B = os.getenv("B").split(",")
C = os.getenv("C")
if not C:
    raise RuntimeError("C is missing")
D = os.getenv("D")
if D is None:
    print("fine")
try:
    F = os.environ["F"]
except KeyError:
    F = "x"
G = os.environ["G"] if "G" in os.environ else None
if "H" in os.environ:
    H = os.environ["H"]
I = os.getenv("I")
assert I, "set I"
try:
    J = os.environ["J"]
except KeyError:
    raise SystemExit("J")
`;
    expect(Object.keys(summary({ 'main.py': main }))).toEqual(['A!', 'B!', 'C!', 'D', 'F', 'G', 'H', 'I!', 'J!']);
  });

  it('resolves helpers at their calls', () => {
    const files = {
      'main.py': `
from conf import env, need, Settings
A = env("A", "x")
B = env("B")
C = need("C")
s = Settings()
`,
      'conf.py': `
import os
def env(name, default=None):
    return os.getenv(f"SHOP_{name}", default)
def need(key: str) -> str:
    value = os.environ.get(key)
    if value is None:
        raise ValueError(key)
    return value
class Settings:
    def __init__(self):
        self.d = self._get("D", "4")
    def _get(self, key, fallback):
        return os.getenv(key.upper(), fallback)
for name in ("E", "F"):
    if not os.getenv(name):
        print(name)
`,
    };
    expect(summary(files)).toEqual({ SHOP_A: 'x', SHOP_B: null, 'C!': null, D: '4', E: null, F: null });
  });

  it('does not take every get() when a class wraps os.getenv in one', () => {
    const main = `
import os
class Reader:
    def get(self, key):
        return os.getenv(key)
r = Reader()
r.get("REAL")
cache = {}
cache.get("FAKE")
`;
    expect(summary({ 'main.py': main })).toEqual({ REAL: null });
  });

  it('takes the values of the production image before the defaults of the code', () => {
    const files = {
      'main.py':
        'import os\nA = os.getenv("FLASK_CONFIG", "development")\nB = os.getenv("UPLOAD_DIR", "up")\nC = os.getenv("API_KEY")\n',
      Dockerfile:
        'FROM python:3.12 AS base\nENV FLASK_CONFIG=production API_KEY=x UPLOAD_DIR=/app/up\nFROM base AS dev\nENV FLASK_CONFIG=testing\n',
    };
    expect(summary(files)).toEqual({ FLASK_CONFIG: 'production', UPLOAD_DIR: 'up', API_KEY: null });
  });

  it("emits Django's settings only where the image names others than wsgi.py", () => {
    const wsgi = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.local")\n';
    const docker = (value: string): string => `FROM python:3.12\nENV DJANGO_SETTINGS_MODULE ${value}\n`;
    const seed = made({}, {}).seed;
    const django = { entry: { ...seed.entry, framework: 'django' as const } };
    const found = environment({ 'main.py': wsgi, Dockerfile: docker('shop.production') }, django);
    expect(found.get('DJANGO_SETTINGS_MODULE')).toMatchObject({ kind: 'plain', default: 'shop.production' });
    expect(environment({ 'main.py': wsgi, Dockerfile: docker('shop.local') }, django).size).toBe(0);
  });

  it('takes the default of a later place', () => {
    const main = 'import os\nA = os.getenv("STAGE") == "x"\nB = os.getenv("STAGE", "development")\n';
    expect(summary({ 'main.py': main })).toEqual({ STAGE: 'development' });
    const strict = 'import os\nA = os.environ["KEPT"]\nB = os.getenv("KEPT", "x")\n';
    expect(summary({ 'main.py': strict })).toEqual({ 'KEPT!': null });
  });

  it('tells a switch that takes any text for true', () => {
    const main =
      'import os\nA = os.getenv("A", True)\nB = bool(os.getenv("B", True))\nC = os.getenv("C", False)\nD = str(os.getenv("D", True)) == "True"\nE = os.getenv("E", "False")\n';
    const found = environment({ 'main.py': main });
    expect([...found].map(([name, e]) => `${name} ${e.default} ${e.anyText}`)).toEqual([
      'A True true',
      'B True true',
      'C undefined undefined',
      'D True undefined',
      'E False undefined',
    ]);
  });

  it('never keeps a credential as a default', () => {
    const main = `
import os
A = os.getenv("DATABASE_URL", "postgresql://me:hunter2@db:5432/shop")
B = os.getenv("OPENAI_API_KEY", "sk-abcdefghijklmnop")
C = os.getenv("SECRET_KEY", "dev")
D = os.getenv("ENDPOINT", "https://user:pw@host/x")
E = os.getenv("POSTGRES_PASSWORD", "postgres")
F = os.getenv("BLOB", "q8Zb7Lr2Xk9Wm4Tn6Vc1Yd3Ph5")
G = os.getenv("MODEL", "claude-3-5-sonnet-20241022")
H = os.getenv("SQL_URL", "sqlite:///./shop.db")
`;
    const found = environment({ 'main.py': main });
    const kept = [...found.values()].filter((e) => e.default !== undefined).map((e) => e.name);
    expect(kept).toEqual(['MODEL', 'SQL_URL']);
    expect(found.get('BLOB')?.kind).toBe('secret-supply');
    expect(found.get('POSTGRES_PASSWORD')).toMatchObject({ kind: 'database', property: 'password' });
  });
});

describe('which files count', () => {
  it('goes by imports from the entry, then migrations, in code order', () => {
    const files = {
      'main.py': 'from app import late\nfrom app.config import X\nimport os\nM = os.getenv("M")\n',
      'app/__init__.py': '',
      'app/config.py': 'import os\nX = os.getenv("X")\n',
      'app/late.py': 'import os\nL = os.getenv("L")\n',
      'app/unused.py': 'import os\nos.getenv("UNUSED")\n',
      'alembic/env.py': 'import os\nos.environ["MIGRATE_URL"]\n',
      'alembic/script.py.mako': '',
      'tests/test_x.py': 'import os\nos.getenv("TESTS")\n',
      'scripts/seed.py': 'import os\nos.getenv("SEED")\n',
      'frontend/.env.example': 'VITE_X=1\n',
    };
    expect([...environment(files).keys()]).toEqual(['M', 'L', 'X', 'MIGRATE_URL']);
  });

  it('follows settings that are named in strings', () => {
    const django = {
      'main.py': 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n',
      'shop/__init__.py': '',
      'shop/settings.py': 'import os\nS = os.environ["DJANGO_SECRET_KEY"]\nROOT_URLCONF = "shop.urls"\n',
      'shop/urls.py': 'from shop import views\n',
      'shop/views.py': 'import os\nV = os.getenv("VIEW")\n',
    };
    expect([...environment(django).keys()]).toEqual(['DJANGO_SECRET_KEY', 'VIEW']);
    const flask = {
      'main.py': 'def create_app(config="conf.Production"):\n    app.config.from_object(config)\n',
      'conf.py': 'import os\nclass Production:\n    A = os.getenv("A")\n',
    };
    expect([...environment(flask).keys()]).toEqual(['A']);
    const chosen = {
      'main.py': 'import os\napp.config.from_object(os.getenv("APP_SETTINGS", "conf.Development"))\n',
      'conf.py': 'import os\nclass Development:\n    A = os.getenv("A")\n',
    };
    expect([...environment(chosen).keys()]).toEqual(['APP_SETTINGS', 'A']);
  });

  it('follows from_pyfile and modules imported by a computed name', () => {
    const files = {
      'main.py':
        'import importlib\napp.config.from_pyfile("conf.py")\nfor n in names:\n    importlib.import_module(f"plugins.{n}")\n',
      'conf.py': 'import os\nA = os.getenv("A")\n',
      'plugins/__init__.py': '',
      'plugins/one.py': 'import os\nB = os.getenv("B")\n',
      'plugins/deep/two.py': 'import os\nC = os.getenv("C")\n',
    };
    expect([...environment(files).keys()]).toEqual(['A', 'B']);
  });

  it('takes example files only as a hint for what is read and required', () => {
    const files = {
      'main.py': 'import os\nA = os.environ["ALGORITHM"]\nB = os.getenv("B")\nC = os.environ["TITLE"]\n',
      '.env.example': 'ALGORITHM=HS256\nB=b\nTITLE=your-title\nDEAD=1\n',
    };
    expect(summary(files)).toEqual({ 'ALGORITHM!': 'HS256', B: null, 'TITLE!': null });
  });

  it('leaves out databases of tests, keeps other names with TEST', () => {
    const main = 'import os\nos.getenv("TEST_DATABASE_URL")\nos.getenv("TEST_DB_HOST")\nos.getenv("EMAIL_TEST_USER")\n';
    expect([...environment({ 'main.py': main }).keys()]).toEqual(['EMAIL_TEST_USER']);
  });

  it('keeps a database of tests that the program does not start without, as none that is attached', () => {
    const fields = 'TEST_DB_HOST: str\n    TEST_DB_PASS: str\n    TEST_DB_PORT: int = 5432\n';
    const main = `from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    ${fields}settings = Settings()\n`;
    const found = environment({ 'main.py': main });
    expect([...found].map(([name, e]) => `${name} ${e.kind}`)).toEqual([
      'TEST_DB_HOST plain',
      'TEST_DB_PASS secret-supply',
    ]);
  });
});

describe('pydantic settings', () => {
  const run = (body: string): Record<string, string | null> => summary({ 'main.py': body });

  it('reads fields, defaults and aliases of pydantic-settings 2', () => {
    const body = `
from enum import Enum
from typing import ClassVar, Annotated
from pydantic import AliasChoices, Field, computed_field
from pydantic_settings import BaseSettings, SettingsConfigDict
class Env(str, Enum):
    PROD = "production"
class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_", env_file=".env")
    KIND: ClassVar[str] = "x"
    name: str
    days: int = 60 * 24
    debug: bool = False
    origins: list[str] = ["*"]
    maybe: str | None
    stage: Env = Env.PROD
    aliased: str = Field("a", validation_alias=AliasChoices("OTHER", "SECOND"))
    old: str = Field("o", env="IGNORED")
    inside: Annotated[str, Field(alias="IN_ANNOTATION")] = "i"
    made: str = Field(default_factory=lambda: "x")
    _private: str = "p"
    @computed_field
    @property
    def url(self) -> str:
        return self.name
settings = Settings()
`;
    expect(run(body)).toEqual({
      'SHOP_NAME!': null,
      SHOP_DAYS: '1440',
      SHOP_DEBUG: 'False',
      SHOP_ORIGINS: '["*"]',
      'SHOP_MAYBE!': null,
      SHOP_STAGE: 'production',
      OTHER: 'a',
      SHOP_OLD: 'o',
      IN_ANNOTATION: 'i',
      SHOP_MADE: null,
    });
  });

  it('reads pydantic 1 with env=, Config and Optional', () => {
    const body = `
from typing import Optional
from pydantic import BaseSettings, Field
class Base(BaseSettings):
    shared: str = "s"
    class Config:
        env_prefix = "APP_"
        fields = {"listed": {"env": "BY_CONFIG"}}
class Settings(Base):
    title: str = Field(..., env="TITLE")
    many: str = Field("m", env=["FIRST", "SECOND"])
    listed: str = "l"
    maybe: Optional[str]
    plain = 5
settings = Settings()
`;
    expect(run(body)).toEqual({
      APP_SHARED: 's',
      'TITLE!': null,
      FIRST: 'm',
      BY_CONFIG: 'l',
      APP_MAYBE: null,
      APP_PLAIN: '5',
    });
  });

  it('keeps case where it counts, and opens nested models', () => {
    const body = `
from pydantic import BaseModel
from pydantic_settings import BaseSettings
class Mail(BaseModel):
    host: str
    port: int = 25
class Cache(BaseSettings):
    size: int = 1
class Settings(BaseSettings):
    model_config = {"case_sensitive": True, "env_nested_delimiter": "__"}
    lower: str = "x"
    mail: Mail
    cache: Cache = Cache()
settings = Settings()
`;
    expect(run(body)).toEqual({ SIZE: '1', lower: 'x', 'mail__host!': null, mail__port: '25' });
  });

  it.each([
    ['the field that holds the model', 'settings.db.url', 'settings.cache.url'],
    ['a name for it', 'stored.url', 'held.url'],
    ['a function', 'current().db.url', 'current().cache.url'],
  ])('tells fields of one name apart by %s', (_, database, cache) => {
    const body = `
import redis
from pydantic import BaseModel
from pydantic_settings import BaseSettings
from sqlalchemy import create_engine
class Store(BaseModel):
    url: str
class Cache(BaseModel):
    url: str
class Settings(BaseSettings):
    model_config = {"env_nested_delimiter": "__"}
    db: Store
    cache: Cache
settings = Settings()
stored = settings.db
held = settings.cache
def current():
    return settings
engine = create_engine(${database})
client = redis.ConnectionPool.from_url(${cache})
`;
    const read = environment({ 'main.py': body });
    expect(read.get('DB__URL')).toMatchObject({ kind: 'database', property: 'url' });
    expect(read.get('CACHE__URL')).toMatchObject({ kind: 'redis', property: 'url' });
  });

  it.each([
    ['their class', 'shelf = Shelf()\nbox = Box()\n', 'shelf.address', 'box.address'],
    [
      'the settings that hold them',
      'class All(BaseSettings):\n    one: Shelf = Field(default_factory=Shelf)\n    two: Box = Field(default_factory=Box)\nall = All()\n',
      'all.one.address',
      'all.two.address',
    ],
  ])('tells settings with fields of one name apart by %s', (_, made, database, cache) => {
    const body = `
from pydantic import Field
from pydantic_settings import BaseSettings
from redis import ConnectionPool
from sqlalchemy import create_engine
class Shelf(BaseSettings):
    model_config = {"env_prefix": "SHELF_"}
    address: str
class Box(BaseSettings):
    model_config = {"env_prefix": "BOX_"}
    address: str
${made}engine = create_engine(${database})
client = ConnectionPool.from_url(${cache})
`;
    const read = environment({ 'main.py': body });
    expect(read.get('SHELF_ADDRESS')?.kind).toBe('database');
    expect(read.get('BOX_ADDRESS')?.kind).toBe('redis');
  });

  it.each([
    ['Config(**os.environ)'],
    ['Config.model_validate(os.environ)'],
    ['Config.parse_obj(dict(os.environ))'],
    ['load()'],
  ])('takes the fields of a plain model that is made of the environment: %s', (made) => {
    const body = `
import os
from dotenv import dotenv_values
from pydantic import BaseModel
class Base(BaseModel):
    VERSION: str
class Config(Base):
    debug: bool = False
    DB_HOST: str
    @property
    def url(self):
        return f"postgresql://{self.DB_HOST}/shop"
def load():
    merged = {k: v for k, v in {**dotenv_values(".env"), **dict(os.environ)}.items() if v is not None}
    return Config(**merged)
config = ${made}
`;
    expect(run(body)).toEqual({ debug: 'False', 'DB_HOST!': null, 'VERSION!': null });
    expect(environment({ 'main.py': body }).get('DB_HOST')).toMatchObject({ kind: 'database', property: 'host' });
  });

  it.each(['Config(**data)', 'Config.model_validate(json.loads(os.environ["DATA"]))', 'print(Config, **os.environ)'])(
    'takes nothing of a model that is made of something else: %s',
    (made) => {
      const body = `
import json, os
from pydantic import BaseModel
class Config(BaseModel):
    VERSION: str
data = json.load(open("config.json"))
config = ${made}
`;
      expect(run(body)).not.toHaveProperty('VERSION!');
    },
  );

  it.each([
    ['if value is None:\n        raise KeyError(name)', true],
    ['if default is None and name not in os.environ:\n        raise KeyError(name)', true],
    [
      'if path := os.getenv(name + "_FILE"):\n        if not os.path.isfile(path):\n            raise OSError(path)',
      false,
    ],
  ])('takes a variable of an own function for required where it raises without it: %s', (body, required) => {
    const main = `
import os
def env(name, default=None):
    value = os.getenv(name, default)
    ${body}
    return value
TOKEN = env("TOKEN")
`;
    expect(environment({ 'main.py': main }).get('TOKEN')?.required).toBe(required);
  });

  it('says of neither that it feeds a database where it cannot tell which does', () => {
    const body = `
from pydantic import BaseModel
from pydantic_settings import BaseSettings
from sqlalchemy import create_engine
class Part(BaseModel):
    address: str
class Settings(BaseSettings):
    model_config = {"env_nested_delimiter": "__"}
    one: Part
    two: Part
def connect(part):
    return create_engine(part.address)
settings = Settings()
`;
    const read = environment({ 'main.py': body });
    expect([read.get('ONE__ADDRESS')?.kind, read.get('TWO__ADDRESS')?.kind]).toEqual(['plain', 'plain']);
  });

  it('does not take settings that nothing uses, plain models, or the own name of a field that calls getenv', () => {
    const body = `
import os
from pydantic import BaseModel
from pydantic_settings import BaseSettings
class Unused(BaseSettings):
    nobody: str
class Body(BaseModel):
    field: str
class Settings(BaseSettings):
    database: str = os.getenv("DATABASE_URL", "")
settings = Settings()
`;
    expect(run(body)).toEqual({ DATABASE_URL: '' });
  });
});

describe('libraries', () => {
  it('reads decouple, Starlette, environs and django-environ', () => {
    const files = {
      'main.py': `
from decouple import config
import other, third, fourth
A = config("A", default="a")
B = config("B", cast=int)
`,
      'other.py': `
from starlette.config import Config
conf = Config(".env")
C = conf("C", cast=bool, default=False)
D = conf("D")
`,
      'third.py': `
from environs import Env
env = Env()
env.read_env()
E = env.str("E", "e")
with env.prefixed("SHOP_"):
    F = env.int("F")
`,
      'fourth.py': `
import environ
env = environ.Env(DEBUG=(bool, False))
G = env("G")
H = env.bool("H", default=True)
DATABASES = {"default": env.db()}
I = env.db("I_URL", default="sqlite:///x")
`,
    };
    expect(summary(files)).toEqual({
      A: 'a',
      'B!': null,
      C: 'False',
      'D!': null,
      E: 'e',
      'SHOP_F!': null,
      'G!': null,
      H: 'True',
      'DATABASE_URL!': null,
      I_URL: 'sqlite:///x',
    });
  });

  it('reads dj_database_url, click, Flask, dynaconf and an interpolating parser', () => {
    const files = {
      'main.py': `
import click, dj_database_url, configparser, os
from conf import settings
DB = dj_database_url.config(default="sqlite:///db")
@click.option("--level", envvar="LEVEL", default="info")
def cli(level): ...
app.config.from_envvar("SHOP_SETTINGS", silent=True)
print(settings.REGION, settings.known, settings.get("SIZE", 4))
class FromEnv(configparser.BasicInterpolation):
    def before_get(self, parser, section, option, value, defaults):
        return os.getenv(option) or value
ini = configparser.ConfigParser(interpolation=FromEnv())
THEME = ini["look"]["THEME"] or "dark"
`,
      'conf.py':
        'from dynaconf import Dynaconf\nsettings = Dynaconf(envvar_prefix="SHOP", settings_files=["settings.toml"])\n',
      'settings.toml': 'known = 1\n',
    };
    expect(summary(files)).toEqual({
      DATABASE_URL: 'sqlite:///db',
      LEVEL: 'info',
      SHOP_SETTINGS: null,
      'SHOP_REGION!': null,
      SHOP_SIZE: '4',
      THEME: 'dark',
    });
  });

  it('does not take config() and env() of other origin', () => {
    const main = `
from mylib import config, env
A = config("A")
B = env("B")
C = env.str("C")
`;
    expect(summary({ 'main.py': main, 'mylib.py': 'def config(x): ...\ndef env(x): ...\n' })).toEqual({});
  });
});

describe('what a variable feeds', () => {
  it('marks parts of a URL whatever they are called', () => {
    const main = `
import os
from sqlalchemy import create_engine
from redis import Redis
LOGIN, WHERE = os.getenv("LOGIN"), 1
PW = os.getenv("PW")
BOX = os.getenv("BOX")
DOOR = os.getenv("DOOR")
SHELF = os.getenv("SHELF")
U = os.getenv("U")
engine = create_engine(f"postgresql://{U}:{PW}@{BOX}:{DOOR}/{SHELF}")
r = Redis(host=os.getenv("QUEUE_BOX"), port=int(os.getenv("QUEUE_DOOR", "6379")), db=int(os.getenv("QUEUE_NUMBER", "0")))
`;
    const found = environment({ 'main.py': main });
    const said = Object.fromEntries([...found].map(([n, e]) => [n, e.property ? `${e.kind}/${e.property}` : e.kind]));
    expect(said).toEqual({
      LOGIN: 'plain',
      PW: 'database/password',
      BOX: 'database/host',
      DOOR: 'database/port',
      SHELF: 'database/database',
      U: 'database/user',
      QUEUE_BOX: 'redis/host',
      QUEUE_DOOR: 'redis/port',
      QUEUE_NUMBER: 'plain',
    });
  });

  it('leaves out what is only half of a part', () => {
    const main =
      'import os\nP = os.getenv("PROJECT")\nU = os.getenv("U")\nurl = f"postgresql://{U}@{P}-postgres/{P}_test"\n';
    const found = environment({ 'main.py': main });
    expect([...found].map(([name, e]) => `${name} ${e.kind}`)).toEqual(['PROJECT plain', 'U database']);
  });

  it('knows Redis by the scheme of a default', () => {
    const found = environment({ 'main.py': 'import os\nL = os.getenv("CACHE_LOCATION", "redis://redis:6379/1")\n' });
    expect(found.get('CACHE_LOCATION')).toMatchObject({ kind: 'redis', property: 'url' });
  });

  it('follows settings to create_engine and Django to DATABASES', () => {
    const files = {
      'main.py': `
from sqlalchemy import create_engine
from conf import settings
import django_settings
engine = create_engine(str(settings.main_store), echo=settings.loud)
`,
      'conf.py':
        'from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    main_store: str\n    loud: bool = False\nsettings = S()\n',
      'django_settings.py':
        'import os\nDATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": os.getenv("SHELF"), "HOST": os.getenv("BOX")}}\n',
    };
    const found = environment(files);
    expect(found.get('MAIN_STORE')).toMatchObject({ kind: 'database', property: 'url' });
    expect(found.get('LOUD')).toMatchObject({ kind: 'plain' });
    expect(found.get('SHELF')).toMatchObject({ kind: 'database', property: 'database' });
    expect(found.get('BOX')).toMatchObject({ kind: 'database', property: 'host' });
  });
});

it('never throws on odd input', () => {
  const odd = [
    '',
    'import os\nos.getenv()',
    'import os\nos.environ[]',
    'class A(BaseSettings:\n  x: ',
    'from os import *\ngetenv("A"',
    '\u0000',
  ];
  for (const main of odd) expect(() => environment({ 'main.py': main })).not.toThrow();
  expect(() => environment({})).not.toThrow();
});

it('puts a folder of a project on Replit below that of the service', () => {
  const home = ['', 'home', 'runner', 'workspace', 'media'].join('/');
  const found = environment({
    'main.py': `import os\nA = os.getenv('MEDIA_DIR', '${home}')\nB = os.getenv('OTHER', '/srv/x')\n`,
  });
  expect(['MEDIA_DIR', 'OTHER'].map((name) => found.get(name)?.default)).toEqual(['media', '/srv/x']);
});
