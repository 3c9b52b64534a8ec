/** What a person runs where a lock or a compiled file stands in the way of an edit. */
import { shellWord } from '../commands/command.ts';
import { formOf, MANAGERS, managerOf, type Tool, toolOf } from '../knowledge/managers.ts';
import type { Dependencies, Requirement } from '../model/facts.ts';
import { dirname, relative } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';
import { compiledBy, isHashed } from '../survey/dependencies/compiled.ts';
import { isDevGroup } from '../survey/dependencies/dev-group.ts';
import { undeployable } from '../survey/dependencies/missing.ts';
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
  const { locks, lockTool } = dependencies;
  const locked = locks.some((l) => !l.endsWith('.txt'));
  const tool = locked && lockTool ? toolOf(lockTool) : undefined;
  if (tool?.add) return addedAndLocked(repo, dependencies, wanted, tool, tool.add);
  const [output] = locks;
  if (output !== undefined) return compiledAgain(repo, dependencies, wanted, output);
  return withoutLock(dependencies, wanted);
}

/** Into the folder of the file, where it has one. */
function cdTo(path: string): string {
  const folder = dirname(path);
  return folder === '' ? '' : `cd ${shellWord(folder)} && `;
}

function listed(wanted: readonly string[]): string {
  return wanted.map((w) => shellWord(forCommand(w))).join(' ');
}

function addedAndLocked(
  repo: Snapshot,
  dependencies: Dependencies,
  wanted: readonly string[],
  tool: Tool,
  add: NonNullable<Tool['add']>,
): Instead {
  const { path, locks } = dependencies;
  const group = serverGroup(dependencies);
  const exports = locks
    .filter((l) => l.endsWith('.txt'))
    .flatMap((l) => exportCommand(repo, l, dirname(path), tool) ?? []);
  const added = add({ packages: listed(wanted), ...(group === undefined ? {} : { group }) });
  const command = [`${cdTo(path)}${added}`, ...exports].join(' && ');
  return { reason: say`an edit of ${path} would leave ${both(locks)} stale`, command };
}

/** `output`: a file of pins that is made from another one. */
function compiledAgain(
  repo: Snapshot,
  { path, lockTool }: Dependencies,
  wanted: readonly string[],
  output: string,
): Instead {
  const text = repo.read(output)?.text ?? '';
  const compiled = compiledBy(text);
  if (output === path && !compiled) {
    return {
      reason: say`${path} carries hashes: pip refuses a line without`,
      snippet: wanted.map((w) => `${w} --hash=sha256:…`).join('\n'),
      command: `pip download --no-deps ${listed(wanted)} && pip hash *.whl`,
    };
  }
  const [source, target] = [path, output].map((p) => shellWord(relative(dirname(path), p))) as [string, string];
  const compile = (lockTool && managerOf(lockTool).compile) ?? MANAGERS['pip-compile'].compile;
  const command = compiled?.command || (output === path ? undefined : compile(source, target, isHashed(text)));
  const where = output === path ? say`the file that it is made from` : path;
  return {
    reason: say`${output} is compiled: add ${wanted.length === 1 ? say`the line` : say`the lines`} to ${where} and compile it again`,
    snippet: wanted.join('\n'),
    ...(command ? { command: `${cdTo(path)}${command}` } : {}),
  };
}

function withoutLock(dependencies: Dependencies, wanted: readonly string[]): Instead {
  const { path, form } = dependencies;
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
  if (add)
    return { reason: say`no clear place in ${path}`, command: `${cdTo(path)}${add({ packages: listed(wanted) })}` };
  return { reason: say`no clear place in ${path}`, snippet: wanted.join('\n') };
}

function printed({ name, extras, specifier }: Requirement): string {
  return `${name}${extras.length > 0 ? `[${extras.join(',')}]` : ''}${specifier}`;
}

/** A lower bound is what `uv add` writes by itself; a pin or `~=` must be said. */
function forCommand(wanted: string): string {
  // Without this bound there is no green worker; a table has it in quotes.
  if (/^gunicorn\b.*,<2[467]\b/.test(wanted)) return wanted.replace(/["'= ]*(?=>=)/, '').replace(/["' ]+$/, '');
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
  return compiledBy(repo.read(path)?.text ?? '')?.command ?? tool.export?.(shellWord(relative(folder, path)));
}
