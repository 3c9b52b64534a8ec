import { beforeAll, describe, expect, it } from 'vitest';
import type { Deployment } from '../src/model/facts.ts';
import { findWorkers } from '../src/survey/workers.ts';
import { loadPython } from '../src/syntax/python/parser.ts';
import { made } from './made-service.ts';

beforeAll(loadPython);

function workers(
  files: Readonly<Record<string, string>>,
  commands: Readonly<Record<string, string>> = {},
  root = '',
): string[] {
  const { repo, modules, seed } = made(files, { root }, root === '' ? 'main.py' : `${root}/main.py`);
  const deployment: Deployment = {
    dockerfiles: [],
    commands: Object.entries(commands).map(([path, command]) => ({ command, at: { path, line: 1 } })),
  };
  return findWorkers(repo, modules, seed, deployment).map((w) => `${w.process}: ${w.command}`);
}

const CELERY = 'from celery import Celery\ncelery = Celery("shop", include=["app.tasks"])\n';

describe('Celery', () => {
  it('starts the application by its module, seen from the service root', () => {
    const files = { 'main.py': 'from app.queue import celery\n', 'app/__init__.py': '', 'app/queue.py': CELERY };
    expect(workers(files)).toEqual(['worker: celery -A app.queue:celery worker --loglevel=info']);
    const below = Object.fromEntries(Object.entries(files).map(([p, t]) => [`backend/${p}`, t]));
    expect(workers(below, {}, 'backend')).toEqual(['worker: celery -A app.queue:celery worker --loglevel=info']);
  });

  it('leaves out that the files are watched', () => {
    const files = {
      'main.py': 'from app.queue import broker\n',
      'app/queue.py': 'from taskiq import InMemoryBroker\nbroker = InMemoryBroker()\n',
    };
    const said = { 'compose.yml': 'taskiq worker app.queue:broker --reload --workers 2' };
    expect(workers(files, said)).toEqual(['worker: taskiq worker app.queue:broker --workers 2']);
    const kept = { 'compose.yml': 'taskiq worker app.queue:broker --reload-dir app' };
    expect(workers(files, kept)).toEqual(['worker: taskiq worker app.queue:broker --reload-dir app']);
  });

  it('starts beat only where a schedule exists', () => {
    const scheduled = { 'main.py': `${CELERY}celery.conf.beat_schedule = {"x": {"task": "t", "schedule": 5}}\n` };
    expect(workers(scheduled)).toEqual([
      'worker: celery -A main:celery worker --loglevel=info',
      'beat: celery -A main:celery beat --loglevel=info',
    ]);
  });

  it('names the modules of the jobs when the application does not', () => {
    const files = {
      'main.py': 'from celery import Celery\nc = Celery("x", broker="redis://r")\n',
      'tasks.py': 'from main import c\n@c.task\ndef job(): ...\n',
    };
    expect(workers(files)).toEqual(['worker: celery -A main:c worker --loglevel=info -I tasks']);
  });

  it('finds an application that a function makes', () => {
    const main =
      'from celery import Celery\ndef make(name):\n    app = Celery(name, include=["t"])\n    return app\nworker_app = make("x")\n';
    expect(workers({ 'main.py': main })).toEqual(['worker: celery -A main:worker_app worker --loglevel=info']);
  });

  it('prefers the command that the repository uses, the Procfile first', () => {
    const files = { 'main.py': 'import app.queue\n', 'app/__init__.py': '', 'app/queue.py': CELERY };
    const commands = {
      'docker-compose.yml': 'celery -A app.queue worker -c 8',
      Procfile: 'celery -A app.queue worker --loglevel=warning',
      'run.sh': 'celery -A app.queue flower && celery -A app.queue inspect ping worker',
    };
    expect(workers(files, commands)).toEqual(['worker: celery -A app.queue worker --loglevel=warning']);
  });

  it('starts no beat beside a worker that runs it', () => {
    const files = { 'main.py': `${CELERY}celery.conf.beat_schedule = {"x": {"task": "t", "schedule": 5}}\n` };
    for (const flag of ['-B', '--beat', '-EB']) {
      const command = `celery -A main worker ${flag} -l info`;
      expect(workers(files, { 'docker-compose.yml': command })).toEqual([`worker: ${command}`]);
    }
  });

  it.each([
    ['--schedule=/app/beat.db', ''],
    ['-s /var/lib/beat --loglevel=info', ' --loglevel=info'],
    ['--pidfile= --loglevel=info', ' --pidfile= --loglevel=info'],
    ['--schedule=/tmp/beat', ' --schedule=/tmp/beat'],
    ['-s ./beat', ' -s ./beat'],
  ])('leaves out a path of the image: %s', (options, kept) => {
    const command = `celery -A main.celery beat ${options}`;
    const beat = (path: string) => workers({ 'main.py': CELERY }, { [path]: command })[1];
    expect(beat('docker-compose.yml')).toBe(`beat: celery -A main.celery beat${kept}`);
    expect(beat('Procfile')).toBe(`beat: ${command}`);
  });

  it('takes over a beat that the repository starts, wherever its schedule stands', () => {
    const command = 'celery -A main.celery beat --schedule=/tmp/beat';
    expect(workers({ 'main.py': CELERY }, { 'docker-compose.yml': command })).toEqual([
      'worker: celery -A main:celery worker --loglevel=info',
      `beat: ${command}`,
    ]);
  });

  it('starts the worker of Django-RQ for every queue', () => {
    const settings = 'RQ_QUEUES = {"default": {"HOST": "r"}, "high": {"HOST": "r"}}\n';
    const files = { 'main.py': 'import settings\n', 'settings.py': settings };
    const every = ['worker: python manage.py rqworker default high'];
    expect(workers(files)).toEqual(every);
    expect(workers(files, { 'run.sh': 'python manage.py rqworker default' })).toEqual(every);
    const own = 'python manage.py rqworker high default --with-scheduler';
    expect(workers(files, { 'run.sh': `${own} &` })).toEqual([`worker: ${own}`]);
  });

  it('takes a worker that only a Procfile or a compose file knows', () => {
    const files = { 'main.py': '', 'jobs/__init__.py': '', 'jobs/queue.py': CELERY };
    const command = 'celery -A jobs.queue worker';
    for (const path of ['Procfile', 'docker-compose.prod.yml']) {
      expect(workers(files, { [path]: command })).toEqual([`worker: ${command}`]);
    }
    expect(workers(files, { 'run.sh': command })).toEqual([]);
    expect(workers({ 'main.py': '' }, { Procfile: command })).toEqual([]);
  });

  it('does not use a command for a module of another service', () => {
    const files = { 'main.py': 'import app.queue\n', 'app/__init__.py': '', 'app/queue.py': CELERY };
    expect(workers(files, { Procfile: 'celery -A elsewhere.queue worker' })).toEqual([
      'worker: celery -A app.queue:celery worker --loglevel=info',
    ]);
  });
});

