/** Which distribution installs a program that our commands name. Rows in order: the first that fits. */

export interface ProgramRow {
  readonly program: string;
  /** Word among its arguments without which another row counts. */
  readonly word?: string;
  /** Normalised name of the distribution. */
  readonly brings: string;
}

export const PROGRAMS: readonly ProgramRow[] = [
  { program: 'alembic', brings: 'alembic' },
  { program: 'flask', word: 'db', brings: 'flask-migrate' },
  { program: 'flask', brings: 'flask' },
  { program: 'aerich', brings: 'aerich' },
  { program: 'yoyo', brings: 'yoyo-migrations' },
  { program: 'celery', brings: 'celery' },
  { program: 'rq', brings: 'rq' },
  { program: 'arq', brings: 'arq' },
  { program: 'dramatiq', brings: 'dramatiq' },
  { program: 'taskiq', brings: 'taskiq' },
  { program: 'huey_consumer', brings: 'huey' },
  { program: 'huey_consumer.py', brings: 'huey' },
];
