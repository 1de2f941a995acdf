import { afterEach, describe, expect, it } from 'vitest';
import { producerKey } from '../protocol/tab/keys.ts';
import { connect, SELF, SOURCE_ID } from './test-support/connected-source.ts';
import { REVIEW, STARTED, TASK } from './test-support/reviewed-run.ts';
import { endHubs, startHub } from './test-support/start-hub.ts';

afterEach(endHubs);

describe('two tabs', () => {
  it('see the same, and a decision reaches the process exactly once', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    const other = await hub.openTab('two');
    for (const each of [tab, other]) await each.open(1, { view: 'reviews' });
    for (const message of [STARTED, TASK, REVIEW]) socket.say(message);
    await hub.pass(50);
    const [review] = Object.values(tab.view<'reviews'>(1)?.entities.reviews ?? {});
    expect(review).toMatchObject({ reviewId: 'r1', status: { kind: 'open' }, canDecide: true });
    expect(other.view(1)).toEqual(tab.view(1));
    const id = review?.id ?? expect.fail();
    const decided = await tab.hub.decide({ review: id, decision: 'EDIT', revisedOutput: 'The tides' });
    const late = await other.hub.decide({ review: id, decision: 'EXIT_EARLY' });
    expect([decided.ok, late.ok]).toEqual([true, false]);
    expect(socket.messages).toEqual([
      { type: 'review_decision', reviewId: 'r1', decision: 'EDIT', revisedOutput: 'The tides' },
    ]);
    await hub.pass(50);
    expect(tab.view<'reviews'>(1)?.entities.reviews[id]).toMatchObject({ status: { kind: 'sent' } });
    expect(other.view(1)).toEqual(tab.view(1));
  });

  it('share one connection to a source', async () => {
    const hub = startHub();
    await connect(hub);
    const other = await hub.openTab('two');
    expect(await other.hub.addSource('http://LOCALHOST:7329/')).toEqual({
      ok: true,
      value: { sourceId: SOURCE_ID, isNew: false },
    });
    expect(hub.sockets.opened).toHaveLength(1);
  });

  it('do not keep each other: one dies and the hub lets go of it', async () => {
    const hub = startHub();
    const tab = await hub.openTab();
    const other = await hub.openTab('two');
    await other.open(1, { view: 'roster' });
    expect(await tab.hub.status()).toMatchObject({ tabs: 2, streams: [{ tab: 2, view: 'roster', state: 'live' }] });
    hub.kill(other);
    await hub.pass(0);
    expect(await tab.hub.status()).toMatchObject({ tabs: 1, streams: [] });
  });
});

describe('reading', () => {
  it('gives a tab the whole of a long text', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    const response = 'tide '.repeat(2_000);
    const who = { agentRole: 'Writer', taskDescription: 'Draft', iterationIndex: 0 };
    socket.say(STARTED);
    socket.say(TASK);
    socket.say({ type: 'llm_iteration_started', ...who, messages: [] });
    const sums = { inputTokens: 1, outputTokens: 1, latencyMs: 1 };
    socket.say({
      type: 'llm_iteration_completed',
      ...who,
      responseType: 'FINAL_ANSWER',
      responseText: response,
      ...sums,
    });
    await tab.open(1, { view: 'conversation', producer: SELF });
    const [iteration] = Object.values(tab.view<'conversation'>(1)?.entities.iterations ?? {});
    const ref = iteration?.response?.ref ?? expect.fail();
    expect(await tab.hub.read(SELF, ref)).toBe(response);
    expect(await tab.hub.read(producerKey(SOURCE_ID, 'other'), ref)).toBeUndefined();
    const taskOutput = 'wave '.repeat(2_000);
    socket.say({ ...REVIEW, taskOutput });
    await tab.open(2, { view: 'reviews' });
    const [review] = Object.values(tab.view<'reviews'>(2)?.entities.reviews ?? {});
    expect(await tab.hub.read(SELF, review?.output.ref ?? expect.fail())).toBe(taskOutput);
  });
});
