import { describe, expect, it } from 'vitest';
import { STREAM_CREDITS, type StreamFrame } from '../../protocol/tab/stream.ts';
import { FakeFeed } from '../test-support/fake-feed.ts';
import { ViewSubscription } from './view-subscription.ts';

const CHANGE = { kind: 'attention' } as const;

function createSubscription() {
  const posted: StreamFrame[] = [];
  const feeds: FakeFeed[] = [];
  let generation = 0;
  const subscription = new ViewSubscription({
    stream: 7,
    createFeed: () => {
      const feed = new FakeFeed();
      feeds.push(feed);
      return feed;
    },
    nextGeneration: () => (generation += 1),
    post: (frame) => posted.push(frame),
  });
  return { subscription, posted, feeds };
}

function change(subscription: ViewSubscription): void {
  subscription.note([CHANGE]);
  subscription.flush();
}

describe('ViewSubscription', () => {
  it('begins with a snapshot and goes on with patches, counted', () => {
    const { subscription, posted } = createSubscription();
    subscription.begin();
    change(subscription);
    change(subscription);
    expect(posted).toEqual([
      { stream: 7, generation: 1, number: 0, view: 'attention', snapshot: FakeFeed.SNAPSHOT },
      { stream: 7, generation: 1, number: 1, view: 'attention', patches: [FakeFeed.PATCH] },
      { stream: 7, generation: 1, number: 2, view: 'attention', patches: [FakeFeed.PATCH] },
    ]);
  });

  it('sends nothing while nothing has changed', () => {
    const { subscription, posted } = createSubscription();
    subscription.begin();
    expect(subscription.isDirty).toBe(false);
    subscription.flush();
    subscription.note([CHANGE]);
    expect(subscription.isDirty).toBe(true);
    expect(posted).toHaveLength(1);
  });

  it('begins a generation where patches cannot say what has changed', () => {
    const { subscription, posted, feeds } = createSubscription();
    subscription.begin();
    change(subscription);
    for (const feed of feeds) feed.isTooMuch = true;
    change(subscription);
    expect(posted.map(({ generation, number }) => [generation, number])).toEqual([
      [1, 0],
      [1, 1],
      [2, 0],
    ]);
    expect(feeds).toHaveLength(1);
  });

  it('sends nothing when the feed has nothing to say after all', () => {
    const { subscription, posted, feeds } = createSubscription();
    subscription.begin();
    for (const feed of feeds) feed.isVoid = true;
    change(subscription);
    expect(posted).toHaveLength(1);
  });

  it('stops when the tab does not keep up, lets the feed go, and wakes with a snapshot', () => {
    const { subscription, posted, feeds } = createSubscription();
    subscription.begin();
    for (let times = 0; times < STREAM_CREDITS + 20; times += 1) change(subscription);
    expect(posted).toHaveLength(STREAM_CREDITS);
    expect(feeds[0]?.noted).toBe(STREAM_CREDITS);
    subscription.acknowledge(1, 3);
    expect(posted.slice(STREAM_CREDITS).map(({ generation, number }) => [generation, number])).toEqual([[2, 0]]);
    for (let times = 0; times < STREAM_CREDITS + 20; times += 1) change(subscription);
    expect(posted).toHaveLength(2 * STREAM_CREDITS);
  });

  it('goes on for ever while the tab keeps up', () => {
    const { subscription, posted } = createSubscription();
    subscription.begin();
    for (let number = 1; number <= 500; number += 1) {
      change(subscription);
      if (number % 40 === 0) subscription.acknowledge(1, number);
    }
    expect(posted.at(-1)).toMatchObject({ generation: 1, number: 500 });
  });

  it('counts fresh snapshots as well: a tab that is frozen gets no endless row of them', () => {
    const { subscription, posted, feeds } = createSubscription();
    subscription.begin();
    for (const feed of feeds) feed.isTooMuch = true;
    for (let times = 0; times < 100; times += 1) change(subscription);
    expect(posted).toHaveLength(STREAM_CREDITS);
  });

  it('does not take an acknowledgement of another generation, or of what was never sent', () => {
    const { subscription, posted } = createSubscription();
    subscription.begin();
    for (let times = 0; times < STREAM_CREDITS; times += 1) change(subscription);
    subscription.acknowledge(0, 10);
    subscription.acknowledge(1, 999);
    expect(posted).toHaveLength(STREAM_CREDITS);
  });

  it('rests while nobody looks, and comes back with a snapshot', () => {
    const { subscription, posted, feeds } = createSubscription();
    subscription.begin();
    subscription.rest();
    change(subscription);
    subscription.acknowledge(1, 0);
    expect([posted.length, subscription.isDirty, feeds.length]).toEqual([1, false, 1]);
    subscription.resume();
    expect(posted.at(-1)).toMatchObject({ generation: 2, number: 0, snapshot: FakeFeed.SNAPSHOT });
    subscription.resume();
    expect(posted).toHaveLength(2);
  });
});
