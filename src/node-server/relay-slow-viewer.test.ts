import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CLOSE } from '../protocol/wire/close-codes.ts';
import { FakePublisher } from '../../test/support/publisher.ts';
import { FakeViewer, type ViewerMessage } from '../../test/support/viewer.ts';
import { createRelay, type Relay } from './create-relay.ts';
import { DEFAULT_LIMITS } from './relay-limits.ts';
import { FakeClock } from './test-support/fake-clock.ts';
import { said } from './test-support/said.ts';

/** More than the buffers of two sockets of this machine take, so that the relay has to keep the rest. */
const FLOOD_EVENTS = 200;
const EVENT_CHARS = 64 * 1024;

const UPGRADE = [
  'GET /ws HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '\r\n',
].join('\r\n');

describe('a viewer that does not keep up', { timeout: 30_000 }, () => {
  let clock: FakeClock;
  let relay: Relay;
  let url: string;
  let publisher: FakePublisher;
  let healthy: FakeViewer;
  let slow: FakeViewer;

  beforeEach(async () => {
    clock = new FakeClock(Date.now());
    relay = createRelay({ port: 0, clock });
    ({ url } = await relay.start());
    publisher = new FakePublisher({ relayUrl: url, producerId: 'p1' });
    await publisher.connect();
    publisher.say(said.ensembleStarted());
    healthy = await FakeViewer.connect(url);
    slow = await FakeViewer.connect(url);
  });

  afterEach(async () => {
    slow.drop();
    await relay.stop();
  });

  async function flood(type: 'token' | 'toolCalled'): Promise<void> {
    const text = 'x'.repeat(EVENT_CHARS);
    for (let index = 0; index < FLOOD_EVENTS; index += 1) {
      const message = type === 'token' ? said.token({ token: text }) : said.toolCalled({ toolResult: text });
      const sent = publisher.say(message);
      await healthy.until(({ texts }) => texts.at(-1) === sent);
    }
  }

  function sequencesOf(messages: readonly ViewerMessage[]): number[] {
    return messages.flatMap((message) => {
      if (message.type === 'event') return [Number(message['sequence'])];
      const kept = (message['snapshotTrace'] ?? []) as { sequence: number }[];
      return message.type === 'hub_hello' ? kept.map(({ sequence }) => sequence) : [];
    });
  }

  test('is greeted afresh when it takes things again, and harms nobody else', async () => {
    slow.pause();
    await flood('toolCalled');
    expect(healthy.messagesOf('hub_hello')).toHaveLength(1);
    slow.resume();
    await slow.until((seen) => seen.messagesOf('hub_hello').length === 2);
    publisher.say(said.ensembleCompleted());
    await slow.until((seen) => seen.messages.at(-1)?.type === 'event');
    const fresh = slow.messages.slice(slow.messages.findLastIndex(({ type }) => type === 'hub_hello'));
    const joining = await FakeViewer.connect(url);
    expect(sequencesOf(fresh)).toEqual(sequencesOf(joining.messages));
    expect(new Set(sequencesOf(fresh)).size).toBe(sequencesOf(fresh).length);
  });

  test('loses tokens rather than anything else', async () => {
    slow.pause();
    await flood('token');
    publisher.say(said.ensembleCompleted());
    await healthy.until((seen) => JSON.stringify(seen.messages.at(-1)).includes('ensemble_completed'));
    slow.resume();
    await slow.until((seen) => JSON.stringify(seen.messages.at(-1)).includes('ensemble_completed'));
    expect(slow.messagesOf('hub_hello')).toHaveLength(1);
    expect(slow.messagesOf('event').length).toBeLessThan(FLOOD_EVENTS);
  });

  test('is closed with a code of its own after ten seconds without progress', async () => {
    slow.pause();
    await flood('toolCalled');
    clock.advance(9_000);
    expect((await (await fetch(`${url}/api/status`)).json()) as object).toMatchObject({ viewers: 2 });
    clock.advance(2_000);
    expect((await (await fetch(`${url}/api/status`)).json()) as object).toMatchObject({ viewers: 1 });
    slow.resume();
    expect(await slow.closed()).toBe(CLOSE.tooSlow.code);
    expect(healthy.closeCode).toBeUndefined();
  });

  test('is cut off if it takes nothing in the middle of a greeting', async () => {
    await flood('toolCalled');
    const stuck = connect({ port: relay.port, host: '127.0.0.1' });
    stuck.write(UPGRADE);
    await vi.waitFor(() => expect(relay.sizes).toMatchObject({ viewers: 3, connections: 4 }));
    clock.advance(11_000);
    expect(relay.sizes).toMatchObject({ viewers: 2, connections: 4 });
    clock.advance(DEFAULT_LIMITS.closeTimeoutMs);
    await vi.waitFor(() => expect(relay.sizes).toMatchObject({ viewers: 2, connections: 3 }));
    stuck.destroy();
  });

  test('takes a greeting of any size', async () => {
    await flood('toolCalled');
    const late = await FakeViewer.connect(url);
    expect(late.texts[0]?.length).toBeGreaterThan(6 * 1024 * 1024);
    publisher.say(said.ensembleCompleted());
    await late.until((seen) => seen.messages.length === 2);
    expect(late.messagesOf('hub_hello')).toHaveLength(1);
  });
});
