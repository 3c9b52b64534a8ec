/** Third-party packages that a service imports: what its missing dependency file would have to list. */
import { isStandard } from '../../src/knowledge/distributions.ts';
import type { Service } from '../../src/model/facts.ts';
import type { ModuleGraph } from '../../src/python/modules.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { reachableFrom } from '../../src/survey/reachable.ts';
import { absoluteModules, statements } from '../../src/syntax/python/walk.ts';

/** Distribution names that differ from the module's. */
const DISTRIBUTIONS: Readonly<Record<string, string>> = {
  attr: 'attrs', bs4: 'beautifulsoup4', cv2: 'opencv-python-headless', dateutil: 'python-dateutil', decouple: 'python-decouple', docx: 'python-docx',
  dotenv: 'python-dotenv', fitz: 'PyMuPDF', flask_cors: 'Flask-Cors', flask_login: 'Flask-Login', flask_migrate: 'Flask-Migrate',
  flask_sqlalchemy: 'Flask-SQLAlchemy', github: 'PyGithub', jose: 'python-jose', jwt: 'PyJWT', magic: 'python-magic', multipart: 'python-multipart',
  MySQLdb: 'mysqlclient', OpenSSL: 'pyOpenSSL', PIL: 'Pillow', psycopg2: 'psycopg2-binary', pptx: 'python-pptx', rest_framework: 'djangorestframework',
  serial: 'pyserial', skimage: 'scikit-image', sklearn: 'scikit-learn', slugify: 'python-slugify', socketio: 'python-socketio', telegram: 'python-telegram-bot',
  yaml: 'PyYAML', zmq: 'pyzmq', Crypto: 'pycryptodome', corsheaders: 'django-cors-headers', environ: 'django-environ', dj_database_url: 'dj-database-url',
}; // biome-ignore format: a table

/** Packages that share a top-level module: which one it is cannot be told from the first part alone. */
const NAMESPACES = new Set(['google', 'azure']);

/** Names of distributions, in the order in which the code imports them; imports guarded by `try` count too. */
export function thirdPartyImports(repo: Snapshot, modules: ModuleGraph, service: Service): string[] {
  const out = new Set<string>();
  for (const path of reachableFrom(repo, modules, service.entry.path)) {
    const module = path.endsWith('.py') ? modules.module(path) : undefined;
    if (!module) continue;
    for (const name of statements(module.body, /\bimport\b/).flatMap(({ stmt }) => absoluteModules(stmt))) {
      const top = name.split('.')[0] ?? '';
      if (top === '' || isStandard(top) || modules.resolve(path, top, 0)) continue;
      const dashed = name.split('.').slice(0, 3).join('-');
      out.add(NAMESPACES.has(top) ? dashed : (DISTRIBUTIONS[top] ?? top));
    }
  }
  return [...out];
}
