import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface Fault {
  readonly fault: string;
  readonly tests?: readonly string[];
  readonly cures?: readonly { readonly without: string; readonly edits: readonly { file: string; find: string }[] }[];
  readonly waitsFor?: string;
}

const FAULTS = JSON.parse(readFileSync('test/faults/cures.json', 'utf8')) as readonly Fault[];
const CURED = FAULTS.filter(({ waitsFor }) => waitsFor === undefined);

describe('the list of faults', () => {
  test('has all 42 in order, each with its cures or with what it waits for', () => {
    expect(FAULTS.map(({ fault }) => fault)).toEqual(Array.from({ length: 42 }, (_, index) => `A${index + 1}`));
    for (const { cures, waitsFor } of FAULTS) expect((cures?.length ?? 0) > 0).toBe(waitsFor === undefined);
  });

  test.each(CURED)('names tests of $fault that are there', ({ fault, tests = [] }) => {
    expect(tests.length).toBeGreaterThan(0);
    for (const path of tests) expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`test\\(\\s*'${fault}: `));
  });

  test.each(CURED)('knows where the cures of $fault stand', ({ cures = [] }) => {
    for (const { file, find } of cures.flatMap(({ edits }) => edits)) {
      const found = readFileSync(file, 'utf8').split(find).length - 1;
      expect([file, find, found]).toEqual([file, find, 1]);
    }
  });

  test('lists every test that is named after a fault', () => {
    const named = readdirSync('test/faults').flatMap((name) => {
      const path = `test/faults/${name}`;
      const found = name.endsWith('.test.ts') ? readFileSync(path, 'utf8').matchAll(/test\(\s*'(A\d+): /g) : [];
      return [...found].map(([, fault]) => [fault, path]);
    });
    for (const [fault, path] of named) {
      expect(CURED.find((one) => one.fault === fault)?.tests, `${fault}`).toContain(path);
    }
    expect(named.length).toBeGreaterThan(0);
  });
});
