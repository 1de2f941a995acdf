import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logOf, runsOf, texts } from '../../test/support/log-of.ts';
import { epochOf, event, iteration, RUN } from '../../test/support/logged-events.ts';
import { comparePositions, type LoggedEvent } from './logged-event.ts';
import { RetainedLog } from './retained-log.ts';

describe('limits', () => {
  const manyRuns = (count: number): LoggedEvent[] => epochOf(1, ...Array.from({ length: count }, () => RUN).flat());

  it('keeps the newest ten runs, and says what went', () => {
    const log = logOf(manyRuns(10));
    const outcome = log.add(event(1, 41, 'ensemble_started'));
    expect(outcome.letGo).toBe(4);
    expect(outcome.droppedRuns.map(({ begins }) => begins)).toEqual([{ epoch: 1, sequence: 1 }]);
    expect(outcome.placement).toEqual({ kind: 'appended', runIndex: 9, beginsRun: true });
    expect(log.letGo()).toEqual({ events: 4, runs: 1 });
    expect(log.runs()).toHaveLength(10);
  });

  it('takes no straggler of a run that is gone', () => {
    const log = logOf([...manyRuns(2).filter(({ sequence }) => sequence !== 3), event(1, 9, 'ensemble_started')], {
      maxRuns: 1,
    });
    expect(runsOf(log)).toEqual([['1/9']]);
    const outcome = log.add(event(1, 3, 'task_completed'));
    expect(outcome).toEqual({ placement: { kind: 'not-kept' }, letGo: 1, droppedRuns: [] });
    expect(log.letGo().events).toBe(8);
  });

  it('never drops a run with an open review', () => {
    const open = new Set(['r1']);
    const log = logOf(
      [...epochOf(1, 'ensemble_started', 'task_started'), event(1, 3, { type: 'review_requested', reviewId: 'r1' })],
      { maxRuns: 2, isReviewOpen: (id) => open.has(id) },
    );
    for (let sequence = 4; sequence < 16; sequence += 2) {
      log.add(event(1, sequence, 'ensemble_started'));
      log.add(event(1, sequence + 1, 'task_started'));
    }
    expect(log.runs().map(({ begins }) => begins.sequence)).toEqual([1, 14]);
    expect(log.openReviewIds()).toEqual(['r1']);
    open.clear();
    expect(log.openReviewIds()).toEqual([]);
    log.add(event(1, 16, 'ensemble_started'));
    expect(log.runs().map(({ begins }) => begins.sequence)).toEqual([14, 16]);
  });

  it('makes room in the oldest closed run first: iterations, tools, inputs', () => {
    const log = logOf(
      [
        event(1, 1, 'ensemble_started'),
        event(1, 2, 'task_started'),
        event(1, 3, { type: 'task_input', bytes: 200 }),
        { ...iteration(4, 'started', 0), bytes: 200 },
        { ...iteration(5, 'completed', 0), bytes: 200 },
        event(1, 6, { type: 'tool_called', bytes: 200 }),
        event(1, 7, 'task_completed'),
        event(1, 8, 'ensemble_started'),
        event(1, 9, { type: 'tool_called', bytes: 150 }),
      ],
      { maxBytes: 1_000 },
    );
    expect(log.bytes).toBe(990);
    expect(log.add(event(1, 10, { type: 'task_started', bytes: 20 })).letGo).toBe(2);
    expect(texts(log.events())).toEqual(['1/1', '1/2', '1/3', '1/6', '1/7', '1/8', '1/9', '1/10']);
    log.add(event(1, 11, { type: 'tool_called', bytes: 450 }));
    expect(texts(log.eventsOfRun(0))).toEqual(['1/1', '1/2', '1/3', '1/7']);
    log.add(event(1, 12, { type: 'tool_called', bytes: 100 }));
    expect(texts(log.eventsOfRun(0))).toEqual(['1/1', '1/2', '1/3', '1/7']);
    log.add(event(1, 13, { type: 'tool_called', bytes: 100 }));
    expect(texts(log.eventsOfRun(0))).toEqual(['1/1', '1/2', '1/7']);
    expect(texts(log.eventsOfRun(1))).toEqual(['1/8', '1/9', '1/10', '1/11', '1/12', '1/13']);
    expect(log.letGo()).toEqual({ events: 4, runs: 0 });
  });

  it('keeps starts, ends and open reviews of a run that is kept, whatever the budget', () => {
    const kinds = [
      'task_started',
      'task_completed',
      'task_failed',
      'delegation_started',
      'delegation_completed',
      'tool_called',
      'task_input',
      'review_requested',
      'file_changed',
      'llm_iteration_started',
      'token',
    ];
    const arbitraryTypes = fc.array(fc.constantFrom(...kinds), { maxLength: 80 });
    fc.assert(
      fc.property(arbitraryTypes, fc.integer({ min: 20, max: 600 }), (types, maxBytes) => {
        const isOpen = (reviewId: string): boolean => Number(reviewId) % 2 === 0;
        const log = new RetainedLog({ maxBytes, keepsTokens: true, isReviewOpen: isOpen });
        const fields = (index: number) => ({ reviewId: String(index), iterationIndex: index, bytes: 5 + (index % 7) });
        const events = types.map((type, index) => event(1, index + 2, { type, ...fields(index) }));
        let letGo = 0;
        for (const next of events) letGo += log.add(next).letGo;
        const kept = new Set(texts(log.events()));
        const skeleton = events.filter(
          ({ type, sequence }) =>
            /^(task_(started|completed|failed)|delegation_.*)$/.test(type) ||
            (type === 'review_requested' && isOpen(String(sequence - 2))),
        );
        for (const { text } of skeleton) expect(kept).toContain(text);
        const skeletonBytes = skeleton.reduce((sum, { bytes }) => sum + bytes, 0);
        expect(log.bytes).toBeLessThanOrEqual(Math.max(maxBytes, skeletonBytes) * (17 / 16) + 11);
        expect(log.bytes).toBe(log.events().reduce((sum, { bytes }) => sum + bytes, 0));
        expect(log.size + letGo).toBe(events.length);
        expect(log.letGo().events).toBe(letGo);
        expect(log.events().toSorted(comparePositions)).toEqual(log.events());
      }),
      { numRuns: 300 },
    );
  });

  it('still has the start, all tasks and the open review after 100,000 events of one run', () => {
    const log = new RetainedLog({ maxBytes: 1_000_000, isReviewOpen: () => true });
    log.add(event(1, 1, 'ensemble_started'));
    log.add(event(1, 2, { type: 'review_requested', reviewId: 'r1' }));
    for (let sequence = 3; sequence <= 100_000; sequence += 1) {
      const type = sequence % 1_000 === 0 ? 'task_started' : 'tool_called';
      log.add(event(1, sequence, { type, bytes: 300 }));
    }
    const kept = log.events().map(({ type }) => type);
    expect(kept.slice(0, 2)).toEqual(['ensemble_started', 'review_requested']);
    expect(kept.filter((type) => type === 'task_started')).toHaveLength(100);
    expect(log.bytes).toBeLessThanOrEqual(1_000_000);
    expect(log.size + log.letGo().events).toBe(100_000);
  });

  it('drops closed runs as a whole when nothing else is left to go', () => {
    const log = logOf(manyRuns(4), { maxBytes: 100 });
    expect(log.bytes).toBeLessThanOrEqual(100);
    expect(log.runs().at(-1)?.eventCount).toBe(4);
    expect(log.letGo().runs).toBeGreaterThan(0);
  });
});
