import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/kit/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Mostly they wait for processes and sockets; by default two cores would run one at a time.
    maxWorkers: 2,
    reporters: ['default', './test/kit/closing-line.ts'],
  },
});
