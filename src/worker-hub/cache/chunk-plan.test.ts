import { describe, expect, test } from 'vitest';
import { CHUNK_CHARS, CHUNK_EVENTS, planChunks, type ChunkEntry, type ChunkTail } from './chunk-plan.ts';

function entries(from: number, count: number, chars = 1): ChunkEntry[] {
  return Array.from({ length: count }, (_, index) => ({ sequence: from + index, text: 'x'.repeat(chars) }));
}

/** Carries plans out on records by number, and says what lies there in the end. */
function store(batches: readonly (readonly ChunkEntry[])[]): { records: Map<number, number>; written: number } {
  const records = new Map<number, number>();
  let tail: ChunkTail | undefined;
  let written = 0;
  for (const batch of batches) {
    const plan = planChunks(batch, tail);
    for (const key of plan.deletes) records.delete(key);
    for (const { first, texts } of plan.puts) {
      records.set(first, texts.length);
      written += texts.length;
    }
    ({ tail } = plan);
  }
  return { records, written };
}

describe('events in records', () => {
  test('are one record for as many as come at once', () => {
    expect(store([entries(1, 3)]).records).toEqual(new Map([[1, 3]]));
    expect(store([]).records).toEqual(new Map());
    expect(store([[]]).records).toEqual(new Map());
  });

  test('are full records where many come at once', () => {
    expect(store([entries(1, 2 * CHUNK_EVENTS + 5)]).records).toEqual(
      new Map([
        [1, CHUNK_EVENTS],
        [CHUNK_EVENTS + 1, CHUNK_EVENTS],
        [2 * CHUNK_EVENTS + 1, 5],
      ]),
    );
  });

  test('gather in one record when they come one by one, and each is written twice at most', () => {
    const { records, written } = store(entries(1, 3 * CHUNK_EVENTS + 2).map((entry) => [entry]));
    expect([...records.values()].filter((count) => count === CHUNK_EVENTS)).toHaveLength(3);
    expect([...records.values()].reduce((sum, count) => sum + count)).toBe(3 * CHUNK_EVENTS + 2);
    expect(written).toBeLessThanOrEqual(2 * (3 * CHUNK_EVENTS + 2));
  });

  test('are in a record of their own where they are long', () => {
    const long = entries(1, 3, CHUNK_CHARS);
    expect(store([long]).records).toEqual(
      new Map([
        [1, 1],
        [2, 1],
        [3, 1],
      ]),
    );
  });

  test('stand in their order in a record that gathers late ones', () => {
    const first = planChunks(entries(5, 1));
    const plan = planChunks([...entries(2, 1), ...entries(6, CHUNK_EVENTS)], first.tail);
    expect(plan.puts[0]?.first).toBe(2);
    expect(plan.deletes).toEqual([5]);
  });
});
