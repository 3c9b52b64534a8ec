/** The command that installs a service's dependencies, to be run in the service root. */
import type { Requirement } from '../../model/facts.ts';
import { dirname } from '../../repo/path.ts';
import type { Install } from './installs.ts';
import type { Project } from './project-files.ts';
import { relativePath } from './requirement-files.ts';

/** `pip install -r requirements.txt`, with paths as seen from `root`. */
export function pipRequirements(root: string, files: readonly string[]): string {
  return ['pip install', ...files.map((file) => `-r ${quoted(relativePath(root, file))}`)].join(' ');
}

/**
 * Installs a project: by the tool of its lock, else by pip. Extras and groups that hold the web server come with it.
 * https://docs.astral.sh/uv/concepts/projects/sync/ https://python-poetry.org/docs/cli/#install
 */
export function projectCommand(
  root: string,
  project: Project,
  lockTool: string | undefined,
  install: Install | undefined,
  member: string | undefined,
): string {
  const wanted = serverGroups(project.requirements);
  const extras = [...new Set([...(install?.extras ?? []), ...wanted.filter((g) => project.extras.includes(g))])];
  const groups = wanted.filter((g) => !project.extras.includes(g) && g !== 'optional');
  const tool = install?.extras ? undefined : (lockTool ?? install?.tool);
  switch (tool) {
    case 'uv': {
      const flags = [...extras.map((e) => ` --extra ${e}`), ...groups.map((g) => ` --group ${g}`)].join('');
      return `uv sync --frozen${member ? ` --package ${member}` : ''}${flags}`;
    }
    case 'poetry': {
      const only = ['main', ...groups].join(',');
      return `poetry install --no-root --only ${only}${extras.map((e) => ` --extras ${e}`).join('')}`;
    }
    case 'pdm':
      return `pdm sync --prod${extras.map((e) => ` -G ${e}`).join('')}`;
    case 'pipenv':
      return 'pipenv install --deploy';
  }
  if (project.form === 'poetry') return `poetry install --no-root --only ${['main', ...groups].join(',')}`;
  if (project.form === 'pdm') return 'pdm install --prod';
  if (project.form === 'pipenv') return 'pipenv install';
  if (project.form === 'conda') return `conda env update --file ${quoted(relativePath(root, project.path))}`;
  const folder = relativePath(root, dirname(project.path)) || '.';
  return `pip install ${extras.length === 0 ? quoted(folder) : `'${folder}[${extras.join(',')}]'`}`;
}

/** Groups that are needed because gunicorn or uvicorn stand only there. */
function serverGroups(requirements: readonly Requirement[]): string[] {
  const out = new Set<string>();
  for (const name of ['gunicorn', 'uvicorn', 'uvicorn-worker']) {
    const found = requirements.filter((r) => r.name === name);
    const [first] = found;
    if (first && found.every((r) => r.group !== undefined)) {
      const best = found.find((r) => !isDevGroup(r.group)) ?? first;
      if (best.group) out.add(best.group);
    }
  }
  return [...out];
}

/** True for a group that a deployment does not install. */
export function isDevGroup(group: string | undefined): boolean {
  return /^(?:dev|develop|development|devel|tests?|testing|docs?|lint|linting|typing|types|local|ci|debug|benchmarks?|all)(?:$|[-_])/i.test(
    group ?? '',
  );
}

function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
