import { posix } from 'node:path';
import { IMPORT_TABLE, ONE_CHUNK_ROOMS, TEST_PACKAGES, WORKER_ADDRESS } from './import-table.ts';
import type { SourceModule } from './read-module.ts';

const TEST_CODE = /\.test\.tsx?$|\/test-support\//;

/** Whether a file is there for tests only. */
export function isTestCode(path: string): boolean {
  return TEST_CODE.test(path);
}

/** The folder of `src` that a path lies in; undefined for one outside. */
export function roomOf(path: string): string | undefined {
  return /^src\/([^/]+)\//.exec(path)?.[1];
}

function packageOf(specifier: string): string {
  const [first = '', second = ''] = specifier.replace(/^virtual:pwa-register.*/, 'vite').split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

function packageProblem(module: SourceModule, specifier: string): string | undefined {
  const rule = IMPORT_TABLE.get(roomOf(module.path) ?? '');
  const isTest = isTestCode(module.path);
  if (specifier.startsWith('node:')) {
    return rule?.node === true || isTest ? undefined : `imports ${specifier}, but does not run in Node`;
  }
  const name = packageOf(specifier);
  if (rule?.packages.includes(name) === true) return undefined;
  return isTest && TEST_PACKAGES.includes(name) ? undefined : `imports the package ${name}`;
}

function pathProblem(module: SourceModule, specifier: string): string | undefined {
  const target = posix.join(posix.dirname(module.path), specifier);
  const from = roomOf(module.path);
  const to = roomOf(target);
  if (from === 'ui' && target === WORKER_ADDRESS) return undefined;
  if (to === undefined) return isTestCode(module.path) ? undefined : `imports ${target}, which is outside of src`;
  if (isTestCode(target) && !isTestCode(module.path)) return `imports ${target}, which is there for tests only`;
  if (from === to) return undefined;
  return IMPORT_TABLE.get(from ?? '')?.rooms.includes(to) === true ? undefined : `imports ${target}`;
}

/** Which imports of a file the table does not allow, each as a sentence. */
export function importProblems(module: SourceModule): string[] {
  const room = roomOf(module.path);
  if (room === undefined || !IMPORT_TABLE.has(room)) return [`${module.path} is in no room of the table`];
  const problems = [...module.imports, ...module.dynamicImports].map((specifier) =>
    specifier.startsWith('.') ? pathProblem(module, specifier) : packageProblem(module, specifier),
  );
  if (ONE_CHUNK_ROOMS.includes(room) && module.dynamicImports.length > 0 && !isTestCode(module.path)) {
    problems.push(`loads ${module.dynamicImports.join(', ')} later, but the hub is one chunk`);
  }
  return problems.filter((problem) => problem !== undefined).map((problem) => `${module.path} ${problem}`);
}

/** Says so when more than one file names the worker: there is one way to it. */
export function workerAddressProblems(modules: readonly SourceModule[]): string[] {
  const naming = modules.filter((module) =>
    module.imports.some((specifier) => posix.join(posix.dirname(module.path), specifier) === WORKER_ADDRESS),
  );
  return naming.length > 1 ? [`${naming.map(({ path }) => path).join(' and ')} both name the worker`] : [];
}
