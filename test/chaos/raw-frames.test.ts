import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RawConnection } from '../../src/node-server/test-support/raw-connection.ts';
import { said } from '../../src/node-server/test-support/said.ts';
import { RelayScene } from '../faults/relay-scene.ts';
import { expectNothingLeftOpen } from '../support/open-resources.ts';
import type { FakePublisher } from '../support/publisher.ts';
import { handshake, RAW_FRAMES } from './raw-frames.ts';
import { HANG_MS, sized } from './settings.ts';

/** More than the relay takes connections in its own hour of need; none of them ever says a whole request. */
const DRIBBLERS = sized(100, 900);

describe('bytes that are no WebSocket', { timeout: HANG_MS }, () => {
  expectNothingLeftOpen();
  let scene: RelayScene;
  let publisher: FakePublisher;

  beforeEach(async () => {
    scene = await RelayScene.start();
    publisher = await scene.publisher('good');
    publisher.say(said.ensembleStarted());
  });

  afterEach(() => scene.stop());

  async function nobodyElseNoticed(): Promise<void> {
    const text = publisher.say(said.toolCalled());
    await scene.viewer.until(({ texts }) => texts.includes(text));
    const late = await scene.join();
    expect(late.texts[0]).toContain(text);
    expect(publisher.frames).toEqual([]);
  }

  test.each(RAW_FRAMES)('%s: the connection ends, to either side, and no other does', async (_name, bytes) => {
    for (const path of ['/ws', '/ingress?producerId=bad']) {
      const raw = await RawConnection.open(scene.port);
      raw.write(handshake(path));
      await raw.until((text) => text.includes('101 Switching'));
      raw.write(bytes);
      await raw.ended();
    }
    await nobodyElseNoticed();
  });

  test('connections that dribble their request in keep nobody from being served', async () => {
    const slow = await Promise.all(Array.from({ length: DRIBBLERS }, () => RawConnection.open(scene.port)));
    for (const letter of handshake('/ws').slice(0, -4)) {
      for (const raw of slow) raw.write(letter);
    }
    await nobodyElseNoticed();
    for (const raw of slow) raw.close();
  });
});
