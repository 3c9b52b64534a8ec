/** What has to be taken back at the end, whatever ends it. */

export interface Cleanup {
  /** Registered last, done first; `now` is its synchronous form for a process that dies. What one throws stops no other. */
  add(task: { readonly later: () => Promise<void> | void; readonly now: () => void }): void;
  /** What could not be taken back, as messages. */
  run(): Promise<string[]>;
}

/** Also runs, synchronously, when the process exits without `run`. */
export function cleanup(): Cleanup {
  const tasks: { readonly later: () => Promise<void> | void; readonly now: () => void }[] = [];
  const atExit = (): void => {
    for (let task = tasks.pop(); task; task = tasks.pop()) {
      try {
        task.now();
      } catch {
        // The next run takes it away.
      }
    }
  };
  process.on('exit', atExit);
  return {
    add: (task) => void tasks.push(task),
    async run() {
      const problems: string[] = [];
      for (let task = tasks.pop(); task; task = tasks.pop()) {
        try {
          await task.later();
        } catch (error) {
          problems.push(error instanceof Error ? error.message : String(error));
        }
      }
      process.off('exit', atExit);
      return problems;
    },
  };
}
