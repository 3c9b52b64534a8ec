/** An application that has its URL written out, while its migrations follow a variable: two databases would be used. */
import type { Evidence } from '../../src/model/facts.ts';
import type { Outcome } from '../../src/model/transform.ts';
import type { Snapshot } from '../../src/repo/snapshot.ts';
import { sourceLine } from '../../src/repo/source-line.ts';
import { say } from '../../src/system/say.ts';

/** What a person writes at `at`, where the literal stands; undefined for a local file, which no variable replaces. */
export function ownUrl(repo: Snapshot, at: Evidence, variable: string): Outcome | undefined {
  const line = sourceLine(repo, at);
  const scheme = /["']([a-z]\w*(?:\+\w+)?):\/\//i.exec(line)?.[1];
  if (scheme === undefined || scheme.startsWith('sqlite')) return undefined;
  const known = scheme === 'postgres' ? 'postgresql' : scheme;
  const name = /^\s*(\w+)\s*(?::[^=]*)?=/.exec(line)?.[1];
  // The scheme names the driver; a platform's own scheme does not.
  const value = `"${known}://" + os.environ["${variable}"].split("://", 1)[1]`;
  return {
    kind: 'manual',
    reason: say`the application has its own URL written out, and the migrations follow ${variable}: two databases would be used`,
    at: [at],
    snippet: `import os\n\n${name === undefined ? value : `${name} = ${value}`}`,
  };
}
