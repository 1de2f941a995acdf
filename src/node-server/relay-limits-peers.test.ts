import { once } from 'node:events';
import WebSocket from 'ws';
import { afterEach, describe, expect, test } from 'vitest';
import { CLOSE } from '../protocol/wire/close-codes.ts';
import { handshake } from '../../test/chaos/raw-frames.ts';
import { FakePublisher } from '../../test/support/publisher.ts';
import { FakeViewer } from '../../test/support/viewer.ts';
import type { LIMIT_GROUPS } from './relay-limits.ts';
import type { RelayOptions } from './relay-options.ts';
import { RawConnection } from './test-support/raw-connection.ts';
import { said } from './test-support/said.ts';
import { SmallRelays } from './test-support/small-relay.ts';

const relays = new SmallRelays();
afterEach(() => relays.stop());

const CHUNK = 'x'.repeat(64 * 1024);
/** More than the buffers of two sockets of this machine take. */
const FLOOD = 200;

/** A relay with a viewer that keeps up, one that takes nothing, and a publisher that floods both. */
async function flooded(options: RelayOptions, message: () => object = () => said.toolCalled({ toolResult: CHUNK })) {
  const small = await relays.start(options);
  const healthy = await FakeViewer.connect(small.url);
  const slow = await FakeViewer.connect(small.url);
  const publisher = new FakePublisher({ relayUrl: small.url, producerId: 'p' });
  await publisher.connect();
  slow.pause();
  const flood = async () => {
    for (let index = 0; index < FLOOD; index += 1) {
      const text = publisher.say(message());
      await healthy.until(({ texts }) => texts.at(-1) === text);
    }
  };
  await flood();
  return { ...small, slow, publisher, flood };
}

async function waiting(url: string, producerId = 'p') {
  const viewer = await FakeViewer.connect(url);
  const publisher = new FakePublisher({ relayUrl: url, producerId });
  await publisher.connect();
  publisher.say(said.ensembleStarted());
  const ask = async (reviewId: string) => {
    publisher.say(said.reviewRequested({ reviewId, timeoutMs: 0 }));
    await viewer.until((seen) => seen.messagesOf('review_state').some((state) => state['reviewId'] === reviewId));
  };
  return { viewer, publisher, ask };
}

const stateOf = (viewer: FakeViewer) => viewer.messagesOf('review_state').at(-1)?.['state'];

const VIEWERS = {
  viewerQueueSoftBytes: async () => {
    const token = () => said.token({ token: CHUNK });
    const { metric } = await flooded({ viewerQueueSoftBytes: 100_000, viewerQueueHardBytes: 1e9 }, token);
    expect(await metric('rostrum_viewer_queue_bytes')).toBeLessThanOrEqual(100_000);
    expect(await metric('rostrum_viewer_dropped_bytes_total{reason="token"}')).toBeGreaterThan(1_000_000);
    expect(await metric('rostrum_greetings_total')).toBe(2);
  },
  viewerQueueHardBytes: async () => {
    const { metric } = await flooded({ viewerQueueSoftBytes: 1000, viewerQueueHardBytes: 200_000 });
    expect(await metric('rostrum_viewer_queue_bytes')).toBeLessThanOrEqual(200_000);
    expect(await metric('rostrum_viewer_dropped_bytes_total{reason="queue"}')).toBeGreaterThan(200_000);
  },
  viewerResyncsPerMinute: async () => {
    const { slow, flood, metric } = await flooded({ viewerQueueHardBytes: 200_000, viewerResyncsPerMinute: 1 });
    slow.resume();
    await slow.until((seen) => seen.messagesOf('hub_hello').length === 2);
    slow.pause();
    await flood();
    slow.resume();
    expect(await slow.closed()).toBe(CLOSE.tooSlow.code);
    expect(await metric('rostrum_viewers_closed_total')).toBe(1);
  },
  viewerStallMs: async () => {
    const { slow, clock, metric } = await flooded({ viewerStallMs: 3000 });
    clock.advance(2000);
    expect(await metric('rostrum_viewers')).toBe(2);
    clock.advance(2000);
    expect(await metric('rostrum_viewers')).toBe(1);
    slow.resume();
    expect(await slow.closed()).toBe(CLOSE.tooSlow.code);
  },
  maxQueuedBytes: async () => {
    const limits = { maxQueuedBytes: 1_000_000, viewerQueueSoftBytes: 1e9, viewerQueueHardBytes: 1e9 };
    const { url, clock, metric } = await relays.start(limits);
    const slow = await FakeViewer.connect(url);
    slow.pause();
    const publisher = new FakePublisher({ relayUrl: url, producerId: 'p' });
    await publisher.connect();
    const texts = Array.from({ length: FLOOD }, () => publisher.say(said.toolCalled({ toolResult: CHUNK })));
    while ((await metric('rostrum_publisher_pauses_total')) === 0);
    // What the socket had read before it was paused is still taken.
    expect(await metric('rostrum_viewer_queue_bytes')).toBeLessThan(3_000_000);
    let isPosted = false;
    const post = new FakePublisher({ relayUrl: url, producerId: 'q' }).post(said.toolCalled());
    void post.then(() => (isPosted = true));
    clock.advance(5000);
    expect([await metric('rostrum_viewers'), isPosted]).toEqual([1, false]);
    slow.resume();
    expect(await post).toBe(202);
    await slow.until((seen) => seen.texts.includes(texts.at(-1) ?? ''));
    expect(slow.texts.filter((text) => texts.includes(text))).toEqual(texts);
    expect(slow.messagesOf('hub_hello')).toHaveLength(1);
    expect(await metric('rostrum_viewer_queue_bytes')).toBe(0);
  },
} satisfies Record<keyof (typeof LIMIT_GROUPS)['Slow viewers'], () => Promise<void>>;

