/** Questions to the rows of dependency managers. */
import type { Grammar, KeyPath, Manager, ProjectFile, RequirementList, Tool } from './manager.ts';
import { MANAGERS } from './manager-rows.ts';

export type { Grammar, KeyPath, ProjectFile, RequirementList, Tool };
export { MANAGERS };

export type ManagerId = keyof typeof MANAGERS;

type Names<T> = T extends unknown ? keyof T & string : never;
/** Kinds of project files. */
export type DependencyForm = Names<(typeof MANAGERS)[ManagerId]['projects']>;

/** Every manager with its name. */
export const managers: readonly (Manager & { readonly id: ManagerId })[] = (
  Object.entries(MANAGERS) as [ManagerId, Manager][]
).map(([id, row]) => ({ id, ...row }));

/** The row of a dependency manager. */
export function managerOf(id: ManagerId): Manager {
  return MANAGERS[id];
}

/** A tool's name and row. */
export interface NamedTool extends Tool {
  readonly id: ManagerId;
}

/** Those that make an environment of their own. */
export const tools: readonly NamedTool[] = managers.flatMap(({ id, tool }) => (tool ? [{ id, ...tool }] : []));

/** The row of a manager that is a program of its own, with its id; undefined for the others. */
export function toolOf(id: ManagerId | undefined): NamedTool | undefined {
  return tools.find((tool) => tool.id === id);
}

/** Alternatives of a regular expression: names of the tools. */
export const TOOL_NAMES = tools.map((tool) => tool.id).join('|');

/** Commands that run another one in a tool's environment, as alternatives: `uv run|poetry run`. */
export const RUN_WORDS = tools.map((tool) => tool.run).join('|');

/** A kind of project file with its name and its usual installer. */
export interface NamedForm extends ProjectFile {
  readonly form: DependencyForm;
  readonly manager: ManagerId;
}

/** Every kind of project file: those told by a mark, then the standard ones, then those of a tool, then the last. */
export const forms: readonly NamedForm[] = managers
  .flatMap(({ id, projects, tool }) =>
    Object.entries(projects).map(([name, file]) => {
      const form = { ...file, form: name as DependencyForm, manager: id };
      return { form, rank: file.last ? 3 : file.mark ? 0 : tool ? 2 : 1 };
    }),
  )
  .sort((a, b) => a.rank - b.rank)
  .map(({ form }) => form);

/** The row of a form of dependency file, with its id. */
export function formOf(id: DependencyForm): NamedForm {
  const found = forms.find((form) => form.form === id);
  if (!found) throw new RangeError(id);
  return found;
}

/** True for a kind of file that an entry can be added to by an edit: no program, and no environment of another world. */
export function canGrow(form: DependencyForm): boolean {
  return !['conda', 'setup.py'].includes(formOf(form).grammar);
}
