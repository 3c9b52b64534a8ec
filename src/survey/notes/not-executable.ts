/** Scripts that a platform is told to execute and that git keeps as plain files. */
import { type Command, readCommand } from '../../commands/command.ts';
import { programOf } from '../../commands/program.ts';
import type { Evidence, Service } from '../../model/facts.ts';
import { join } from '../../repo/path.ts';
import type { Snapshot } from '../../repo/snapshot.ts';
import { procfileOf, yamlOf } from '../../syntax/documents.ts';
import { commandOf } from '../../syntax/procfile.ts';
import { field, textField } from '../../syntax/yaml.ts';
import { say } from '../../system/say.ts';
import { blueprintServices, rootDirOf, runtimeOf, webServiceOf } from '../blueprint.ts';
import type { Note } from './note.ts';

interface Written {
  readonly text: string;
  /** Folder that it runs in. */
  readonly folder: string;
  readonly at: Evidence;
}

/** One for each script: what platforms do ends in "Permission denied". https://git-scm.com/docs/git-update-index */
export function notExecutable(repo: Snapshot, service: Service): Note[] {
  const out = new Map<string, Note>();
  for (const { text, folder, at } of [...ofBlueprint(repo, service), ...ofProcfile(repo, service)]) {
    for (const word of executedIn(readCommand(text))) {
      const path = join(folder, word.replace(/^\.\//, ''));
      if (out.has(path) || repo.executable(path) !== false) continue;
      const reason = say`${path} is not executable in git: \`${word}\` ends with "Permission denied". Run \`git update-index --chmod=+x ${path}\`, or write \`bash ${word}\`.`;
      out.set(path, { text: reason, at, stops: true });
    }
  }
  return [...out.values()];
}

/** Scripts that a line runs by their path; none where it changes their mode itself. */
function executedIn(command: Command): string[] {
  if (/\bchmod\b/.test(command.text)) return [];
  return command.commands
    .map(({ words }) => programOf(words).word)
    .filter((word) => /^(?!\/)[\w./-]*\/[\w.-]+$/.test(word));
}

function ofBlueprint(repo: Snapshot, service: Service): Written[] {
  const parsed = yamlOf(repo, 'render.yaml');
  const node = webServiceOf(blueprintServices(parsed?.ok ? parsed.root : undefined), service);
  if (!node || runtimeOf(node) !== 'python') return [];
  return ['buildCommand', 'preDeployCommand', 'startCommand'].flatMap((key) => {
    const text = textField(node, key);
    const line = field(node, key)?.line ?? node.line;
    return text === undefined ? [] : [{ text, folder: rootDirOf(node), at: { path: 'render.yaml', line } }];
  });
}

function ofProcfile(repo: Snapshot, { root }: Service): Written[] {
  return [...new Set([join(root, 'Procfile'), 'Procfile'])].flatMap((path) => {
    const procfile = procfileOf(repo, path);
    const lines = ['web', 'release'].map((type) => procfile && commandOf(procfile, type));
    const folder = path === 'Procfile' ? '' : root;
    return lines.flatMap((line) => (line ? [{ text: line.command, folder, at: { path, line: line.line } }] : []));
  });
}
