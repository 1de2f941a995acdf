import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakePublisher } from '../../test/support/publisher.ts';
import { FakeViewer } from '../../test/support/viewer.ts';
import { createRelay, type Relay } from './create-relay.ts';
import { said } from './test-support/said.ts';

describe('from a publisher to a viewer and back', () => {
  let relay: Relay;
  let url: string;
  let publisher: FakePublisher;
  let viewer: FakeViewer;

  beforeEach(async () => {
    relay = createRelay({ port: 0 });
    ({ url } = await relay.start());
    publisher = new FakePublisher({ relayUrl: url, producerId: 'p1', serviceName: 'writer' });
    viewer = await FakeViewer.connect(url);
  });

  afterEach(() => relay.stop());

  test('greets the first viewer of an empty relay as a hub does', () => {
    expect(viewer.texts).toEqual(['{"type":"hub_hello"}']);
  });

  test('passes an event on as it came, and a decision back as it was made', async () => {
    await publisher.connect();
    const started = publisher.say(said.ensembleStarted());
    publisher.say(said.reviewRequested());
    await viewer.until((seen) => seen.messages.some(({ type }) => type === 'review_state'));
    expect(viewer.texts).toContain(started);
    viewer.decide('r1', 'EDIT', 'better ü');
    await publisher.until(({ decisions }) => decisions.length > 0);
    expect(publisher.frames).toEqual([
      {
        reviewId: 'r1',
        decisionJson: '{"type":"review_decision","reviewId":"r1","decision":"EDIT","revisedOutput":"better ü"}',
      },
    ]);
    await viewer.until((seen) => seen.messages.some(({ state }) => state === 'sent'));
    expect(viewer.messages.at(-1)).toMatchObject({
      producerId: 'p1',
      reviewId: 'r1',
      decision: 'EDIT',
      by: 'viewer-1',
    });
  });
});
