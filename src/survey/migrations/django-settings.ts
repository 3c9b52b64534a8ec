/** The settings that Django's own commands need. https://docs.djangoproject.com/en/stable/ref/django-admin/#cmdoption-settings */
import type { ServiceSeed } from '../../facts.ts';
import type { Snapshot } from '../../snapshot.ts';

const DEFAULT = /setdefault\(\s*["']DJANGO_SETTINGS_MODULE["']\s*,\s*["']([\w.]+)["']/;

/**
 * ` --settings=shop.settings.production` where manage.py falls back on other settings than the served application does:
 * without it the commands work on another database. Empty where they agree, or where one of them cannot be read.
 */
export function djangoSettings(repo: Snapshot, seed: Pick<ServiceSeed, 'entry'>, manage: string): string {
  const served = DEFAULT.exec(repo.read(seed.entry.path)?.text ?? '')?.[1];
  const managed = DEFAULT.exec(repo.read(manage)?.text ?? '')?.[1];
  return served === undefined || managed === undefined || served === managed ? '' : ` --settings=${served}`;
}
