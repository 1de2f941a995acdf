import { describe, expect, test } from 'vitest';
import { historySample } from '../test-support/history-samples.ts';
import { historyRows } from './history-rows.ts';
import { droppedText, endText, tookText, useText, whenText, whoText } from './history-words.ts';

describe('the lines of the history', () => {
  const runs = [
    historySample('a', { lastAtMs: 1, title: 'Write the report', workflow: 'PARALLEL' }),
    historySample('b', { lastAtMs: 1, startedAtMs: 3, producerId: 'svc-b', serviceName: 'news', isPinned: true }),
    historySample('c', {
      lastAtMs: 2,
      state: 'failed',
      exitReason: 'TIMEOUT',
      ensembleId: 'E-77',
      sourceLabel: 'Desk',
    }),
  ];
  const ids = (filter: string): string[] => historyRows(runs, filter).map(({ id }) => id);

  test('stand with the latest begun first', () => expect(ids('')).toEqual(['b', 'c', 'a']));

  test('stand in their order where they began in the same moment', () => {
    const together = ['p 1.9', 'p 1.10', 'p 2.1'].map((id) => historySample(id, { startedAtMs: 3 }));
    expect(historyRows(together, '').map(({ id }) => id)).toEqual(['p 2.1', 'p 1.10', 'p 1.9']);
  });

  test.each([
    ['report', ['a']],
    ['REPORT  parallel', ['a']],
    ['report news', []],
    ['svc-b', ['b']],
    ['pinned', ['b']],
    ['failed', ['c']],
    ['timeout', ['c']],
    ['e-77', ['c']],
    ['desk', ['c']],
  ])('are found by %s', (filter, found) => expect(ids(filter)).toEqual(found));
});

describe('the words of the history', () => {
  test('say who ran', () => {
    expect(whoText(historySample('a', { serviceName: 'news', producerId: 'svc', workflow: 'SEQUENTIAL' }))).toBe(
      'news · svc · sequential',
    );
    const embedded = { serviceName: 'Desk', producerId: 'self', sourceLabel: 'Desk' };
    expect(whoText(historySample('a', embedded))).toBe('Desk');
  });

  test('say how it ended', () => {
    expect(endText(historySample('a', { exitReason: 'COMPLETED' }))).toBe('done');
    expect(endText(historySample('a', { exitReason: 'USER_EXIT_EARLY' }))).toBe('done · user exit early');
    expect(endText(historySample('a', { state: 'failed', exitReason: 'ERROR' }))).toBe('failed');
    expect(endText(historySample('a', { state: 'lost-touch' }))).toBe('lost touch');
  });

  test('say when it was and how long it took', () => {
    expect(whenText(historySample('a', { startedAtMs: 1000, lastAtMs: 9000 }), 61_000)).toBe('1 min ago');
    expect(whenText(historySample('a', { lastAtMs: 9000 }), 9100)).toBe('just now');
    expect(tookText(historySample('a', { durationMs: 2440 }))).toBe('2.4 s');
    expect(tookText(historySample('a', {}))).toBe('–');
  });

  test('say what is used and what went', () => {
    const head = { storage: 'lasting', bytes: 3_355_443, limitBytes: 536_870_912, runs: 12, pinned: 0 } as const;
    expect(useText({ ...head, dropped: {}, damaged: 0 })).toBe('12 runs, 3.2 MB of 512 MB');
    expect(droppedText({})).toBe('');
    expect(droppedText({ runs: 2, age: 1 })).toBe(
      'Let go so far: 1 were too old; 2 were more than are kept of one producer.',
    );
  });
});
