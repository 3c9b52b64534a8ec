/**
 * A settings module for a FastAPI project that has none: beside the application, in `core/` where there is that folder.
 * https://fastapi.tiangolo.com/advanced/settings/
 */
import type { Facts } from '../../src/model/facts.ts';
import type { Outcome } from '../../src/model/transform.ts';
import { dirname, join } from '../../src/repo/path.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import type { Edit } from '../../src/syntax/edit.ts';
import { say } from '../../src/system/say.ts';
import { type Field, fieldText } from './field.ts';
import { libraryFor } from './library.ts';
import type { SettingsObject } from './object.ts';

export interface NewPlace {
  readonly object: SettingsObject;
  /** What the dependency file needs besides. */
  readonly edits: Readonly<Record<string, readonly Edit[]>>;
}

/** Names of the module, best first. */
const NAMES = ['config', 'settings'];

/** Where the settings go; undefined where a project has no usual place for them, or its dependencies none for the library. */
export function settingsPlace(repo: Snapshot, { services }: Facts): NewPlace | undefined {
  const [service, other] = services;
  if (!service || other || service.entry.framework !== 'fastapi' || service.entry.program !== undefined)
    return undefined;
  const { entry, dependencies } = service;
  if (!dependencies) return undefined;
  const needed = libraryFor(repo, dependencies);
  if (!needed) return undefined;
  const folder = dirname(entry.path);
  const parent = entry.module.split('.').slice(0, -1);
  const core = parent.length > 0 && repo.hasFolder(join(folder, 'core'));
  const [home, names] = core ? [join(folder, 'core'), [...parent, 'core']] : [folder, parent];
  const name = NAMES.find((n) => !repo.has(join(home, `${n}.py`)) && !repo.hasFolder(join(home, n)));
  if (name === undefined || repo.obstacle(join(home, `${name}.py`)) !== undefined) return undefined;
  const object: SettingsObject = {
    ...{ path: join(home, `${name}.py`), module: [...names, name].join('.'), name: 'settings', call: '' },
    ...{ text: '', major: needed.major, fields: [], behind: 0, indent: '    ', prefix: '', caseSensitive: false },
    ...{ nameIn: () => undefined, isAssigned: () => false },
  };
  return { object, edits: needed.edits };
}

/** True where a file can import the module to be made: it finds the folder that it stands in. */
export function reaches({ modules, services }: Facts, object: SettingsObject, from: string): boolean {
  const parent = object.module.split('.').slice(0, -1).join('.');
  if (parent !== '') return modules.resolve(from, parent, 0)?.folder === dirname(object.path);
  const [service] = services;
  return service !== undefined && modules.resolve(from, service.entry.module, 0)?.path === service.entry.path;
}

/** The text of the module. */
export function newSettings(object: SettingsObject, fields: readonly Field[]): string {
  const own = [...new Map(fields.map((f) => [f.name, f])).values()];
  const library = object.major === 1 ? 'pydantic' : 'pydantic_settings';
  const optional = own.some((f) => f.optional) ? 'from typing import Optional\n\n' : '';
  const lines = own.map((f) => `${object.indent}${fieldText(f, object.major)}\n`).join('');
  return `${optional}from ${library} import BaseSettings\n\n\nclass Settings(BaseSettings):\n${lines}\n\n${object.name} = Settings()\n`;
}

/** The outcomes with what the dependency file needs. */
export function withNew({ object, edits }: NewPlace, outcomes: readonly Outcome[]): Outcome[] {
  return outcomes.map((outcome) =>
    outcome.kind === 'edits'
      ? { ...outcome, reason: say`${outcome.reason}, made in ${object.path}`, edits: { ...outcome.edits, ...edits } }
      : outcome,
  );
}
