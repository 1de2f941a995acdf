import { describe, expect, test } from 'vitest';
import { type HistoryLimits, type KeptWeight, planRetention, planShare } from './history-retention.ts';

const NOW = 1_000_000;
const WIDE: HistoryLimits = { maxProducers: 50, maxRuns: 10, maxBytes: 1_000, maxAgeMs: 10_000 };

/** A run of 10 bytes that was heard of now. */
function run(id: string, change: Partial<KeptWeight> = {}): KeptWeight {
  return { id, producer: 'p', events: 1, bytes: 10, lastAtMs: NOW, isPinned: false, isLive: false, ...change };
}

function numbered(count: number, change: (index: number) => Partial<KeptWeight> = () => ({})): KeptWeight[] {
  return Array.from({ length: count }, (_, index) =>
    run(`r${index}`, { lastAtMs: NOW - count + index, ...change(index) }),
  );
}

function dropped(runs: readonly KeptWeight[], limits: Partial<HistoryLimits> = {}): string[] {
  return planRetention(runs, { ...WIDE, ...limits }, NOW).map(({ id, reason }) => `${id} ${reason}`);
}

describe('the limits of the history', () => {
  test('let nothing go up to and at each of them', () => {
    expect(dropped(numbered(10))).toEqual([]);
    expect(dropped([run('old', { lastAtMs: NOW - 10_000 })])).toEqual([]);
    expect(dropped(numbered(50, (index) => ({ producer: `p${index}` })))).toEqual([]);
    expect(dropped([run('big', { bytes: 1_000 })])).toEqual([]);
    expect(dropped([])).toEqual([]);
  });

  test('let the oldest runs of a producer go above 10', () => {
    expect(dropped(numbered(12).reverse())).toEqual(['r0 runs', 'r1 runs']);
    expect(dropped(numbered(12), { maxRuns: 11 })).toEqual(['r0 runs']);
  });

  test('let runs go that are older than the age', () => {
    expect(dropped([run('old', { lastAtMs: NOW - 10_001 }), run('new')])).toEqual(['old age']);
  });

  test('let the longest silent producer go above 50, with all of its runs', () => {
    const runs = numbered(51, (index) => ({ producer: `p${index}` }));
    expect(dropped([...runs, run('r0b', { producer: 'p0', lastAtMs: NOW - 60 })])).toEqual([
      'r0 producers',
      'r0b producers',
    ]);
  });

  test('do not count producers that are connected', () => {
    const runs = numbered(51, (index) => ({ producer: `p${index}`, isLive: index < 2 }));
    expect(dropped(runs)).toEqual([]);
  });

  test('let the oldest go until the rest fits', () => {
    expect(dropped(numbered(4, () => ({ bytes: 300 })))).toEqual(['r0 bytes']);
    expect(
      dropped(
        numbered(4, () => ({ bytes: 300 })),
        { maxBytes: 500 },
      ),
    ).toEqual(['r0 bytes', 'r1 bytes', 'r2 bytes']);
  });

  test('never let go of what is pinned or live, and count it where it takes room', () => {
    const exempt = (index: number): Partial<KeptWeight> => (index === 0 ? { isPinned: true } : { isLive: index === 1 });
    expect(dropped(numbered(12, exempt))).toEqual(['r2 runs', 'r3 runs']);
    expect(dropped([run('pin', { isPinned: true, lastAtMs: 0 }), run('live', { isLive: true, lastAtMs: 0 })])).toEqual(
      [],
    );
    expect(
      dropped([run('pin', { isPinned: true, bytes: 2_000, lastAtMs: 0 }), run('new')], { maxAgeMs: 2 * NOW }),
    ).toEqual(['new bytes']);
  });

  test('keep the fullest copy of a run that came twice', () => {
    const copy = { ensembleId: 'e', startedAtMs: 5 };
    const other = { ...copy, producer: 'q' };
    const runs = [run('a', { ...copy, events: 3 }), run('b', { ...copy, events: 9 }), run('c', { ...copy, events: 2 })];
    expect(dropped([...runs, run('d', other), run('e', { startedAtMs: 5 }), run('f', { startedAtMs: 5 })])).toEqual([
      'a copy',
      'c copy',
    ]);
  });

  test('keep the copy that is live or pinned, however little it holds', () => {
    const copy = { ensembleId: 'e', startedAtMs: 5, events: 9 };
    expect(dropped([run('a', copy), run('b', { ...copy, events: 1, isLive: true })])).toEqual(['a copy']);
    expect(dropped([run('b', { ...copy, events: 1, isPinned: true }), run('a', copy)])).toEqual(['a copy']);
    expect(dropped([run('a', { ...copy, isPinned: true }), run('b', { ...copy, isPinned: true })])).toEqual([]);
  });
});

describe('a storage that is full', () => {
  test('lets the oldest tenth go', () => {
    expect(planShare(numbered(20), 0.1)).toEqual([
      { id: 'r0', reason: 'full' },
      { id: 'r1', reason: 'full' },
    ]);
    expect(
      planShare(
        numbered(20, () => ({ isPinned: true })),
        0.1,
      ),
    ).toEqual([]);
  });
});
