import { spawnSync } from 'node:child_process';

/** @param {string} program @param {string} option */
function runs(program, option) {
  return spawnSync(program, [option], { stdio: 'ignore' }).error === undefined;
}

/** Whether WebKitGTK's driver is here, and a screen without a display for its windows: it has no headless mode. */
export function hasWebKit() {
  return process.platform === 'linux' && runs('WebKitWebDriver', '--help') && runs('Xvfb', '-help');
}
