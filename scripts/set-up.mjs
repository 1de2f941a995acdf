import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder: every script works from there, wherever it was called. */
export const projectFolder = fileURLToPath(new URL('..', import.meta.url));

const STAMP = 'dist/.built-from';
const OUTPUTS = ['dist/relay.js', 'dist/web/index.html', 'dist/web/sw.js'];
const INPUTS = ['src', 'build', 'public', 'index.html', 'package.json', 'package-lock.json', 'scripts'];
const INPUT_CONFIGS = /^(?:vite\..*config\.ts|tsconfig.*\.json|\.size-limit\.js)$/;
const TEST_FILE = /\.test\.tsx?$/;

/**
 * Runs a program of the project to its end. What it says goes to stderr: stdout belongs to what the user asked for.
 *
 * @param {string} command
 * @param {string[]} args
 * @throws when it fails.
 */
export function runStep(command, args) {
  // On Windows npm is a script that only a shell runs; all words are the project's own.
  const { status, error } = spawnSync(command, args, {
    cwd: projectFolder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (error !== undefined) throw new Error(`${command} could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`\`${[command, ...args].join(' ')}\` failed; what it said stands above.`);
}

/** @param {string} path @returns {Record<string, {version?: string, optional?: boolean}>} */
function lockedPackages(path) {
  return JSON.parse(readFileSync(join(projectFolder, path), 'utf8')).packages;
}

function isInstalled() {
  if (!existsSync(join(projectFolder, 'node_modules/.package-lock.json'))) return false;
  const installed = lockedPackages('node_modules/.package-lock.json');
  return Object.entries(lockedPackages('package-lock.json')).every(
    // What is optional depends on the platform, and the first entry is the project itself.
    ([path, { version, optional }]) => path === '' || optional === true || installed[path]?.version === version,
  );
}

/** Installs the packages that the lockfile names, if they are not there. */
export function installPackages() {
  if (!isInstalled()) runStep('npm', ['ci', '--no-audit', '--no-fund']);
}

/** @param {string} path @returns {string[]} */
function filesIn(path) {
  const full = join(projectFolder, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .sort()
    .flatMap((name) => filesIn(`${path}/${name}`));
}

/** A digest of everything that the build is made from. By content: a fresh clone has no meaningful times. */
function inputDigest() {
  const configs = readdirSync(projectFolder).filter((name) => INPUT_CONFIGS.test(name));
  const files = [...INPUTS.flatMap(filesIn), ...configs.sort()].filter((path) => !TEST_FILE.test(path));
  const hash = createHash('sha256');
  for (const path of files) hash.update(`${path}\0`).update(readFileSync(join(projectFolder, path)));
  return hash.digest('hex');
}

function isBuilt() {
  const stamp = join(projectFolder, STAMP);
  if (!existsSync(stamp) || !OUTPUTS.every((path) => existsSync(join(projectFolder, path)))) return false;
  return readFileSync(stamp, 'utf8') === inputDigest();
}

/** Builds page, hub and relay, compresses what is served, and checks the sizes. */
export function build() {
  const digest = inputDigest();
  const vite = 'node_modules/vite/bin/vite.js';
  // A build that is cut short must not look like the one before it.
  rmSync(join(projectFolder, STAMP), { force: true });
  runStep(process.execPath, [vite, 'build', '--logLevel', 'warn']);
  runStep(process.execPath, [vite, 'build', '--logLevel', 'warn', '--config', 'vite.relay.config.ts']);
  runStep(process.execPath, ['scripts/precompress.mjs', 'dist/web']);
  runStep(process.execPath, ['node_modules/size-limit/bin.js']);
  mkdirSync(join(projectFolder, 'dist'), { recursive: true });
  writeFileSync(join(projectFolder, STAMP), digest);
}

/** Builds, unless what was built last is made from the same files. */
export function buildIfStale() {
  if (!isBuilt()) build();
}