const REVIEWS = {
  maxReviewsPerProducer: async () => {
    const { url } = await relays.start({ maxReviewsPerProducer: 2 });
    const { ask } = await waiting(url);
    for (const reviewId of ['r1', 'r2', 'r3']) await ask(reviewId);
    const late = await FakeViewer.connect(url);
    await late.until((seen) => seen.messagesOf('review_state').length === 2);
    expect(late.messagesOf('review_state').map(({ reviewId }) => reviewId)).toEqual(['r2', 'r3']);
  },
  maxHeldDecisions: async () => {
    const { url } = await relays.start({ maxHeldDecisions: 1 });
    const { viewer, ask } = await waiting(url);
    await ask('r1');
    await ask('r2');
    viewer.decide('r1', 'CONTINUE');
    viewer.decide('r2', 'CONTINUE');
    await viewer.until((seen) => seen.messagesOf('error').length === 1);
    expect(viewer.messagesOf('error')[0]).toMatchObject({ code: 'too_many_held', reviewId: 'r2' });
  },
  holdDecisionMs: async () => {
    const { url, clock, metric } = await relays.start({ holdDecisionMs: 20_000 });
    const { viewer, publisher, ask } = await waiting(url);
    await ask('r1');
    publisher.close();
    while ((await metric('rostrum_publishers')) > 0);
    viewer.decide('r1', 'CONTINUE');
    await viewer.until((seen) => stateOf(seen) === 'held');
    clock.advance(19_999);
    await allHeard(viewer);
    expect(stateOf(viewer)).toBe('held');
    clock.advance(1);
    await viewer.until((seen) => stateOf(seen) === 'open');
  },
  maxEditChars: async () => {
    const { url } = await relays.start({ maxEditChars: 10 });
    const { viewer, ask } = await waiting(url);
    await ask('r1');
    viewer.decide('r1', 'EDIT', 'x'.repeat(11));
    await viewer.until((seen) => seen.messagesOf('error').length === 1);
    expect(viewer.messagesOf('error')[0]).toMatchObject({ code: 'too_large' });
    viewer.decide('r1', 'EDIT', 'x'.repeat(10));
    await viewer.until((seen) => stateOf(seen) === 'sent');
  },
} satisfies Record<keyof (typeof LIMIT_GROUPS)['Reviews'], () => Promise<void>>;

