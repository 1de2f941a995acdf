import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePositions, type LoggedEvent } from './logged-event.ts';
import { eventsOf } from './log-conversations.ts';
import { RetainedLog, type RetainedLogOptions } from './retained-log.ts';

interface Said {
  readonly type: string;
  readonly bytes?: number;
  readonly [field: string]: unknown;
}

function event(epoch: number, sequence: number, said: string | Said): LoggedEvent {
  const { type, bytes = 10, ...message }: Said = typeof said === 'string' ? { type: said } : said;
  const receivedAt = { ms: epoch * 1_000_000 + sequence, ns: 0 };
  return { epoch, sequence, receivedAt, arrivedAtMs: 0, text: `${epoch}/${sequence}`, type, message, bytes };
}

/** One epoch of messages, numbered from 1; `_` leaves a number out. */
function epochOf(epoch: number, ...types: string[]): LoggedEvent[] {
  return types.map((type, index) => event(epoch, index + 1, type)).filter(({ type }) => type !== '_');
}

function logOf(events: readonly LoggedEvent[], options: Partial<RetainedLogOptions> = {}): RetainedLog {
  const log = new RetainedLog({ isReviewOpen: () => false, ...options });
  for (const next of events) log.add(next);
  return log;
}

function texts(events: readonly LoggedEvent[]): string[] {
  return events.map(({ text }) => text);
}

function runsOf(log: RetainedLog): string[][] {
  return log.runs().map((_, index) => texts(log.eventsOfRun(index)));
}

const RUN = ['ensemble_started', 'task_started', 'task_completed', 'ensemble_completed'];

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

  const iteration = (sequence: number, kind: 'started' | 'completed', iterationIndex: number) =>
    event(1, sequence, {
      type: `llm_iteration_${kind}`,
      agentRole: 'Writer',
      taskDescription: 'write',
      iterationIndex,
    });

  it('keeps the newest iterations of each task, as pairs', () => {
    const log = logOf(epochOf(1, 'ensemble_started', 'task_started'), { maxIterations: 2 });
    for (let index = 0; index < 4; index += 1) {
      log.add(iteration(10 + index * 2, 'started', index));
      log.add(iteration(11 + index * 2, 'completed', index));
    }
    log.add({ ...iteration(30, 'started', 0), message: { agentRole: 'Critic', taskDescription: 'write' } });
    expect(log.iterationPairs().map(({ started, completed }) => [started?.sequence, completed?.sequence])).toEqual([
      [14, 15],
      [16, 17],
      [30, undefined],
    ]);
    expect(texts(log.events())).toEqual(['1/1', '1/2', '1/14', '1/15', '1/16', '1/17', '1/30']);
    expect(log.letGo()).toEqual({ events: 4, runs: 0 });
    expect(log.runs()[0]?.letGo).toBe(4);
    expect(log.bytes).toBe(70);
  });

  it('keeps five of them unless told otherwise', () => {
    const log = logOf(Array.from({ length: 7 }, (_, index) => iteration(index + 1, 'started', index)));
    expect(log.iterationPairs()).toHaveLength(5);
  });

  it('finds the question to an answer by its number', () => {
    const log = logOf([iteration(1, 'started', 0), iteration(2, 'started', 1), iteration(3, 'completed', 0)]);
    expect(log.iterationPairs().map(({ started, completed }) => [started?.sequence, completed?.sequence])).toEqual([
      [1, 3],
      [2, undefined],
    ]);
  });

  it('tells conversations apart by role and description', () => {
    const ask = (sequence: number, role: string, description: string) =>
      event(1, sequence, {
        type: 'llm_iteration_started',
        agentRole: role,
        taskDescription: description,
        iterationIndex: 0,
      });
    const log = logOf([ask(1, 'a', 'b'), ask(2, 'a', 'c'), ask(3, 'c', 'b')], { maxIterations: 1 });
    expect(log.size).toBe(3);
  });

  it('gives the iterations of the newest run only', () => {
    const log = logOf([iteration(1, 'started', 0), event(1, 2, 'task_started'), event(1, 3, 'ensemble_started')]);
    expect(log.iterationPairs()).toEqual([]);
  });

  it('pairs late iterations as if they had come in time', () => {
    const events = [0, 1, 2].flatMap((index) => [
      iteration(index * 2 + 1, 'started', index),
      iteration(index * 2 + 2, 'completed', index),
    ]);
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        const pairs = logOf(shuffled).iterationPairs();
        expect(pairs.map(({ started, completed }) => [started?.sequence, completed?.sequence])).toEqual([
          [1, 2],
          [3, 4],
          [5, 6],
        ]);
      }),
    );
  });

  it('keeps of each conversation what it would keep had everything come in time', () => {
    const talk = (sequence: number, kind: string, taskDescription: string) => {
      const iterationIndex = Math.floor(sequence / 4);
      return event(1, sequence, { type: kind, agentRole: 'Writer', taskDescription, iterationIndex });
    };
    const inTime = Array.from({ length: 8 }, (_, index) => 4 * index).flatMap((at) => [
      talk(at + 1, 'llm_iteration_started', 'a'),
      talk(at + 2, 'llm_iteration_started', 'b'),
      talk(at + 3, 'llm_iteration_completed', 'b'),
    ]);
    const kept = logOf(inTime, { maxIterations: 3 });
    fc.assert(
      fc.property(fc.shuffledSubarray(inTime.slice(1), { minLength: inTime.length - 1 }), (shuffled) => {
        const log = logOf([...inTime.slice(0, 1), ...shuffled], { maxIterations: 3 });
        expect(texts(log.iterationPairs().flatMap(eventsOf))).toEqual(texts(kept.iterationPairs().flatMap(eventsOf)));
        expect(log.bytes).toBe(log.size * (inTime[0]?.bytes ?? 0));
      }),
    );
  });

  const token = (sequence: number) =>
    event(1, sequence, { type: 'token', agentRole: 'Writer', taskDescription: 'write' });

  it('keeps tokens where it is told to, until their answer is there', () => {
    const log = logOf([iteration(1, 'started', 0), token(2), token(3)], { keepsTokens: true });
    expect(texts(log.events())).toEqual(['1/1', '1/2', '1/3']);
    log.add(
      event(1, 4, {
        type: 'llm_iteration_completed',
        agentRole: 'Critic',
        taskDescription: 'write',
        iterationIndex: 0,
      }),
    );
    expect(log.size).toBe(4);
    log.add(iteration(5, 'completed', 0));
    expect(texts(log.events())).toEqual(['1/1', '1/4', '1/5']);
    expect(log.letGo().events).toBe(0);
    log.add(token(6));
    expect(texts(log.events())).toEqual(['1/1', '1/4', '1/5', '1/6']);
    log.add(event(1, 7, 'heartbeat'));
    expect(log.size).toBe(4);
  });

  it('keeps what was streamed of an answer that never came, and of a question that waits', () => {
    const log = logOf([iteration(1, 'started', 0), token(2), iteration(3, 'started', 1), token(4)], {
      keepsTokens: true,
    });
    log.add(iteration(5, 'completed', 0));
    expect(texts(log.events())).toEqual(['1/1', '1/2', '1/3', '1/4', '1/5']);
    log.add(iteration(6, 'completed', 1));
    expect(texts(log.events())).toEqual(['1/1', '1/2', '1/3', '1/5', '1/6']);
  });

  it('drops a late token of an answer that is there', () => {
    const log = logOf([iteration(1, 'started', 0), iteration(5, 'completed', 0)], { keepsTokens: true });
    log.add(token(3));
    expect(texts(log.events())).toEqual(['1/1', '1/5']);
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
