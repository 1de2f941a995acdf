import { describe, expect, test } from 'vitest';
import { runView, sampleHead, sampleMark, sampleRun, sampleTask } from '../test-support/run-samples.ts';
import { wheelFactor } from './create-pointer-moves.ts';
import { rangeOf } from './create-paper.ts';
import { extentOf, isLiveRun } from './create-timeline-view.ts';
import { gapMarks } from './gap-marks.ts';
import { minimapPaths, strokePx } from './minimap-paths.ts';
import { placeLanes, tracksInRange } from './placed-lanes.ts';
import { isFailedOutcome } from './span-of-entity.ts';
import { TimelineModel } from './timeline-model.ts';
import { gapNote, laneNote, pendingNote, taskHint, taskName } from './timeline-words.ts';
import { visibleBoxes } from './visible-boxes.ts';

function manyTasks(count: number): TimelineModel {
  const model = new TimelineModel();
  const tasks = Array.from({ length: count }, (_, index) =>
    sampleTask({
      id: `t${index}`,
      order: index,
      agentRole: `A${index % 20}`,
      startedAtMs: Math.floor(index / 20) * 10,
      endedAtMs: Math.floor(index / 20) * 10 + 9,
      state: index === 7 ? 'failed' : 'completed',
    }),
  );
  const toolMarks = tasks.map(({ id, agentRole, startedAtMs }) =>
    sampleMark({ id: `m${id}`, taskId: id, agentRole, atMs: startedAtMs ?? 0 }),
  );
  model.reset(runView(sampleHead(), { tasks, toolMarks }));
  return model;
}

describe('what is drawn of the timeline', () => {
  test('stays bounded however many tasks there are and however closely one looks', () => {
    const lanes = placeLanes(manyTasks(10_000).lanes());
    const tracks = tracksInRange(lanes, { fromPx: 0, toPx: 1600 });
    for (const pxPerMs of [0.02, 0.2, 0.4, 1, 10]) {
      const view = { fromMs: 0, toMs: 1600 / pxPerMs, anchorMs: 0, pxPerMs, keep: new Set<string>() };
      const boxes = visibleBoxes(tracks, view);
      expect(boxes.length).toBeGreaterThan(0);
      expect(boxes.length).toBeLessThanOrEqual(900);
    }
  });

  test('boxes stand in their rows', () => {
    const lanes = placeLanes(manyTasks(2).lanes());
    const view = { fromMs: 0, toMs: 100, anchorMs: 0, pxPerMs: 10, keep: new Set<string>() };
    const [task, mark] = visibleBoxes(tracksInRange(lanes, { fromPx: 0, toPx: 10 }), view);
    expect(task).toMatchObject({ kind: 'task', heightPx: 22, leftPx: 0, widthPx: 90 });
    expect(mark).toMatchObject({ kind: 'tool', heightPx: 14 });
    expect(mark?.topPx).toBeGreaterThan(task?.topPx ?? 0);
  });

  test('the small map is one path per tone', () => {
    const lanes = placeLanes(manyTasks(1000).lanes());
    const paths = minimapPaths(lanes, { fromMs: 0, toMs: 500, nowMs: 500, widthPx: 100, heightPx: 34 });
    expect(paths.failed.match(/M/g)).toHaveLength(1);
    expect(paths.done.match(/M/g)?.length).toBeLessThanOrEqual(20 * 34);
    expect(paths.done).toContain('M0.0 6h');
    expect(paths.waiting).toBe('');
    expect(strokePx(lanes, 34)).toBeLessThan(strokePx(lanes.slice(0, 2), 34));
  });

  test('gaps close to each other are told as one', () => {
    const gap = (id: string, atMs: number) => ({ id, order: 0, kind: 'missing', events: 2, atMs }) as const;
    const window = { fromMs: 0, toMs: 1000 };
    expect(gapMarks([gap('a', 10), gap('b', 20), gap('c', 900), gap('d', 5000)], window, 1)).toEqual([
      { leftPx: 10, kind: 'missing', text: '4 events missing' },
      { leftPx: 900, kind: 'missing', text: '2 events missing' },
    ]);
  });

  test('the drawn range changes only when its margin is used up', () => {
    const first = rangeOf(0, 600, { fromPx: 0, toPx: 0 });
    expect(first).toEqual({ fromPx: -400, toPx: 1000 });
    expect(rangeOf(300, 600, first)).toBe(first);
    expect(rangeOf(500, 600, first)).toEqual({ fromPx: 100, toPx: 1500 });
  });

  test('a turn of the wheel zooms within bounds', () => {
    expect(wheelFactor(0)).toBe(1);
    expect(wheelFactor(50)).toBeGreaterThan(1);
    expect(wheelFactor(-9999)).toBeCloseTo(1 / 1.6);
  });

  test('reaches to now while the run lives, and to its end when it has ended', () => {
    const model = manyTasks(1);
    const run = sampleRun({ startedAtMs: -5 });
    expect(isLiveRun(run)).toBe(true);
    expect(isLiveRun(sampleRun({ state: 'failed' }))).toBe(false);
    expect(extentOf(model, run, 4000)).toEqual({ startMs: -5, latestMs: 4000, isLive: true });
    expect(extentOf(model, { ...run, durationMs: 50 }, undefined)).toEqual({
      startMs: -5,
      latestMs: 45,
      isLive: false,
    });
    expect(extentOf(new TimelineModel(), undefined, 1)).toBeUndefined();
  });
});

describe('the words of the timeline', () => {
  test('name a task by what it is and its state', () => {
    const task = sampleTask({ id: 'a', description: 'Draft the press release', state: 'waiting for you' });
    expect(taskName(task)).toBe('Draft the press release, waiting for you');
    expect(taskHint(task)).toBe('Draft the press release, waiting for you · Writer · 1.0 s');
  });

  test('tell how a lane stands', () => {
    const [one] = manyTasks(1).lanes();
    expect(one && laneNote(one)).toBe('task 1');
    const lane = manyTasks(10_000).lanes()[7];
    expect(lane && laneNote(lane)).toBe('500 tasks · 1 failed');
  });

  test('tell what has not started and what is missing', () => {
    expect(pendingNote(2)).toBe('2 tasks have not started');
    expect(pendingNote(1)).toBe('1 task has not started');
    expect(gapNote({ kind: 'missing', events: 3 })).toBe('3 events missing');
    expect(gapNote({ kind: 'not-seen', events: 12 })).toBe('12 events before this not seen');
  });

  test('a failure is told from success and from what is not known', () => {
    expect([undefined, 'SUCCESS', 'FAILURE', 'error', 'SKIPPED'].map(isFailedOutcome)).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });
});
