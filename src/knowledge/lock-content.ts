/** What the hash in a lock is taken of: the tools' own rules, older ones too, as any release may have written the lock. */

/** Plain value of the project file → what is hashed as JSON, an alternative for each rule. */
export type LockContent = (project: unknown) => readonly unknown[];

/** `Pipfile.get_hash`. https://github.com/sarugaku/plette/blob/master/src/plette/pipfiles.py */
export const pipfileContent: LockContent = (project) => {
  const sections = tableOf(project);
  const own = new Set(['source', 'packages', 'dev-packages', 'requires', 'scripts', 'pipfile', 'default', 'develop']);
  const categories = Object.entries(sections).filter(([name]) => !own.has(name));
  const usual = {
    _meta: { sources: sections.source ?? [PYPI], requires: sections.requires ?? {} },
    default: sections.packages ?? {},
    develop: sections['dev-packages'] ?? {},
  };
  const named = Object.fromEntries(categories.filter(([name]) => name !== 'pipenv'));
  return [usual, { ...usual, ...named }, { ...usual, ...Object.fromEntries(categories) }];
};

/** What Pipenv reads where no source stands in the file. */
const PYPI = { name: 'pypi', url: 'https://pypi.org/simple', verify_ssl: true };

/** `Locker._get_content_hash`. https://github.com/python-poetry/poetry/blob/main/src/poetry/packages/locker.py */
export const poetryContent: LockContent = (project) => {
  const own = tableOf(tableOf(tableOf(project).tool).poetry);
  const standard = tableOf(tableOf(project).project);
  const groups = tableOf(project)['dependency-groups'];
  const relevant = Object.fromEntries(STANDARD_KEYS.flatMap((key) => (key in standard ? [[key, standard[key]]] : [])));
  const given = Object.fromEntries([...LEGACY_KEYS, 'group'].flatMap((key) => (key in own ? [[key, own[key]]] : [])));
  const legacy = { ...Object.fromEntries(LEGACY_KEYS.map((key) => [key, null])), ...given };
  const isStandard = Object.keys(relevant).length > 0;
  // Before 1.2 there were no groups, before 2.0 no [project], before 2.3 no [dependency-groups].
  const before = isStandard ? { project: relevant, tool: { poetry: given } } : legacy;
  const { group: _, ...ungrouped } = legacy;
  const oldest = [before, legacy, ungrouped];
  if (groups === undefined || Object.keys(tableOf(groups)).length === 0) return oldest;
  const first = isStandard ? { project: relevant } : {};
  return [{ ...first, 'dependency-groups': groups, tool: { poetry: given } }, ...oldest];
};

const LEGACY_KEYS = ['dependencies', 'source', 'extras', 'dev-dependencies'];
const STANDARD_KEYS = ['requires-python', 'dependencies', 'optional-dependencies'];

function tableOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
