import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureChromium } from './find-chromium.mjs';
import { buildIfStale, installPackages, projectFolder, runStep } from './set-up.mjs';

/**
 * `npm run bench`: prints figures, as ratios against a peer in the same run where there is one. `--smoke` only shows that every bench still runs.
 */
const args = process.argv.slice(2);

/** @param {string[]} command @param {NodeJS.ProcessEnv} [environment] */
function show(command, environment = {}) {
  const { status } = spawnSync(process.execPath, command, {
    cwd: projectFolder,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  if (status !== 0) process.exitCode = 1;
}

installPackages();
buildIfStale();
runStep(process.execPath, [
  'node_modules/vite/bin/vite.js',
  'build',
  '--config',
  'vite.bench.config.ts',
  '--logLevel',
  'warn',
]);
show([join('node_modules', '.bench', 'reducer-bench.mjs'), ...args]);
show([join('node_modules', '.bench', 'fan-out-bench.mjs'), ...args]);
show([join('node_modules', '.bench', 'relay-bench.mjs'), ...args]);
show(['node_modules/@playwright/test/cli.js', 'test', '--config', 'playwright.bench.config.ts', '--reporter=line'], {
  CHROMIUM_PATH: await ensureChromium(),
  ...(args.includes('--smoke') && { ROSTRUM_BENCH_SMOKE: '1' }),
});
