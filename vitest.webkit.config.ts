import { defineConfig } from 'vitest/config';

/** The tests in WebKitGTK, which drive the built page: `npm test` runs them after the build, where its driver is. */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/webkit/*.spec.ts'],
    // Each test has a browser of its own, and two at once would only wait for each other.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000, interval: 50 } },
  },
});
