/** Asks for one key on a terminal; where that says too little of itself, for a line. */
import { createInterface } from 'node:readline';
import { isCancel, SelectKeyPrompt } from '@clack/core';
import type { Answer } from './interactive.ts';

/** Undefined when the user has broken off. */
export async function askOnTerminal(question: string, answers: readonly Answer[]): Promise<Answer | undefined> {
  const list = `[${answers.join(',')}]`;
  // A terminal that cannot be painted on, such as that of an editor, or one without a size.
  if (process.env.TERM === 'dumb' || !process.env.TERM || !process.stdout.columns)
    return askLine(`${question} ${list} `, answers);
  const prompt = new SelectKeyPrompt({
    options: answers.map((value) => ({ value })),
    render() {
      return `${question} ${list} ${this.state === 'submit' ? String(this.value) : ''}`;
    },
  });
  const answer = await prompt.prompt();
  return isCancel(answer) ? undefined : answer;
}

/** The first letter of a line counts; another one is asked for again. */
async function askLine(question: string, answers: readonly Answer[]): Promise<Answer | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
  const broken = (): void => lines.close();
  process.on('SIGINT', broken);
  try {
    process.stdout.write(question);
    for await (const line of lines) {
      const answer = answers.find((one) => one === line.trim()[0]?.toLowerCase());
      if (answer !== undefined) return answer;
      process.stdout.write(question);
    }
    return undefined;
  } finally {
    process.off('SIGINT', broken);
    lines.close();
  }
}
