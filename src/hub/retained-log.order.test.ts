import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logOf, runsOf, texts } from '../../test/support/log-of.ts';
import { epochOf, event, RUN } from '../../test/support/logged-events.ts';
import type { LoggedEvent } from './logged-event.ts';
import { RetainedLog } from './retained-log.ts';

describe('keeping events in order', () => {
  it('says where each event went', () => {
    const log = new RetainedLog({ isReviewOpen: () => false });
    const place = (next: LoggedEvent) => log.add(next).placement;
    expect(place(event(1, 1, 'ensemble_started'))).toEqual({ kind: 'appended', runIndex: 0, beginsRun: true });
    expect(place(event(1, 2, 'task_started'))).toEqual({ kind: 'appended', runIndex: 0, beginsRun: false });
    expect(place(event(1, 9, 'ensemble_started'))).toEqual({ kind: 'appended', runIndex: 1, beginsRun: true });
    expect(place(event(1, 4, 'tool_called'))).toEqual({ kind: 'inserted', runIndex: 0, isRecut: false });
    expect(place(event(1, 3, 'tool_called'))).toEqual({ kind: 'inserted', runIndex: 0, isRecut: false });
    expect(place(event(1, 3, 'tool_called'))).toEqual({ kind: 'not-kept' });
    expect(place(event(1, 10, 'heartbeat'))).toEqual({ kind: 'not-kept' });
    expect(runsOf(log)).toEqual([['1/1', '1/2', '1/3', '1/4'], ['1/9']]);
    expect(texts(log.events())).toEqual(['1/1', '1/2', '1/3', '1/4', '1/9']);
    expect([log.size, log.bytes]).toEqual([5, 50]);
  });

  it('cuts where a start stands that was the beginning until something came late before it', () => {
    const late = logOf([event(1, 3, 'ensemble_started'), event(1, 2, 'task_started')]);
    expect(runsOf(late)).toEqual([['1/2'], ['1/3']]);
    const later = logOf([event(1, 3, 'ensemble_started'), event(1, 1, 'tool_called'), event(1, 2, 'task_started')]);
    expect(runsOf(later)).toEqual([['1/1', '1/2'], ['1/3']]);
  });

  it('does not let a review go with which it grows too large: nobody can know yet that it is open', () => {
    const opened = new Set<string>();
    const log = new RetainedLog({ maxBytes: 100, isReviewOpen: (reviewId) => opened.has(reviewId) });
    const review = (sequence: number) =>
      event(1, sequence, { type: 'review_requested', reviewId: `r${sequence}`, bytes: 90 });
    for (const sequence of [1, 2, 3]) {
      expect(log.add(review(sequence)).letGo).toBe(0);
      opened.add(`r${sequence}`);
    }
    opened.clear();
    log.add(event(1, 4, { type: 'tool_called', bytes: 50 }));
    expect(log.bytes).toBeLessThanOrEqual(100);
  });

  it('lets so many bytes go as somebody asks, in the order in which it would itself', () => {
    const told = [
      ...epochOf(1, ...RUN.slice(0, 2), 'tool_called', 'tool_called', ...RUN.slice(2)),
      ...epochOf(2, ...RUN.slice(0, 2), 'tool_called'),
    ];
    const log = logOf(told);
    expect(log.shrinkBy(15)).toEqual({ letGo: 2, droppedRuns: [] });
    expect(texts(log.events())).toEqual(['1/1', '1/2', '1/5', '1/6', '2/1', '2/2', '2/3']);
    expect(log.shrinkBy(45)).toMatchObject({ letGo: 5, droppedRuns: [{ eventCount: 4, hasEnded: true }] });
    expect([log.bytes, log.letGo()]).toEqual([20, { events: 7, runs: 1 }]);
    expect(log.shrinkBy(1000)).toEqual({ letGo: 0, droppedRuns: [] });
  });

  it('keeps no token, heartbeat or pong', () => {
    const log = logOf(epochOf(1, 'token', 'heartbeat', 'pong', 'tool_called'));
    expect(texts(log.events())).toEqual(['1/4']);
    expect(log.letGo()).toEqual({ events: 0, runs: 0 });
  });

  it('describes its runs', () => {
    const log = logOf([
      event(1, 4, 'tool_called'),
      event(1, 5, { type: 'ensemble_started', ensembleId: 'a' }),
      event(1, 6, 'task_started'),
      event(1, 7, 'ensemble_completed'),
      event(1, 8, { type: 'ensemble_started', ensembleId: 'b' }),
    ]);
    expect(log.runs()).toEqual([
      {
        ensembleId: 'a',
        begins: { epoch: 1, sequence: 4 },
        eventCount: 4,
        bytes: 40,
        hadTask: true,
        hasEnded: true,
        letGo: 0,
      },
      {
        ensembleId: 'b',
        begins: { epoch: 1, sequence: 8 },
        eventCount: 1,
        bytes: 10,
        hadTask: false,
        hasEnded: false,
        letGo: 0,
      },
    ]);
    expect(log.eventsOfRun(7)).toEqual([]);
  });

  it('gives the same runs in any order of arrival', () => {
    const events = [
      ...epochOf(1, 'tool_called', ...RUN, 'ensemble_started', 'ensemble_started', 'task_started', 'tool_called'),
      ...epochOf(2, 'tool_called', 'ensemble_started', 'task_failed', ...RUN),
      ...epochOf(3, '_', '_', 'task_completed', ...RUN),
      ...epochOf(4, 'heartbeat', 'task_input', 'token', 'ensemble_started'),
    ];
    const expected = runsOf(logOf(events));
    expect(expected.map((run) => run[0])).toEqual(['1/1', '1/6', '2/1', '2/4', '3/4', '4/2']);
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        expect(runsOf(logOf(shuffled))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('says which runs became others', () => {
    const log = logOf([
      ...epochOf(1, 'ensemble_started', 'task_started', '_', 'tool_called'),
      event(2, 3, 'task_started'),
    ]);
    expect(runsOf(log)).toEqual([['1/1', '1/2', '1/4', '2/3']]);
    expect(log.add(event(1, 3, 'ensemble_started')).placement).toEqual({
      kind: 'inserted',
      runIndex: 0,
      isRecut: true,
    });
    expect(runsOf(log)).toEqual([
      ['1/1', '1/2'],
      ['1/3', '1/4', '2/3'],
    ]);
    expect(log.add(event(2, 1, 'heartbeat')).placement).toEqual({ kind: 'inserted', runIndex: 1, isRecut: true });
    expect(runsOf(log)).toEqual([['1/1', '1/2'], ['1/3', '1/4'], ['2/3']]);
  });

  it('begins a run with a life that begins at 1, and goes on with one that begins higher', () => {
    const log = logOf(epochOf(1, 'ensemble_started', 'task_started'));
    expect(log.epochBegan(2, 5)).toBeUndefined();
    log.add(event(2, 5, 'task_completed'));
    expect(log.epochBegan(3, 1)).toBeUndefined();
    log.add(event(3, 2, 'tool_called'));
    expect(runsOf(log)).toEqual([['1/1', '1/2', '2/5'], ['3/2']]);
    expect(log.epochBegan(2, 1)).toBe(0);
    expect(runsOf(log)).toEqual([['1/1', '1/2'], ['2/5'], ['3/2']]);
  });
});
