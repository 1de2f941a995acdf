import { spawnSync } from 'node:child_process';

/** Whether `curl` is here. */
export function hasCurl() {
  return spawnSync('curl', ['--version'], { stdio: 'ignore' }).status === 0;
}
