import { beforeAll, describe, expect, it } from 'vitest';
import type { Dependencies, Service } from '../src/model/facts.ts';
import { findDatabase, findRedis } from '../src/survey/database.ts';
import { findEnvironment } from '../src/survey/environment.ts';
import { findNotes } from '../src/survey/notes.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { made } from './made-service.ts';

beforeAll(loadPython);

function installed(...names: readonly string[]): Dependencies {
  const at = { path: 'requirements.txt', line: 1 };
  const requirements = names.map((name) => ({ name, extras: [], specifier: '', at }));
  return {
    form: 'requirements',
    path: 'requirements.txt',
    requirements,
    locks: [],
    install: 'pip install -r requirements.txt',
    manager: 'pip',
    at,
  };
}

function look(files: Readonly<Record<string, string>>, dependencies?: Dependencies) {
  const { repo, modules, seed } = made(files);
  const env = findEnvironment(repo, modules, seed);
  const database = findDatabase(repo, modules, seed, dependencies, env, []);
  const redis = findRedis(repo, modules, seed, env);
  return { repo, modules, seed, env, database, redis };
}

const ENGINE = 'import os\nfrom sqlalchemy import create_engine\n';

describe('findDatabase', () => {
  it('reads a literal URL with its name', () => {
    const main = `${ENGINE}engine = create_engine("postgresql+psycopg2://me:pw@localhost:5432/shop_db")\n`;
    const { database } = look({ 'main.py': main });
    expect(database).toEqual({
      kind: 'postgres',
      driver: 'psycopg2',
      name: 'shop_db',
      at: { path: 'main.py', line: 3 },
    });
    expect(JSON.stringify(database)).not.toContain('pw');
  });

  it('takes what dj-database-url is given for a default only', () => {
    const head = 'import dj_database_url\nimport environ\nenv = environ.Env()\n';
    const looked = (settings: string, ...packages: readonly string[]): string | undefined =>
      look({ 'main.py': head + settings }, installed('django', ...packages)).database?.kind;
    const config = 'DATABASES = {"default": dj_database_url.config(default="sqlite:///db.sqlite3")}\n';
    expect(looked(config, 'psycopg2-binary')).toBe('postgres');
    expect(looked(config)).toBe('sqlite');
    expect(looked('DATABASES = {"default": env.db(default="sqlite:///db.sqlite3")}\n', 'mysqlclient')).toBe('mysql');
    const local = 'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}\n';
    expect(looked(`${local}DATABASES["default"] = dj_database_url.config()\n`, 'psycopg')).toBe('postgres');
    expect(looked(local, 'psycopg')).toBe('sqlite');
  });

  it('takes a SQLite URL fixed in the sources for what it is, whatever is installed', () => {
    const config = 'from flask_sqlalchemy import SQLAlchemy\nfrom flask import Flask\napp = Flask(__name__)\n';
    const uri = `${config}app.config["SQLALCHEMY_DATABASE_URI"] = ("sqlite:///shop.db")\ndb = SQLAlchemy(app)\n`;
    expect(look({ 'main.py': uri }, installed('flask', 'psycopg2-binary')).database?.kind).toBe('sqlite');
  });

  it('goes by the installed driver when the URL is a variable', () => {
    const main = `${ENGINE}engine = create_engine(os.environ["DATABASE_URL"])\n`;
    expect(look({ 'main.py': main }, installed('sqlalchemy', 'psycopg')).database).toMatchObject({
      kind: 'postgres',
      driver: 'psycopg',
    });
    expect(look({ 'main.py': main }, installed('sqlalchemy', 'pymysql')).database).toMatchObject({
      kind: 'mysql',
      driver: 'pymysql',
    });
    expect(look({ 'main.py': main }, installed('sqlalchemy')).database).toMatchObject({ kind: 'sqlite' });
    expect(look({ 'main.py': main }).database).toBeUndefined();
  });

  it('takes the driver that fits the engine', () => {
    const main =
      'import os\nfrom sqlalchemy.ext.asyncio import create_async_engine\nengine = create_async_engine(os.environ["DATABASE_URL"])\n';
    expect(look({ 'main.py': main }, installed('psycopg2-binary', 'asyncpg')).database).toMatchObject({
      driver: 'asyncpg',
    });
    const sync = `${ENGINE}engine = create_engine(os.environ["DATABASE_URL"])\n`;
    expect(look({ 'main.py': sync }, installed('asyncpg', 'psycopg2-binary')).database).toMatchObject({
      driver: 'psycopg2',
    });
  });

  it('tells SQLite as a fallback from SQLite only', () => {
    const fallback = `${ENGINE}engine = create_engine(os.getenv("DATABASE_URL", "sqlite:///./shop.db"))\n`;
    expect(look({ 'main.py': fallback }, installed('psycopg2-binary')).database?.kind).toBe('postgres');
    expect(look({ 'main.py': fallback }, installed('psycopg2-binary', 'pymysql')).database?.kind).toBe('sqlite');
    expect(look({ 'main.py': fallback }, installed('sqlalchemy')).database?.kind).toBe('sqlite');
    const only = `${ENGINE}URL = os.getenv("DATABASE_URL", "sqlite:///./shop.db")\nengine = create_engine(URL, connect_args={"check_same_thread": False})\n`;
    expect(look({ 'main.py': only }, installed('psycopg2-binary')).database?.kind).toBe('sqlite');
  });

  it('knows clients, Django, peewee and DynamoDB', () => {
    const one = (main: string): string | undefined => look({ 'main.py': main }).database?.kind;
    expect(one('from pymongo import MongoClient\nc = MongoClient("mongodb://x/y")\n')).toBe('mongodb');
    expect(
      one('from motor.motor_asyncio import AsyncIOMotorClient\nimport os\nc = AsyncIOMotorClient(os.getenv("U"))\n'),
    ).toBe('mongodb');
    expect(one('import boto3\nt = boto3.resource("dynamodb")\n')).toBe('other');
    expect(one('import sqlite3\nsqlite3.connect("x.db")\n')).toBe('sqlite');
    expect(one('DATABASES = {"default": {"ENGINE": "django.db.backends.mysql"}}\n')).toBe('mysql');
    expect(one('from peewee import PostgresqlDatabase\ndb = PostgresqlDatabase("x")\n')).toBe('postgres');
    expect(one('import psycopg2\nc = psycopg2.connect(host="x")\n')).toBe('postgres');
  });

  it('does not take a pattern that looks for URLs for one', () => {
    const main = `${ENGINE}import re\nLEAK = re.compile(r"mysql://[^:\\s]+:[^@]+@\\S+")\nengine = create_engine(os.getenv("DATABASE_URL", "sqlite:///shop.db"))\n`;
    expect(look({ 'main.py': main }, installed('psycopg2-binary')).database?.kind).toBe('postgres');
  });

  it('sees a URL that the code rewrites itself', () => {
    const main = `${ENGINE}url = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://")\nengine = create_engine(url)\n`;
    expect(look({ 'main.py': main }, installed('psycopg2')).database).toMatchObject({
      kind: 'postgres',
      normalised: true,
    });
  });

  it('does not take a URL for rewritten that only loses its driver, or that an async engine cannot use', () => {
    const made = (rest: string): boolean | undefined =>
      look(
        {
          'main.py': `import os\nfrom sqlalchemy.ext.asyncio import create_async_engine\nurl = os.environ["DATABASE_URL"]\n${rest}engine = create_async_engine(url)\n`,
        },
        installed('asyncpg'),
      ).database?.normalised;
    expect(made('bus = Broadcast(url.replace("postgresql+asyncpg://", "postgresql://"))\n')).toBeUndefined();
    expect(made('url = url.replace("postgres://", "postgresql://")\n')).toBeUndefined();
    expect(made('url = url.replace("postgresql://", "postgresql+asyncpg://")\n')).toBe(true);
  });

  it('takes a variable with one driver beside it for evidence; finds none without a variable or a use', () => {
    const unused = { 'unused.py': `${ENGINE}create_engine("postgresql://x/y")\n` };
    const reads = { ...unused, 'main.py': 'import os\nx = os.getenv("DATABASE_URL")\n' };
    expect(look(reads, installed('psycopg2-binary', 'sqlalchemy')).database?.kind).toBe('postgres');
    expect(look(reads, installed('psycopg2-binary', 'pymysql')).database).toBeUndefined();
    expect(
      look({ ...unused, 'main.py': 'x = 1\n' }, installed('psycopg2-binary', 'sqlalchemy')).database,
    ).toBeUndefined();
    expect(
      look({ 'main.py': '"""Docs: postgresql://user@host/db"""\n' }, installed('psycopg2')).database,
    ).toBeUndefined();
  });
});