async function publisherSocket(port: number, options = {}): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ingress?producerId=p`, options);
  await once(socket, 'open');
  return socket;
}

const CONNECTIONS = {
  maxConnections: async () => {
    const { url } = await relays.start({ maxConnections: 1 });
    await FakeViewer.connect(url);
    await expect(FakeViewer.open(url)).rejects.toThrow('503');
  },
  maxSockets: async () => {
    const { port } = await relays.start({ maxSockets: 2 });
    const first = await RawConnection.open(port);
    await RawConnection.open(port);
    expect(await (await RawConnection.open(port)).ended()).toBe('');
    first.write('GET /api/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await first.until((text) => text.includes('200 OK'));
  },
  heartbeatMs: async () => {
    const { url, clock } = await relays.start({ heartbeatMs: 2000 });
    const viewer = await FakeViewer.connect(url);
    clock.advance(1999);
    expect(viewer.messagesOf('heartbeat')).toEqual([]);
    clock.advance(1);
    await viewer.until((seen) => seen.messagesOf('heartbeat').length === 1);
  },
  silenceLimitMs: async () => {
    const { port, clock } = await relays.start({ silenceLimitMs: 20_000 });
    const socket = await publisherSocket(port, { autoPong: false });
    const closed = once(socket, 'close');
    for (const ms of [15_000, 15_000]) clock.advance(ms);
    expect((await closed)[0]).toBe(1006);
  },
  leaveGraceMs: async () => {
    const { url, clock, metric } = await relays.start({ leaveGraceMs: 5000 });
    const { viewer, publisher, ask } = await waiting(url);
    await ask('r1');
    publisher.close();
    while ((await metric('rostrum_publishers')) > 0);
    clock.advance(4999);
    await allHeard(viewer);
    expect(viewer.messagesOf('producer_left')).toEqual([]);
    clock.advance(1);
    await viewer.until((seen) => seen.messagesOf('producer_left').length === 1);
  },
  closeTimeoutMs: async () => {
    const { port } = await relays.start({ closeTimeoutMs: 50 });
    const raw = await RawConnection.open(port);
    raw.write(handshake('/ws'));
    await raw.until((text) => text.includes('101 Switching'));
    // Bytes are no text: it is told so by a close, and never answers that.
    raw.write(Buffer.from([0x82, 0x81, 0, 0, 0, 0, 0x78]));
    await raw.ended();
  },
  publisherBacklogBytes: async () => {
    const { url } = await relays.start({ publisherBacklogBytes: 50_000 });
    const { viewer, publisher, ask } = await waiting(url);
    const reviewIds = Array.from({ length: 24 }, (_, index) => `r${index}`);
    for (const reviewId of reviewIds) await ask(reviewId);
    publisher.pause();
    // More than the buffers of two sockets of this machine take.
    for (const reviewId of reviewIds) viewer.decide(reviewId, 'EDIT', 'x'.repeat(1_000_000));
    await allHeard(viewer);
    const unheard = publisher.say(said.toolCalled());
    // It comes on another connection: one answer on this one could be quicker than it.
    for (let round = 0; round < 20; round += 1) await allHeard(viewer);
    expect(viewer.texts).not.toContain(unheard);
    publisher.resume();
    await viewer.until(({ texts }) => texts.includes(unheard));
    await publisher.until(({ decisions }) => decisions.length === reviewIds.length);
  },
  maxHeaderBytes: async () => {
    const { port } = await relays.start({ maxHeaderBytes: 1000 });
    const raw = await RawConnection.open(port);
    raw.write(`GET /api/status HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(1000)}\r\n\r\n`);
    expect(await raw.ended()).toContain('431');
  },
  headersTimeoutMs: async () => {
    const { port } = await relays.start({ headersTimeoutMs: 50 });
    const raw = await RawConnection.open(port);
    raw.write('GET /api/status HTTP/1.1\r\nHost: localhost\r\n');
    expect(await raw.ended()).toContain('408');
  },
  requestTimeoutMs: async () => {
    const { port } = await relays.start({ headersTimeoutMs: 50, requestTimeoutMs: 100 });
    const raw = await RawConnection.open(port);
    raw.write('POST /api/hub/ingress HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n');
    raw.write('Content-Length: 9\r\n\r\n{');
    expect(await raw.ended()).toContain('408');
  },
  keepAliveMs: async () => {
    const { port } = await relays.start({ keepAliveMs: 50 });
    const raw = await RawConnection.open(port);
    raw.write('GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await raw.ended()).toContain('200 OK');
  },
} satisfies Record<keyof (typeof LIMIT_GROUPS)['Connections and requests'], () => Promise<void>>;

/** Waits until the viewer has heard everything that was said before. */
async function allHeard(viewer: FakeViewer): Promise<void> {
  const pongs = viewer.messagesOf('pong').length;
  viewer.say({ type: 'ping' });
  await viewer.until((seen) => seen.messagesOf('pong').length > pongs);
}

describe('what a relay does for its peers', { timeout: 30_000 }, () => {
  test.each(Object.entries({ ...VIEWERS, ...REVIEWS, ...CONNECTIONS }))('is bounded by %s', (_, holds) => holds());
});
