import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listenLocally, shutDown } from './test-support/http-harness.ts';
import { RawConnection, responseCount } from './test-support/raw-connection.ts';
import { sortUpgrades } from './upgrade-sorter.ts';

/** The headers of a JVM's HTTP client, as recorded. */
const JVM_HEADERS = [
  'Connection: Upgrade, HTTP2-Settings',
  'Host: localhost:7401',
  'HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA',
  'Upgrade: h2c',
  'User-Agent: Java-http-client/25.0.3',
  'Content-Type: application/json',
];

function post(body: string, headers: readonly string[] = JVM_HEADERS): string {
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  return `POST /x HTTP/1.1\r\n${[...headers, length].join('\r\n')}\r\n\r\n${body}`;
}

describe('sortUpgrades', { timeout: 20_000 }, () => {
  let server: Server;
  let port: number;
  let bodies: string[];
  let upgrades: string[];
  const connections: RawConnection[] = [];

  beforeEach(async () => {
    bodies = [];
    upgrades = [];
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (text: string) => (body += text));
      request.on('end', () => {
        bodies.push(body);
        response.end(`<${request.method ?? ''} ${body} ${request.headers.upgrade ?? 'plain'}>`);
      });
    });
    sortUpgrades(server, (request, socket, head) => {
      upgrades.push(`${request.url ?? ''} ${head.toString()}`);
      socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    });
    port = await listenLocally(server);
  });

  afterEach(async () => {
    for (const connection of connections.splice(0)) connection.close();
    await shutDown(server);
  });

  async function open(): Promise<RawConnection> {
    const connection = await RawConnection.open(port);
    connections.push(connection);
    return connection;
  }

  test('serves a request that asks for h2c as if it had not asked', async () => {
    const connection = await open();
    connection.write(post('{"a":"ü"}'));
    expect(await connection.until((text) => text.includes('plain>'))).toContain('HTTP/1.1 200');
    expect(bodies).toEqual(['{"a":"ü"}']);
    expect(upgrades).toEqual([]);
  });

  test('serves one whose body comes in chunks, and one that has none', async () => {
    const connection = await open();
    connection.write(
      `POST /x HTTP/1.1\r\n${JVM_HEADERS.join('\r\n')}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`,
    );
    connection.write('2\r\nde\r\n0\r\n\r\n');
    await connection.until((text) => text.includes('<POST abcde plain>'));
    connection.write(`GET /x HTTP/1.1\r\n${JVM_HEADERS.join('\r\n')}\r\n\r\n`);
    await connection.until((text) => text.includes('<GET  plain>'));
  });

  test('serves one that dribbles in byte by byte', async () => {
    const connection = await open();
    for (const byte of post('{"slow":true}')) connection.write(byte);
    await connection.until((text) => text.includes('<POST {"slow":true} plain>'));
  });

  test('serves a thousand of them on one connection that is kept alive', async () => {
    const connection = await open();
    for (let index = 1; index <= 1000; index += 1) {
      connection.write(post(`body-${index}`));
      await connection.until((text) => responseCount(text) === index);
    }
    expect(bodies).toEqual(Array.from({ length: 1000 }, (_, index) => `body-${index + 1}`));
  });

  test('serves those that do not wait for the answer before, and answers in their order', async () => {
    const connection = await open();
    const plain = ['Host: localhost', 'Content-Type: application/json'];
    connection.write([post('1'), post('2', plain), post('3'), post('4'), post('5', plain), post('6')].join(''));
    const received = await connection.until((text) => responseCount(text) === 6);
    expect([...received.matchAll(/<POST (\d) plain>/g)].map((match) => match[1])).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
    ]);
  });

  test('serves many connections at once', async () => {
    const all = await Promise.all(Array.from({ length: 30 }, open));
    for (const [index, connection] of all.entries()) connection.write(post(`p${index}`));
    await Promise.all(all.map((connection) => connection.until((text) => responseCount(text) === 1)));
    expect([...bodies].sort()).toEqual(Array.from({ length: 30 }, (_, index) => `p${index}`).sort());
  });

  test('keeps the other options of Connection', async () => {
    const connection = await open();
    connection.write(post('x', ['Host: localhost', 'Connection: close, Upgrade', 'Upgrade: h2c']));
    expect(await connection.ended()).toContain('Connection: close');
    expect(bodies).toEqual(['x']);
  });

  test('survives a client that breaks off while it waits for the answer before', async () => {
    const slow = createServer((_, response) => response.write('never ends'));
    sortUpgrades(slow, () => undefined);
    const waits = once(slow, 'upgrade').then(([, socket]) => socket as Socket);
    const client = connect(await listenLocally(slow), '127.0.0.1');
    client.write(`${post('1', ['Host: localhost'])}${post('2')}`);
    await once(client, 'readable');
    const socket = await waits;
    // An error that nobody hears ends the process.
    expect(socket.listenerCount('error')).toBeGreaterThan(0);
    client.resetAndDestroy();
    await new Promise((resolve) => socket.once('close', resolve));
    await shutDown(slow);
  });

  test('leaves nothing behind on a socket that asks each time', async () => {
    const sockets = new Set<Socket>();
    server.on('upgrade', (_, socket: Socket) => sockets.add(socket));
    const connection = await open();
    for (let count = 1; count <= 20; count += 1) {
      connection.write(post(String(count)));
      await connection.until((text) => responseCount(text) === count);
    }
    expect([...sockets].map((socket) => socket.listenerCount('error'))).toEqual([1]);
  });

  test('hands an upgrade to WebSocket over, in any case and also as a later request', async () => {
    const connection = await open();
    connection.write(post('first'));
    await connection.until((text) => responseCount(text) === 1);
    connection.write('GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\nHEAD');
    await connection.until((text) => text.includes('101 Switching'));
    expect(upgrades).toEqual(['/ws HEAD']);
  });
});
