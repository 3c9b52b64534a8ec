/** Made repositories with real history: several shapes, each of them varied by its number. Same number, same commit. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

type Files = Readonly<Record<string, string>>;

const lines = (...text: readonly string[]): string => `${text.join('\n')}\n`;

const SHAPES: Readonly<Record<string, (n: number) => Files>> = {
  fastapi: (n) => ({
    'app/__init__.py': '',
    'app/main.py': lines(
      'from fastapi import FastAPI',
      '',
      'app = FastAPI()',
      '',
      '',
      '@app.get("/health")',
      'def health():',
      `    return {"status": "ok", "number": ${n}}`,
      '',
      '',
      'if __name__ == "__main__":',
      '    import uvicorn',
      '',
      `    uvicorn.run("app.main:app", host="127.0.0.1", port=${8000 + (n % 1000)}, reload=True)`,
    ),
    'requirements.txt': 'fastapi==0.115.0\nuvicorn[standard]==0.32.0\n',
  }),
  sample: (n) => ({ ...sample(), 'NUMBER.txt': `${n}\n` }),
  flask: (n) => ({
    'app.py': lines(
      'import os',
      'from flask import Flask',
      '',
      'app = Flask(__name__)',
      'app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]',
      '',
      '',
      '@app.route("/")',
      'def index():',
      `    return "number ${n}"`,
      '',
      '',
      'if __name__ == "__main__":',
      `    app.run(host="127.0.0.1", port=${5000 + (n % 100)}, debug=True)`,
    ),
    'requirements.txt': 'Flask==3.0.3\n',
  }),
  django: (n) => ({
    'manage.py': lines(
      'import os',
      'import sys',
      '',
      'if __name__ == "__main__":',
      '    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")',
      '    from django.core.management import execute_from_command_line',
      '',
      '    execute_from_command_line(sys.argv)',
    ),
    'shop/__init__.py': '',
    'shop/settings.py': lines(
      'import os',
      '',
      'SECRET_KEY = os.environ["SECRET_KEY"]',
      `SITE_ID = ${n}`,
      'ROOT_URLCONF = "shop.urls"',
      'WSGI_APPLICATION = "shop.wsgi.application"',
      'INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]',
    ),
    'shop/urls.py': 'urlpatterns = []\n',
    'shop/wsgi.py': lines(
      'import os',
      'from django.core.wsgi import get_wsgi_application',
      '',
      'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")',
      'application = get_wsgi_application()',
    ),
    'requirements.txt': 'Django==5.1.2\n',
  }),
  site: (n) => ({ 'package.json': `{"name": "site-${n}"}\n`, 'index.js': `console.log(${n});\n` }),
};

/** Names of the shapes; number n has the shape n modulo their count. */
export const SHAPE_NAMES: readonly string[] = Object.keys(SHAPES);

let read: Files | undefined;

function sample(): Files {
  if (read) return read;
  // From the sources, and from the bundle in dist/.
  const homes = ['../..', '..'].map((up) =>
    path.join(import.meta.dirname, up, 'fixtures', 'recipes', 'fi9-nayek', 'before'),
  );
  const found = homes.find((folder) => existsSync(folder)) ?? '';
  const names = readdirSync(found, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  read = Object.fromEntries(
    names.map((e) => {
      const full = path.join(e.parentPath, e.name);
      return [path.relative(found, full).split(path.sep).join('/'), readFileSync(full, 'utf8')];
    }),
  );
  return read;
}

/** The files of a made repository. */
export function filesOf(n: number): Files {
  const shape = SHAPES[SHAPE_NAMES[n % SHAPE_NAMES.length] ?? ''];
  return { 'README.md': `# Number ${n}\n`, ...shape?.(n) };
}

/** Makes the repository `<folder>/repo-<n>` with three commits and a checkout. Returns its path. */
export function makeRepository(folder: string, n: number): string {
  const root = path.join(folder, `repo-${String(n).padStart(4, '0')}`);
  mkdirSync(root, { recursive: true });
  const git = (args: readonly string[], input?: string): void => {
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
    execFileSync('git', args, { cwd: root, env, input, stdio: ['pipe', 'ignore', 'pipe'] });
  };
  git(['-c', 'init.defaultBranch=main', 'init', '--quiet', '--template=']);
  const files = Object.entries(filesOf(n));
  const half = files.slice(0, Math.ceil(files.length / 2));
  const stages = [half, files.map(([name, text]) => [name, `${text}# draft\n`] as const), files];
  git(['fast-import', '--quiet'], stages.map((stage, at) => commit(stage, at)).join(''));
  git(['reset', '--quiet', '--hard', 'main']);
  return root;
}

function commit(files: readonly (readonly [string, string])[], at: number): string {
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const author = `Maker <maker@example.org> ${1_700_000_000 + at * 3600} +0000`;
  const changes = files.map(([name, text]) => `M 100644 inline ${name}\n${data(text)}`).join('');
  return `commit refs/heads/main\nauthor ${author}\ncommitter ${author}\n${data(`step ${at + 1}`)}deleteall\n${changes}\n`;
}
