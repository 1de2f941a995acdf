import { describe, expect, test } from 'vitest';
import type { ReviewWaitEntity, TaskEntity } from '../../protocol/tab/run-model.ts';
import type { ViewPatch } from '../../protocol/tab/view-data.ts';
import { runView, sampleHead, sampleIterationSpan, sampleMark, sampleTask } from '../test-support/run-samples.ts';
import { heightOfLanes, lanesInRange, placeLanes, tracksInRange } from './placed-lanes.ts';
import { TimelineModel } from './timeline-model.ts';

function modelOf(tasks: readonly TaskEntity[]): TimelineModel {
  const model = new TimelineModel();
  model.reset(runView(sampleHead(), { tasks }));
  return model;
}

function upsert(task: TaskEntity): ViewPatch<'run'> {
  return { op: 'upsert', collection: 'tasks', entity: task };
}

const wait = (change: Partial<ReviewWaitEntity> = {}): ReviewWaitEntity => ({
  id: 'w',
  order: 0,
  review: 'r',
  taskId: 'a',
  fromMs: 2000,
  isOpen: true,
  ...change,
});

function tracksOf(model: TimelineModel): string[][] {
  return model.lanes().flatMap((lane) => lane.tracks().map(({ track }) => track.tasks.spans.map((span) => span.id)));
}

const running = (id: string, startedAtMs: number): TaskEntity => {
  const { endedAtMs: _end, durationMs: _took, ...task } = sampleTask({ id, startedAtMs, state: 'running' });
  return task;
};

