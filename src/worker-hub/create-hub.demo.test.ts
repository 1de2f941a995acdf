import { afterEach, describe, expect, it } from 'vitest';
import { PRESS_DESK_TEXT } from '../../test/support/press-desk.ts';
import { producerKey } from '../protocol/tab/keys.ts';
import { endHubs, startHub } from './test-support/start-hub.ts';
import type { TestHub } from './test-support/test-hub.ts';

afterEach(endHubs);

function startDemoHub(): TestHub {
  return startHub({ loadDemo: async () => PRESS_DESK_TEXT });
}

describe('the demo', () => {
  it('runs as a source of its own, twice in the same process, and is not remembered', async () => {
    const hub = startDemoHub();
    const tab = await hub.openTab();
    expect(await tab.hub.runDemo()).toEqual({ sourceId: 'demo:', isNew: true });
    const producer = producerKey('demo:', 'self');
    await tab.open(1, { view: 'attention' });
    await tab.open(2, { view: 'reviews' });
    await hub.pass(8_000);
    expect(tab.view<'attention'>(1)?.entities.sources['demo:']).toMatchObject({ kind: 'demo', label: 'Demo' });
    const [review] = Object.values(tab.view<'reviews'>(2)?.entities.reviews ?? {});
    expect(await tab.hub.runDemo()).toEqual({ sourceId: 'demo:', isNew: false });
    await tab.hub.decide({ review: review?.id ?? expect.fail(), decision: 'CONTINUE' });
    await hub.pass(60_000);
    await tab.open(3, { view: 'run', producer });
    expect(tab.view<'run'>(3)?.head?.run).toMatchObject({ number: 1, state: 'ended', exitReason: 'COMPLETED' });
    await tab.hub.runDemo();
    await hub.pass(1_000);
    expect(tab.view<'run'>(3)?.head?.runs).toHaveLength(2);
    expect(hub.sockets.opened).toEqual([]);
  });

  it('says so when its file cannot be had', async () => {
    const hub = startHub({ loadDemo: () => Promise.reject(new TypeError('Failed to fetch')) });
    const tab = await hub.openTab();
    await tab.open(1, { view: 'attention' });
    await tab.hub.runDemo();
    await hub.pass(100);
    expect(tab.view<'attention'>(1)?.head.notices).toMatchObject([
      { text: expect.stringContaining('The demo could not be loaded: TypeError: Failed to fetch.') },
    ]);
  });

  it('ends when it is removed, and can be run again', async () => {
    const hub = startDemoHub();
    const tab = await hub.openTab();
    await tab.hub.runDemo();
    await hub.pass(2_000);
    await tab.hub.removeSource('demo:');
    await tab.open(1, { view: 'roster' });
    await hub.pass(10_000);
    expect(tab.view<'roster'>(1)?.entities.producers).toEqual({});
    expect(await tab.hub.runDemo()).toMatchObject({ isNew: true });
    await hub.pass(2_000);
    expect(Object.keys(tab.view<'roster'>(1)?.entities.producers ?? {})).toEqual([producerKey('demo:', 'self')]);
  });
});
