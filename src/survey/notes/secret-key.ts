/** Django's settings without a SECRET_KEY: nothing of them works. */
import type { Service } from '../../model/facts.ts';
import type { ModuleGraph } from '../../python/modules.ts';
import { dirname, stem } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { say } from '../../system/say.ts';
import { deploymentFiles } from '../deployment-files.ts';
import { settingsFiles } from '../django-settings.ts';
import type { Note } from './note.ts';

/** What may set a name without naming it. */
const DYNAMIC =
  /SECRET_KEY|\b(?:exec|eval|globals|locals|vars|setattr|include|import_module|configure)\s*\(|__dict__|configurations/;

/** What else may choose other settings. */
const CHOOSES =
  /(?:^|\/)(?:app\.(?:json|ya?ml)|\.env[\w.-]*|[\w.-]+\.toml|(?:docker-)?compose[\w.-]*\.ya?ml|heroku\.yml)$/;

/** https://docs.djangoproject.com/en/stable/ref/settings/#secret-key */
export function noSecretKey(repo: Snapshot, modules: ModuleGraph, service: Service): Note | undefined {
  if (service.entry.framework !== 'django') return undefined;
  const files = settingsFiles(repo, modules, service);
  const [first] = files ?? [];
  if (!files || first === undefined) return undefined;
  const foreign = files.some((path) =>
    modules.stars(path).some((s) => !modules.resolve(path, s.module, s.level)?.path),
  );
  if (foreign || files.some((path) => DYNAMIC.test(repo.read(path)?.text ?? ''))) return undefined;
  if (repo.matching(deploymentFiles(repo, CHOOSES), /DJANGO_SETTINGS_MODULE/).length > 0) return undefined;
  const beside = modules.files.filter((f) => dirname(f) === dirname(first) && !files.includes(f));
  const others = repo.matching(beside, /^SECRET_KEY\b/m).map(stem);
  const text =
    others.length > 0
      ? say`${first} sets no SECRET_KEY, and nothing that it imports does: Django does not start. Beside it ${others.join(', ')} set one: name it in DJANGO_SETTINGS_MODULE.`
      : say`${first} sets no SECRET_KEY, and nothing that it imports does: Django does not start.`;
  return { text, at: { path: first, line: 1 }, stops: true };
}
