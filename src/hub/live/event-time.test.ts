import { describe, expect, it } from 'vitest';
import { BEGIN_MS, LiveStory, instant, markedIds } from '../../../test/support/live-story.ts';
import {
  delegationCompleted,
  delegationStarted,
  ensembleStarted,
  taskCompleted,
  taskInput,
  taskStarted,
  toolCalled,
} from '../../../test/support/messages.ts';

const UNKNOWN = { isTimeKnown: false, ms: 90_000 };

function story(): LiveStory {
  return new LiveStory().say(ensembleStarted('e'), UNKNOWN).say(taskStarted(1, { startedAt: instant(1000) }), UNKNOWN);
}

function marks(tale: LiveStory): [number, boolean][] {
  const { toolMarks } = tale.timeline().entities;
  return Object.values(toolMarks).map(({ atMs, isEstimated }) => [atMs - BEGIN_MS, isEstimated]);
}

describe('when something happened', () => {
  it('is what the message says of itself, whenever it came', () => {
    const tale = story().say(taskCompleted(1, { completedAt: instant(2000), durationMs: 900 }), UNKNOWN);
    expect(tale.timeline().entities.tasks['t1']).toMatchObject({
      startedAtMs: BEGIN_MS + 1000,
      endedAtMs: BEGIN_MS + 1900,
    });
  });

  it('is when it came where the message says nothing, or nothing that can be read', () => {
    const tale = new LiveStory().say(taskStarted(1, { startedAt: 'yesterday' }), { ms: 3000 });
    tale.say(toolCalled('a'), { ms: 4000 });
    expect(tale.timeline().entities.tasks['t1']?.startedAtMs).toBe(BEGIN_MS + 3000);
    expect(marks(tale)).toEqual([[4000, false]]);
  });

  it('lies between the known times around it, in order, where only its place is known', () => {
    const tale = story().say(toolCalled('a'), UNKNOWN).say(toolCalled('b'), UNKNOWN).say(toolCalled('c'), UNKNOWN);
    expect(marks(tale)).toEqual([
      [1000, true],
      [1000, true],
      [1000, true],
    ]);
    const before = tale.changes.length;
    tale.say(taskCompleted(1, { completedAt: instant(5000) }), UNKNOWN);
    expect(marks(tale)).toEqual([
      [2000, true],
      [3000, true],
      [4000, true],
    ]);
    for (const collection of ['toolMarks', 'toolCalls'] as const) {
      expect(markedIds(tale.changes.slice(before), collection)).toEqual(['x1', 'x2', 'x3']);
    }
  });

  it('is no later than the moment at which it had been said', () => {
    const tale = story().say(toolCalled('a'), { isTimeKnown: false, ms: 3000 }).say(toolCalled('b'), { ms: 60_000 });
    expect(marks(tale)).toEqual([
      [2000, true],
      [60_000, false],
    ]);
  });

  it('never runs backwards', () => {
    const tale = story()
      .say(toolCalled('a'), UNKNOWN)
      .say(taskInput(1, { sentAt: instant(500) }), UNKNOWN);
    expect(marks(tale)).toEqual([[1000, true]]);
  });

  it('moves a delegation as a whole', () => {
    const tale = story()
      .say(delegationStarted('a'), UNKNOWN)
      .say(delegationCompleted('a', { durationMs: 40 }), UNKNOWN)
      .say(taskCompleted(1, { completedAt: instant(3000) }), UNKNOWN);
    expect(tale.timeline().entities.delegations['d1']).toMatchObject({
      startedAtMs: BEGIN_MS + 2000,
      endedAtMs: BEGIN_MS + 2040,
      isEstimated: true,
    });
  });

  it('is the latest it can be where nothing at all is known', () => {
    expect(marks(new LiveStory().say(toolCalled('a'), UNKNOWN))).toEqual([[90_000, true]]);
  });
});
