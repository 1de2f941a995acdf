import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import WebSocket, { type ClientOptions } from 'ws';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRelay } from '../../src/node-server/create-relay.ts';
import { said } from '../../src/node-server/test-support/said.ts';
import { RawConnection, statusesOf } from '../../src/node-server/test-support/raw-connection.ts';
import { expectNothingLeftOpen } from '../support/open-resources.ts';
import { HANG_MS, RelayScene } from './relay-scene.ts';

const EVIL = 'https://evil.example';

describe('faults in letting somebody in that cannot happen here', { timeout: HANG_MS }, () => {
  expectNothingLeftOpen();
  let scene: RelayScene;

  beforeEach(async () => {
    scene = await RelayScene.start({ maxProducers: 5 });
  });

  afterEach(() => scene.stop());

  /** The status with which an upgrade is answered: 101 where it is taken. */
  async function upgradeStatus(path: string, options: ClientOptions): Promise<number | undefined> {
    const socket = new WebSocket(`ws://127.0.0.1:${scene.port}${path}`, options);
    socket.on('error', () => undefined);
    const status = await Promise.race([
      once(socket, 'open').then(() => 101),
      once(socket, 'unexpected-response').then(([, response]) => (response as IncomingMessage).statusCode),
    ]);
    socket.terminate();
    return status;
  }

  function envelope(producerId: string, message: object): string {
    return scene.process(producerId).envelope(message);
  }

  test('A11: a page of another origin can open neither kind of socket', async () => {
    for (const path of ['/ws', '/ingress', '/ingress?producerId=a']) {
      expect(await upgradeStatus(path, { origin: EVIL })).toBe(403);
      expect(await upgradeStatus(path, { origin: 'null' })).toBe(403);
      expect(await upgradeStatus(path, { origin: `http://localhost:${scene.port}` })).toBe(101);
    }
  });

  test('A12: a post that any page may send without asking has no effect', async () => {
    const body = envelope('evil', said.ensembleStarted());
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      expect(await scene.post(body, type)).toBe(415);
    }
    expect(await scene.roster()).toEqual([]);
    expect(await scene.post(body)).toBe(202);
  });

  test('A13: a name that was pointed at this machine reads and opens nothing', async () => {
    for (const request of [
      'GET /api/hub/producers HTTP/1.1\r\nHost: rebound.example:7400\r\n\r\n',
      'GET /api/status HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n',
      'GET /api/status HTTP/1.1\r\n\r\n',
    ]) {
      const raw = await RawConnection.open(scene.port);
      raw.write(request);
      const answer = await raw.until((text) => text.includes('\r\n\r\n'));
      expect(statusesOf(answer)[0]).toSatisfy((status) => status === 400 || status === 403);
      raw.close();
    }
    expect(await upgradeStatus('/ws', { headers: { Host: 'rebound.example:7400' } })).toBe(403);
  });

  test('A16: sixty producers that somebody makes up push out neither one that is connected nor one that waits', async () => {
    const connected = await scene.publisher('connected');
    connected.say(said.ensembleStarted());
    expect(await scene.post(envelope('waiting', said.reviewRequested({ timeoutMs: 0 })))).toBe(202);
    for (let index = 0; index < 60; index += 1) {
      expect(await scene.post(envelope(`fake ${index}`, said.ensembleStarted()))).toBe(202);
    }
    const roster = await scene.roster();
    expect(roster).toContain('connected');
    expect(roster).toContain('waiting');
    expect(roster).toHaveLength(6);
    scene.viewer.decide('r1', 'CONTINUE');
    await scene.viewer.until((seen) => seen.messagesOf('review_state').at(-1)?.['state'] === 'held');
  });

  test('A17: the relay does not let other machines in without being told that something guards it', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1']) {
      const open = createRelay({ host, port: 0 });
      await expect(open.start()).rejects.toThrow(/--no-auth/);
      await open.stop();
    }
  });
});
