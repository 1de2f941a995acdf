import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './set-up.mjs';

/**
 * `node scripts/chaos.mjs --prove-faults [A1 A2 …]`: takes each cure of `test/faults/cures.json` out of a copy of the sources, runs the
 * tests that are named after its fault there, and fails unless they fail. With all cures in, the same tests must pass in the same time.
 *
 * @typedef {{file: string, find: string, replace: string}} Edit
 * @typedef {{without: string, edits: Edit[]}} Cure
 * @typedef {{fault: string, tests: string[], cures: Cure[], waitsFor?: undefined}} CuredFault
 * @typedef {CuredFault | {fault: string, waitsFor: string, cures?: undefined}} Fault
 * @typedef {{fault: string, cure: string, verdict: 'red' | 'GREEN' | 'BROKEN', detail: string, seconds: number}} Row
 */

const COPIED = ['src', 'test', 'build', 'scripts', 'public', 'package.json', 'vitest.config.ts', 'tsconfig.base.json'];
/** A cure that is out may show as a hang: it need not be waited for long. */
const HANG_MS = '20000';
/** All that the report of Vitest says of a test whose time was up. */
const TIMED_OUT = 'STACK_TRACE_ERROR';
/** Two copies at a time: more only take each other's processor. */
const WORKERS = 2;

/** @returns {Fault[]} */
function readFaults() {
  return JSON.parse(readFileSync(join(projectFolder, 'test/faults/cures.json'), 'utf8'));
}

/** @param {string} folder */
function copySources(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of COPIED) cpSync(join(projectFolder, name), join(folder, name), { recursive: true });
  symlinkSync(join(projectFolder, 'node_modules'), join(folder, 'node_modules'), 'dir');
}

/** Takes the cure out, and gives back what puts it in again. @param {string} folder @param {Cure} cure @returns {() => void} */
function takeOut(folder, cure) {
  /** @type {Map<string, string>} */
  const before = new Map();
  for (const { file, find, replace } of cure.edits) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (!before.has(path)) before.set(path, text);
    if (text.split(find).length !== 2) throw new Error(`${file} does not hold this text once: ${find.trim()}`);
    writeFileSync(
      path,
      text.replace(find, () => replace),
    );
  }
  return () => before.forEach((text, path) => writeFileSync(path, text));
}

/**
 * @param {string} folder @param {{tests: readonly string[], named: string}} chosen
 * @returns {Promise<{passed: number, failed: number, reasons: string[]}>} `reasons`: the first line of what each failed test said
 */
async function runTests(folder, { tests, named }) {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const options = ['-t', named, '--reporter=json', `--outputFile=${report}`, '--silent'];
  const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...tests, ...options], {
    cwd: folder,
    env: { ...process.env, ROSTRUM_HANG_MS: HANG_MS },
    stdio: 'ignore',
  });
  await new Promise((resolve) => vitest.once('close', resolve));
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  return { passed: numPassedTests, failed: numFailedTests, reasons: reasonsIn(testResults) };
}

/** @param {{assertionResults: {failureMessages: string[]}[]}[]} testFiles */
function reasonsIn(testFiles) {
  const messages = testFiles.flatMap(({ assertionResults }) =>
    assertionResults.flatMap((test) => test.failureMessages),
  );
  return messages.map((message) =>
    message.includes(TIMED_OUT) ? 'what must come never came' : (message.split('\n', 1)[0] ?? '').slice(0, 160),
  );
}

/** @param {string} folder @param {CuredFault} fault @param {Cure} cure @returns {Promise<Row>} */
async function prove(folder, fault, cure) {
  const startedAtMs = performance.now();
  const row = { fault: fault.fault, cure: cure.without };
  const seconds = () => (performance.now() - startedAtMs) / 1000;
  try {
    const putBack = takeOut(folder, cure);
    try {
      const { passed, failed, reasons } = await runTests(folder, { tests: fault.tests, named: `${fault.fault}: ` });
      if (passed + failed === 0) throw new Error(`No test is named after ${fault.fault}, or none could be loaded.`);
      const detail = `${failed} of ${passed + failed} fail: ${reasons[0] ?? 'nothing was noticed'}`;
      return { ...row, verdict: failed > 0 ? 'red' : 'GREEN', detail, seconds: seconds() };
    } finally {
      putBack();
    }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { ...row, verdict: 'BROKEN', detail, seconds: seconds() };
  }
}

/** @param {readonly CuredFault[]} faults @returns {Promise<boolean>} */
async function passWithCures(faults) {
  const folder = copyFolder('all');
  copySources(folder);
  const tests = [...new Set(faults.flatMap((fault) => fault.tests))];
  const named = `(${faults.map(({ fault }) => fault).join('|')}): `;
  const { passed, failed } = await runTests(folder, { tests, named });
  rmSync(folder, { recursive: true, force: true });
  console.log(`With all cures in: ${passed} tests pass, ${failed} fail`);
  return failed === 0 && passed >= faults.length;
}

/** @param {string} name */
function copyFolder(name) {
  return join(projectFolder, 'node_modules', `.without-cure-${name}`);
}

/** @param {Row} row */
function print({ fault, cure, verdict, detail, seconds }) {
  console.log(`${fault.padEnd(4)} ${verdict.padEnd(6)} without ${cure} (${detail}, ${seconds.toFixed(0)} s)`);
}

/** @param {readonly string[]} chosen @returns {Promise<boolean>} whether every cure is needed */
export async function proveFaults(chosen) {
  const faults = readFaults().filter(({ fault }) => chosen.length === 0 || chosen.includes(fault));
  for (const { fault, waitsFor } of faults)
    if (waitsFor !== undefined) console.log(`${fault.padEnd(4)} waits for ${waitsFor}`);
  /** @type {CuredFault[]} */
  const cured = faults.flatMap((fault) => (fault.waitsFor === undefined ? [fault] : []));
  if (!(await passWithCures(cured))) return false;
  const work = cured.flatMap((fault) => fault.cures.map((cure) => ({ fault, cure })));
  /** @type {Row[]} */
  const rows = [];
  const workers = Array.from({ length: WORKERS }, async (_, index) => {
    const folder = copyFolder(`${index}`);
    copySources(folder);
    for (let next = work.shift(); next !== undefined; next = work.shift()) {
      const row = await prove(folder, next.fault, next.cure);
      print(row);
      rows.push(row);
    }
    rmSync(folder, { recursive: true, force: true });
  });
  await Promise.all(workers);
  const unproven = rows.filter(({ verdict }) => verdict !== 'red');
  console.log(`\n${rows.length} cures taken out: ${rows.length - unproven.length} noticed, ${unproven.length} not`);
  for (const row of unproven) print(row);
  return unproven.length === 0;
}
