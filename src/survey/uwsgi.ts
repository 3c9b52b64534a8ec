/** What a uWSGI configuration loads, as the command that would load the same. */
import { iniEntry, readIni } from '../syntax/ini.ts';

/** Undefined when the file names no module. https://uwsgi-docs.readthedocs.io/en/latest/WSGIquickstart.html */
export function uwsgiCommand(text: string): { readonly command: string; readonly line: number } | undefined {
  const ini = readIni(text);
  const value = (...keys: string[]): string | undefined =>
    keys.map((k) => iniEntry(ini, 'uwsgi', k)?.value.trim()).find((v) => v !== undefined && v !== '');
  const file = value('wsgi-file', 'file')
    ?.replace(/\.py$/, '')
    .replace(/^(?:\.?\/)+/, '');
  const module = value('module', 'wsgi') ?? file?.replaceAll('/', '.');
  if (module === undefined || /[^\w.:()]/.test(module)) return undefined;
  const target = module.includes(':') ? module : `${module}:${value('callable') ?? 'application'}`;
  const at = text.split('\n').findIndex((l) => /^\s*(?:module|wsgi|wsgi-file|file)\s*=/.test(l));
  return { command: `uwsgi --module ${target}`, line: at + 1 };
}
