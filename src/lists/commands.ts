/** What a person runs where a lock or a compiled file stands in the way of an edit. */
import { formOf, MANAGERS, managerOf, type Tool, toolOf } from '../knowledge/managers.ts';
import type { Dependencies, Requirement } from '../model/facts.ts';
import { dirname } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { isDevGroup } from '../survey/dependencies/build-command.ts';
import { compiledBy, isHashed } from '../survey/dependencies/compiled.ts';
import { undeployable } from '../survey/dependencies/missing.ts';
import { relativePath } from '../survey/dependencies/requirement-files.ts';
import { both, say } from '../system/say.ts';

export interface Instead {
  readonly reason: string;
  readonly command?: string;
  readonly snippet?: string;
}

/**
 * The tool's own command that adds `wanted` (requirement strings in the file's style) and renews the locks.
 */
export function commandFor(repo: Snapshot, dependencies: Dependencies, wanted: readonly string[]): Instead {
  const { path, locks, lockTool, form } = dependencies;
  const folder = dirname(path);
  const cd = folder === '' ? '' : `cd ${shell(folder)} && `;
  const list = wanted.map((w) => shell(forCommand(w))).join(' ');
  const locked = locks.find((l) => !l.endsWith('.txt'));
  if (locked && lockTool) {
    const tool = toolOf(lockTool);
    if (tool?.add) {
      const group = serverGroup(dependencies);
      const exports = locks
        .filter((l) => l.endsWith('.txt'))
        .flatMap((l) => exportCommand(repo, l, folder, tool) ?? []);
      const add = tool.add({ packages: list, ...(group === undefined ? {} : { group }) });
      const command = [`${cd}${add}`, ...exports].join(' && ');
      return { reason: say`an edit of ${path} would leave ${both(locks)} stale`, command };
    }
  }
  const [output] = locks;
  if (output !== undefined) {
    const text = repo.read(output)?.text ?? '';
    const hashes = isHashed(text);
    const compiled = compiledBy(text);
    if (output === path && !compiled) {
      return {
        reason: say`${path} carries hashes: pip refuses a line without`,
        snippet: wanted.map((w) => `${w} --hash=sha256:…`).join('\n'),
        command: `pip download --no-deps ${list} && pip hash *.whl`,
      };
    }
    const source = shell(relativePath(folder, path));
    const target = shell(relativePath(folder, output));
    const compile = (lockTool && managerOf(lockTool).compile) ?? MANAGERS['pip-compile'].compile;
    const usual = compile(source, target, hashes);
    const where = output === path ? say`the file that it is made from` : path;
    return {
      reason: say`${output} is compiled: add ${wanted.length === 1 ? say`the line` : say`the lines`} to ${where} and compile it again`,
      snippet: wanted.join('\n'),
      ...(compiled?.command
        ? { command: `${cd}${compiled.command}` }
        : output === path
          ? {}
          : { command: `${cd}${usual}` }),
    };
  }
  const { grammar, manager } = formOf(form);
  if (grammar === 'conda') {
    return {
      reason: undeployable(dependencies) ?? '',
      // What the requirements.txt of the reason would hold.
      snippet: [...dependencies.requirements.map(printed), ...wanted].join('\n'),
    };
  }
  if (grammar === 'setup.py') {
    return {
      reason: say`${path} is a program, which nayek does not edit`,
      snippet: `install_requires=[\n    …,\n${wanted.map((w) => `    "${w}",`).join('\n')}\n]`,
    };
  }
  const add = toolOf(manager)?.add;
  if (add) return { reason: say`no clear place in ${path}`, command: `${cd}${add({ packages: list })}` };
  return { reason: say`no clear place in ${path}`, snippet: wanted.join('\n') };
}

function printed({ name, extras, specifier }: Requirement): string {
  return `${name}${extras.length > 0 ? `[${extras.join(',')}]` : ''}${specifier}`;
}

/** A lower bound is what `uv add` writes by itself; a pin or `~=` must be said. */
function forCommand(wanted: string): string {
  // Without this bound there is no eventlet worker; a table has it in quotes.
  if (/^gunicorn\b.*,<26\b/.test(wanted)) return wanted.replace(/["'= ]*(?=>=)/, '').replace(/["' ]+$/, '');
  return /^[\w.-]+\s*(?:==|~=|<)/.test(wanted) || wanted.includes('[')
    ? wanted.replaceAll(' ', '')
    : (/^[\w.-]+/.exec(wanted)?.[0] ?? wanted);
}

/** The extra or group that uvicorn stands in, when it stands only there and is meant to be deployed. */
function serverGroup(dependencies: Dependencies): string | undefined {
  const servers = dependencies.requirements.filter((r) => r.name === 'uvicorn');
  const group = servers.length > 0 && servers.every((r) => r.group !== undefined) ? servers[0]?.group : undefined;
  return group === 'optional' || isDevGroup(group) ? undefined : group;
}

function exportCommand(repo: Snapshot, path: string, folder: string, tool: Tool): string | undefined {
  return compiledBy(repo.read(path)?.text ?? '')?.command ?? tool.export?.(shell(relativePath(folder, path)));
}

function shell(word: string): string {
  return /^[\w@%+:,./=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
