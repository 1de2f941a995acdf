import { defineConfig } from 'vitest/config';
import solid from 'vite-plugin-solid';
import { buildConstants } from './build/build-constants.ts';
import { hasCurl } from './scripts/find-curl.mjs';
import { hasJdk } from './scripts/find-java.mjs';

const define = buildConstants(0);

/** Property tests take seconds where everything else on the machine is busy as well, ms. */
const TEST_TIMEOUT_MS = 30_000;

/** Tests of the page need a document; all others run in plain Node. */
export default defineConfig({
  test: {
    // Set here too: without it the Solid plugin asks for jsdom.
    environment: 'node',
    projects: [
      {
        define,
        test: {
          name: 'node',
          environment: 'node',
          testTimeout: TEST_TIMEOUT_MS,
          setupFiles: ['test/support/set-seed.ts'],
          include: ['src/**/*.test.ts', 'build/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [
            'src/ui/**',
            'test/browser/**',
            ...(hasJdk() ? [] : ['test/interop/java-*']),
            ...(hasCurl() ? [] : ['test/interop/curl*']),
            // It measures the built relay.
            ...(process.env['ROSTRUM_CHAOS'] === 'full' ? [] : ['test/chaos/paused-viewer*']),
          ],
        },
      },
      {
        define,
        plugins: [solid({ hot: false })],
        resolve: { conditions: ['development', 'browser'] },
        test: {
          name: 'ui',
          environment: 'happy-dom',
          testTimeout: TEST_TIMEOUT_MS,
          include: ['src/ui/**/*.test.ts', 'src/ui/**/*.test.tsx'],
        },
      },
    ],
  },
});
