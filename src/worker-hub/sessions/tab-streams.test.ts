import { describe, expect, it } from 'vitest';
import { STREAM_CREDITS, type StreamFrame } from '../../protocol/tab/stream.ts';
import type { ViewRequest } from '../../protocol/tab/view-data.ts';
import { FakeFeed } from '../test-support/fake-feed.ts';
import { TabStreams } from './tab-streams.ts';

const CHANGES = [{ kind: 'attention' }] as const;

function createStreams() {
  const posted: StreamFrame[] = [];
  const requests: ViewRequest[] = [];
  const streams = new TabStreams({
    createFeed: (request) => {
      requests.push(request);
      return new FakeFeed();
    },
    post: (frame) => posted.push(frame),
  });
  const sent = (): (readonly [number, number, number])[] =>
    posted.map(({ stream, generation, number }) => [stream, generation, number] as const);
  return { streams, requests, posted, sent };
}

describe('TabStreams', () => {
  it('gives each stream its snapshot and its own count', () => {
    const { streams, requests, sent } = createStreams();
    streams.subscribe(1, { view: 'roster' });
    streams.subscribe(2, { view: 'attention' });
    streams.note(CHANGES);
    expect(streams.isDirty).toBe(true);
    streams.flush();
    expect(streams.isDirty).toBe(false);
    expect(requests).toEqual([{ view: 'roster' }, { view: 'attention' }]);
    expect(sent()).toEqual([
      [1, 1, 0],
      [2, 2, 0],
      [1, 1, 1],
      [2, 2, 1],
    ]);
  });

  it('begins anew under the same number', () => {
    const { streams, sent } = createStreams();
    streams.subscribe(1, { view: 'roster' });
    streams.subscribe(1, { view: 'reviews' });
    expect([streams.status(), sent()]).toEqual([
      [{ view: 'reviews', unacknowledged: 1, state: 'live' }],
      [
        [1, 1, 0],
        [1, 2, 0],
      ],
    ]);
  });

  it('sends no more to what was unsubscribed', () => {
    const { streams, sent } = createStreams();
    streams.subscribe(1, { view: 'roster' });
    streams.unsubscribe(1);
    streams.note(CHANGES);
    streams.flush();
    expect([streams.status(), streams.isDirty, sent()]).toEqual([[], false, [[1, 1, 0]]]);
  });

  it('sends a hidden tab only what calls for attention, and snapshots when it is shown', () => {
    const { streams, sent } = createStreams();
    streams.subscribe(1, { view: 'attention' });
    streams.subscribe(2, { view: 'roster' });
    streams.setVisible(false);
    streams.subscribe(3, { view: 'reviews' });
    streams.note(CHANGES);
    streams.flush();
    expect(sent().slice(2)).toEqual([[1, 1, 1]]);
    expect(streams.status().map(({ view, state }) => [view, state])).toEqual([
      ['attention', 'live'],
      ['roster', 'hidden'],
      ['reviews', 'hidden'],
    ]);
    streams.setVisible(true);
    expect(sent().slice(3)).toEqual([
      [2, 3, 0],
      [3, 4, 0],
    ]);
  });

  it('passes an acknowledgement to its stream alone', () => {
    const { streams, sent } = createStreams();
    streams.subscribe(1, { view: 'roster' });
    streams.subscribe(2, { view: 'reviews' });
    for (let times = 0; times < STREAM_CREDITS + 1; times += 1) {
      streams.note(CHANGES);
      streams.flush();
    }
    expect(sent()).toHaveLength(2 * STREAM_CREDITS);
    expect(streams.status()[0]).toEqual({ view: 'roster', unacknowledged: STREAM_CREDITS, state: 'behind' });
    streams.acknowledge({ ack: { stream: 2, generation: 2, number: 5 } });
    streams.acknowledge({ ack: { stream: 9, generation: 2, number: 5 } });
    expect(sent().slice(2 * STREAM_CREDITS)).toEqual([[2, 3, 0]]);
  });

  it('lets go of everything', () => {
    const { streams } = createStreams();
    streams.subscribe(1, { view: 'roster' });
    streams.clear();
    expect(streams.status()).toEqual([]);
  });
});
