import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakePublisher } from '../../test/support/publisher.ts';
import { FakeViewer } from '../../test/support/viewer.ts';
import { createRelay, type Relay } from './create-relay.ts';
import { FakeClock } from './test-support/fake-clock.ts';
import { said } from './test-support/said.ts';
import { WatchedLog } from './test-support/watched-log.ts';

describe('who is there', { timeout: 20_000 }, () => {
  let clock: FakeClock;
  let watched: WatchedLog;
  let relay: Relay;
  let url: string;
  let viewer: FakeViewer;

  beforeEach(async () => {
    clock = new FakeClock(Date.now());
    watched = new WatchedLog();
    relay = createRelay({ port: 0, clock, log: watched.log, maxProducers: 2, version: '9.9.9' });
    ({ url } = await relay.start());
    viewer = await FakeViewer.connect(url);
  });

  afterEach(() => relay.stop());

  function publisherOf(producerId: string): FakePublisher {
    return new FakePublisher({ relayUrl: url, producerId, serviceName: `service of ${producerId}` });
  }

  async function arrived(publisher: FakePublisher): Promise<void> {
    await publisher.connect();
    publisher.say(said.ensembleStarted());
  }

  async function dropped(publisher: FakePublisher): Promise<void> {
    const before = watched.count('of a publisher ended');
    publisher.drop();
    await watched.until('of a publisher ended', before + 1);
  }

  /** What came until an answer to a ping that is sent now, without what was there before. */
  async function saidSince(mark: number): Promise<string[]> {
    const pongs = viewer.messagesOf('pong').length;
    viewer.say({ type: 'ping' });
    await viewer.until((seen) => seen.messagesOf('pong').length > pongs);
    return viewer.messages
      .slice(mark)
      .map(({ type }) => type)
      .filter((type) => type !== 'pong' && type !== 'heartbeat');
  }

  async function json(path: string): Promise<unknown> {
    return (await fetch(`${url}${path}`)).json();
  }

  test('is announced when it first speaks, before what it says', async () => {
    const publisher = publisherOf('p1');
    await publisher.connect();
    expect(await saidSince(1)).toEqual([]);
    publisher.say(said.ensembleStarted());
    await viewer.until((seen) => seen.messages.some(({ type }) => type === 'event'));
    expect(
      viewer.messages
        .slice(1)
        .map(({ type }) => type)
        .filter((type) => type !== 'pong'),
    ).toEqual(['producer_joined', 'event']);
    expect(viewer.messagesOf('producer_joined')[0]).toMatchObject({
      producer: { producerId: 'p1', serviceName: 'service of p1' },
    });
  });

  test('stands in the order of the roster', async () => {
    const ids = ['p2', 'p1'];
    for (const id of ids) await arrived(publisherOf(id));
    const nameless = new FakePublisher({ relayUrl: url, producerId: 'z' });
    await arrived(nameless);
    await viewer.until((seen) => seen.messagesOf('producer_joined').length === 3);
    expect(await json('/api/hub/producers')).toEqual({
      producers: [
        { producerId: 'z' },
        { producerId: 'p1', serviceName: 'service of p1' },
        { producerId: 'p2', serviceName: 'service of p2' },
      ],
      total: 3,
    });
    expect(await json('/api/status')).toEqual({
      status: 'running',
      version: '9.9.9',
      producers: 3,
      viewers: 1,
      uptimeMs: 0,
    });
  });

  test('is said to have left within three seconds, once', async () => {
    const publisher = publisherOf('p1');
    await arrived(publisher);
    await viewer.until((seen) => seen.messagesOf('event').length === 1);
    await dropped(publisher);
    const mark = viewer.messages.length;
    clock.advance(1000);
    expect(await saidSince(mark)).toEqual([]);
    clock.advance(2000);
    expect(await saidSince(mark)).toEqual(['producer_left']);
    expect(viewer.messagesOf('producer_left')[0]).toEqual({
      type: 'producer_left',
      producerId: 'p1',
      leftAt: expect.stringMatching(/^\d{4}-.*Z$/),
      reason: 'disconnected',
    });
    const late = await FakeViewer.connect(url);
    await late.until((seen) => seen.messages.length === 2);
    expect(late.messages[1]).toEqual(viewer.messagesOf('producer_left')[0]);
    await publisher.connect();
    await viewer.until((seen) => seen.messagesOf('producer_joined').length === 2);
  });

  test('never left if it is back before that', async () => {
    const publisher = publisherOf('p1');
    await arrived(publisher);
    await viewer.until((seen) => seen.messagesOf('event').length === 1);
    const mark = viewer.messages.length;
    await dropped(publisher);
    clock.advance(1000);
    await publisher.connect();
    clock.advance(10_000);
    publisher.say(said.taskStarted());
    await viewer.until((seen) => seen.messagesOf('event').length === 2);
    expect(await saidSince(mark)).toEqual(['event']);
  });

  test('has not left while another of its connections is open', async () => {
    const older = publisherOf('p1');
    const newer = publisherOf('p1');
    await arrived(older);
    await newer.connect();
    await dropped(older);
    const mark = viewer.messages.length;
    clock.advance(10_000);
    expect(await saidSince(mark)).toEqual([]);
  });

  test('is neither there nor gone if it only posts, or is named by another’s socket', async () => {
    const poster = publisherOf('p1');
    expect(await poster.post(said.ensembleStarted())).toBe(202);
    const carrier = publisherOf('p2');
    const named = publisherOf('p3');
    await arrived(carrier);
    carrier.sendText(named.envelope(said.ensembleStarted()));
    await viewer.until((seen) => seen.messagesOf('event').length === 3);
    await dropped(carrier);
    clock.advance(10_000);
    await viewer.until((seen) => seen.messagesOf('producer_left').length === 1);
    expect(viewer.messagesOf('producer_joined')).toHaveLength(1);
    expect(viewer.messagesOf('producer_left')[0]).toMatchObject({ producerId: 'p2' });
  });

  test('says so when two processes keep taking one id from each other', async () => {
    const one = publisherOf('p1');
    const two = publisherOf('p1');
    await arrived(one);
    await two.connect();
    expect(await json('/api/status')).not.toHaveProperty('contestedProducers');
    for (const publisher of [one, two, one, two]) {
      const before = viewer.messagesOf('event').length;
      publisher.say(said.toolCalled());
      clock.advance(500);
      await viewer.until((seen) => seen.messagesOf('event').length > before || seen.messagesOf('error').length > 0);
    }
    await viewer.until((seen) => seen.messagesOf('error').length === 1);
    expect(viewer.messagesOf('error')[0]).toMatchObject({ code: 'producer_contested', producerId: 'p1' });
    expect(await json('/api/status')).toMatchObject({ contestedProducers: ['p1'] });
    expect(watched.count('warn Several processes')).toBe(1);
  });

  test('is forgotten when too many others came after it, and never while it is connected', async () => {
    const connected = publisherOf('connected');
    await arrived(connected);
    for (const id of ['a', 'b', 'c', 'd']) await publisherOf(id).post(said.ensembleStarted());
    expect(await json('/api/hub/producers')).toMatchObject({
      producers: [{ producerId: 'c' }, { producerId: 'connected' }, { producerId: 'd' }],
    });
  });

  test('is forgotten after half an hour of silence, unless it waits for a decision', async () => {
    await publisherOf('idle').post(said.ensembleStarted());
    await publisherOf('waiting').post(said.reviewRequested({ timeoutMs: 0 }));
    for (let minutes = 0; minutes < 32; minutes += 1) {
      for (let beats = 0; beats < 4; beats += 1) {
        clock.advance(15_000);
        await saidSince(0);
      }
    }
    expect(await json('/api/hub/producers')).toMatchObject({ producers: [{ producerId: 'waiting' }], total: 1 });
  });

  test('has left for good also where something of it was held back until then', async () => {
    const publisher = publisherOf('p1');
    await arrived(publisher);
    await viewer.until((seen) => seen.messagesOf('event').length === 1);
    await dropped(publisher);
    clock.advance(1_800);
    const mark = viewer.messages.length;
    const envelope = {
      type: 'event',
      producer: { producerId: 'p1' },
      sequence: 3,
      receivedAt: new Date(clock.nowMs()).toISOString(),
      message: said.toolCalled(),
    };
    const headers = { 'Content-Type': 'application/json' };
    await fetch(`${url}/api/hub/ingress`, { method: 'POST', headers, body: JSON.stringify(envelope) });
    clock.advance(600);
    expect(await saidSince(mark)).toEqual(['producer_left', 'event', 'producer_left']);
    expect(viewer.messagesOf('producer_left').map(({ leftAt }) => leftAt)).toEqual(
      Array.from({ length: 2 }, () => new Date(clock.nowMs() - 400).toISOString()),
    );
  });

  test('hears a heartbeat every 15 s, and an answer to each ping', async () => {
    clock.advance(15_000);
    await viewer.until((seen) => seen.messagesOf('heartbeat').length === 1);
    expect(viewer.messagesOf('heartbeat')[0]).toEqual({ type: 'heartbeat', serverTimeMs: clock.nowMs() });
    viewer.say({ type: 'ping' });
    await viewer.until((seen) => seen.texts.at(-1) === '{"type":"pong"}');
    clock.advance(15_000);
    await viewer.until((seen) => seen.messagesOf('heartbeat').length === 2);
  });

  test('is cut off when it shows no sign of life, viewer or publisher', async () => {
    const publisher = publisherOf('p1');
    await arrived(publisher);
    await viewer.until((seen) => seen.messagesOf('event').length === 1);
    // The pings are answered only when the event loop turns, so to the relay nobody answers in all that time.
    clock.advance(60_000);
    expect(await viewer.closed()).toBe(1006);
    await watched.until('of a publisher ended');
  });
});
