import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventOf, lateGreeting, producerEvents, recordedEvents } from '../../test/support/live-events.ts';
import { BEGIN_MS, PRODUCER, viewsOf } from '../../test/support/live-story.ts';
import { anyMessage } from '../../test/support/live-traffic.ts';
import { answered, asked, ensembleStarted, taskStarted } from '../../test/support/messages.ts';
import type { Change } from './change.ts';
import { liveReducer } from './live-reducer.ts';
import { type LiveEvent, type LiveState, createLiveState } from './live-state.ts';
import { fillIterations } from './live/fill-iterations.ts';
import { fillGap, noteGap } from './live/gaps.ts';
import { loseTouch } from './live/touch.ts';
import { comparePositions } from './logged-event.ts';
import { reduceRunAgain } from './reduce-run-again.ts';

function reduce(events: readonly LiveEvent[]): LiveState {
  const live = createLiveState(PRODUCER);
  for (const event of events) liveReducer(live, event, []);
  return live;
}

/** As a hub does it: the event's run, and all after it, from their events. */
function takeLate(live: LiveState, late: LiveEvent, all: readonly LiveEvent[]): Change[] {
  const changes: Change[] = [];
  fillGap(live, late, changes);
  let runIndex = 0;
  live.runs.forEach(({ begins }, index) => {
    if (comparePositions(begins, late) <= 0) runIndex = index;
  });
  const from = live.runs[runIndex]?.begins ?? late;
  const first = comparePositions(from, late) < 0 ? from : late;
  const events = all.filter((event) => comparePositions(event, first) >= 0);
  reduceRunAgain(live, { runIndex, events }, changes);
  return changes;
}

/** Reduces all events but one, and then that one. */
function withLate(events: readonly LiveEvent[], lateIndex: number): LiveState {
  const live = createLiveState(PRODUCER);
  const late = events[lateIndex];
  if (late === undefined) return reduce(events);
  events.forEach((event, index) => {
    if (index === lateIndex) {
      noteGap(live, { kind: 'missing', epoch: event.epoch, from: event.sequence, to: event.sequence });
    } else liveReducer(live, event, []);
  });
  takeLate(live, late, events);
  return live;
}

const traffic = fc
  .array(anyMessage, { minLength: 2, maxLength: 40 })
  .map((messages) =>
    messages.map((message, index) => eventOf(message, { sequence: index + 1, atMs: BEGIN_MS + index * 1000 })),
  );

/** Hundreds of stories take a while where others work on the same machine. */
const PATIENCE_MS = 120_000;

describe('reduceRunAgain', { timeout: PATIENCE_MS }, () => {
  it('leads to what reducing in order leads to, whichever event came late', () => {
    fc.assert(
      fc.property(traffic, fc.nat(), (events, at) => {
        // The last one is not late: nothing tells that it is missing.
        const live = withLate(events, at % (events.length - 1));
        expect(viewsOf(live)).toEqual(viewsOf(reduce(events)));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['hierarchical', recordedEvents('embedded-hierarchical')],
    ['sequential', recordedEvents('embedded-sequential')],
    ['svc-a-1, two lives', producerEvents('hub-viewer', 'svc-a-1')],
  ])('puts any one late event of a recording in its place: %s', (_name, events) => {
    const inOrder = viewsOf(reduce(events));
    for (let late = 0; late < events.length - 1; late += 1) expect(viewsOf(withLate(events, late))).toEqual(inOrder);
  });

  it('keeps what it was not told by events: other gaps, filled iterations, and that touch was lost', () => {
    const events = [
      ensembleStarted('e'),
      taskStarted(1),
      { type: 'heartbeat', serverTimeMs: 1 },
      taskStarted(2),
      asked(0, { agentRole: 'Agent 2', taskDescription: 'Task 2' }),
    ].map((message, index) => eventOf(message, { sequence: index + 1, atMs: BEGIN_MS + index * 1000 }));
    const live = createLiveState(PRODUCER);
    const [start, first, , second, question] = events as [LiveEvent, LiveEvent, LiveEvent, LiveEvent, LiveEvent];
    liveReducer(live, start, []);
    noteGap(live, { kind: 'missing', epoch: 1, from: 2, to: 3 });
    liveReducer(live, second, []);
    liveReducer(live, question, []);
    const pair = { started: asked(0), completed: answered(0) } as never;
    fillIterations(live, [pair], []);
    loseTouch(live, BEGIN_MS + 99_000, []);
    const changes = takeLate(live, first, events);
    const [run] = live.runs;
    expect(run?.state).toBe('lost-touch');
    expect([...(run?.gaps.values() ?? [])].map(({ events: missing }) => missing)).toEqual([1]);
    expect([...(run?.iterations.values() ?? [])].map(({ conversation, phase }) => [conversation.role, phase])).toEqual([
      ['Agent 2', 'running'],
      ['Agent 1', 'completed'],
    ]);
    expect(changes.filter(({ kind }) => kind.startsWith('run'))).toEqual([
      { kind: 'run-reset', producer: PRODUCER, run: 'r1' },
    ]);
  });

  it('says which runs are other runs now', () => {
    const messages = [
      ensembleStarted('a'),
      taskStarted(1),
      ensembleStarted('b'),
      taskStarted(1, { startedAt: '2026-11-22T10:00:50Z' }),
    ];
    const events = messages.map((message, index) => eventOf(message, { sequence: index + 1, atMs: BEGIN_MS }));
    const live = reduce(events.filter((_, index) => index !== 2));
    expect(live.runs).toHaveLength(1);
    const began: Change[] = [];
    reduceRunAgain(live, { runIndex: 0, events }, began);
    expect(began.map((change) => 'run' in change && `${change.kind} ${change.run}`)).toEqual([
      'run-reset r1',
      'run-began r2',
    ]);
    const dropped: Change[] = [];
    reduceRunAgain(live, { runIndex: 0, events: events.slice(0, 2) }, dropped);
    expect(dropped.map((change) => 'run' in change && `${change.kind} ${change.run}`)).toEqual([
      'run-dropped r2',
      'run-reset r1',
    ]);
  });

  it('leaves nothing behind of what it forgot', () => {
    const { events } = lateGreeting('embedded-tools');
    const live = reduce(events);
    reduceRunAgain(live, { runIndex: 0, events }, []);
    expect(viewsOf(live)).toEqual(viewsOf(reduce(events)));
    expect(live.runsBegun).toBe(1);
  });
});
