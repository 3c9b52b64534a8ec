/**
 * Completion for shells, from the tree of commands itself.
 * https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html
 */
import type { Command, Option } from 'commander';
import { parts } from '../engine/parts.ts';
import { recipeNames } from '../engine/recipe.ts';
import { NayekError } from '../system/errors.ts';
import { didYouMean } from '../system/nearest.ts';
import { say } from '../system/say.ts';
import { VERSION } from '../system/version.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** A command as the shells and the man page see it. */
export interface Node {
  /** `patch`, `batch plan`; '' for nayek itself. */
  readonly path: string;
  readonly says: string;
  readonly words: readonly string[];
  readonly options: readonly Flag[];
}

interface Flag {
  readonly names: readonly string[];
  readonly says: string;
  /** What may stand behind it; undefined where nothing does, [] where anything may. */
  readonly values?: readonly string[];
}

/** The script for a shell. @throws NayekError `usage` for another shell */
export function completion(shell: string, roots: readonly Command[]): string {
  const nodes = allNodes(roots);
  if (shell === 'bash') return bash(nodes);
  if (shell === 'zsh') return zsh(nodes);
  if (shell === 'fish') return fish(nodes);
  throw new NayekError('usage', say`no completion for the shell '${shell}'`, { hint: didYouMean(shell, SHELLS) });
}

/** `nayek batch` stands in both trees: that of its own has its commands. */
export function allNodes(roots: readonly Command[]): Node[] {
  const all = roots.flatMap((root, at) => nodesOf(root, at === 0 ? '' : 'batch'));
  return [...new Map(all.map((node) => [node.path, node])).values()];
}

function nodesOf(command: Command, path: string): Node[] {
  const below = command.commands.filter((c) => !hidden(c));
  const own: Node = {
    path,
    says: command.description(),
    words: [...below.map((c) => c.name()), ...valuesOf(command.name())],
    options: command.options.filter((o) => !o.hidden).map(flag),
  };
  return [own, ...below.flatMap((c) => nodesOf(c, `${path} ${c.name()}`.trim()))];
}

/** Commander keeps that to itself. */
function hidden(command: Command): boolean {
  return (command as unknown as { _hidden?: boolean })._hidden === true;
}

function flag(option: Option): Flag {
  const names = [option.short, option.long].filter((name) => name !== undefined);
  const values = option.argChoices ?? valuesOf(option.long ?? '');
  return { names, says: option.description, ...(option.required || option.optional ? { values } : {}) };
}

/** What nayek knows to stand behind a word. */
function valuesOf(word: string): readonly string[] {
  const ids = parts.map((p) => p.id);
  if (word === '--only' || word === '--skip') return ids;
  if (word === '--recipe') return recipeNames();
  if (word === 'explain') return [...ids, ...recipeNames()];
  return word === 'completion' ? SHELLS : [];
}

function bash(nodes: readonly Node[]): string {
  const cases = nodes.map(({ path, words, options }) => {
    const flags = options.flatMap((o) => o.names).join(' ');
    return `    '${path}') words='${words.join(' ')}'; flags='${flags}' ;;`;
  });
  const valued = nodes.flatMap(({ path, options }) =>
    options
      .filter((o) => o.values !== undefined)
      .map((o) => `    ${o.names.map((name) => `'${path} ${name}'`).join('|')}) values='${o.values?.join(' ')}' ;;`),
  );
  const known = nodes.map(({ path }) => `'${path}'`).filter((path) => path !== "''");
  return `# nayek ${VERSION}: completion, made by \`nayek completion\`
_nayek() {
  # An = is a word of its own for bash.
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path='' words='' flags='' values=- word
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
    case "\${path:+$path }$word" in
    ${known.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  [ "$before" = '=' ] && before="\${COMP_WORDS[COMP_CWORD-2]}"
  if [ "$current" = '=' ]; then current=''; before="\${COMP_WORDS[COMP_CWORD-1]}"; fi
  case "$path $before" in
${valued.join('\n')}
  esac
  if [ "$values" != - ]; then
    [ -n "$values" ] && COMPREPLY=($(compgen -W "$values" -- "$current")) || COMPREPLY=($(compgen -f -- "$current"))
    return
  fi
  case "$path" in
${cases.join('\n')}
  esac
  case "$current" in
  -*) COMPREPLY=($(compgen -W "$flags" -- "$current")) ;;
  *) COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -d -- "$current")) ;;
  esac
}
complete -o filenames -F _nayek nayek
`;
}

/**
 * Zsh's own reading of bash's completion. As a file of fpath its body is what completes; sourced, it only tells who does.
 * https://zsh.sourceforge.io/Doc/Release/Completion-System.html#Use-of-compinit
 */
function zsh(nodes: readonly Node[]): string {
  const body = bash(nodes).replaceAll('_nayek', '_nayek_words');
  const last = 'complete -o filenames -F _nayek_words nayek\n';
  return `#compdef nayek
autoload -U +X bashcompinit && bashcompinit
${body.slice(0, -last.length)}if [ "\${funcstack[1]}" = _nayek ]; then _bash_complete -o filenames -F _nayek_words; else ${last.trim()}; fi
`;
}

function fish(nodes: readonly Node[]): string {
  const text = (words: string): string => `'${words.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = nodes.flatMap(({ path, words, options }) => {
    const when =
      path === ''
        ? '__fish_use_subcommand'
        : path
            .split(' ')
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join('; and ');
    const head = `complete -c nayek -n ${text(when)}`;
    const says = (word: string): string => {
      const node = nodes.find((n) => n.path === `${path} ${word}`.trim());
      return node ? ` -d ${text(node.says)}` : '';
    };
    return [
      ...words.map((word) => `${head} -a ${text(word)}${says(word)}`),
      ...options.map((o) => {
        const names = o.names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
        const values = o.values === undefined ? '' : o.values.length > 0 ? ` -x -a ${text(o.values.join(' '))}` : ' -r';
        return `${head} ${names.join(' ')}${values} -d ${text(o.says)}`;
      }),
    ];
  });
  return `# nayek ${VERSION}: completion, made by \`nayek completion\`\n${lines.join('\n')}\n`;
}
