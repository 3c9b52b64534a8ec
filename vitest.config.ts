import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/setup/longest-first.ts';

const folder = path.join(import.meta.dirname, 'test');
/** Files that try less in the default tier: test/tier.ts. */
const sampling = readdirSync(folder)
  .filter((name) => name.endsWith('.test.ts') && readFileSync(path.join(folder, name), 'utf8').includes("'./tier.ts'"))
  .map((name) => `test/${name}`);

/** The tiers of `--project=name`; without it `default` alone, so that a file can be run by its name. */
const chosen = process.argv.flatMap((argument) => /^--project=(.+)/.exec(argument)?.[1] ?? []);
if (chosen.length === 0) chosen.push('default');

const tiers = [
  { name: 'default', include: ['test/*.test.ts'], limit: 600_000 },
  // What is sampled in the default tier, whole.
  { name: 'full', include: sampling, limit: 1_800_000 },
  // Real servers: they need more programs.
  { name: 'live', include: ['test/live/*.test.ts'], limit: 1_800_000 },
] as const;

/** `--sequence.shuffle` brings an order of its own. */
const shuffled = process.argv.some((argument) => argument.startsWith('--sequence.shuffle'));

export default defineConfig({
  test: {
    sequence: shuffled ? {} : { sequencer: LongestFirst },
    // Vitest would leave one core idle.
    maxWorkers: '100%',
    globalSetup: ['test/setup/run.ts'],
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: `coverage/${chosen.join('-')}.json` }]]
      : ['default'],
    projects: tiers
      .filter((tier) => chosen.includes(tier.name))
      .map(({ name, include, limit }) => ({
        extends: true as const,
        test: {
          name,
          include: [...include],
          setupFiles: ['test/setup/file.ts'],
          provide: { tier: name },
          // The files of a worker share what they import: half of the time. Each puts back what it changes.
          isolate: name === 'live',
          // Only what hangs gets there: a slow machine is no failure. Time is measured in bench/.
          testTimeout: limit,
          hookTimeout: limit,
          // A server that a platform gives 30 s to stop takes longer beside other work: what fails twice is a fault.
          retry: name === 'live' ? 1 : 0,
        },
      })),
  },
});
