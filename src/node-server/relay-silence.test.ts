import { afterEach, describe, expect, test } from 'vitest';
import { FakePublisher } from '../../test/support/publisher.ts';
import { FakeViewer } from '../../test/support/viewer.ts';
import { said } from './test-support/said.ts';
import { SmallRelays } from './test-support/small-relay.ts';

const relays = new SmallRelays();
afterEach(() => relays.stop());

type Ask = (line: string) => Promise<number>;

/** Who is still connected, once the relay has had turns enough to hear what was sent to it. */
async function connected(metric: Ask): Promise<number[]> {
  for (let turn = 0; turn < 20; turn += 1) await metric('rostrum_viewers');
  return [await metric('rostrum_viewers'), await metric('rostrum_publishers')];
}

describe('a peer that is silent', { timeout: 20_000 }, () => {
  test('is not ended before it was asked, however seldom that is', async () => {
    const { url, clock, metric } = await relays.start({ heartbeatMs: 60_000, silenceLimitMs: 40_000 });
    await FakeViewer.connect(url);
    await new FakePublisher({ relayUrl: url, producerId: 'p' }).connect();
    for (let minute = 0; minute < 3; minute += 1) {
      clock.advance(60_000);
      expect(await connected(metric)).toEqual([1, 1]);
    }
  });

  test('is not ended for the time in which the relay did not read it', async () => {
    const { url, clock, metric } = await relays.start({ publisherBacklogBytes: 50_000 });
    const viewer = await FakeViewer.connect(url);
    const publisher = new FakePublisher({ relayUrl: url, producerId: 'p' });
    await publisher.connect();
    const reviewIds = Array.from({ length: 24 }, (_, index) => `r${index}`);
    for (const reviewId of reviewIds) publisher.say(said.reviewRequested({ reviewId, timeoutMs: 0 }));
    await viewer.until((seen) => seen.messagesOf('review_state').length === reviewIds.length);
    publisher.pause();
    // More than the buffers of two sockets of this machine take.
    for (const reviewId of reviewIds) viewer.decide(reviewId, 'EDIT', 'x'.repeat(1_000_000));
    await viewer.until((seen) => seen.messagesOf('review_state').length === 2 * reviewIds.length);
    for (let check = 0; check < 3; check += 1) {
      clock.advance(15_000);
      expect(await connected(metric)).toEqual([1, 1]);
    }
    publisher.resume();
    await publisher.until(({ decisions }) => decisions.length === reviewIds.length);
    await connected(metric);
    clock.advance(15_000);
    expect(await connected(metric)).toEqual([1, 1]);
  });
});
