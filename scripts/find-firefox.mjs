import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['firefox-esr', 'firefox'];

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function usualPlaces() {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name + suffix)));
  return [...onPath, '/Applications/Firefox.app/Contents/MacOS/firefox'];
}

/**
 * The Firefox of this machine: `FIREFOX_PATH`, else on the `PATH`, else where it usually is.
 *
 * @returns {string | undefined} the path of the program.
 * @throws when `FIREFOX_PATH` names something that cannot be run.
 */
export function findFirefox() {
  const chosen = process.env['FIREFOX_PATH'];
  if (chosen === undefined || chosen === '') return usualPlaces().find(isExecutable);
  if (isExecutable(chosen)) return chosen;
  throw new Error(`FIREFOX_PATH is ${chosen}, which is no program that can be run: set it to one, or unset it.`);
}
