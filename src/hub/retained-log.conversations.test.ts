import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logOf, texts } from '../../test/support/log-of.ts';
import { epochOf, event, iteration } from '../../test/support/logged-events.ts';
import { eventsOf } from './log-conversations.ts';

describe('limits', () => {
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
});
