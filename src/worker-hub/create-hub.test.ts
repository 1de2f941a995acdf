import { afterEach, describe, expect, it } from 'vitest';
import { PRESS_DESK_TEXT } from '../../test/support/press-desk.ts';
import { TAB_CONTRACT_VERSION } from '../protocol/tab/contract-version.ts';
import { connect } from './test-support/connected-source.ts';
import { REVIEW, STARTED, TASK } from './test-support/reviewed-run.ts';
import { endHubs, startHub } from './test-support/start-hub.ts';

afterEach(endHubs);

describe('the hub itself', () => {
  it('keeps what went wrong and tells the tabs', async () => {
    const hub = startHub();
    const tab = await hub.openTab();
    hub.hub.reportError(new TypeError('x is not a function'));
    await tab.until(() => tab.words.length > 1);
    expect(tab.words).toEqual([{ word: 'active' }, { word: 'error', text: 'TypeError: x is not a function' }]);
    expect((await tab.hub.status()).errors).toEqual([
      { atMs: hub.clock.nowMs(), text: 'TypeError: x is not a function' },
    ]);
  });

  it('says how it is', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    for (const message of [STARTED, TASK]) socket.say(message);
    await hub.pass(1_000);
    const startedAtMs = hub.clock.nowMs() - 1_000;
    expect(await tab.hub.status()).toMatchObject({
      bootId: 'id-1',
      build: 'hub-1.js',
      contract: TAB_CONTRACT_VERSION,
      startedAtMs,
      sources: 1,
      connected: 1,
      producers: 1,
      eventsTotal: 2,
      eventsPerSecond: 0.4,
      heldEvents: 0,
      storage: 'IndexedDB',
      errors: [],
    });
  });

  it('says how many events wait for those before them', async () => {
    const hub = startHub();
    const tab = await hub.openTab();
    await hub.pass(0);
    await tab.hub.addSource('localhost:7400');
    hub.sockets.last.accept();
    hub.sockets.last.say({ type: 'hub_hello' });
    const event = {
      type: 'event',
      producer: { producerId: 'p' },
      receivedAt: '2026-11-22T12:00:00Z',
      message: STARTED,
    };
    for (const sequence of [1, 3, 4]) hub.sockets.last.say({ ...event, sequence });
    expect(await tab.hub.status()).toMatchObject({ eventsTotal: 1, heldEvents: 2 });
    await hub.pass(1_000);
    expect(await tab.hub.status()).toMatchObject({ eventsTotal: 3, heldEvents: 0 });
  });

  it('holds nothing when it has ended', async () => {
    const hub = startHub({ loadDemo: async () => PRESS_DESK_TEXT });
    const { tab, socket } = await connect(hub);
    await tab.hub.runDemo();
    await tab.open(1, { view: 'roster' });
    await hub.pass(100);
    hub.end();
    await new Promise((resolve) => setImmediate(resolve));
    hub.clock.advance(0);
    expect([socket.isClosed, hub.clock.pending, hub.locks.size]).toEqual([true, 0, 0]);
  });
});

describe('time', () => {
  it('goes on in the mind without anybody doing anything', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    await tab.open(1, { view: 'reviews' });
    for (const message of [STARTED, TASK, REVIEW]) socket.say(message);
    await hub.pass(300_100);
    const [review] = Object.values(tab.view<'reviews'>(1)?.entities.reviews ?? {});
    expect(review?.status).toMatchObject({ kind: 'expired', announced: 'CONTINUE' });
  });
});
