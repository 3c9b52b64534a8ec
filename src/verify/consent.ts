/** The repository's own code is run only after somebody has said so. */
import { createInterface } from 'node:readline/promises';
import { NayekError } from '../system/errors.ts';
import { say } from '../system/say.ts';

/**
 * Asks on a terminal. @throws NayekError `usage` without a terminal and without --yes, `interrupted` on Ctrl-C.
 */
export async function askConsent(question: string, yes: boolean, signal: AbortSignal): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new NayekError('usage', say`verify --live runs the code of the repository and nobody is there to agree`, {
      hint: say`pass --yes`,
    });
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  prompt.on('SIGINT', () => prompt.close());
  try {
    const closed = new Promise<undefined>((resolve) => prompt.on('close', () => resolve(undefined)));
    const answer = await Promise.race([
      prompt.question(`${question} [y/N] `, { signal }).catch(() => undefined),
      closed,
    ]);
    if (answer === undefined) throw new NayekError('interrupted', '');
    return /^\s*(?:y|yes|o|oui)\s*$/i.test(answer);
  } finally {
    prompt.close();
  }
}
