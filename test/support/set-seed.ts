import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { SEED } from './seed.ts';

// Most files have nothing to do with chance, and need not wait for its library.
const { testPath } = expect.getState();
if (testPath !== undefined && readFileSync(testPath, 'utf8').includes("'fast-check'")) {
  const { default: fc } = await import('fast-check');
  fc.configureGlobal({ seed: SEED });
}
