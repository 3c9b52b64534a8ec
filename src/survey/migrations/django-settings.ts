/** The settings that Django's own commands need. https://docs.djangoproject.com/en/stable/ref/django-admin/#cmdoption-settings */
import type { ServiceSeed } from '../../model/facts.ts';
import type { Snapshot } from '../../repo/snapshot.ts';

/** `setdefault("DJANGO_SETTINGS_MODULE", "x")`, `getenv("DJANGO_SETTINGS_MODULE", "x")`, `environ["DJANGO_SETTINGS_MODULE"] = "x"` */
const SETTINGS = /["']DJANGO_SETTINGS_MODULE["']\s*(,|\]\s*=)\s*["']([\w.]+)["']/;

/**
 * ` --settings=shop.settings.production` where manage.py falls back on other settings than the served application does:
 * without it the commands work on another database. Empty where they agree, or where one of them cannot be read.
 */
export function djangoSettings(repo: Snapshot, seed: Pick<ServiceSeed, 'entry'>, manage: string): string {
  const served = defaultSettings(repo, seed.entry.path);
  const managed = defaultSettings(repo, manage);
  return served === undefined || managed === undefined || served === managed ? '' : ` --settings=${served}`;
}

/** The settings module that a file of the project falls back on, or sets whatever the environment says. */
export function defaultSettings(repo: Snapshot, path: string): string | undefined {
  return SETTINGS.exec(repo.read(path)?.text ?? '')?.[2];
}

/** The settings module that a file sets whatever the environment says. */
export function fixedSettings(repo: Snapshot, path: string): string | undefined {
  const [, how, module] = SETTINGS.exec(repo.read(path)?.text ?? '') ?? [];
  return how === ',' ? undefined : module;
}
