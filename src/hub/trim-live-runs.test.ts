import { describe, expect, test } from 'vitest';
import { HubDriver, SOURCE, START_MS } from '../../test/support/hub-driver.ts';
import { producerKey } from '../protocol/tab/keys.ts';
import { MAX_ITERATIONS } from '../protocol/wire/limits.ts';
import { findProducer } from './hub-state.ts';
import type { RunState } from './run-state.ts';

const TALK = { agentRole: 'Writer', taskDescription: 'Write' };

/** A process behind a relay whose one run goes on and on. */
class LongRun {
  readonly hub = new HubDriver();
  #sequence = 0;

  constructor() {
    this.hub.add();
    this.hub.receive({ type: 'hub_hello', producers: [{ producerId: 'p' }], snapshotTrace: [] });
    this.say({ type: 'ensemble_started', ensembleId: 'e', startedAt: stamp(0), totalTasks: 1 });
    this.say({ type: 'task_started', ...TALK, taskIndex: 1, totalTasks: 1, startedAt: stamp(0) });
  }

  say(message: object): void {
    this.#sequence += 1;
    const receivedAt = stamp(this.#sequence);
    this.hub.receive({ type: 'event', producer: { producerId: 'p' }, sequence: this.#sequence, receivedAt, message });
  }

  /** A model is asked and answers, and at times a tool is called. */
  iterate(iterationIndex: number): void {
    this.say({ type: 'llm_iteration_started', ...TALK, iterationIndex, messages: [] });
    const used = { inputTokens: 2, outputTokens: 1, latencyMs: 1 };
    this.say({ type: 'llm_iteration_completed', ...TALK, iterationIndex, responseType: 'TOOL_CALLS', ...used });
    if (iterationIndex % 10 > 0) return;
    this.say({
      type: 'tool_called',
      agentRole: 'Writer',
      taskIndex: 1,
      toolName: 'search',
      durationMs: 1,
      outcome: null,
    });
  }

  get run(): RunState {
    const run = findProducer(this.hub.state, producerKey(SOURCE, 'p'))?.live.runs.at(-1);
    if (run === undefined) throw new Error('There is no run.');
    return run;
  }
}

function stamp(second: number): string {
  return new Date(START_MS + second * 1000).toISOString();
}

describe('a run that goes on and on', () => {
  test('stands on what is kept of it, says how much that is not, and counts everything', () => {
    const long = new LongRun();
    let most = 0;
    for (let index = 0; index < 4_000; index += 1) {
      long.iterate(index);
      most = Math.max(most, long.run.iterations.size);
    }
    // 2,048 events that were let go, and twice as many as the tool calls that were kept by then.
    expect(most).toBeGreaterThan(1_000);
    expect(most).toBeLessThan(1_500 + MAX_ITERATIONS);
    const { head, entities } = long.hub.view<'run'>({ view: 'run', producer: producerKey(SOURCE, 'p') });
    expect(head).toMatchObject({ tokens: 12_000, toolCalls: 400, letGo: expect.any(Number) as number });
    expect((head?.letGo ?? 0) / 2 + long.run.iterations.size).toBe(4_000);
    expect(Object.values(entities.tasks)).toMatchObject([{ iterations: 4_000, toolCalls: 400, state: 'running' }]);
  });

  test('is whole while little of it was let go', () => {
    const long = new LongRun();
    for (let index = 0; index < 500; index += 1) long.iterate(index);
    expect([long.run.iterations.size, long.run.letGo]).toEqual([500, 0]);
  });
});
