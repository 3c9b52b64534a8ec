/** What a person runs where a lock or a compiled file stands in the way of an edit. */
import type { Dependencies } from '../../src/model/facts.ts';
import { dirname } from '../../src/repo/path.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { compiledBy, isHashed } from '../../src/survey/dependencies/compiled.ts';
import { relativePath } from '../../src/survey/dependencies/requirement-files.ts';

export interface Instead {
  readonly reason: string;
  readonly command?: string;
  readonly snippet?: string;
}

/**
 * The tool's own command that adds `wanted` (requirement strings in the file's style) and renews the locks.
 * https://docs.astral.sh/uv/reference/cli/#uv-add https://python-poetry.org/docs/cli/#add https://pdm-project.org/latest/reference/cli/#add
 */
export function commandFor(repo: Snapshot, dependencies: Dependencies, wanted: readonly string[]): Instead {
  const { path, locks, lockTool, form } = dependencies;
  const folder = dirname(path);
  const cd = folder === '' ? '' : `cd ${shell(folder)} && `;
  const list = wanted.map((w) => shell(forCommand(w))).join(' ');
  const locked = locks.find((l) => !l.endsWith('.txt'));
  if (locked && lockTool) {
    const add = { uv: 'uv add', poetry: 'poetry add', pdm: 'pdm add', pipenv: 'pipenv install' }[lockTool];
    if (add) {
      const group = serverGroup(dependencies, lockTool);
      const exports = locks.filter((l) => l.endsWith('.txt')).map((l) => exportCommand(repo, l, folder, lockTool));
      const command = [`${cd}${add}${group} ${list}`, ...exports].join(' && ');
      return { reason: `an edit of ${path} would leave ${locks.join(' and ')} stale`, command };
    }
  }
  const [output] = locks;
  if (output !== undefined) {
    const text = repo.read(output)?.text ?? '';
    const hashes = isHashed(text);
    const compiled = compiledBy(text);
    if (output === path && !compiled) {
      return {
        reason: `${path} carries hashes: pip refuses a line without`,
        snippet: wanted.map((w) => `${w} --hash=sha256:…`).join('\n'),
        command: `pip download --no-deps ${list} && pip hash *.whl`,
      };
    }
    const source = relativePath(folder, path);
    const target = relativePath(folder, output);
    const flags = hashes ? ' --generate-hashes' : '';
    const usual =
      lockTool === 'uv'
        ? `uv pip compile${flags} ${shell(source)} -o ${shell(target)}`
        : `pip-compile${flags} --output-file=${shell(target)} ${shell(source)}`;
    const where = output === path ? 'the file that it is made from' : path;
    return {
      reason: `${output} is compiled: add ${wanted.length === 1 ? 'the line' : 'the lines'} to ${where} and compile it again`,
      snippet: wanted.join('\n'),
      ...(compiled?.command
        ? { command: `${cd}${compiled.command}` }
        : output === path
          ? {}
          : { command: `${cd}${usual}` }),
    };
  }
  if (form === 'conda') {
    return {
      reason: `${path} is a conda environment`,
      snippet: `  - pip:\n${wanted.map((w) => `      - ${w}`).join('\n')}`,
    };
  }
  if (form === 'setup.py') {
    return {
      reason: `${path} is a program, which nayek does not edit`,
      snippet: `install_requires=[\n    …,\n${wanted.map((w) => `    "${w}",`).join('\n')}\n]`,
    };
  }
  if (form === 'poetry') return { reason: `no clear place in ${path}`, command: `${cd}poetry add ${list}` };
  return { reason: `no clear place in ${path}`, snippet: wanted.join('\n') };
}

/** A lower bound is what `uv add` writes by itself; a pin or `~=` must be said. */
function forCommand(wanted: string): string {
  return /^[\w.-]+\s*(?:==|~=)/.test(wanted) || wanted.includes('[')
    ? wanted.replaceAll(' ', '')
    : (/^[\w.-]+/.exec(wanted)?.[0] ?? wanted);
}

/** The option that puts it where uvicorn stands, when that is an extra or a group. */
function serverGroup(dependencies: Dependencies, tool: string): string {
  const servers = dependencies.requirements.filter((r) => r.name === 'uvicorn');
  const group = servers.length > 0 && servers.every((r) => r.group !== undefined) ? servers[0]?.group : undefined;
  if (group === undefined || group === 'optional') return '';
  return tool === 'uv' ? ` --optional ${group}` : tool === 'poetry' ? ` --group ${group}` : '';
}

function exportCommand(repo: Snapshot, path: string, folder: string, tool: string): string {
  const said = compiledBy(repo.read(path)?.text ?? '')?.command;
  if (said) return said;
  const target = shell(relativePath(folder, path));
  return tool === 'uv'
    ? `uv export --format requirements-txt --output-file ${target}`
    : `${tool} export -f requirements.txt --output ${target}`;
}

function shell(word: string): string {
  return /^[\w@%+:,./=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
