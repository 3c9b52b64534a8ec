/** Lines of the list that is installed which stop pip, whatever it has installed before. */
import type { Service } from '../../model/facts.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import type { RequirementsLine } from '../../syntax/requirements.ts';
import { say } from '../../system/say.ts';
import { readRequirementTree } from '../dependencies/requirement-files.ts';
import type { Note } from './note.ts';

const SHOWN = 60;

/** At most one: the first. https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
export function refusedLine(repo: Snapshot, { dependencies }: Service): Note | undefined {
  if (!dependencies || !/\bpip install\b.* -r /.test(dependencies.install)) return undefined;
  // uv takes a project file behind -r as well. https://docs.astral.sh/uv/pip/packages/#installing-packages-from-files
  if (dependencies.at.path.endsWith('.toml')) return undefined;
  const { files } = readRequirementTree(repo, dependencies.at.path);
  const others = namesIndex(
    repo,
    dependencies.install,
    files.map(({ path }) => path),
  );
  for (const { path, lines } of files) {
    const text = repo.read(path)?.text ?? '';
    for (const line of lines) {
      const written = text.slice(line.start, line.end).trim();
      const why = whyRefused(line, written) ?? (others ? undefined : whyAbsent(line, written));
      if (why === undefined) continue;
      const shown = written.length > SHOWN ? `${written.slice(0, SHOWN)}…` : written;
      return { text: say`pip stops at ${shown} in ${path}: ${why}.`, at: { path, line: line.line }, stops: true };
    }
  }
  return undefined;
}

function whyRefused(line: RequirementsLine, written: string): string | undefined {
  // A variable of the environment may make anything of it.
  if (written.includes('$')) return undefined;
  if (line.kind === 'unknown' && !/[@/\\]|^-/.test(written)) return say`it is no requirement`;
  if (line.kind === 'requirement' && /^file:\/\/\/(?!app\/|opt\/render\/)/.test(line.url?.text ?? ''))
    return say`that file is on one machine only`;
  return undefined;
}

const INDEX =
  /(?:^|\s)(?:--(?:extra-)?index-url|--find-links|-[if])(?:\s|=)|\bPIP_(?:EXTRA_INDEX_URL|INDEX_URL|FIND_LINKS)\b|^\s*(?:extra-)?index-url\s*=/m;

/** The lists, the build or the repository's settings of pip name an index besides the usual one. */
function namesIndex(repo: Snapshot, install: string, lists: readonly string[]): boolean {
  const settings = repo.paths.filter((p) =>
    /(?:^|\/)(?:pip\.conf|\.env[^/]*|render\.ya?ml|[^/]*Dockerfile[^/]*)$/i.test(p),
  );
  return INDEX.test(install) || repo.matching([...lists, ...settings], INDEX).length > 0;
}

/** https://packaging.python.org/en/latest/specifications/version-specifiers/#local-version-identifiers */
function whyAbsent(line: RequirementsLine, written: string): string | undefined {
  if (line.kind !== 'requirement' || line.url) return undefined;
  const local = /={2,3}\s*[\w.!-]+(\+[\w.]+)/.exec(written.replace(/[;#].*$/, ''))?.[1];
  return (
    local &&
    say`${local} names a build that the usual index never has: take it off, or add a line with the --extra-index-url that has it`
  );
}
