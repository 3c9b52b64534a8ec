/** What is wrong with the Python that a project states: unreadable, never released, without fixes, refused by the project. */
import { isReleased, PYTHONS, seriesOf } from '../../knowledge/pythons.ts';
import type { Service } from '../../model/facts.ts';
import { isMade } from '../../repo/made.ts';
import { basename, dirname, foldersUp, join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { say } from '../../system/say.ts';
import { FIXING } from '../python-version/version-files.ts';
import type { Note } from './note.ts';

/** A note for each thing; https://devguide.python.org/versions/ */
export function pythonNotes(repo: Snapshot, service: Service): Note[] {
  return [...unreadable(repo, service), ...fitted(repo, service), ...atOdds(repo, service)];
}

/** What is chosen where nothing is stated. */
function fitted(repo: Snapshot, { fitting, deployment: { renderYaml } }: Service): Note[] {
  if (!fitting) return [];
  const { version, name, specifier, at } = fitting;
  const text = say`Nothing states a Python version, and ${name}${specifier} takes Python ${version} or older: PYTHON_VERSION on Render (a new render.yaml sets it) and .python-version elsewhere must say so.`;
  // A blueprint of somebody else's would have said it.
  const silent = renderYaml !== undefined && !isMade(repo.read(renderYaml)?.text ?? '');
  return [{ text, at, ...(silent ? { stops: true } : {}) }];
}

/** Of the files that count before the one which says the version, and of that one. */
function unreadable(repo: Snapshot, { root, entry, python }: Service): Note[] {
  const out: Note[] = [];
  for (const folder of new Set([...foldersUp(root), ...foldersUp(dirname(entry.path))])) {
    for (const [name, read] of FIXING) {
      const path = join(folder, name);
      const { fault, at, version } = (repo.has(path) && read(repo, path)) || {};
      if (fault !== undefined && at) {
        const instead =
          version === undefined && python ? say` Python ${python.version} is taken from ${python.at.path}.` : '';
        out.push({ text: fault + instead, at });
      }
      if (version !== undefined) return out;
    }
  }
  return out;
}

function atOdds(repo: Snapshot, { python, dependencies }: Service): Note[] {
  if (!python) return [];
  const { version, at, bound, refused } = python;
  const out: Note[] = [];
  if (!isReleased(version)) {
    const row = PYTHONS[seriesOf(version)];
    const text = say`Python ${version} was never released: the newest of its series is ${seriesOf(version)}.${row?.newest}.`;
    out.push({ text, at });
  }
  const ended = bound ? undefined : PYTHONS[seriesOf(version)]?.ended;
  if (ended !== undefined)
    out.push({ text: say`Python ${seriesOf(version)} has had no security fixes since ${ended}.`, at });
  if (
    refused &&
    dependencies &&
    (basename(at.path) === '.python-version' || !fetchesPython(repo, dependencies.install))
  ) {
    const { install } = dependencies;
    const { path, line } = refused.at;
    const text = say`${at.path} says Python ${version}, and ${path}:${line} admits ${refused.specifier}: \`${install}\` stops there. Write a version that both admit.`;
    out.push({ text, at, stops: true });
  }
  return out;
}

/** uv holds the project's own `.python-version` against it, and fetches another one where nothing else is said to it, if it may. https://docs.astral.sh/uv/concepts/python-versions/#disabling-automatic-python-downloads */
function fetchesPython(repo: Snapshot, install: string): boolean {
  const bound =
    /UV_PYTHON_DOWNLOADS|UV_NO_MANAGED_PYTHON|UV_SYSTEM_PYTHON|UV_PYTHON\b|python-downloads|no-python-downloads|no-managed-python/;
  const settings = repo.paths.filter((p) =>
    /(?:^|\/)(?:uv\.toml|pyproject\.toml|render\.ya?ml|[^/]*Dockerfile[^/]*)$/.test(p),
  );
  return /\buv (?:sync|run)\b/.test(install) && !bound.test(install) && repo.matching(settings, bound).length === 0;
}
