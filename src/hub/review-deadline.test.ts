import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deadlineOf, DueTimes, ownTimeMs } from './review-deadline.ts';

const timing = { receivedAt: { ms: 1_000, ns: 500_000 }, arrivedAtMs: 9_000 };

describe('ownTimeMs', () => {
  it('goes by the clock that counts', () => {
    expect(ownTimeMs(timing, 'publisher')).toBe(1_000.5);
    expect(ownTimeMs(timing, 'arrival')).toBe(9_000);
  });
});

describe('deadlineOf', () => {
  it('counts from the event', () => {
    expect(deadlineOf(10, timing, 'publisher')).toBe(1_010.5);
    expect(deadlineOf(10, timing, 'arrival')).toBe(9_010);
  });

  it('is none for 0, and for what no date can name', () => {
    for (const timeoutMs of [0, -5, Number.NaN, 9e15]) {
      expect(deadlineOf(timeoutMs, timing, 'arrival')).toBeUndefined();
    }
  });
});

describe('DueTimes', () => {
  it('takes out what is due, the earliest first', () => {
    const due = new DueTimes<string>();
    due.set('b', 20);
    due.set('a', 10);
    due.set('c', 30);
    expect(due.next()).toBe(10);
    expect(due.take(9)).toEqual([]);
    expect(due.take(20)).toEqual(['a', 'b']);
    expect([due.next(), due.size]).toEqual([30, 1]);
  });

  it('is the same as a plain table that is searched each time', () => {
    const step = fc.record({
      kind: fc.constantFrom('set', 'delete', 'take'),
      key: fc.integer({ min: 0, max: 8 }),
      ms: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const due = new DueTimes<number>();
        const plain = new Map<number, number>();
        for (const { kind, key, ms } of steps) {
          if (kind === 'set') {
            due.set(key, ms);
            plain.set(key, ms);
          } else if (kind === 'delete') {
            due.delete(key);
            plain.delete(key);
          } else {
            const expected = [...plain].filter(([, dueMs]) => dueMs <= ms).map(([found]) => found);
            expect(new Set(due.take(ms))).toEqual(new Set(expected));
            for (const found of expected) plain.delete(found);
          }
          expect(due.next()).toBe(plain.size === 0 ? undefined : Math.min(...plain.values()));
          expect(due.size).toBe(plain.size);
        }
      }),
    );
  });
});
