import { describe, expect, it } from 'vitest';
import type { EnvKind, EnvVar } from '../src/model/facts.ts';
import { envKind, envProperty, isTestVariable } from '../src/survey/env-kind.ts';

const cases: Readonly<Record<EnvKind, readonly string[]>> = {
  'secret-generate': [
    'SECRET_KEY', 'JWT_SECRET', 'JWT_SECRET_KEY', 'SESSION_SECRET', 'DJANGO_SECRET_KEY', 'FLASK_SECRET_KEY', 'SECRET', 'APP_SECRET',
    'SECURITY_PASSWORD_SALT', 'SECRET_AUTH', 'ADMIN_JWT_SECRET', 'SHOP_DJANGO_SECRET_KEY', 'SESSION_MIDDLEWARE_SECRET_KEY', 'COOKIE_SECRET',
    'REFRESH_TOKEN_SECRET', 'CSRF_SECRET_KEY', 'jwt_secret',
  ],
  'secret-supply': [
    'OPENAI_API_KEY', 'GITHUB_TOKEN', 'SMTP_PASSWORD', 'SENTRY_DSN', 'GOOGLE_CLIENT_SECRET', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY',
    'FERNET_KEY', 'ENCRYPTION_KEY', 'SUPABASE_JWT_SECRET', 'MFA_ENCRYPTION_KEY', 'RSA_PRIVATE_KEY', 'STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET', 'FIRST_SUPERUSER_PASSWORD',
    'TWILIO_ACCOUNT_SID', 'RECAPTCHA_SECRET_KEY', 'SMTP_USERNAME', 'ADMIN_PASSWORD', 'TELEGRAM_BOT_TOKEN', 'S3_SECRET_ACCESS_KEY', 'SLACK_WEBHOOK_URL',
    'PUSHER_APP_SECRET', 'RENDER_API_KEY', 'API_KEY', 'ACCESS_KEY', 'GCP_CREDENTIALS',
  ],
  supply: ['CORS_ORIGINS', 'ALLOWED_HOSTS', 'FRONTEND_URL', 'GOOGLE_CLIENT_ID', 'ADMIN_EMAIL', 'BACKEND_CORS_ORIGINS', 'FIRST_SUPERUSER', 'LIBRARY_URL'],
  database: [
    'DATABASE_URL', 'DB_URL', 'SQLALCHEMY_DATABASE_URI', 'DATABASE_URI', 'POSTGRES_USER', 'DB_HOST', 'MYSQL_DATABASE', 'PGPASSWORD', 'DATABASE_ASYNC_URL',
    'SHOP_DATABASE_URL', 'MONGODB_URI', 'MONGO_URL', 'POSTGRES_DSN', 'DATABASE_CONNECTION_STRING', 'DB_PASS',
  ],
  redis: ['REDIS_URL', 'CELERY_BROKER_URL', 'CELERY_RESULT_BACKEND', 'REDIS_HOST', 'REDIS_PORT', 'REDIS_PASSWORD', 'CACHE_REDIS_URL', 'REDISTOGO_URL', 'REDISCLOUD_URL'],
  plain: [
    'TOKEN_EXPIRE_MINUTES', 'ACCESS_TOKEN_EXPIRE_MINUTES', 'JWT_ALGORITHM', 'MAX_TOKENS', 'PASSWORD_MIN_LENGTH', 'KEY_PREFIX', 'TOKEN_TYPE', 'LOG_LEVEL',
    'APP_ENV', 'DEBUG', 'CHROMA_DB_DIR', 'REDIS_DB', 'REDIS_TTL', 'DB_POOL_SIZE', 'DATABASE_ECHO', 'JWT_PRIVATE_KEY_PATH', 'SECRET_MANAGER_TYPE',
    'USE_ID_TOKEN', 'OPENAI_MODEL', 'AWS_REGION', 'AUTH_COOKIE_NAME', 'PASSWORD_HASHER', 'CORS_ALLOW_METHODS', 'DATABASE', 'VECTOR_DB_HOST_TYPE', 'API_KEY_HEADER',
    'SERVER_PORT', 'JWT_KID', 'TOKEN_LIFETIME',
  ],
  platform: ['PORT', 'HOST', 'RENDER', 'RENDER_EXTERNAL_URL', 'WEB_CONCURRENCY', 'PYTHONPATH', 'DYNO', 'HOME', 'PATH', 'CI'],
}; // biome-ignore format: lists of names

describe('envKind', () => {
  for (const [kind, names] of Object.entries(cases)) {
    it.each(names)(`${kind}: %s`, (name) => expect(envKind(name)).toBe(kind));
  }

  it('looks at the default', () => {
    expect(envKind('TOKENS', { default: '4096' })).toBe('plain');
    expect(envKind('CORS_ORIGINS', { default: '["https://shop.example"]' })).toBe('supply');
    expect(envKind('API_URL', { default: 'http://localhost:8000' })).toBe('supply');
    expect(envKind('API_URL', { default: 'https://api.example.com' })).toBe('plain');
    expect(envKind('USE_SECRET', { default: 'False' })).toBe('plain');
    expect(envKind('CELERY_BROKER_URL', { default: 'amqp://rabbit' })).toBe('secret-supply');
    expect(envKind('CELERY_RESULT_BACKEND', { default: 'rpc://' })).toBe('plain');
    expect(envKind('IS_CAS_PASSWORD', { default: 'none' })).toBe('secret-supply');
    expect(envKind('HAS_PASSWORD', { default: 'false' })).toBe('plain');
    expect(envKind('SHOP_SECRET_KEY')).toBe('secret-supply');
    expect(envKind('SHOP_SECRET_KEY', { default: 'change-me' })).toBe('secret-generate');
  });

  it('looks at the neighbours', () => {
    const none = new Set<string>();
    expect(envKind('SECRET_KEY', { neighbours: { own: none, cloudKeys: true } })).toBe('secret-supply');
    expect(envKind('SECRET_KEY', { neighbours: { own: none, cloudKeys: false } })).toBe('secret-generate');
    expect(envKind('SHOP_SECRET_KEY', { neighbours: { own: new Set(['SHOP']), cloudKeys: false } })).toBe(
      'secret-generate',
    );
    // A project may be named after the service that it talks to.
    expect(envKind('STRIPE_APP_SECRET', { neighbours: { own: new Set(['STRIPE']), cloudKeys: false } })).toBe(
      'secret-supply',
    );
  });
});

describe('envProperty', () => {
  const parts: Readonly<Record<string, EnvVar['property']>> = {
    DATABASE_URL: 'url',
    POSTGRES_SERVER: 'host',
    DB_PORT: 'port',
    DB_USERNAME: 'user',
    MYSQL_PASSWORD: 'password',
    POSTGRES_DB: 'database',
    PGDATABASE: 'database',
    REDIS_HOST: 'host',
    CELERY_BROKER_URL: 'url',
    REDIS_DB: undefined,
    CHROMA_DB_HOST: undefined,
    DB_POOL_SIZE: undefined,
    SOMETHING_NAME: undefined,
  };
  it.each(Object.entries(parts))('%s is %s', (name, property) => expect(envProperty(name)).toBe(property));
});

it('knows the variables of tests', () => {
  expect(['TEST_DATABASE_URL', 'DATABASE_URL_TEST', 'TESTING_DB_URL'].map(isTestVariable)).toEqual([true, true, true]);
  expect(['DATABASE_URL', 'LATEST_URL', 'CONTEST_DB'].map(isTestVariable)).toEqual([false, false, false]);
});
