import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mask } from '../src/secrets/mask.ts';
import { visible } from '../src/syntax/visible.ts';
import { cpuSeconds } from './cpu.ts';
import { full } from './tier.ts';

describe('mask', () => {
  it.each([
    [
      'postgresql+psycopg2://postgres:pass123@localhost:5432/konan_db',
      'postgresql+psycopg2://postgres:***@localhost:5432/konan_db',
    ],
    ['/home/me/postgresql:/u:pass123@h/x', '/home/me/postgresql:/u:***@h/x'],
    ['redis://:s3cret@cache:6379/0', 'redis://:***@cache:6379/0'],
    ['"mysql://u:p@ss/w@rd@h/db"', '"mysql://u:***@h/db"'],
    ['https://0123456789abcdef0123@github.com/x', 'https://***@github.com/x'],
    ['https://h/x?token=abcdef&page=2', 'https://h/x?token=***&page=2'],
    ['SECRET_KEY = "abc"', 'SECRET_KEY = "***"'],
    ["SECRET_KEY: str = 'abc'", "SECRET_KEY: str = '***'"],
    ["app.config['SECRET_KEY'] = 'abc'", "app.config['SECRET_KEY'] = '***'"],
    ['os.getenv("SECRET_KEY", "dev-only")', 'os.getenv("SECRET_KEY", "***")'],
    ['x = os.environ.get("API_TOKEN") or "fallback"', 'x = os.environ.get("API_TOKEN") or "***"'],
    ['key = config("SECRET_KEY", default="abc")', 'key = config("SECRET_KEY", default="***")'],
    [
      'SECRET_KEY = config("SECRET_KEY", cast=str, default="abc")',
      'SECRET_KEY = config("SECRET_KEY", cast=str, default="***")',
    ],
    ['password: SecretStr = SecretStr("abc")', 'password: SecretStr = SecretStr("***")'],
    ['connect(user="me", password="abc", port=1)', 'connect(user="me", password="***", port=1)'],
    ['{"api_key": "abc", "name": "x"}', '{"api_key": "***", "name": "x"}'],
    ['MYSQL_PWD=abc', 'MYSQL_PWD=***'],
    ['OPENAI_KEY=abc', 'OPENAI_KEY=***'],
    ['  POSTGRES_PASSWORD: abc', '  POSTGRES_PASSWORD: ***'],
    ['DB_PASS=abc # comment', 'DB_PASS=*** # comment'],
    ['- key: JWT_SECRET\n  value: abc', '- key: JWT_SECRET\n  value: ***'],
    ['- name: DB_PASSWORD\n  value: "abc"', '- name: DB_PASSWORD\n  value: "***"'],
    ['use ghp_abcdefghijklmnopqrstuvwxyz0123 here', 'use *** here'],
    ['AKIAIOSFODNN7EXAMPLE', '***'],
    [
      '-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----\nx',
      '-----BEGIN RSA PRIVATE KEY-----\n***\n***\n-----END RSA PRIVATE KEY-----\nx',
    ],
    ['# sqlalchemy.url = postgres://u:p@h/d', '# sqlalchemy.url = postgres://u:***@h/d'],
  ])('%j', (text, masked) => {
    expect(mask(text)).toBe(masked);
    expect(mask(masked)).toBe(masked);
  });

  it.each([
    'https://example.com/a@b',
    'http://localhost:8000/x@y',
    'postgres://user@localhost/db',
    'postgresql://{user}:{password}@{host}/db',
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: placeholders as they stand in files
    'postgresql://$USER:${DB_PASSWORD}@h/db',
    'url = postgresql://%(user)s:%(password)s@h/db',
    'postgres://user:<password>@host/db',
    'SECRET_KEY=${SECRET_KEY}',
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: see above
    'SECRET_KEY = os.environ["SECRET_KEY"]',
    'ACCESS_TOKEN_EXPIRE_MINUTES = 30',
    'primary_key=True',
    'if token == "x":',
    'API_KEY_NAME = "X-API-Key"',
    '- key: SECRET_KEY\n  generateValue: true',
    '- key: APP_ENV\n  value: production',
    'password: ""',
    'max_tokens: 100',
    '[alembic]\nscript_location = alembic',
  ])('leaves %j alone', (text) => expect(mask(text)).toBe(text));

  it('takes an unquoted value in Python for an expression', () => {
    expect(mask('f(password=settings.password)', { python: true })).toBe('f(password=settings.password)');
    expect(mask('password = "abc"', { python: true })).toBe('password = "***"');
    expect(mask('    # password: abc', { python: true })).toBe('    # password: ***');
    expect(mask('f(token=x)  # token=abc', { python: true })).toBe('f(token=x)  # token=***');
  });

  it('never lets a password through, wherever it stands', () => {
    const secret = fc
      .stringMatching(/^[A-Za-z0-9!$^&*+.-]{8,20}$/)
      // `--password-file` is an option of a program, and `$NAME` a variable.
      .filter((s) => /[A-Za-z]{3}/.test(s) && !/^\$|^--[a-z][a-z-]*$/.test(s));
    const place = fc.constantFrom(
      (s: string) => `postgres://user:${s}@host/db`,
      (s: string) => `x = "amqp://user:${s}@host:5672//"  # y`,
      (s: string) => `DB_PASSWORD = "${s}"`,
      (s: string) => `SECRET_KEY: '${s}'`,
      (s: string) => `os.getenv('JWT_SECRET', '${s}')`,
      (s: string) => `{"client_secret":"${s}"}`,
    );
    fc.assert(
      fc.property(secret, place, (s, at) => {
        expect(mask(`before\n${at(s)}\nafter`)).not.toContain(s);
      }),
    );
  });

  it('is linear: hostile lines take no time', () => {
    // What is quadratic takes minutes for a tenth, too.
    const length = full ? 100_000 : 10_000;
    for (const unit of ['://', 'password=', 'a:@', '"secret", ', '-----BEGIN ', 'eyJ', 'token: x = ', 'str(', '{'])
      expect(
        cpuSeconds(() => mask(unit.repeat(length))),
        unit,
      ).toBeLessThan(full ? 30 : 5);
  });
});

describe('visible', () => {
  it('spells out what a terminal would obey', () => {
    expect(visible('a\x1b[31mb\r\n\u202ec\t\x9b')).toBe('a\\x1b[31mb\\x0d\\x0a\\u{202e}c\t\\x9b');
    expect(visible('a\nb', true)).toBe('a\nb');
    expect(visible('été 漢字')).toBe('été 漢字');
  });
});
