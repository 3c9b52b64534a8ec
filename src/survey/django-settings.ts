/** The settings modules that a Django service starts with. */
import type { ServiceSeed } from '../model/facts.ts';
import type { ModuleGraph } from '../python/modules.ts';
import { join } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { imageValues } from './environment/docker.ts';
import { defaultSettings, fixedSettings } from './migrations/django-settings.ts';

/**
 * Files of the settings in force, the selected module first, then those whose names it takes over by star imports, the
 * last import first: the first that sets a name decides. Undefined where no file of the repository is selected for sure.
 * The image's DJANGO_SETTINGS_MODULE wins over what the entry falls back on.
 * https://docs.djangoproject.com/en/stable/topics/settings/#designating-the-settings
 */
export function settingsFiles(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed): readonly string[] | undefined {
  const { path } = seed.entry;
  const image = imageValues(repo, seed).get('DJANGO_SETTINGS_MODULE');
  const named =
    fixedSettings(repo, path) ??
    image ??
    defaultSettings(repo, path) ??
    defaultSettings(repo, join(seed.root, 'manage.py'));
  const first = named === undefined ? undefined : fileOf(repo, modules, seed, named);
  if (first === undefined) return undefined;
  const out: string[] = [];
  const visit = (path: string): void => {
    if (out.includes(path)) return;
    out.push(path);
    for (const star of [...modules.stars(path)].reverse()) {
      const target = modules.resolve(path, star.module, star.level)?.path;
      if (target) visit(target);
    }
  };
  visit(first);
  return out;
}

function fileOf(repo: Snapshot, modules: ModuleGraph, seed: ServiceSeed, module: string): string | undefined {
  const found = modules.resolve(seed.entry.path, module, 0)?.path;
  const base = join(seed.root, module.replaceAll('.', '/'));
  return found ?? [`${base}.py`, `${base}/__init__.py`].find((p) => repo.has(p));
}
