import { afterEach, describe, expect, it } from 'vitest';
import { connect, SELF, SOURCE_ID } from './test-support/connected-source.ts';
import { REVIEW, STARTED, TASK } from './test-support/reviewed-run.ts';
import { endHubs, startHub } from './test-support/start-hub.ts';

afterEach(endHubs);

describe('a source', () => {
  it('comes from its address to the roster', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    await tab.open(1, { view: 'attention' });
    await tab.open(2, { view: 'roster' });
    expect(tab.view<'attention'>(1)?.entities.sources[SOURCE_ID]).toMatchObject({
      label: 'localhost:7329',
      kind: 'embedded',
      state: { kind: 'connected' },
    });
    socket.say(STARTED);
    socket.say(TASK);
    await hub.pass(50);
    expect(tab.view<'roster'>(2)?.entities.producers[SELF]).toMatchObject({ state: 'running', detail: 'Draft' });
  });

  it('is not made of an address that cannot be understood', async () => {
    const hub = startHub();
    const tab = await hub.openTab();
    expect(await tab.hub.addSource('ftp://x')).toMatchObject({ ok: false, error: { code: 'scheme' } });
    expect(hub.sockets.opened).toEqual([]);
  });

  it('is tried again at once when the user says so, when a tab is shown and when the network is back', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    socket.drop();
    await tab.hub.retryNow(SOURCE_ID);
    hub.sockets.last.drop();
    await tab.hub.setVisible(true);
    hub.sockets.last.drop();
    hub.hub.wake();
    await hub.pass(0);
    expect(hub.sockets.opened).toHaveLength(4);
    expect(hub.sockets.mostLive).toBe(1);
  });

  it('says how many of its frames could not be read', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    await tab.open(1, { view: 'attention' });
    socket.say('{');
    await hub.pass(50);
    expect(tab.view<'attention'>(1)?.entities.sources[SOURCE_ID]).toMatchObject({ unreadable: 1 });
  });

  it('is renamed, paused and resumed from a tab, and keeps its producers meanwhile', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    await tab.open(1, { view: 'attention' });
    await tab.open(2, { view: 'roster' });
    for (const message of [STARTED, TASK]) socket.say(message);
    await tab.hub.renameSource(SOURCE_ID, 'Desk');
    await tab.hub.pauseSource(SOURCE_ID);
    await hub.pass(50);
    const source = (): unknown => tab.view<'attention'>(1)?.entities.sources[SOURCE_ID];
    expect(source()).toMatchObject({ label: 'Desk', state: { kind: 'disconnected', reason: { code: 'paused' } } });
    expect([socket.isClosed, tab.view<'roster'>(2)?.entities.producers[SELF]]).toMatchObject([true, { state: 'gone' }]);
    await tab.hub.resumeSource(SOURCE_ID);
    await hub.pass(50);
    expect([hub.sockets.live, source()]).toMatchObject([1, { state: { kind: 'connecting' } }]);
  });

  it('says how many reviews its process would answer by itself, and how many tabs keep it from that', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    await tab.open(1, { view: 'attention' });
    for (const message of [STARTED, TASK, REVIEW]) socket.say(message);
    await hub.pass(50);
    const atRisk = (): unknown => tab.view<'attention'>(1)?.entities.sources[SOURCE_ID]?.reviewsAtRisk;
    expect([atRisk(), tab.view<'attention'>(1)?.head.tabs]).toEqual([1, 1]);
    const other = await hub.openTab('two');
    await hub.pass(50);
    expect(tab.view<'attention'>(1)?.head.tabs).toBe(2);
    hub.kill(other);
    await hub.pass(0);
    await hub.pass(50);
    expect(tab.view<'attention'>(1)?.head.tabs).toBe(1);
    socket.say({ type: 'review_timed_out', reviewId: 'r1', action: 'CONTINUE' });
    await hub.pass(50);
    expect(atRisk()).toBe(0);
  });

  it('has no review at risk behind a relay, which holds them', async () => {
    const hub = startHub();
    const tab = await hub.openTab();
    await hub.pass(0);
    await tab.hub.addSource('localhost:7400');
    hub.sockets.last.accept();
    hub.sockets.last.say({ type: 'hub_hello' });
    await tab.open(1, { view: 'attention' });
    const producer = { producerId: 'p' };
    for (const [index, message] of [STARTED, TASK, REVIEW].entries()) {
      const receivedAt = `2026-11-22T12:00:0${index}Z`;
      hub.sockets.last.say({ type: 'event', producer, sequence: index + 1, receivedAt, message });
    }
    await hub.pass(50);
    const { head, entities } = tab.view<'attention'>(1) ?? expect.fail();
    expect([head.openReviews, Object.values(entities.sources)[0]?.reviewsAtRisk]).toEqual([1, 0]);
  });

  it('goes when it is removed, with its socket', async () => {
    const hub = startHub();
    const { tab, socket } = await connect(hub);
    await tab.open(1, { view: 'attention' });
    await tab.hub.removeSource(SOURCE_ID);
    await hub.pass(50);
    expect([socket.isClosed, tab.view<'attention'>(1)?.entities.sources]).toEqual([true, {}]);
  });
});
