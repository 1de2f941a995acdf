import { describe, expect, test } from 'vitest';
import {
  appendSpan,
  blockEnd,
  blockStart,
  emptyTrack,
  findTrack,
  isInTheWay,
  packSpan,
  shapeOf,
} from './lane-layout.ts';
import type { Block, Row } from './lane-layout.ts';
import { byStart, layoutEnd } from './span.ts';
import type { Span } from './span.ts';

function span(id: string, startMs: number, endMs: number | undefined): Span {
  return { id, kind: 'task', taskId: id, order: 0, startMs, endMs, tone: 'done', label: id, isEstimated: false };
}

function block(startMs: number, endMs: number | undefined, waits: Span[] = []): Block {
  return { span: span('b', startMs, endMs), waits, iterations: [], delegations: [], tools: [], track: undefined };
}

describe('packing into rows', () => {
  test('takes the first row that is free, forgiving what clocks get wrong', () => {
    const rows: Row[] = [];
    for (const each of [span('a', 0, 100), span('b', 50, 60), span('c', 96, 120), span('d', 97, 99)]) {
      expect(packSpan(rows, each)).toBe(true);
    }
    expect(rows.map((row) => row.spans.map(({ id }) => id))).toEqual([
      ['a', 'c'],
      ['b', 'd'],
    ]);
  });

  test('refuses what comes before something that is there', () => {
    const rows: Row[] = [];
    packSpan(rows, span('a', 10, 20));
    expect(packSpan(rows, span('b', 5, 6))).toBe(false);
    const row: Row = { spans: [span('a', 10, 20)] };
    expect(appendSpan(row, span('b', 15, 16))).toBe(true);
    expect(appendSpan(row, span('c', 5, 6))).toBe(false);
    expect(row.spans).toHaveLength(2);
  });

  test('a block reaches over its waits', () => {
    const waits = [span('w', 5, undefined)];
    expect(blockStart(block(10, 20, waits))).toBe(5);
    expect(blockEnd(block(10, 20, waits))).toBe(Infinity);
    expect(layoutEnd(span('x', 1, 2))).toBe(2);
  });

  test('finds the track that is free, a new one, or that order is broken', () => {
    const busy = { ...emptyTrack(), blocks: [block(0, 100)] };
    const free = { ...emptyTrack(), blocks: [block(0, 10)] };
    expect(findTrack([busy, free], block(50, 60))).toBe(1);
    expect(findTrack([busy], block(50, 60))).toBe(1);
    expect(findTrack([{ ...emptyTrack(), blocks: [block(70, 80)] }], block(50, 60))).toBeUndefined();
  });

  test('notices a block that grew into the next one', () => {
    const first = block(0, 100);
    const track = { ...emptyTrack(), blocks: [first, block(90, 200)] };
    expect(isInTheWay(track, first)).toBe(true);
    expect(isInTheWay({ ...track, blocks: [first, block(98, 200)] }, first)).toBe(false);
    expect(isInTheWay({ ...track, blocks: [first] }, first)).toBe(false);
  });

  test('a track is as high as what stands in it', () => {
    const track = emptyTrack();
    track.tasks.spans.push(span('a', 0, 1));
    const bare = shapeOf(track).heightPx;
    track.iterations.push({ spans: [span('i', 0, 1)] });
    const withIterations = shapeOf(track);
    expect(withIterations.heightPx).toBeGreaterThan(bare);
    track.tools.spans.push(span('m', 0, 0));
    expect(shapeOf(track)).toEqual(withIterations);
  });

  test('sorts by time, then by order', () => {
    const later = { ...span('b', 5, 6), order: 2 };
    expect([later, span('a', 5, 6), span('c', 1, 2)].sort(byStart).map(({ id }) => id)).toEqual(['c', 'a', 'b']);
  });
});
