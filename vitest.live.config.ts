import { defineConfig } from 'vitest/config';

/** Tests that start real servers: they need more programs than the plain tests. */
export default defineConfig({
  test: {
    include: ['test/live/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Each file has servers, ports and folders of its own; more at a time would only wait for each other.
    maxWorkers: 2,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'coverage/live.json' }]] : ['default'],
  },
});
