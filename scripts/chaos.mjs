import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { ensureChromium } from './find-chromium.mjs';
import { buildIfStale, installPackages, projectFolder } from './set-up.mjs';
import { proveFaults } from './prove-faults.mjs';

/**
 * Runs the suites of `test/chaos` in full, then those of the browser that have a long form, with figures; each prints the seed it began with, and `ROSTRUM_SEED=…` runs the same again.
 * `--prove-faults [A1 A2 …]` takes the cures of known faults out instead, and shows that their tests notice.
 */
const args = process.argv.slice(2);

/** @param {string[]} command @param {NodeJS.ProcessEnv} environment @returns {boolean} */
function isGreenIn(command, environment) {
  const { status } = spawnSync(process.execPath, command, {
    cwd: projectFolder,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  return status === 0;
}

/** @returns {Promise<boolean>} */
async function runInFull() {
  buildIfStale();
  const seed = process.env['ROSTRUM_SEED'] ?? String(randomInt(2 ** 31));
  console.log(`ROSTRUM_SEED=${seed}`);
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', 'test/chaos', '.property.test', '--reporter=verbose'];
  const isRelayGreen = isGreenIn([...vitest, '--no-file-parallelism', '--disable-console-intercept', ...args], {
    ROSTRUM_CHAOS: 'full',
    ROSTRUM_EVENTS: '5',
    ROSTRUM_SEED: seed,
  });
  const playwright = ['node_modules/@playwright/test/cli.js', 'test', 'hub-kills', 'memory', '--reporter=list'];
  const isHubGreen = isGreenIn(playwright, {
    CHROMIUM_PATH: await ensureChromium(),
    ROSTRUM_KILLS: '50',
    ROSTRUM_SEED: seed,
    ROSTRUM_LONG: '1',
  });
  return isRelayGreen && isHubGreen;
}

installPackages();
const isGreen = args.includes('--prove-faults')
  ? await proveFaults(args.filter((arg) => /^A\d+$/.test(arg)))
  : await runInFull();
if (!isGreen) process.exitCode = 1;
