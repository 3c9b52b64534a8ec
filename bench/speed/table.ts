/** The results as Markdown. */
import { cpus, totalmem } from 'node:os';
import type { Grown } from './growth.ts';
import { type Outcome, ratio } from './rounds.ts';

/** One line that names the machine and the versions, and nothing that tells whose it is. */
export function machine(versions: Readonly<Record<string, string>>): string {
  const [cpu] = cpus();
  const tools = Object.entries({ Node: process.versions.node, ...versions }).map(
    ([name, version]) => `${name} ${version}`,
  );
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${cpu?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, ${memory}, ${process.platform} ${process.arch}, ${tools.join(', ')}`;
}

/** A table for each contest, with the demands on nayek below it. */
export function table(outcomes: readonly Outcome[]): string {
  return outcomes.map(one).join('\n');
}

function one({ id, title, results, demands }: Outcome): string {
  const bases = ['node -e 0', 'rg -l', 'ast-grep'].filter((b) => results.some((r) => r.tool === b));
  const head = ['tool', 'wall s', 'user s', 'user + system s', 'peak RSS MiB', ...bases.map((b) => `× ${b}`), 'rounds'];
  const rows = results.map(({ tool, cost, rounds }) => [
    tool,
    seconds(cost.wall),
    seconds(cost.user),
    seconds(cost.cpu),
    cost.rss.toFixed(0),
    ...bases.map((b) => figure(ratio(rounds, results.find((r) => r.tool === b)?.rounds ?? []))),
    String(rounds.length),
  ]);
  const lines = demands.map((d) => `- ${d.text}: ${figure(d.value)}${d.met ? '' : ' (missed)'}`);
  return `**${id}**: ${title}\n\n${rowsOf(head, rows)}\n\n${lines.join('\n')}\n`;
}

/** One table for all dimensions. */
export function growthTable(grown: readonly Grown[]): string {
  const head = ['dimension', 'unit at 1×', '1× s', '4× s', '16× s', 'time per unit at 16×', 'peak RSS MiB at 16×'];
  const rows = grown.map(({ dimension, unit, cpu, growth, reference, rss }) => [
    dimension,
    unit,
    ...cpu.map(seconds),
    Number.isNaN(growth) ? 'as a minimal repository' : `${figure(growth)} × that at ${reference}×`,
    rss.toFixed(0),
  ]);
  return rowsOf(head, rows);
}

function rowsOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

function seconds(value: number): string {
  return value.toFixed(3);
}

function figure(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toPrecision(value < 1 ? 2 : 3);
}
