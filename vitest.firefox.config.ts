import { defineConfig } from 'vitest/config';

/** The tests in Firefox, which drive the built page: `npm test` runs them after the build, where there is a Firefox. */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/firefox/*.spec.ts'],
    // Which process of the browser holds the hub is read from /proc.
    exclude: process.platform === 'linux' ? [] : ['test/firefox/hub-crash.spec.ts'],
    // Each file has a browser of its own, and two at once would only wait for each other.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000, interval: 50 } },
  },
});