describe('other queues', () => {
  it('knows taskiq, arq, dramatiq, RQ and huey', () => {
    const taskiq = {
      'main.py':
        'from taskiq_redis import ListQueueBroker\nbroker = ListQueueBroker(url="x").with_middlewares(1)\nimport jobs\n',
      'jobs.py': 'from main import broker\n@broker.task\nasync def a(): ...\n',
    };
    expect(workers(taskiq)).toEqual(['worker: taskiq worker main:broker jobs']);
    expect(workers({ 'main.py': 'import arq\nclass WorkerSettings:\n    functions = []\n' })).toEqual([
      'worker: arq main.WorkerSettings',
    ]);
    expect(workers({ 'main.py': 'import dramatiq\n@dramatiq.actor\ndef a(): ...\n' })).toEqual([
      'worker: dramatiq main',
    ]);
    const rq = 'import os\nfrom rq import Queue\nu = os.environ["REDIS_URL"]\nq = Queue("mails", connection=None)\n';
    expect(workers({ 'main.py': rq })).toEqual(['worker: rq worker --url $REDIS_URL mails']);
    const two = `${rq}NAME = os.getenv("JOBS", "jobs")\njobs = Queue(name=NAME, connection=None)\n`;
    expect(workers({ 'main.py': two })).toEqual(['worker: rq worker --url $REDIS_URL mails jobs']);
    const unnamed = `${rq}rest = Queue(connection=None)\n`;
    expect(workers({ 'main.py': unnamed })).toEqual(['worker: rq worker --url $REDIS_URL mails default']);
    const alone = rq.replace('"mails", ', '');
    expect(workers({ 'main.py': alone })).toEqual(['worker: rq worker --url $REDIS_URL']);
    const asked = `${rq}def of(name):\n    return Queue(name, connection=None)\n`;
    expect(workers({ 'main.py': asked })).toEqual(['worker: rq worker --url $REDIS_URL mails']);
    expect(workers({ 'main.py': 'from huey import RedisHuey\nh = RedisHuey("x")\n' })).toEqual([
      'worker: huey_consumer main.h',
    ]);
  });

  it('finds none where none is', () => {
    expect(workers({ 'main.py': 'from queue import Queue\nq = Queue("x")\nclass WorkerSettings: ...\n' })).toEqual([]);
    expect(workers({ 'main.py': 'from mylib import Celery\nc = Celery("x")\n' })).toEqual([]);
    expect(workers({ 'main.py': 'from taskiq import InMemoryBroker\nb = InMemoryBroker()\n' })).toEqual([]);
    expect(workers({ 'main.py': '', 'unused/q.py': CELERY })).toEqual([]);
  });
});
