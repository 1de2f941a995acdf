import { spawnSync } from 'node:child_process';
import { installPackages, projectFolder } from './set-up.mjs';
import { proveFaults } from './prove-faults.mjs';

/**
 * Runs the suites of `test/chaos` in full, with figures; each prints the seed it began with, and `ROSTRUM_SEED=…` runs the same again.
 * `--prove-faults [A1 A2 …]` takes the cures of known faults out instead, and shows that their tests notice.
 */
const args = process.argv.slice(2);

/** @returns {boolean} */
function runInFull() {
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', 'test/chaos', '--reporter=verbose', '--no-file-parallelism'];
  const { status } = spawnSync(process.execPath, [...vitest, '--disable-console-intercept', ...args], {
    cwd: projectFolder,
    stdio: 'inherit',
    env: { ...process.env, ROSTRUM_CHAOS: 'full' },
  });
  return status === 0;
}

installPackages();
const isGreen = args.includes('--prove-faults')
  ? await proveFaults(args.filter((arg) => /^A\d+$/.test(arg)))
  : runInFull();
if (!isGreen) process.exitCode = 1;
