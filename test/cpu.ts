/**
 * CPU time that `work` takes in this process, in seconds: what else the machine does hardly counts. For limits that
 * only work of a wrong order reaches, with inputs so large that the right order is far below.
 */
export function cpuSeconds(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
