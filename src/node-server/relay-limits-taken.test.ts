import { once } from 'node:events';
import WebSocket from 'ws';
import { afterEach, describe, expect, test } from 'vitest';
import { CLOSE } from '../protocol/wire/close-codes.ts';
import { FakePublisher } from '../../test/support/publisher.ts';
import { FakeViewer } from '../../test/support/viewer.ts';
import type { LIMIT_GROUPS } from './relay-limits.ts';
import { RawConnection } from './test-support/raw-connection.ts';
import { handshake } from '../../test/chaos/raw-frames.ts';
import { said } from './test-support/said.ts';
import { SmallRelays } from './test-support/small-relay.ts';

const relays = new SmallRelays();
afterEach(() => relays.stop());

interface Sent {
  /** The code of the typed error; `undefined` if the connection ended first. */
  readonly code: string | undefined;
  /** The code with which the connection ended; `undefined` if it did not. */
  readonly closed: number | undefined;
}

/** Sends texts by a socket of their own, and says what the relay answered first. */
async function send(port: number, ...texts: readonly string[]): Promise<Sent> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ingress`);
  await once(socket, 'open');
  const answered = once(socket, 'message').then(([data]) => (JSON.parse(String(data)) as { code: string }).code);
  const closed = once(socket, 'close').then(([code]) => code as number);
  for (const text of texts) socket.send(text);
  const first = await Promise.race([answered.then((code) => ({ code, closed: undefined })), closed.then(asClosed)]);
  socket.terminate();
  return first;
}

function asClosed(closed: number): Sent {
  return { code: undefined, closed };
}

async function post(url: string, text: string): Promise<number> {
  const headers = { 'Content-Type': 'application/json' };
  return (await fetch(`${url}/api/hub/ingress`, { method: 'POST', headers, body: text })).status;
}

function envelope(changes: object = {}): string {
  return JSON.stringify({
    type: 'event',
    producer: { producerId: 'p' },
    sequence: 1,
    receivedAt: '2026-01-01T00:00:00Z',
    message: said.ensembleStarted(),
    ...changes,
  });
}

/** Numbers that a viewer was told of, in order. */
function sequencesOf(viewer: FakeViewer): number[] {
  return viewer.messagesOf('event').map(({ sequence }) => Number(sequence));
}

async function viewerAndPublisher(url: string) {
  const viewer = await FakeViewer.connect(url);
  const publisher = new FakePublisher({ relayUrl: url, producerId: 'p' });
  await publisher.connect();
  return { viewer, publisher };
}

/** A masked frame of a client, whole or a part of one (RFC 6455, 5.2). */
function clientFrame(opcode: number, isFinal: boolean, text: string): Buffer {
  return Buffer.concat([
    Buffer.from([(isFinal ? 0x80 : 0) | opcode, 0x80 | text.length, 0, 0, 0, 0]),
    Buffer.from(text),
  ]);
}

async function rawIngress(port: number): Promise<RawConnection> {
  const raw = await RawConnection.open(port);
  raw.write(
    'GET /ingress HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await raw.until((text) => text.includes('\r\n\r\n'));
  return raw;
}

/** The close code in what a server sent last. */
function closeCodeIn(received: string): number {
  const at = received.lastIndexOf('\x88');
  return (received.charCodeAt(at + 2) << 8) | received.charCodeAt(at + 3);
}

const TESTS = {
  maxMessageBytes: async () => {
    const { port, url, metric } = await relays.start({ maxMessageBytes: 1000 });
    expect(await send(port, envelope({ extra: 'x'.repeat(1000) }))).toMatchObject({ code: 'too_large' });
    expect(await post(url, envelope({ extra: 'x'.repeat(1000) }))).toBe(413);
    expect(await metric('rostrum_refused_total{code="too_large"}')).toBe(2);
    expect(await post(url, envelope())).toBe(202);
  },
  maxFrameBytes: async () => {
    const { port } = await relays.start({ maxMessageBytes: 1000, maxFrameBytes: 2000 });
    expect(await send(port, 'x'.repeat(2000))).toMatchObject({ code: 'too_large' });
    expect(await send(port, 'x'.repeat(2001))).toMatchObject({ closed: 1009 });
    const raw = await RawConnection.open(port);
    raw.write('POST /api/hub/ingress HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n');
    raw.write(`Transfer-Encoding: chunked\r\n\r\n1000\r\n${'x'.repeat(1500)}`);
    await raw.until((text) => text.includes('413'));
    raw.write('x'.repeat(501));
    await raw.ended();
    await takesNoGigabytes();
  },
  maxJsonDepth: async () => {
    const { port, url } = await relays.start({ maxJsonDepth: 3 });
    const deep = (levels: number) =>
      envelope({ extra: 0 }).replace('"extra":0', `"extra":${'['.repeat(levels)}${']'.repeat(levels)}`);
    expect(await send(port, deep(3))).toMatchObject({ code: 'too_deep' });
    expect(await post(url, deep(2))).toBe(202);
  },
  maxJsonValues: async () => {
    const { port, url } = await relays.start({ maxJsonValues: 50 });
    const many = (count: number) => envelope({ extra: Array.from({ length: count }, () => 0) });
    expect(await send(port, many(50))).toMatchObject({ code: 'too_large' });
    expect(await post(url, many(10))).toBe(202);
  },
  maxNameChars: async () => {
    const { port, url } = await relays.start({ maxNameChars: 20 });
    const named = (serviceName: string) => envelope({ producer: { producerId: 'p', serviceName } });
    expect(await send(port, named('x'.repeat(21)))).toMatchObject({ code: 'invalid_message' });
    expect(await post(url, envelope({ message: said.reviewRequested({ reviewId: 'r'.repeat(21) }) }))).toBe(400);
    expect(await post(url, named('x'.repeat(20)))).toBe(202);
  },
  maxTags: async () => {
    const { port, url } = await relays.start({ maxTags: 2 });
    const tagged = (...names: string[]) =>
      envelope({ producer: { producerId: 'p', tags: Object.fromEntries(names.map((name) => [name, ''])) } });
    expect(await send(port, tagged('a', 'b', 'c'))).toMatchObject({ code: 'invalid_message' });
    expect(await post(url, tagged('a', 'b'))).toBe(202);
  },
  maxErrorsPerMinute: async () => {
    const { port } = await relays.start({ maxErrorsPerMinute: 2 });
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ingress`);
    await once(socket, 'open');
    let errors = 0;
    socket.on('message', () => (errors += 1));
    for (let index = 0; index < 3; index += 1) socket.send('no');
    expect((await once(socket, 'close'))[0]).toBe(CLOSE.tooManyErrors.code);
    expect(errors).toBe(3);
  },
  maxFragments: async () => {
    const { port } = await relays.start({ maxFragments: 3 });
    const raw = await rawIngress(port);
    raw.write(clientFrame(1, false, 'a'));
    for (let index = 0; index < 3; index += 1) raw.write(clientFrame(0, false, 'b'));
    expect(closeCodeIn(await raw.ended())).toBe(1008);
  },
  maxFrameChunks: async () => {
    const { port } = await relays.start({ maxFrameChunks: 4 });
    // No more than 64 KiB are read from a socket at once.
    expect(await send(port, 'x'.repeat(1024 * 1024))).toMatchObject({ closed: 1008 });
    expect(await send(port, 'x'.repeat(1024))).toMatchObject({ code: 'not_json' });
  },
  reorderWindowEvents: async () => {
    const { url } = await relays.start({ reorderWindowEvents: 2 });
    const { viewer, publisher } = await viewerAndPublisher(url);
    const texts = [1, 2, 3, 4, 5].map(() => publisher.envelope(said.toolCalled()));
    for (const text of [texts[0], texts[2], texts[3], texts[4]]) publisher.sendText(text ?? '');
    await viewer.until((seen) => sequencesOf(seen).length === 4);
    expect(sequencesOf(viewer)).toEqual([1, 3, 4, 5]);
  },
  reorderWindowBytes: async () => {
    const { url } = await relays.start({ reorderWindowBytes: 1000 });
    const { viewer, publisher } = await viewerAndPublisher(url);
    publisher.say(said.ensembleStarted());
    publisher.envelope(said.toolCalled());
    publisher.say(said.toolCalled({ toolResult: 'x'.repeat(1000) }));
    await viewer.until((seen) => sequencesOf(seen).length === 2);
    expect(sequencesOf(viewer)).toEqual([1, 3]);
  },
  reorderWindowMs: async () => {
    const { url, clock } = await relays.start({ reorderWindowMs: 50 });
    const { viewer, publisher } = await viewerAndPublisher(url);
    publisher.say(said.ensembleStarted());
    await viewer.until((seen) => sequencesOf(seen).length === 1);
    publisher.envelope(said.toolCalled());
    publisher.say(said.toolCalled());
    publisher.sendText('heard');
    await publisher.until(({ frames }) => frames.length === 1);
    clock.advance(49);
    expect(sequencesOf(viewer)).toEqual([1]);
    clock.advance(1);
    await viewer.until((seen) => sequencesOf(seen).length === 2);
  },
} satisfies Record<keyof (typeof LIMIT_GROUPS)['What is taken in'], () => Promise<void>>;

/** A limit that no frame can reach is none the less one. */
async function takesNoGigabytes(): Promise<void> {
  const { port } = await relays.start({ maxFrameBytes: 4 * 1024 ** 3 });
  const raw = await RawConnection.open(port);
  raw.write(handshake('/ingress'));
  await raw.until((text) => text.includes('\r\n\r\n'));
  // The head of a text of 3 GiB.
  raw.write(Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0]));
  await raw.until((text) => text.includes('\u0003\u00f1'));
  raw.close();
}

describe('what a relay takes in', { timeout: 20_000 }, () => {
  test.each(Object.entries(TESTS))('is bounded by %s', (_, holds) => holds());
});
