import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from './find-chromium.mjs';
import { hasCurl } from './find-curl.mjs';
import { findFirefox } from './find-firefox.mjs';
import { hasJdk } from './find-java.mjs';
import { hasWebKit } from './find-webkit.mjs';
import { buildIfStale, installPackages, projectFolder } from './set-up.mjs';

/** @typedef {{passed: number, failed: number}} Count */

const FAILED = { passed: 0, failed: 1 };
const PASSED = { passed: 1, failed: 0 };
const reportFolder = mkdtempSync(join(tmpdir(), 'rostrum-test-'));

/** @param {string} program @param {string[]} args @param {NodeJS.ProcessEnv} [environment] */
function runTool(program, args, environment = {}) {
  const { status } = spawnSync(process.execPath, [join('node_modules', program), ...args], {
    cwd: projectFolder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...environment },
  });
  return status === 0;
}

/** @param {string} program @param {string[]} args @returns {() => Count} */
function check(program, ...args) {
  return () => (runTool(program, args) ? PASSED : FAILED);
}

/** What a runner counted; a runner that failed without a failing test, or ran none, is a failure by itself.
 * @param {boolean} isGreen @param {Count} count @returns {Count} */
function judge(isGreen, { passed, failed }) {
  const isSilentFailure = failed === 0 && (!isGreen || passed === 0);
  return { passed, failed: isSilentFailure ? 1 : failed };
}

/** @param {string} path @returns {any} */
function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

/** @param {string} config @returns {Count} */
function vitest(config) {
  const report = join(reportFolder, `${config}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const isGreen = runTool('vitest/vitest.mjs', ['run', '--config', config, ...reporters]);
  const { numPassedTests = 0, numFailedTests = 0 } = readReport(report);
  return judge(isGreen, { passed: numPassedTests, failed: numFailedTests });
}

/** @returns {Count} */
function unitTests() {
  if (!hasJdk()) console.log('No JDK is here: the tests with a Java publisher are left out.');
  if (!hasCurl()) console.log('No curl is here: the tests with it are left out.');
  return vitest('vitest.config.ts');
}

/** @returns {Count} */
function buildAndSizes() {
  buildIfStale();
  return PASSED;
}

/** @returns {Promise<Count>} */
async function browserTests() {
  const report = join(reportFolder, 'browser.json');
  const environment = { CHROMIUM_PATH: await ensureChromium(), PLAYWRIGHT_JSON_OUTPUT_NAME: report };
  const isGreen = runTool('@playwright/test/cli.js', ['test', '--reporter=list,json'], environment);
  const { stats = {} } = readReport(report);
  return judge(isGreen, { passed: stats.expected ?? 0, failed: (stats.unexpected ?? 0) + (stats.flaky ?? 0) });
}

/** A suite whose browser is absent is not registered.
 * @param {string} name @param {boolean} isHere @returns {readonly (readonly [name: string, run: () => Count])[]} */
function suiteIn(name, isHere) {
  if (isHere) return [[`Tests in ${name}`, () => vitest(`vitest.${name.toLowerCase()}.config.ts`)]];
  console.log(`No ${name} is here: the tests in it are left out.`);
  return [];
}

/** @type {readonly (readonly [name: string, run: () => Count | Promise<Count>])[]} */
const SUITES = [
  ['Format', check('oxfmt/bin/oxfmt', '--check')],
  ['Lint', check('oxlint/bin/oxlint', '--type-aware', '--deny-warnings')],
  ['Types', check('typescript/bin/tsc', '-b')],
  ['Unused code', check('knip/bin/knip.js')],
  ['Unit tests', unitTests],
  ['Build and sizes', buildAndSizes],
  ['Browser tests', browserTests],
];

/** @param {string} name @param {() => Count | Promise<Count>} run @returns {Promise<Count>} */
async function runSuite(name, run) {
  console.log(`\n== ${name}`);
  const startedAtMs = performance.now();
  let count = FAILED;
  try {
    count = await run();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
  }
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  console.log(`== ${name}: ${count.passed} passed, ${count.failed} failed (${seconds} s)`);
  return count;
}

async function runAll() {
  installPackages();
  const total = { passed: 0, failed: 0 };
  const others = [...suiteIn('Firefox', findFirefox() !== undefined), ...suiteIn('WebKit', hasWebKit())];
  for (const [name, run] of [...SUITES, ...others]) {
    const { passed, failed } = await runSuite(name, run);
    total.passed += passed;
    total.failed += failed;
  }
  return total;
}

try {
  const { passed, failed } = await runAll();
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  console.error(`The tests did not run: ${error instanceof Error ? error.message : String(error)}`);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
} finally {
  rmSync(reportFolder, { recursive: true, force: true });
}
