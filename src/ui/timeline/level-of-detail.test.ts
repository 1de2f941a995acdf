import { describe, expect, test } from 'vitest';
import { firstInSight, levelOfDetail } from './level-of-detail.ts';
import type { LevelView } from './level-of-detail.ts';
import type { Span } from './span.ts';

function span(id: string, startMs: number, endMs: number | undefined): Span {
  return { id, kind: 'task', taskId: id, order: 0, startMs, endMs, tone: 'done', label: id, isEstimated: false };
}

const view = (change: Partial<LevelView> = {}): LevelView => ({
  fromMs: 0,
  toMs: 1000,
  anchorMs: 0,
  pxPerMs: 1,
  mergePx: 3,
  keep: new Set(),
  ...change,
});

describe('the level of detail', () => {
  test('leaves out what is out of sight, and keeps what reaches into it', () => {
    const spans = [span('a', 0, 50), span('b', 60, 150), span('c', 200, 250), span('d', 500, 600)];
    const boxes = levelOfDetail(spans, view({ fromMs: 100, toMs: 300 }));
    expect(boxes.map((box) => box.key)).toEqual(['b', 'c']);
    expect(boxes[0]).toMatchObject({ leftPx: 60, widthPx: 90, roomPx: 50, count: 1 });
  });

  test('merges what is too small to be told apart, but never what has the focus', () => {
    const spans = Array.from({ length: 100 }, (_, index) => span(`s${index}`, index * 2, index * 2 + 1));
    const merged = levelOfDetail(spans, view());
    expect(merged).toHaveLength(1);
    expect(merged[0]).toMatchObject({ count: 100, leftPx: 0, widthPx: 199, span: undefined });
    const kept = levelOfDetail(spans, view({ keep: new Set(['s50']) }));
    expect(kept.filter((box) => box.count === 1).map((box) => box.key)).toEqual(['s50']);
    expect(kept.reduce((sum, box) => sum + box.count, 0)).toBe(100);
  });

  test('a failure among many successes stays a failure, and is drawn over them', () => {
    const spans = Array.from({ length: 100 }, (_, index) => ({
      ...span(`s${index}`, index * 2, index * 2 + 1),
      tone: index === 40 ? ('failed' as const) : ('done' as const),
    }));
    const boxes = levelOfDetail(spans, view());
    expect(boxes.map((box) => [box.tone, box.count])).toEqual([
      ['done', 99],
      ['failed', 1],
    ]);
  });

  test('what goes on has no width of its own and is never merged', () => {
    const boxes = levelOfDetail([span('a', 0, 1), span('b', 2, undefined)], view());
    expect(boxes.map((box) => box.widthPx)).toEqual([2, undefined]);
  });

  test('the number of boxes is bounded by the px, not by the spans', () => {
    const spans = Array.from({ length: 10_000 }, (_, index) => span(`s${index}`, index, index + 0.9));
    expect(levelOfDetail(spans, view({ toMs: 10_000, pxPerMs: 0.1 })).length).toBeLessThan(1000 / 3);
  });

  test('finds the first span in sight', () => {
    const spans = [span('a', 0, 50), span('b', 60, 150), span('c', 200, 250)];
    expect(firstInSight(spans, 100)).toBe(1);
    expect(firstInSight(spans, 160)).toBe(2);
    expect(firstInSight(spans, 900)).toBe(3);
  });
});
