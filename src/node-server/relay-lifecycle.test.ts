import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
import { afterEach, describe, expect, test } from 'vitest';
import { FakePublisher } from '../../test/support/publisher.ts';
import { FakeViewer } from '../../test/support/viewer.ts';
import { MIB } from '../protocol/wire/limits.ts';
import { createRelay, type Relay } from './create-relay.ts';
import { RelayStartError } from './listen.ts';
import type { RelayOptions } from './relay-options.ts';
import { FakeClock } from './test-support/fake-clock.ts';
import { RawConnection, responseCount, statusesOf } from './test-support/raw-connection.ts';
import { said } from './test-support/said.ts';
import { WatchedLog } from './test-support/watched-log.ts';

/** How many sockets and servers keep this process alive; its timers are all of the clock that a test passes in. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP')).length;
}

function nonZero(sizes: Readonly<Record<string, number>>): object {
  return Object.fromEntries(Object.entries(sizes).filter(([, size]) => size !== 0));
}

/** Waits turn by turn: sockets of this process are closed by the machine. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

describe('createRelay', { timeout: 20_000 }, () => {
  const relays: Relay[] = [];

  afterEach(async () => {
    for (const relay of relays.splice(0)) await relay.stop();
  });

  async function started(options: RelayOptions = {}) {
    const relay = createRelay({ port: 0, ...options });
    relays.push(relay);
    return { relay, ...(await relay.start()) };
  }

  test('listens on the port that it says, on both stacks, once it has started', async () => {
    const relay = createRelay({ port: 0 });
    expect(relay.port).toBe(0);
    relays.push(relay);
    const address = await relay.start();
    expect(address).toEqual({ port: relay.port, url: `http://localhost:${relay.port}` });
    for (const host of ['127.0.0.1', '[::1]']) {
      expect((await fetch(`http://${host}:${relay.port}/api/health/ready`)).status).toBe(200);
    }
  });

  test('refuses to be reached from other machines, unless somebody says that it is guarded', async () => {
    const open = createRelay({ port: 0, host: '0.0.0.0' });
    await expect(open.start()).rejects.toBeInstanceOf(RelayStartError);
    await expect(open.start()).rejects.toThrow('--no-auth');
    expect(open.port).toBe(0);
    const watched = new WatchedLog();
    const { port } = await started({ host: '0.0.0.0', noAuth: true, log: watched.log });
    expect(watched.count('warn Other machines can reach this relay')).toBe(1);
    expect((await fetch(`http://127.0.0.1:${port}/api/status`)).status).toBe(200);
  });

  test('starts once', async () => {
    const { relay } = await started();
    await expect(relay.start()).rejects.toBeInstanceOf(RelayStartError);
  });

  test('says that its port is in use, and can be stopped all the same', async () => {
    const { port } = await started();
    const second = createRelay({ port });
    await expect(second.start()).rejects.toThrow('already in use');
    await second.stop();
  });

  test('tells viewers to come back and publishers that it goes away, and frees its port', async () => {
    const { relay, url, port } = await started();
    const viewer = await FakeViewer.connect(url);
    const publisher = new WebSocket(`ws://127.0.0.1:${port}/ingress?producerId=p1`);
    await once(publisher, 'open');
    const codes = Promise.all([viewer.closed(), once(publisher, 'close').then(([code]) => code as number)]);
    await relay.stop();
    expect(await codes).toEqual([1012, 1001]);
    await expect(fetch(`${url}/api/status`)).rejects.toThrow('fetch failed');
    await started({ port });
  });

  test('gives the answers that it owes before it ends, and takes no new work', async () => {
    const { relay, port } = await started();
    const busy = await RawConnection.open(port);
    const head = 'POST /api/hub/ingress HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    busy.write(`${head}Content-Length: 2\r\n\r\n`);
    const idle = await RawConnection.open(port);
    idle.write('GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await idle.until((text) => responseCount(text) === 1);
    const stopped = relay.stop();
    await idle.ended();
    busy.write('{}');
    expect(statusesOf(await busy.until((text) => responseCount(text) === 1))).toEqual([400]);
    await stopped;
  });

  test('leaves nothing behind of an event whose post was under way when it began to end', async () => {
    const clock = new FakeClock(Date.now());
    const { relay, url, port } = await started({ clock });
    const event = new FakePublisher({ relayUrl: url, producerId: 'p' }).envelope(said.toolCalled());
    const busy = await RawConnection.open(port);
    const head = 'POST /api/hub/ingress HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    busy.write(`${head}Expect: 100-continue\r\nContent-Length: ${event.length}\r\n\r\n`);
    await busy.until((text) => text.includes('100 Continue'));
    const idle = await RawConnection.open(port);
    idle.write('GET /api/status HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await idle.until((text) => responseCount(text) === 1);
    const stopped = relay.stop();
    await idle.ended();
    busy.write(event);
    expect(statusesOf(await busy.until((text) => responseCount(text) === 2))).toEqual([100, 202]);
    await stopped;
    expect(nonZero(relay.sizes)).toEqual({});
    expect(clock.pending).toBe(0);
  });

  test('ends a socket that asks for another protocol behind an answer that nobody takes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'relay-'));
    writeFileSync(join(folder, 'index.html'), '<title>page</title>');
    // More than the buffers of two sockets of this machine take.
    writeFileSync(join(folder, 'long.js'), Buffer.alloc(32 * MIB));
    const clock = new FakeClock();
    const { relay, port } = await started({ clock, webFolder: folder });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /long.js HTTP/1.1\r\nHost: localhost\r\n\r\n');
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    await once(socket, 'readable');
    const stopped = relay.stop();
    clock.advance(5000);
    await stopped;
    rmSync(folder, { recursive: true });
    socket.destroy();
  });

  test('waits no longer than five seconds for those who do not go', async () => {
    const clock = new FakeClock();
    const { relay, url, port } = await started({ clock });
    const viewer = await FakeViewer.connect(url);
    viewer.pause();
    const endless = await RawConnection.open(port);
    endless.write('POST /api/hub/ingress HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n');
    endless.write('Expect: 100-continue\r\nContent-Length: 9\r\n\r\n');
    await endless.until((text) => text.includes('100 Continue'));
    const stopped = relay.stop();
    clock.advance(5000);
    await stopped;
    expect(clock.pending).toBe(0);
    viewer.drop();
  });

  test('hands out all that was said, and logs the decisions that end with it', async () => {
    const watched = new WatchedLog();
    const { relay, url } = await started({ log: watched.log });
    const viewer = await FakeViewer.connect(url);
    const publisher = new FakePublisher({ relayUrl: url, producerId: 'p1' });
    await publisher.connect();
    publisher.say(said.ensembleStarted());
    for (const reviewId of ['sent', 'held']) publisher.say(said.reviewRequested({ reviewId }));
    await viewer.until((seen) => seen.messagesOf('review_state').length === 2);
    viewer.decide('sent', 'CONTINUE');
    await publisher.until(({ decisions }) => decisions.length === 1);
    // The other one has no connection any more when its decision comes.
    const other = new FakePublisher({ relayUrl: url, producerId: 'p2' });
    await other.post(said.reviewRequested({ reviewId: 'away' }));
    viewer.decide('away', 'EDIT', 'secret text');
    await viewer.until((seen) => seen.messagesOf('review_state').at(-1)?.['state'] === 'held');
    const last = publisher.say(said.toolCalled());
    await viewer.until(({ texts }) => texts.includes(last));
    await relay.stop();
    expect(watched.count('warn A held decision is lost. producerId=p2 reviewId=away decision=EDIT by=viewer-1')).toBe(
      1,
    );
    expect(watched.count('info A decision was sent, and nothing shows yet what came of it. producerId=p1')).toBe(1);
    expect(watched.count('reviewId=held')).toBe(0);
    expect(watched.count('secret')).toBe(0);
    expect(watched.count('info The relay has ended. cutOff=0')).toBe(1);
  });

  test('leaves nothing behind: no entry, timer or socket', async () => {
    const clock = new FakeClock(Date.now());
    const { relay, url, port } = await started({ clock });
    expect(nonZero(relay.sizes)).toEqual({});
    const viewers = [await FakeViewer.connect(url), await FakeViewer.connect(url)];
    const publisher = new FakePublisher({ relayUrl: url, producerId: 'p1' });
    await publisher.connect();
    await publisher.connect();
    publisher.say(said.ensembleStarted());
    publisher.say(said.reviewRequested());
    await viewers[0]?.until((seen) => seen.messagesOf('review_state').length === 1);
    viewers[0]?.decide('r1', 'CONTINUE');
    await publisher.until(({ decisions }) => decisions.length === 1);
    await new FakePublisher({ relayUrl: url, producerId: 'posts' }).post(said.reviewRequested({ reviewId: 'r2' }));
    const silent = await RawConnection.open(port);
    const rude = await RawConnection.open(port);
    rude.write(
      'GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await rude.until((text) => text.includes('review_state'));
    expect(relay.sizes).toMatchObject({ reviews: 2, producers: 2, viewers: 3, connections: 5, routes: 2 });
    const stopped = relay.stop();
    await Promise.all(viewers.map((viewer) => viewer.closed()));
    clock.advance(5_000);
    await stopped;
    expect(nonZero(relay.sizes)).toEqual({});
    expect(clock.pending).toBe(0);
    await Promise.all([silent.ended(), rude.ended()]);
    publisher.drop();
    await until(() => openSockets() === 0);
  });

  test('ends when it is stopped while it starts', async () => {
    const relay = createRelay({ port: 0 });
    const starting = relay.start();
    await relay.stop();
    const { url } = await starting;
    await expect(fetch(`${url}/api/status`)).rejects.toThrow('fetch failed');
  });

  test('may be stopped twice, and before it starts', async () => {
    const { relay } = await started();
    await Promise.all([relay.stop(), relay.stop()]);
    await createRelay().stop();
  });

  test('has no timer while nobody is there', async () => {
    const clock = new FakeClock();
    const { url } = await started({ clock });
    expect(clock.pending).toBe(0);
    const viewer = await FakeViewer.connect(url);
    viewer.close();
    await viewer.closed();
    clock.advance(60_000);
    expect(clock.pending).toBe(0);
  });

  test('serves the page where there is one, and says so where there is none', async () => {
    const without = await started({ webFolder: '/nowhere/at/all' });
    const response = await fetch(`${without.url}/`, { headers: { Accept: 'text/html' } });
    expect(await response.text()).toContain('not installed');
    const api = await started();
    expect((await fetch(`${api.url}/`)).status).toBe(404);
  });
});
