/** As verify.test.ts: other frameworks, a monorepo, a worker. */
import { both, holdOncePatched, passwords } from './verifying.ts';

holdOncePatched([
  {
    name: 'django-polls',
    what: 'Django',
    broken: ['start', 'gunicorn'],
    holds: [...both, ...passwords, 'Procfile: release', 'migrations', 'gunicorn'],
  },
  {
    name: 'async-books',
    what: 'async SQLAlchemy with asyncpg',
    broken: ['start', 'run as a program', 'migrations', 'gunicorn'],
    holds: [...both, ...passwords, 'Procfile: release', 'run as a program', 'migrations', 'gunicorn'],
  },
  {
    name: 'monorepo',
    what: 'a service of a monorepo',
    broken: ['start', 'run as a program', 'migrations', 'gunicorn'],
    holds: [...both, ...passwords, 'Procfile: release', 'run as a program', 'migrations', 'gunicorn'],
    args: ['--service', 'backend'],
  },
  {
    name: 'celery-mailer',
    what: 'Redis and a Celery worker',
    broken: ['start', 'run as a program', 'gunicorn'],
    holds: [
      ...both,
      ...['render.yaml: celery-mailer-worker', 'render.yaml: stop celery-mailer-worker'],
      ...['Procfile: worker', 'Procfile: stop worker', 'Redis', 'run as a program', 'gunicorn'],
    ],
  },
]);
