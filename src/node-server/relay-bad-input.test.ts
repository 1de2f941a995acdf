import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import WebSocket, { type ClientOptions } from 'ws';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CLOSE } from '../protocol/wire/close-codes.ts';
import { FRAME_MAX_BYTES, MESSAGE_MAX_BYTES } from '../protocol/wire/limits.ts';
import { FakePublisher } from '../../test/support/publisher.ts';
import { FakeViewer } from '../../test/support/viewer.ts';
import { createRelay, type Relay } from './create-relay.ts';
import { RawConnection } from './test-support/raw-connection.ts';
import { said } from './test-support/said.ts';

/** An envelope with one thing wrong, or none. */
function envelope(changes: object): string {
  return JSON.stringify({
    type: 'event',
    producer: { producerId: 'bad' },
    sequence: 1,
    receivedAt: '2026-01-01T00:00:00Z',
    message: said.ensembleStarted(),
    ...changes,
  });
}

const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** Texts that no publisher may send, and the code each is answered with. */
const BAD_ENVELOPES: readonly (readonly [name: string, text: string, code: string])[] = [
  ['nothing', '', 'not_json'],
  ['half a text', '{"type":"event"', 'not_json'],
  ['null', 'null', 'not_a_message'],
  ['a list', '[]', 'not_a_message'],
  ['a number', '7', 'not_a_message'],
  ['no type', '{}', 'not_a_message'],
  ['a type of another kind', '{"type":7}', 'not_a_message'],
  ['a message without its envelope', JSON.stringify(said.ensembleStarted()), 'unknown_type'],
  ['no producer', envelope({ producer: undefined }), 'invalid_message'],
  ['a blank producer id', envelope({ producer: { producerId: ' ' } }), 'invalid_message'],
  ['a producer id of 257 characters', envelope({ producer: { producerId: 'x'.repeat(257) } }), 'invalid_message'],
  ['a producer id that is a number', envelope({ producer: { producerId: 7 } }), 'invalid_message'],
  ['no sequence', envelope({ sequence: undefined }), 'invalid_message'],
  ['the sequence 0', envelope({ sequence: 0 }), 'invalid_message'],
  ['a negative sequence', envelope({ sequence: -5 }), 'invalid_message'],
  ['a sequence with a fraction', envelope({ sequence: 1.5 }), 'invalid_message'],
  [
    'a sequence beyond exact numbers',
    envelope({}).replace('"sequence":1', '"sequence":9007199254740993'),
    'invalid_message',
  ],
  ['no receivedAt', envelope({ receivedAt: undefined }), 'invalid_message'],
  ['a receivedAt that is no instant', envelope({ receivedAt: 'yesterday' }), 'invalid_message'],
  ['a receivedAt without its zone', envelope({ receivedAt: '2026-01-01T00:00:00' }), 'invalid_message'],
  ['no message', envelope({ message: undefined }), 'invalid_message'],
  ['a message that is null', envelope({ message: null }), 'invalid_message'],
  ['a message that is text', envelope({ message: 'x' }), 'invalid_message'],
  ['a message without a type', envelope({ message: {} }), 'invalid_message'],
  ['a text that is too deep', envelope({ extra: 0 }).replace('"extra":0', `"extra":${deep(70)}`), 'too_deep'],
  ['too many values', envelope({ extra: Array.from({ length: 100_001 }, () => 0) }), 'too_large'],
  ['too long a text', envelope({ extra: 'x'.repeat(MESSAGE_MAX_BYTES) }), 'too_large'],
];

/** What looks odd and is none of the relay's business. */
const ODD_ENVELOPES: readonly (readonly [name: string, text: string])[] = [
  ['an id that objects have a meaning for', envelope({ producer: { producerId: '__proto__' } })],
  ['another one', envelope({ producer: { producerId: 'constructor' } })],
  ['unknown members', envelope({ future: { a: 1 }, message: { type: 'task_accepted', more: [1] } })],
  ['a known type with members of a later version', envelope({ message: { type: 'task_started', taskIndex: 'one' } })],
  ['the same member twice', envelope({}).replace('"sequence":1', '"sequence":9,"sequence":1')],
  ['an instant with nanoseconds and an offset', envelope({ receivedAt: '2026-01-01T00:00:00.123456789+02:00' })],
];

