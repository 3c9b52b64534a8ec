/**
 * Findings as workflow commands, which GitHub shows beside the lines of a pull request.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions#setting-a-notice-message
 */
import type { Finding } from './findings.ts';

const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** One line for each. Ends with a line end, or is empty. */
export function githubAnnotations(findings: readonly Finding[]): string {
  return findings
    .map(({ rule, level, text, path, line }) => {
      const place = path === '.' ? '' : `file=${property(path)},line=${line},`;
      return `::${COMMANDS[level]} ${place}title=${property(`nayek ${rule}`)}::${data(text)}\n`;
    })
    .join('');
}

/** As the runner's own toolkit escapes. https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
