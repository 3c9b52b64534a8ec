/** What is shown and what is copied, on all shapes of the measure and on what must stay. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { stop, transformSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { slowPatterns } from '../bench/fuzz/patterns.ts';
import { generated } from '../bench/secrets/generate.ts';
import { harmless } from '../bench/secrets/harmless.ts';
import { independent } from '../bench/secrets/independent.ts';
import { filesWith } from '../bench/secrets/planned.ts';
import * as api from '../src/index.ts';
import { isCredential } from '../src/secrets/credential.ts';
import { ISSUED, ISSUED_FORM } from '../src/secrets/issued.ts';
import { mask } from '../src/secrets/mask.ts';
import { saying } from '../src/secrets/names.ts';
import { thorough } from './tier.ts';

beforeAll(api.loadPython);
// The compiler's process goes with it.
afterAll(() => stop());

const { shown, copied } = generated();

describe('all shapes of `npm run secrets`', () => {
  it('are at least 400 of 60 kinds', () => {
    expect(shown.length).toBeGreaterThanOrEqual(400);
    expect(new Set(shown.map((s) => s.kind)).size).toBeGreaterThanOrEqual(60);
  });

  it('are hidden, once and for all, and no line is lost', () => {
    for (const { text, path: file, secret } of shown) {
      const options = file === undefined ? {} : { path: file };
      const masked = mask(text, options);
      expect(masked, text).not.toContain(secret);
      expect(mask(masked, options), text).toBe(masked);
      expect(masked.split('\n').length).toBe(text.split('\n').length);
    }
  });

  it('those that were written without the rules, too, but for a dictionary called after what it holds', () => {
    const seen = independent().filter(({ text, path: file, secret }) =>
      mask(text, { path: file ?? '' }).includes(secret),
    );
    expect(seen.map(({ text }) => text)).toEqual([expect.stringMatching(/^SECRETS = \{"stripe": "/)]);
  });

  it('and lines that hold no credential stay', () => {
    for (const { text, path: file } of harmless()) expect(mask(text, { path: file ?? '' })).toBe(text);
  });

  it('are not copied into a deployment file', () => {
    for (const { name, value } of copied) expect(isCredential(name, value), `${name}=${value}`).toBe(true);
    for (let at = 0; at < 3; at++) {
      // One of each variable at a time: a name is read once.
      const some = copied.filter((_, i) => i % 3 === at);
      const text = filesWith(
        api,
        some.map((c) => [c.name, c.value] as const),
      );
      expect(some.filter((c) => text.includes(c.secret))).toEqual([]);
    }
  });
});

describe('what is no secret stays as it is', () => {
  it.each([
    'fields = ["email", "password", "token"]',
    'required = ("password", "first_name")',
    'def login(password: str, user="guest"):',
    'headers={"X-API-Key": api_key, "accept": "application/json"}',
    'authorization: str = request.headers.get("Authorization")',
    'headers = {"Authorization": f"Bearer {token}"}',
    'allow_headers = ["Authorization", "Content-Type"]',
    'raise ValueError(f"Failed to refresh the token: {response.text}")',
    'eos_token = "</s>"',
    'TOKEN_URL = "token"',
    'ACCESS_TOKEN = "access_token"',
    'INVALID_PASSWORD = "The password is wrong."',
    'password = getpass("Password: ")',
    'password = StringField("Password", validators=[DataRequired()])',
    'password = request.form["password"]',
    'api_key = settings["openai"]["key"]',
    'PASSWORD_FILE = "/run/secrets/db"',
    'secret = "/run/secrets/db"',
    'sha256 = "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7"',
    'oauth2 = OAuth2PasswordBearer(tokenUrl="token")',
    'class OAuth2AuthorizationCodeBearer(SecurityBase): ...',
    'PATTERN = {"github_token": r"gh[ps]_[A-Za-z0-9]{36}"}',
    'if "-----BEGIN PRIVATE KEY-----" in key:\n    pass\nx = 1',
    'CACHE_KEY = "user:profile"',
    'parser.add_argument("--password", "-p", help="the password")',
    'revision = "5b1c9d2e7f3a"',
    'password = None',
  ])('Python: %s', (text) => expect(mask(text, { path: 'app/x.py' })).toBe(text));

  it.each([
    ['a workflow', '.github/workflows/x.yml', 'permissions:\n  id-token: write\n  contents: read'],
    ['a template', 'x.yml', "password: \"{{ lookup('env', 'PW') }}\""],
    ['a reference', 'render.yaml', '- key: SECRET_KEY\n  generateValue: true\n- key: APP_ENV\n  value: production'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in files
    ['a shell variable', 'docker-compose.yml', 'PASSWORD: ${DB_PASSWORD:?not set}\nTOKEN: ${TOKEN:-}'],
    ['an empty value', '.env', 'NEXTAUTH_SECRET= # openssl rand -hex 32'],
    ['a comment', '.env', '# Passwords: openssl rand -base64 32'],
    ['hashes', 'requirements.txt', `x==1 --hash=sha256:${'09d25e094faa6ca2'.repeat(4)}`],
    ['a unit', 'deploy/x.service', 'Description=one-time-secrets: app.main:app'],
    ['a placeholder', 'x.env.example', '# postgresql://shop:PASSWORD@127.0.0.1:5432/shop'],
    ['options', 'x.txt', 'Override with --email and --password flags.'],
    ['an identifier', 'x.txt', 'multi_pk_test_create_schema'],
  ])('%s', (_, file, text) => expect(mask(text, { path: file })).toBe(text));

  it.each([
    ['TOKEN_TYPE', 'bearer'],
    ['GRANT', 'grant_type=password'],
    ['MODEL', 'text-embedding-3-small'],
    ['ENTRY', 'app.main:app'],
    ['AUTH_BACKEND', 'package.module:AuthBackend'],
    ['AUTH', 'jwt'],
    ['RANDOM_SEED', '42'],
    ['IMAGE', 'redis:7-alpine'],
    ['COOKIE_NAME', 'session'],
    ['SECRET_PATH', '/run/secrets/db'],
    ['WEBHOOK', 'https://example.com/hook'],
    ['HEADERS', 'Authorization,Content-Type'],
    ['CACHE_KEY', 'users'],
    ['UUID', '123e4567-e89b-12d3-a456-426614174000'],
  ])('%s=%s is copied', (name, value) => expect(isCredential(name, value)).toBe(false));
});

describe("nayek's own words", () => {
  /** Texts with blanks in the sources, as a compiler sees them; what is put in when it runs is 'x'. */
  function textsOf(folder: string): string[] {
    const out: string[] = [];
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      const { code } = transformSync(readFileSync(path.join(folder, name), 'utf8'), { loader: 'ts', target: 'es2022' });
      for (const [, double, back] of code.matchAll(/"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)) {
        const text = (double ?? back ?? '').replace(/\$\{[^}]*\}/g, 'x').replace(/\\(["'`])/g, '$1');
        if (/^[A-Za-z'].* .* /.test(text) && !/[\n;]|=>/.test(text)) out.push(text);
      }
    }
    return out;
  }

  it('are never masked', () => {
    const home = path.join(import.meta.dirname, '..');
    const texts = ['src', 'transforms', 'templates'].flatMap((folder) => textsOf(path.join(home, folder)));
    expect(texts.length).toBeGreaterThan(500);
    expect(texts.filter((text) => mask(text) !== text)).toEqual([]);
    const own = "the url holds a password: leave it to git's credential helper";
    expect(mask(own)).toBe(own);
  });
});

describe('names', () => {
  it.each(['DB_PASSWORD', 'db_pw', 'dbPassword', 'mot_de_passe', 'MDP', 'Passwort', 'contraseña', 'senha', 'OTP_SEED', 'api_schlüssel', 'SECRET_KEY_2', 'PASSWORD_B64'])(
    '%s is one of a secret',
    (name) => expect(saying(name)).toBe('strong'),
  ); // biome-ignore format: a list of names

  it.each(['primary_key', 'max_tokens', 'tokenUrl', 'password_hasher', 'PASSWORD_MIN_LENGTH', 'compass', 'keyboard', 'next_token', 'ALLOW_CREDENTIALS', 'PUBLIC_KEY'])(
    '%s is none',
    (name) => expect(saying(name)).toBeUndefined(),
  ); // biome-ignore format: a list of names
});

thorough('the joined expression of issued keys takes no longer than its parts', async () => {
  const all = [...ISSUED.map(([, form]) => form), ISSUED_FORM].map((form) => ({
    ...{ file: 'issued.ts', source: form.source, flags: form.flags },
  }));
  expect(await slowPatterns(all, 1200, 200)).toEqual([]);
});
