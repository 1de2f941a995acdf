import { afterEach, describe, expect, test } from 'vitest';
import { FakePublisher } from '../../test/support/publisher.ts';
import { FakeViewer } from '../../test/support/viewer.ts';
import type { LIMIT_GROUPS } from './relay-limits.ts';
import { said } from './test-support/said.ts';
import { SmallRelays } from './test-support/small-relay.ts';

const relays = new SmallRelays();
afterEach(() => relays.stop());

interface Kept {
  readonly sequence: number;
  readonly producer: { readonly producerId: string };
  readonly message: { readonly type: string; readonly [member: string]: unknown };
}

/** What a viewer is told who joins now. */
async function kept(url: string): Promise<readonly Kept[]> {
  const viewer = await FakeViewer.connect(url);
  viewer.close();
  return (viewer.messages[0]?.['snapshotTrace'] ?? []) as Kept[];
}

async function roster(url: string): Promise<string[]> {
  const body = (await (await fetch(`${url}/api/hub/producers`)).json()) as { producers: { producerId: string }[] };
  return body.producers.map(({ producerId }) => producerId);
}

/** Posts as a producer of its own. */
async function posts(url: string, producerId: string, ...messages: readonly object[]): Promise<number[]> {
  const publisher = new FakePublisher({ relayUrl: url, producerId });
  const statuses: number[] = [];
  for (const message of messages) statuses.push(await publisher.post(message));
  return statuses;
}

const run = (ensembleId: string) => [
  said.ensembleStarted({ ensembleId }),
  said.taskStarted({ taskDescription: ensembleId }),
];
const typesOf = (events: readonly Kept[]) => events.map(({ message }) => message.type);

const TESTS = {
  maxProducers: async () => {
    const { url } = await relays.start({ maxProducers: 2 });
    for (const producerId of ['a', 'b', 'c']) await posts(url, producerId, said.toolCalled());
    expect(await roster(url)).toEqual(['b', 'c']);
  },
  maxRuns: async () => {
    const { url } = await relays.start({ maxRuns: 2 });
    await posts(url, 'a', ...run('e1'), ...run('e2'), ...run('e3'));
    const started = (await kept(url)).filter(({ message }) => message.type === 'ensemble_started');
    expect(started.map(({ message }) => message['ensembleId'])).toEqual(['e2', 'e3']);
  },
  maxIterations: async () => {
    const { url } = await relays.start({ maxIterations: 2 });
    const iteration = (iterationIndex: number) => ({
      type: 'llm_iteration_started',
      agentRole: 'Writer',
      taskDescription: 'Draft',
      iterationIndex,
      messages: [],
    });
    await posts(url, 'a', ...run('e1'), iteration(0), iteration(1), iteration(2));
    expect((await kept(url)).flatMap(({ message }) => message['iterationIndex'] ?? [])).toEqual([1, 2]);
  },
  evictAfterMs: async () => {
    const { url, clock } = await relays.start({ evictAfterMs: 60_000 });
    await posts(url, 'a', said.toolCalled());
    clock.advance(59_999);
    expect(await roster(url)).toEqual(['a']);
    clock.advance(60_001);
    expect(await roster(url)).toEqual([]);
  },
  maxBytesPerProducer: async () => {
    const { url, metric } = await relays.start({ maxBytesPerProducer: 10_000 });
    const tools = Array.from({ length: 8 }, () => said.toolCalled({ toolResult: 'x'.repeat(1000) }));
    await posts(url, 'a', ...run('e1'), ...tools);
    const types = typesOf(await kept(url));
    expect(types.slice(0, 2)).toEqual(['ensemble_started', 'task_started']);
    expect(types.length).toBeLessThan(10);
    expect(await metric('rostrum_kept_bytes')).toBeLessThanOrEqual(10_000);
    expect(await metric('rostrum_events_let_go_total')).toBe(10 - types.length);
  },
  maxBytes: async () => {
    const { url, metric } = await relays.start({ maxBytes: 20_000 });
    const publisher = new FakePublisher({ relayUrl: url, producerId: 'connected' });
    await publisher.connect();
    const viewer = await FakeViewer.connect(url);
    const large = (reviewId: string) => said.reviewRequested({ reviewId, taskOutput: 'x'.repeat(4000) });
    publisher.say(said.ensembleStarted());
    publisher.say(large('r1'));
    await viewer.until((seen) => seen.messagesOf('review_state').length === 1);
    const tools = Array.from({ length: 10 }, () => said.toolCalled({ toolResult: 'x'.repeat(1000) }));
    await posts(url, 'busy', ...run('e1'), ...tools);
    expect(await metric('rostrum_kept_bytes')).toBeLessThanOrEqual(20_000);
    // Starts and the open review are still there; of the rest only the newest.
    const types = typesOf(await kept(url));
    expect(types.filter((type) => type !== 'tool_called').sort()).toEqual(
      ['ensemble_started', 'ensemble_started', 'review_requested', 'task_started'].sort(),
    );
    // Nothing may go of open reviews: what comes then is refused in so many words, and who waits is not let go.
    for (const reviewId of ['r2', 'r3', 'r4']) publisher.say(large(reviewId));
    await publisher.until(({ frames }) => frames.length > 0);
    expect(publisher.frames).toMatchObject([{ type: 'error', code: 'too_much_kept' }]);
    expect(await posts(url, 'late', said.toolCalled())).toEqual([503]);
    expect(await roster(url)).toContain('connected');
    expect(await metric('rostrum_refused_total{code="too_much_kept"}')).toBe(2);
  },
} satisfies Record<keyof (typeof LIMIT_GROUPS)['What is kept'], () => Promise<void>>;

describe('what a relay keeps', { timeout: 20_000 }, () => {
  test.each(Object.entries(TESTS))('is bounded by %s', (_, holds) => holds());

  test('goes for what comes next, once nobody waits for it any more', async () => {
    const { url, clock } = await relays.start({ maxBytes: 20_000 });
    const ask = (reviewId: string) =>
      said.reviewRequested({ reviewId, taskOutput: 'x'.repeat(4000), timeoutMs: 10_000 });
    expect(await posts(url, 'asks', ask('r1'), ask('r2'), ask('r3'), ask('r4'))).toEqual([202, 202, 202, 503]);
    expect(await posts(url, 'p', said.toolCalled())).toEqual([503]);
    clock.advance(20_000);
    expect(await posts(url, 'p', said.toolCalled())).toEqual([202]);
  });
});