describe('findRedis', () => {
  it('asks for use, not for a pin or a name', () => {
    expect(look({ 'main.py': 'import redis\nr = redis.Redis()\n' }).redis).toMatchObject({ path: 'main.py', line: 1 });
    expect(look({ 'main.py': 'from fastapi_limiter import FastAPILimiter\n' }).redis).toBeDefined();
    expect(
      look({ 'main.py': 'import os\nfrom celery import Celery\nc = Celery(broker=os.environ["CELERY_BROKER_URL"])\n' })
        .redis,
    ).toBeDefined();
    expect(look({ 'main.py': 'import os\nos.getenv("REDIS_URL")\n' }, installed('redis')).redis).toBeUndefined();
    expect(look({ 'main.py': '# import redis\nx = "redis"\n', 'other.py': 'import redis\n' }).redis).toBeUndefined();
    expect(look({ 'main.py': 'from celery import Celery\nc = Celery(broker="amqp://x")\n' }).redis).toBeUndefined();
  });
});

describe('findNotes', () => {
  function notes(
    files: Readonly<Record<string, string>>,
    dependencies?: Dependencies,
    more: Partial<Service> = {},
  ): string {
    const { repo, modules, seed, env, database, redis } = look(files, dependencies);
    const service: Service = {
      ...seed,
      env,
      workers: [],
      needs: [],
      notes: [],
      deployment: { dockerfiles: [], commands: [] },
      ...(dependencies ? { dependencies } : {}),
      ...(database ? { database } : {}),
      ...(redis ? { redis } : {}),
      ...more,
    };
    return findNotes(repo, modules, service, [])
      .map((n) => `${n.at.path}:${n.at.line} ${n.text}`)
      .join('\n');
  }
  const main = `${ENGINE}engine = create_engine(os.environ["DATABASE_URL"])\n`;

  it('says which scheme the driver needs, unless the code rewrites it', () => {
    expect(notes({ 'main.py': main }, installed('psycopg'))).toContain('postgresql+psycopg://');
    expect(notes({ 'main.py': main }, installed('sqlalchemy', 'psycopg', 'psycopg2-binary'))).toBe('');
    const rewritten = main.replace('"]', '"].replace("postgresql://", "postgresql+psycopg://")');
    expect(notes({ 'main.py': rewritten }, installed('sqlalchemy', 'psycopg'))).toBe('');
    const raw = 'import asyncpg, os\nasync def f():\n    return await asyncpg.connect(os.environ["DATABASE_URL"])\n';
    expect(notes({ 'main.py': raw }, installed('asyncpg'))).toBe('');
  });

  it('names what Render does not offer, and what a deploy loses', () => {
    expect(notes({ 'main.py': main }, installed('pymysql'))).toContain('MySQL');
    expect(notes({ 'main.py': main }, installed('sqlalchemy'))).toContain('SQLite');
    expect(notes({ 'main.py': 'import os\nD = os.getenv("UPLOAD_DIR", "up")\nS = os.getenv("STATIC_DIR")\n' })).toMatch(
      /^main.py:2 UPLOAD_DIR [^\n]*$/,
    );
    const writes = 'def save(n):\n    with open(f"uploads/{n}", "wb") as f:\n        f.write(b"")\n';
    expect(notes({ 'main.py': writes })).toContain('uploads/');
    expect(notes({ 'main.py': writes.replace('"wb"', '"rb"') })).toBe('');
  });

  it('names a mounted folder that the repository does not hold', () => {
    const mount = (args: string): string =>
      `from fastapi import FastAPI\nfrom fastapi.staticfiles import StaticFiles\napp = FastAPI()\napp.mount("/media", StaticFiles(${args}))\n`;
    expect(notes({ 'main.py': mount('directory="media"') })).toMatch(/main.py:4 .*mkdir -p media/);
    expect(notes({ 'main.py': mount('directory="media"'), 'media/logo.svg': '' })).toBe('');
    expect(notes({ 'main.py': mount('directory="media", check_dir=False') })).toBe('');
    expect(notes({ 'main.py': `import os\nos.makedirs("media", exist_ok=True)\n${mount('directory="media"')}` })).toBe(
      '',
    );
  });

  it('shows a URL that stands in the source without its password', () => {
    const said = notes(
      { 'main.py': `${ENGINE}engine = create_engine("postgresql://me:hunter2@db/shop")\n` },
      installed('psycopg2'),
    );
    expect(said).toContain('main.py:3');
    expect(said).toContain('postgresql://***@db/shop');
    expect(said).not.toContain('hunter2');
    const key = ['AKIA', 'ABCDEFGHIJKLMNOP'].join('');
    expect(notes({ 'main.py': `K = "${key}"\n` })).toMatch(/main.py:1 An AWS access key/);
  });

  it('warns of state in one process, a fixed bind, a broken migration and closed hosts', () => {
    expect(
      notes({
        'main.py': 'from apscheduler.schedulers.background import BackgroundScheduler\ns = BackgroundScheduler()\n',
      }),
    ).toContain('APScheduler');
    const at = { path: 'gunicorn.conf.py', line: 1 };
    const conf = (bind: string): Partial<Service> => ({
      deployment: { dockerfiles: [], commands: [], gunicornConf: { path: at.path, bind, at } },
    });
    expect(notes({ 'main.py': '' }, undefined, conf('0.0.0.0:8000'))).toContain('--bind');
    expect(notes({ 'main.py': '' }, undefined, conf('unix:/run/x.sock'))).toBe('');
    const migrations = { tool: 'alembic', command: 'alembic upgrade head', at } as const;
    const files = {
      'main.py': '',
      'alembic/env.py': '',
      'alembic/versions/a.py': 'def upgrade():\n    pass\n',
      'alembic/versions/b.py': 'def upgrade(:\n',
    };
    expect(notes(files, undefined, { migrations })).toContain('alembic/versions/b.py');
    const { entry } = made({}).seed;
    const django = { entry: { ...entry, framework: 'django' as const } };
    expect(notes({ 'main.py': 'ALLOWED_HOSTS = ["shop.example"]\n' }, undefined, django)).toContain('ALLOWED_HOSTS');
    expect(notes({ 'main.py': 'ALLOWED_HOSTS = ["*"]\n' }, undefined, django)).toBe('');
    expect(notes({ 'main.py': 'import os\nALLOWED_HOSTS = os.environ["HOSTS"].split()\n' }, undefined, django)).toBe(
      '',
    );
  });
});
