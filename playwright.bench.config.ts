import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

/** The benches that need a browser: `npm run bench`. One at a time, or they would measure each other. */
export default defineConfig(base, {
  testDir: 'test/bench',
  testMatch: '*.bench.ts',
  fullyParallel: false,
  workers: 1,
  timeout: 300_000,
  use: { trace: 'off' },
});
