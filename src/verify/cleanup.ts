/** What has to be taken back at the end, whatever ends it. */

export interface Cleanup {
  /** Registered last, done first. Must not throw; `now` is its synchronous form for a process that dies. */
  add(task: { readonly later: () => Promise<void> | void; readonly now: () => void }): void;
  run(): Promise<void>;
}

/** Also runs, synchronously, when the process exits without `run`. */
export function cleanup(): Cleanup {
  const tasks: { readonly later: () => Promise<void> | void; readonly now: () => void }[] = [];
  const atExit = (): void => {
    for (let task = tasks.pop(); task; task = tasks.pop()) task.now();
  };
  process.on('exit', atExit);
  return {
    add: (task) => void tasks.push(task),
    async run() {
      for (let task = tasks.pop(); task; task = tasks.pop()) await task.later();
      process.off('exit', atExit);
    },
  };
}