describe('the model of the timeline', () => {
  test('agents are lanes, tasks that do not overlap share a track', () => {
    const model = modelOf([
      sampleTask({ id: 'a', order: 1, startedAtMs: 0, endedAtMs: 10 }),
      sampleTask({ id: 'b', order: 2, startedAtMs: 5, endedAtMs: 30 }),
      sampleTask({ id: 'c', order: 3, startedAtMs: 12, endedAtMs: 20 }),
      sampleTask({ id: 'd', order: 4, startedAtMs: 0, endedAtMs: 5, agentRole: 'Other' }),
    ]);
    expect(model.lanes().map((lane) => lane.role)).toEqual(['Writer', 'Other']);
    expect(tracksOf(model)).toEqual([['a', 'b'], ['c'], ['d']]);
  });

  test('a task that runs keeps its track to itself until it ends', () => {
    const model = modelOf([running('a', 0)]);
    model.apply([upsert(running('b', 100))]);
    expect(tracksOf(model)).toEqual([['a'], ['b']]);
    model.apply([upsert(sampleTask({ id: 'a', startedAtMs: 0, endedAtMs: 150 })), upsert(running('c', 200))]);
    expect(tracksOf(model)).toEqual([['a', 'c'], ['b']]);
    expect(model.block('a')?.span.tone).toBe('done');
  });

  test('what comes out of order ends in the same place as in order', () => {
    const tasks = Array.from({ length: 60 }, (_, index) =>
      sampleTask({ id: `t${index}`, order: index, startedAtMs: index * 10, endedAtMs: index * 10 + 25 }),
    );
    const late = modelOf([]);
    for (const task of [...tasks].reverse()) late.apply([upsert(task)]);
    expect(tracksOf(late)).toEqual(tracksOf(modelOf(tasks)));
    expect(late.inTimeOrder().map((block) => block.span.id)).toEqual(tasks.map((task) => task.id));
  });

  test('a task that turns out longer than thought moves the next one away', () => {
    const model = modelOf([
      sampleTask({ id: 'a', order: 1, startedAtMs: 0, endedAtMs: 100 }),
      sampleTask({ id: 'b', order: 2, startedAtMs: 200, endedAtMs: 300 }),
    ]);
    expect(tracksOf(model)).toEqual([['a', 'b']]);
    model.apply([upsert(sampleTask({ id: 'a', order: 1, startedAtMs: 0, endedAtMs: 250 }))]);
    expect(tracksOf(model)).toEqual([['a'], ['b']]);
  });

  test('a review that waits makes its task longer', () => {
    const model = modelOf([sampleTask({ id: 'a', order: 1 })]);
    model.apply([
      { op: 'upsert', collection: 'waits', entity: wait() },
      upsert(sampleTask({ id: 'b', order: 2, startedAtMs: 5000, endedAtMs: 6000 })),
    ]);
    expect(tracksOf(model)).toEqual([['a'], ['b']]);
    expect(model.wait('w')?.review).toBe('r');
    expect(model.block('a')?.waits[0]?.tone).toBe('waiting');
    model.apply([{ op: 'upsert', collection: 'waits', entity: wait({ isOpen: false, toMs: 2500 }) }]);
    expect(model.block('a')?.waits[0]?.endMs).toBe(2500);
  });

  test('a task that waits before it starts stands where it waits; without a wait it is pending', () => {
    const { startedAtMs: _at, endedAtMs: _end, ...unstarted } = sampleTask({ id: 'a', state: 'pending' });
    const model = modelOf([unstarted]);
    expect(model.pending().map((task) => task.id)).toEqual(['a']);
    expect(model.task('a')?.state).toBe('pending');
    model.apply([{ op: 'upsert', collection: 'waits', entity: wait() }]);
    expect(model.pending()).toEqual([]);
    expect(model.block('a')?.span.startMs).toBe(2000);
    model.apply([upsert(sampleTask({ id: 'a', startedAtMs: 4000, endedAtMs: 5000 }))]);
    expect(model.block('a')?.span.startMs).toBe(4000);
    expect(tracksOf(model)).toEqual([['a']]);
  });

  test("small things stand below their task, other agents' ones in those agents' lanes", () => {
    const model = new TimelineModel();
    model.reset(
      runView(sampleHead(), {
        tasks: [sampleTask({ id: 'a' })],
        iterations: [
          sampleIterationSpan({ id: 'i1', taskId: 'a' }),
          sampleIterationSpan({ id: 'i2', taskId: 'a', agentRole: 'Helper', order: 2 }),
        ],
        toolMarks: [sampleMark({ id: 'm', taskId: 'a', outcome: 'FAILURE' })],
        delegations: [
          {
            id: 'd',
            order: 1,
            taskId: 'a',
            delegatingRole: 'Writer',
            workerRole: 'Helper',
            description: 'x',
            state: 'completed',
            startedAtMs: 1300,
            endedAtMs: 1700,
            isEstimated: false,
          },
        ],
      }),
    );
    const [writer, helper] = model.lanes();
    const track = writer?.tracks()[0];
    expect(track?.track.iterations.map((row) => row.spans.map((span) => span.id))).toEqual([['i1']]);
    expect(track?.track.delegations.map((row) => row.spans.map((span) => span.id))).toEqual([['d']]);
    expect(track?.track.tools.spans.map((span) => span.tone)).toEqual(['failed']);
    expect(track?.shape.delegationPx[0]).toBeGreaterThan(track?.shape.iterationPx[0] ?? 0);
    expect(helper?.role).toBe('Helper');
    expect(helper?.tracks()[0]?.track.iterations[0]?.spans.map((span) => span.id)).toEqual(['i2']);
  });

  test('what is removed is gone', () => {
    const model = new TimelineModel();
    const tasks = [sampleTask({ id: 'a' }), sampleTask({ id: 'b', startedAtMs: 3000, endedAtMs: 4000 })];
    const toolMarks = [sampleMark({ id: 'm', taskId: 'b' })];
    const gaps = [{ id: 'g', order: 0, kind: 'missing', events: 3, atMs: 9 } as const];
    model.reset(runView(sampleHead(), { tasks, toolMarks, gaps }));
    expect(model.gaps()).toHaveLength(1);
    model.apply([
      { op: 'remove', collection: 'toolMarks', id: 'm' },
      { op: 'remove', collection: 'tasks', id: 'a' },
      { op: 'remove', collection: 'gaps', id: 'g' },
    ]);
    expect(tracksOf(model)).toEqual([['b']]);
    expect(model.block('b')?.tools).toEqual([]);
    expect(model.gaps()).toEqual([]);
    expect(model.lanes()[0]?.countOf('completed')).toBe(1);
    model.reset(undefined);
    expect(model.lanes()).toEqual([]);
    expect(model.knownTime()).toBeUndefined();
  });

  test('knows from when to when it reaches', () => {
    expect(modelOf([sampleTask({ id: 'a' }), running('b', 7000)]).knownTime()).toEqual({
      startMs: 1000,
      latestMs: 7000,
    });
  });

  test('lanes stand one below the other, and only those in sight are found', () => {
    const model = modelOf(
      Array.from({ length: 100 }, (_, index) => sampleTask({ id: `t${index}`, order: index, agentRole: `A${index}` })),
    );
    const lanes = placeLanes(model.lanes());
    const height = heightOfLanes(lanes);
    expect(height).toBe(lanes.reduce((sum, lane) => sum + lane.heightPx, 0));
    const third = lanes[2]?.topPx ?? 0;
    const range = { fromPx: third + 1, toPx: third + 2 };
    expect(lanesInRange(lanes, range).map(({ lane }) => lane.role)).toEqual(['A2']);
    expect(tracksInRange(lanes, range).map(({ topPx }) => topPx)).toEqual([third]);
  });

  test('one change among 10,000 tasks does not lay out the others', () => {
    const tasks = Array.from({ length: 10_000 }, (_, index) =>
      sampleTask({ id: `t${index}`, order: index, startedAtMs: index * 10, endedAtMs: index * 10 + 5 }),
    );
    const model = modelOf(tasks);
    const spans = model.lanes()[0]?.tracks()[0]?.track.tasks.spans;
    const last = sampleTask({ id: 't9999', order: 9999, startedAtMs: 99_990, endedAtMs: 99_999, state: 'failed' });
    model.apply([upsert(last), upsert(running('new', 200_000))]);
    // The very same rows, grown: had the lane been packed again, there would be new ones.
    expect(model.lanes()[0]?.tracks()[0]?.track.tasks.spans).toBe(spans);
    expect(spans).toHaveLength(10_001);
    expect(model.lanes()[0]?.countOf('failed')).toBe(1);
  });
});
