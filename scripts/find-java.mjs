import { spawnSync } from 'node:child_process';

/** Whether a JDK is here: a JRE alone cannot run a program from its source. */
export function hasJdk() {
  return spawnSync('javac', ['-version'], { stdio: 'ignore' }).status === 0;
}
