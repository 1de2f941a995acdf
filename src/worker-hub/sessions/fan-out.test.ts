import { afterEach, describe, expect, it } from 'vitest';
import { manyProducers } from '../../../test/bench/traffic.ts';
import { producerKey } from '../../protocol/tab/keys.ts';
import { STREAM_BATCH_MS, STREAM_CREDITS } from '../../protocol/tab/stream.ts';
import type { ViewRequest } from '../../protocol/tab/view-data.ts';
import type { FakeTab } from '../test-support/fake-tab.ts';
import { TestHub } from '../test-support/test-hub.ts';

const PRODUCERS = 50;
/** 5,000 events a second. */
const EVENTS_A_TURN = (5_000 * STREAM_BATCH_MS) / 1_000;
/** Three seconds: enough for a tab that never answers to use up its credits. */
const EVENTS = manyProducers(PRODUCERS, 50);
const TURNS = Math.ceil(EVENTS.length / EVENTS_A_TURN);

/** What every tab watches: each view of one producer of its own, so that all kinds of views are under load. */
function viewsOf(tab: number): ViewRequest[] {
  const producer = producerKey('ws://relay:1/ws', `p-${tab}`);
  return [
    { view: 'attention' },
    { view: 'roster' },
    { view: 'reviews' },
    { view: 'run', producer },
    { view: 'conversation', producer },
    { view: 'tools', producer },
  ];
}

let hub: TestHub;
afterEach(() => hub.end());

async function openTab(name: string, views: readonly ViewRequest[]): Promise<FakeTab> {
  const tab = await hub.openTab(name);
  for (const [stream, view] of views.entries()) await tab.open(stream, view);
  return tab;
}

async function connect(): Promise<FakeTab[]> {
  hub = new TestHub();
  const tabs = [];
  for (let n = 0; n < 8; n += 1) tabs.push(await openTab(`t${n}`, viewsOf(n)));
  await hub.pass(0);
  await tabs[0]?.hub.addSource('relay:1');
  hub.sockets.last.accept();
  hub.sockets.last.say({ type: 'hub_hello' });
  return tabs;
}

async function play(): Promise<void> {
  for (let from = 0; from < EVENTS.length; from += EVENTS_A_TURN) {
    for (const text of EVENTS.slice(from, from + EVENTS_A_TURN)) hub.sockets.last.say(text);
    await hub.pass(STREAM_BATCH_MS);
  }
}

/** How many frames of each stream a tab got. */
function frameCounts(tab: FakeTab): number[] {
  return viewsOf(0).map((_view, stream) => tab.frames.filter((frame) => frame.stream === stream).length);
}

describe('5,000 events a second over 50 producers into 8 tabs', () => {
  it(
    'queue nothing: each view gets a batch a turn, and a tab that does not keep up a snapshot when it is back',
    { timeout: 60_000 },
    async () => {
      const tabs = await connect();
      const [slow, hidden, ...prompt] = tabs as [FakeTab, FakeTab, ...FakeTab[]];
      slow.isPrompt = false;
      await hidden.hub.setVisible(false);
      const atRest = frameCounts(hidden);
      await play();
      expect(EVENTS_A_TURN * TURNS).toBeGreaterThan(15_000);
      expect((await slow.hub.status()).eventsTotal).toBe(EVENTS.length);

      for (const tab of prompt) {
        for (const count of frameCounts(tab)) expect(count).toBeLessThanOrEqual(TURNS + 3);
        const batches = tab.frames.filter((frame) => frame.view === 'roster' && 'patches' in frame);
        for (const batch of batches)
          expect('patches' in batch && batch.patches.length).toBeLessThanOrEqual(PRODUCERS + 1);
      }
      const { streams } = await slow.hub.status();
      for (const { unacknowledged } of streams) expect(unacknowledged).toBeLessThanOrEqual(STREAM_CREDITS);
      for (const view of ['roster', 'run']) {
        expect(streams).toContainEqual({ tab: 1, view, unacknowledged: STREAM_CREDITS, state: 'behind' });
      }
      // The snapshot, which it answered, and what its credits allow.
      for (const count of frameCounts(slow)) expect(count).toBeLessThanOrEqual(1 + STREAM_CREDITS);
      expect(frameCounts(hidden).slice(1)).toEqual(atRest.slice(1));

      await hidden.hub.setVisible(true);
      for (const [stream] of viewsOf(0).entries()) {
        const last = slow.frames.filter((frame) => frame.stream === stream).at(-1);
        if (last !== undefined) slow.acknowledge(last);
      }
      const fresh: FakeTab[] = [];
      for (const [n] of tabs.entries()) fresh.push(await openTab(`fresh${n}`, viewsOf(n)));
      await hub.pass(STREAM_BATCH_MS);
      for (const [n, tab] of tabs.entries()) {
        for (const [stream] of viewsOf(n).entries()) expect(tab.view(stream)).toEqual(fresh[n]?.view(stream));
      }
    },
  );
});
