import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
  'msedge',
];

/** How long a download may take before the next way is tried. */
const DOWNLOAD_TIMEOUT_MS = 120_000;
const APT_TIMEOUT_MS = 600_000;

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns {string[]} */
function usualPlaces() {
  const programFolders = [process.env['PROGRAMFILES'], process.env['PROGRAMFILES(X86)'], process.env['LOCALAPPDATA']];
  /** @type {Partial<Record<NodeJS.Platform, string[]>>} */
  const places = {
    darwin: [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ],
    linux: ['/usr/bin/chromium', '/snap/bin/chromium', '/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge'],
    win32: programFolders.flatMap((folder) =>
      folder === undefined
        ? []
        : [
            join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
            join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
          ],
    ),
  };
  return places[process.platform] ?? [];
}

/** @returns {string[]} */
function onPath() {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name + suffix)));
}

/** The browser that Playwright downloaded earlier, if any. */
async function fromPlaywright() {
  const { chromium } = await import('@playwright/test');
  return chromium.executablePath();
}

/**
 * The Chromium, Chrome or Edge of this machine: `CHROMIUM_PATH`, else on the `PATH`, else where they usually are, else
 * what Playwright downloaded.
 *
 * @returns {Promise<string | undefined>} the path of the program.
 * @throws when `CHROMIUM_PATH` names something that cannot be run.
 */
export async function findChromium() {
  const chosen = process.env['CHROMIUM_PATH'];
  if (chosen !== undefined && chosen !== '') {
    if (isExecutable(chosen)) return chosen;
    throw new Error(`CHROMIUM_PATH is ${chosen}, which is no program that can be run: set it to one, or unset it.`);
  }
  return [...onPath(), ...usualPlaces(), await fromPlaywright()].find(isExecutable);
}

/** @param {string} command @param {string[]} args @param {number} timeoutMs */
function run(command, args, timeoutMs) {
  process.stderr.write(`> ${command} ${args.join(' ')}\n`);
  const { status } = spawnSync(command, args, {
    // All of it to stderr: a script's stdout belongs to what it runs.
    stdio: ['ignore', 2, 2],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000' },
  });
  return status === 0;
}

function installFromDebian() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !isExecutable('/usr/bin/apt-get')) return;
  if (run('apt-get', ['update', '-qq'], APT_TIMEOUT_MS)) {
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], APT_TIMEOUT_MS);
  }
}

/**
 * As {@link findChromium}, but installs one where there is none: Playwright's download, else Debian's package (as root).
 *
 * @returns {Promise<string>}
 * @throws with one sentence when neither worked.
 */
export async function ensureChromium() {
  const found = await findChromium();
  if (found !== undefined) return found;
  const playwright = join('node_modules', '@playwright', 'test', 'cli.js');
  run(process.execPath, [playwright, 'install', 'chromium'], DOWNLOAD_TIMEOUT_MS);
  const downloaded = await findChromium();
  if (downloaded !== undefined) return downloaded;
  installFromDebian();
  const installed = await findChromium();
  if (installed !== undefined) return installed;
  throw new Error('No Chromium, Chrome or Edge was found or could be installed: install one, or set CHROMIUM_PATH.');
}
