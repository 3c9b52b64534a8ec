import { defineConfig } from 'vitest/config';

/** Tests that start real servers: they need more programs than the plain tests. */
export default defineConfig({
  test: {
    include: ['test/live/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Servers, databases and packages: one at a time.
    fileParallelism: false,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'coverage/live.json' }]] : ['default'],
  },
});
