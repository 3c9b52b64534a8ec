/** Django's static files, which no server but that of development serves. */
import type { Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { say } from '../../system/say.ts';
import { settingsFiles } from '../django-settings.ts';
import type { Note } from './note.ts';

/** What serves them in the process itself. */
const SERVES = /whitenoise|WhiteNoise|dj_static|static_ranges|django\.views\.static|from django\.views import static/;
/** They may lie elsewhere: a bucket, a CDN. */
const ELSEWHERE = /storages|cloudinary|boto|AWS_|GS_BUCKET|AZURE_|STATIC_URL\s*=\s*f?["']https?:|STATIC_HOST/;
const USED = /["']django\.contrib\.admin["']|["']rest_framework["']|["']drf_spectacular_sidecar["']/;
const ROOT = /^[ \t]*STATIC_ROOT\s*=/m;

/**
 * At most one, where pages need them: nothing serves them, or there is no folder to gather them in.
 * https://docs.djangoproject.com/en/stable/howto/static-files/deployment/ https://whitenoise.readthedocs.io/en/stable/django.html
 */
export function staticFiles(
  repo: Snapshot,
  modules: ModuleGraph,
  service: Service,
  files: readonly string[],
): Note | undefined {
  if (service.entry.framework !== 'django') return undefined;
  const settings = settingsFiles(repo, modules, service);
  if (!settings) return undefined;
  const [path = ''] = repo.matching(settings, /["']django\.contrib\.staticfiles["']/);
  const pages = (): boolean =>
    repo.matching(
      repo.paths.filter((p) => p.endsWith('.html')),
      /\{%\s*load\s+static/,
    ).length > 0;
  if (path === '' || repo.matching(settings, ELSEWHERE).length > 0) return undefined;
  if (repo.matching(settings, USED).length === 0 && !pages()) return undefined;
  const line = (repo.read(path)?.text ?? '').split('\n').findIndex((l) => l.includes('django.contrib.staticfiles')) + 1;
  const at = { path, line: Math.max(line, 1) };
  const gathered = repo.matching(settings, ROOT).length > 0;
  const folder = "STATIC_ROOT = BASE_DIR / 'staticfiles'";
  if (repo.matching([...new Set([...files, ...settings])], SERVES).length > 0) {
    if (gathered || repo.matching(settings, /WHITENOISE_(?:USE_FINDERS|AUTOREFRESH)|WHITENOISE_ROOT/).length > 0)
      return undefined;
    const text = say`The settings have no STATIC_ROOT: collectstatic has no folder to gather the static files in, and none is served. Add \`${folder}\`.`;
    return { text, at };
  }
  const middleware = "'whitenoise.middleware.WhiteNoiseMiddleware'";
  const text = gathered
    ? say`Nothing serves Django's static files when gunicorn runs it: the admin and the pages are without style. List whitenoise, and put ${middleware} behind SecurityMiddleware.`
    : say`Nothing serves Django's static files when gunicorn runs it: the admin and the pages are without style. List whitenoise, put ${middleware} behind SecurityMiddleware, and add \`${folder}\`.`;
  return { text, at };
}
