import { describe, expect, it } from 'vitest';
import { HubJournal, KEPT_ERRORS } from './hub-journal.ts';

describe('HubJournal', () => {
  it('keeps the last errors, whatever was thrown', () => {
    const journal = new HubJournal();
    expect(journal.keepError(new RangeError('too far'), 1)).toBe('RangeError: too far');
    journal.keepError('plain', 2);
    journal.keepError(undefined, 3);
    expect(journal.errors).toEqual([
      { atMs: 1, text: 'RangeError: too far' },
      { atMs: 2, text: 'plain' },
      { atMs: 3, text: 'undefined' },
    ]);
    for (let n = 0; n < KEPT_ERRORS; n += 1) journal.keepError(n, n);
    expect(journal.errors).toHaveLength(KEPT_ERRORS);
    expect(journal.errors[0]?.text).toBe('0');
  });

  it('takes the rate over the last five whole seconds', () => {
    const journal = new HubJournal();
    for (let atMs = 0; atMs < 10_000; atMs += 100) journal.countEvents(1, atMs);
    expect(journal.eventsPerSecond(10_000)).toBe(10);
    expect(journal.eventsPerSecond(12_500)).toBe(6);
    expect(journal.eventsPerSecond(60_000)).toBe(0);
    journal.countEvents(500, 60_000);
    expect(journal.eventsPerSecond(61_000)).toBe(100);
  });
});
