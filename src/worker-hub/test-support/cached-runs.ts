import { SOURCE, START_MS } from '../../../test/support/hub-driver.ts';
import type { CacheStore } from '../cache/cache-store.ts';
import { CachedHub } from './cached-hub.ts';

/** Whose runs these are. */
export const PRODUCER = { producerId: 'svc', serviceName: 'news' };

/** One run of a producer, as a relay sends it: a start, a task, and its end. */
export function* runFrames(name: string, from: number, minute: number): Generator<object> {
  const at = (second: number): string => new Date(START_MS + minute * 60_000 + second * 1000).toISOString();
  const messages = [
    { type: 'ensemble_started', ensembleId: name, startedAt: at(0), totalTasks: 1, workflow: 'SEQUENTIAL' },
    { type: 'task_started', taskIndex: 1, totalTasks: 1, taskDescription: name, agentRole: 'A', startedAt: at(1) },
    {
      type: 'task_completed',
      taskIndex: 1,
      totalTasks: 1,
      taskDescription: name,
      agentRole: 'A',
      completedAt: at(2),
      durationMs: 1000,
      tokenCount: -1,
      toolCallCount: 0,
    },
    {
      type: 'ensemble_completed',
      ensembleId: name,
      completedAt: at(3),
      durationMs: 3000,
      exitReason: 'COMPLETED',
      totalTokens: 1,
      totalToolCalls: 0,
    },
  ];
  for (const [index, message] of messages.entries()) {
    yield { type: 'event', producer: PRODUCER, sequence: from + index, receivedAt: at(index), message };
  }
}

/** A hub whose relay has said so many runs, each a minute after the other. */
export async function withRuns(count: number, around?: (store: CacheStore) => CacheStore): Promise<CachedHub> {
  const hub = await new CachedHub().start([SOURCE], around);
  hub.connect();
  hub.receive({ type: 'hub_hello', producers: [PRODUCER], snapshotTrace: [] });
  for (let index = 0; index < count; index += 1) {
    hub.wait(60_000);
    hub.clock.advance(60_000);
    for (const frame of runFrames(`run-${index}`, index * 4 + 1, index)) hub.receive(frame);
    await hub.cache.flush();
  }
  return hub;
}

/** The runs of its history by what they are called, oldest first. */
export function titles(hub: CachedHub): string[] {
  return hub.history().map(({ title }) => title);
}
