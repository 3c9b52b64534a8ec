/** Scripts that read values out of a source file: a change of the source would break them without a sign. */
import type { Evidence } from '../model/facts.ts';
import { basename } from '../repo/path.ts';
import type { Snapshot } from '../repo/snapshot.ts';

const SCRIPT =
  /(?:\.(?:sh|bash|zsh|ps1|bat|cmd|mk|fish)|(?:^|\/)(?:Makefile|makefile|justfile|Justfile|Taskfile\.ya?ml))$/;
/** `port=[0-9]+`, `port\s*=\s*\d`, `port=\([0-9]`: a pattern for the digits behind a port keyword. */
const PORT_PATTERN = /port[^\n]{0,12}=[^\n]{0,12}(?:\[0-9\]|\\d|\[\[:digit:\]\])/i;

/** Lines of shell scripts and makefiles that match a port literal in a file of this name. */
export function findReaders(repo: Snapshot, source: string): Evidence[] {
  const name = basename(source);
  const scripts = repo.paths.filter((p) => SCRIPT.test(p));
  return repo.matching(scripts, PORT_PATTERN).flatMap((path) => {
    const text = repo.read(path)?.text ?? '';
    if (!text.includes(name)) return [];
    const line = text.split('\n').findIndex((l) => PORT_PATTERN.test(l));
    return [{ path, line: line + 1, note: 'reads the port literal' }];
  });
}