describe('what the relay does not take', { timeout: 20_000 }, () => {
  let relay: Relay;
  let url: string;
  let port: number;
  let witness: FakeViewer;
  let publisher: FakePublisher;

  beforeEach(async () => {
    relay = createRelay({ port: 0 });
    ({ url, port } = await relay.start());
    witness = await FakeViewer.connect(url);
    publisher = new FakePublisher({ relayUrl: url, producerId: 'good' });
    await publisher.connect();
    publisher.say(said.ensembleStarted());
    await witness.until((seen) => seen.messagesOf('event').length === 1);
  });

  afterEach(() => relay.stop());

  /** Whatever was done to the relay, this still works, and nobody saw anything of it. */
  async function nobodyElseNoticed(): Promise<void> {
    const before = witness.messages.length;
    const text = publisher.say(said.toolCalled());
    await witness.until(({ texts }) => texts.includes(text));
    expect(witness.messages.slice(before).map(({ type }) => type)).toEqual(['event']);
    const newcomer = await FakeViewer.connect(url);
    expect(newcomer.messages[0]).toMatchObject({ type: 'hub_hello', producers: [{ producerId: 'good' }] });
    newcomer.close();
    expect(publisher.frames).toEqual([]);
  }

  async function openIngress(query = '', options: ClientOptions = {}): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ingress${query}`, options);
    await once(socket, 'open');
    return socket;
  }

  /** The status with which an upgrade is refused, and the code in its body. */
  async function refusalOf(path: string, options: ClientOptions = {}): Promise<[number | undefined, string]> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, options);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { error: { code: string } };
    return [response.statusCode, body.error.code];
  }

  test.each(BAD_ENVELOPES)('by socket, %s: a typed answer on a connection that goes on', async (_name, text, code) => {
    const socket = await openIngress();
    socket.send(text);
    const [answer] = (await once(socket, 'message')) as [Buffer];
    expect(JSON.parse(answer.toString('utf8'))).toEqual({ type: 'error', code, message: expect.stringMatching(/\.$/) });
    socket.send('still here');
    await once(socket, 'message');
    socket.close();
    await nobodyElseNoticed();
  });

  test.each(BAD_ENVELOPES)('by post, %s: a status that says so', async (_name, text, code) => {
    const response = await fetch(`${url}/api/hub/ingress`, {
      method: 'POST',
      body: text,
      headers: { 'Content-Type': 'application/json' },
    });
    expect(response.status).toBe(code === 'too_large' ? 413 : 400);
    expect(await response.json()).toMatchObject({ error: { code, message: expect.stringMatching(/\.$/) } });
    await nobodyElseNoticed();
  });

  test.each(ODD_ENVELOPES)('does not include %s: that is passed on as it came', async (_name, text) => {
    const socket = await openIngress();
    socket.send(text);
    await witness.until(({ texts }) => texts.includes(text));
    const newcomer = await FakeViewer.connect(url);
    expect(newcomer.texts[0]).toContain(text);
    socket.close();
  });

  test('bytes that are not text end their connection with 1003', async () => {
    const socket = await openIngress();
    socket.send(Buffer.from([1, 2, 3]), { binary: true });
    expect((await once(socket, 'close'))[0]).toBe(1003);
    const viewer = await FakeViewer.connect(url);
    viewer.sendBinary(Buffer.from('{"type":"ping"}'));
    expect(await viewer.closed()).toBe(1003);
    await nobodyElseNoticed();
  });

  test('a frame beyond all measure ends its connection with 1009', async () => {
    const socket = await openIngress();
    socket.on('error', () => undefined);
    socket.send('x'.repeat(FRAME_MAX_BYTES + 1));
    expect((await once(socket, 'close'))[0]).toBe(1009);
    await nobodyElseNoticed();
  });

  test('a flood of unreadable frames ends its connection, and not before', async () => {
    const socket = await openIngress();
    const answers: string[] = [];
    socket.on('message', (data: Buffer) => answers.push(data.toString('utf8')));
    for (let index = 0; index < 200; index += 1) socket.send('no');
    expect((await once(socket, 'close'))[0]).toBe(CLOSE.tooManyErrors.code);
    expect(answers.length).toBeGreaterThanOrEqual(100);
    await nobodyElseNoticed();
  });

  test('a frame that breaks the rules of WebSocket ends its connection', async () => {
    const raw = await RawConnection.open(port);
    raw.write(
      'GET /ingress HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await raw.until((text) => text.includes('101 Switching'));
    // A client must mask what it sends (RFC 6455, 5.1).
    raw.write(Buffer.from([0x81, 0x02, 0x68, 0x69]));
    await raw.ended();
    await nobodyElseNoticed();
  });

  test('a connection that breaks off in the middle of a frame is no harm', async () => {
    const raw = await RawConnection.open(port);
    raw.write(
      'GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await raw.until((text) => text.includes('hub_hello'));
    raw.write(Buffer.from([0x81, 0xfe, 0x10, 0x00, 1, 2, 3, 4, 5]));
    raw.close();
    await nobodyElseNoticed();
  });

  test.each([
    ['no JSON', 'x', 'not_json'],
    ['null', 'null', 'not_a_message'],
    ['a decision without its review', '{"type":"review_decision","decision":"CONTINUE"}', 'invalid_message'],
    ['a type it has no use for', '{"type":"subscribe"}', 'unknown_type'],
    ['too much', `{"type":"ping","x":"${'x'.repeat(MESSAGE_MAX_BYTES)}"}`, 'too_large'],
  ])('from a viewer, %s: a typed answer on a connection that goes on', async (_name, text, code) => {
    const viewer = await FakeViewer.connect(url);
    viewer.sendText(text);
    await viewer.until((seen) => seen.messagesOf('error').length === 1);
    expect(viewer.messagesOf('error')[0]).toMatchObject({ code });
    viewer.say({ type: 'ping' });
    await viewer.until((seen) => seen.messagesOf('pong').length === 1);
    viewer.close();
    await nobodyElseNoticed();
  });

  test('a viewer may say things of another version as often as it likes, but no nonsense', async () => {
    const viewer = await FakeViewer.connect(url);
    for (let index = 0; index < 150; index += 1) viewer.say({ type: 'subscribe' });
    await viewer.until((seen) => seen.messagesOf('error').length === 150);
    for (let index = 0; index < 150; index += 1) viewer.sendText('nonsense');
    expect(await viewer.closed()).toBe(CLOSE.tooManyErrors.code);
  });

  test('answers the pings of WebSocket, of a viewer and of a publisher', async () => {
    for (const path of ['/ws', '/ingress']) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
      await once(socket, 'open');
      socket.ping('are you there');
      const [data] = (await once(socket, 'pong')) as [Buffer];
      expect(data.toString()).toBe('are you there');
      socket.close();
    }
  });

  test.each([
    ['/nowhere', {}, [404, 'not_found']],
    ['/', {}, [404, 'not_found']],
    ['/ingress?producerId=', {}, [400, 'bad_producer_id']],
    ['/ingress?producerId=%20', {}, [400, 'bad_producer_id']],
    [`/ingress?producerId=${'x'.repeat(257)}`, {}, [400, 'bad_producer_id']],
    ['/ws', { headers: { Host: 'evil.example' } }, [403, 'host_not_allowed']],
    ['/ws', { origin: 'https://evil.example' }, [403, 'origin_not_allowed']],
    ['/ingress', { origin: 'null' }, [403, 'origin_not_allowed']],
  ])('refuses an upgrade at %s with %j by a status', async (path, options, refusal) => {
    expect(await refusalOf(path, options)).toEqual(refusal);
    await nobodyElseNoticed();
  });

  test.each([
    ['another version', 'Sec-WebSocket-Version: 7\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 400],
    ['no key', 'Sec-WebSocket-Version: 13', 400],
    ['a bad key', 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x', 400],
  ])('refuses a handshake with %s by a status', async (_name, headers, status) => {
    const raw = await RawConnection.open(port);
    raw.write(`GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${headers}\r\n\r\n`);
    const received = await raw.ended();
    expect(received).toContain(`HTTP/1.1 ${status} `);
    expect(received).toContain('{"error":{"code":"bad_handshake"');
    expect(received).toContain('Sec-WebSocket-Version: 13');
    await nobodyElseNoticed();
  });

  test('lets the pages of this machine connect, with no subprotocol', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { origin: 'http://localhost:5173' });
    await once(socket, 'open');
    expect(socket.protocol).toBe('');
    socket.close();
  });

  test('refuses the connection after the last with 503', async () => {
    const small = createRelay({ port: 0, maxConnections: 1 });
    const started = await small.start();
    const only = await FakeViewer.connect(started.url);
    port = started.port;
    expect(await refusalOf('/ws')).toEqual([503, 'too_many_connections']);
    expect(await refusalOf('/ingress')).toEqual([503, 'too_many_connections']);
    expect((await fetch(`${started.url}/api/status`)).status).toBe(200);
    only.close();
    await only.closed();
    (await FakeViewer.connect(started.url)).close();
    await small.stop();
  });
});
