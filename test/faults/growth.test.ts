import { once } from 'node:events';
import WebSocket from 'ws';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_BYTES_PER_PRODUCER } from '../../src/hub/retention-policy.ts';
import { MIB, VIEWER_QUEUE_HARD_BYTES } from '../../src/protocol/wire/limits.ts';
import { said } from '../../src/node-server/test-support/said.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { expectNothingLeftOpen } from '../support/open-resources.ts';
import { FakePublisher } from '../support/publisher.ts';
import { RoomScene } from '../support/room-scene.ts';
import { HANG_MS, RelayScene, shown } from './relay-scene.ts';

/** One question to a model and its answer, with the last messages of a long conversation. */
function iteration(iterationIndex: number, conversation: { taskDescription: string; chars: number }): object[] {
  const { taskDescription, chars } = conversation;
  const talk = { agentRole: 'Writer', taskDescription, iterationIndex };
  const messages = [{ role: 'user', content: 'x'.repeat(chars) }];
  const answer = { responseType: 'FINAL_ANSWER', responseText: 'y', inputTokens: 1, outputTokens: 1, latencyMs: 1 };
  return [
    { type: 'llm_iteration_started', ...talk, messages },
    { type: 'llm_iteration_completed', ...talk, ...answer },
  ];
}

/** Bytes of buffers that are held beyond so many, once everything that nobody uses is gone. */
function heldSince(before: number): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers - before;
}

describe('faults of growth, hangs and crashes that cannot happen here', { timeout: HANG_MS }, () => {
  expectNothingLeftOpen();
  let scene: RelayScene;
  let publisher: FakePublisher;

  beforeEach(async () => {
    scene = await RelayScene.start({ maxProducers: 5 });
    publisher = await scene.publisher('p');
  });

  afterEach(() => scene.stop());

  test('A33: a viewer that takes nothing costs bounded memory, and nobody else anything', async () => {
    const slow = await scene.join();
    slow.pause();
    const token = 'x'.repeat(50 * 1024);
    const before = heldSince(0);
    for (let sent = 0; sent < 600; sent += 1) {
      const text = publisher.say(said.token({ token }));
      await scene.viewer.until(({ texts }) => texts.at(-1) === text);
    }
    // What is on its way to the others at this moment goes by itself.
    await expect.poll(() => heldSince(before)).toBeLessThan(8 * MIB);
    expect(scene.viewer.closeCode).toBeUndefined();
    slow.drop();
  });

  test('A33: what waits for it may be no token', () => {
    const room = new RoomScene();
    const link = room.connect('p');
    const slow = room.join();
    slow.pause();
    const source = new FakePublisher({ relayUrl: '', producerId: 'p' });
    const toolResult = 'x'.repeat(50 * 1024);
    for (let sent = 0; sent < 500; sent += 1) {
      room.room.publisherSaid(link, source.envelope(said.toolCalled({ toolResult })));
      room.endTurn();
      expect(slow.outbox.queuedBytes).toBeLessThanOrEqual(VIEWER_QUEUE_HARD_BYTES);
      expect(slow.pendingBytes).toBeLessThan(MIB);
    }
    room.room.dispose();
  });

  test('A34: an event without a time is refused, and every later viewer is greeted', async () => {
    const good = publisher.envelope(said.ensembleStarted());
    for (const wrong of ['null', '7', '""', '"yesterday"', '"2026-13-01T00:00:00Z"']) {
      expect(await scene.post(good.replace(/"receivedAt":"[^"]*"/, `"receivedAt":${wrong}`))).toBe(400);
    }
    expect(await scene.post(good.replace(/"receivedAt":"[^"]*",/, ''))).toBe(400);
    publisher.sendText(good);
    await scene.viewer.until((seen) => shown(seen).length === 1);
    expect(shown(await scene.join())).toHaveLength(1);
  });

  test('A35: a message that is nothing is refused, and a name that objects have a meaning for is a name', async () => {
    const ids = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    for (const message of [null, 7, 'text', [], {}, { type: 7 }]) {
      const text = JSON.stringify({ ...JSON.parse(publisher.envelope({})), message });
      expect(await scene.post(text)).toBe(400);
    }
    for (const id of ids) {
      const process = scene.process(id);
      for (const message of [said.ensembleStarted(), ...iteration(0, { taskDescription: '__proto__', chars: 5 })]) {
        expect(await scene.post(process.envelope(message))).toBe(202);
      }
    }
    const late = await scene.join();
    expect(await scene.roster()).toEqual([...ids].sort());
    const [hello] = late.messages;
    expect(Object.keys(hello?.['iterationsByProducer'] as object).sort()).toEqual([...ids].sort());
  });

  test('A36: each unreadable frame is answered with what is wrong, on a socket that stays open', async () => {
    const frames = [
      'null',
      '[]',
      '7',
      '"x"',
      '{',
      '',
      '{}',
      '{"type":null}',
      '{"type":"event"}',
      '{"type":"nonsense"}',
    ];
    for (const [index, frame] of frames.entries()) {
      publisher.sendText(frame);
      await publisher.until((seen) => seen.frames.length === index + 1);
      expect(publisher.frames.at(-1)).toMatchObject({ type: 'error', code: expect.stringMatching(/^[a-z_]+$/) });
    }
    const text = publisher.say(said.ensembleStarted());
    await scene.viewer.until(({ texts }) => texts.includes(text));
  });

  test('A37: a long conversation is kept by its last iterations', async () => {
    publisher.say(said.ensembleStarted());
    for (let index = 0; index < 100; index += 1) {
      for (const message of iteration(index, { taskDescription: 'Draft', chars: 50 * 1024 })) publisher.say(message);
    }
    await scene.heardFrom(publisher);
    const late = await scene.join();
    expect(late.texts[0]?.length).toBeLessThan(2 * MIB);
    expect(shown(late)).toHaveLength(1 + 2 * 5);
  });

  test('A37: many conversations are kept within the bytes of their producer', async () => {
    publisher.say(said.ensembleStarted());
    for (let index = 0; index < 200; index += 1) {
      const taskDescription = `Part ${index}`;
      for (const message of iteration(0, { taskDescription, chars: 100 * 1024 })) publisher.say(message);
    }
    await scene.heardFrom(publisher);
    const late = await scene.join();
    const bytes = shown(late).reduce((sum, envelope) => sum + JSON.stringify(envelope).length, 0);
    expect(bytes).toBeLessThan(MAX_BYTES_PER_PRODUCER);
    expect(bytes).toBeGreaterThan(MAX_BYTES_PER_PRODUCER / 2);
    expect(shown(late)[0]?.message.type).toBe('ensemble_started');
  });

  test('A38: when everybody has left and was forgotten, nothing is held and no timer runs', () => {
    const room = new RoomScene({}, Date.now());
    const fresh = room.room.sizes;
    expect(new Set(Object.values(fresh))).toEqual(new Set([0]));
    const viewers = [room.join(), room.join()];
    const links = Array.from({ length: 20 }, (_, index) => {
      const producerId = `p${index}`;
      const source = new FakePublisher({ relayUrl: '', producerId });
      const both = [room.connect(producerId), room.connect()];
      const messages = [
        said.ensembleStarted(),
        said.taskStarted(),
        said.token(),
        said.reviewRequested({ reviewId: producerId }),
      ];
      for (const [step, message] of messages.entries()) {
        const link = both[step % 2];
        if (link !== undefined) room.room.publisherSaid(link, source.envelope(message));
      }
      // Left out: what comes next waits for it.
      source.envelope(said.toolCalled());
      if (both[0] !== undefined) room.room.publisherSaid(both[0], source.envelope(said.toolCalled()));
      if (index % 2 === 0) expect(room.decide({ reviewId: producerId, decision: 'CONTINUE' })).toBeUndefined();
      return both;
    });
    room.endTurn();
    const { words, ...held } = room.room.sizes;
    // Only a relay says words of that kind, to those who look.
    expect(words).toBe(0);
    for (const count of Object.values(held)) expect(count).toBeGreaterThan(0);
    for (const link of links.flat()) room.room.publisherClosed(link);
    for (const viewer of viewers) viewer.close();
    const DAY_MS = 24 * 60 * 60_000;
    room.wait(DAY_MS + 60 * 60_000);
    expect(room.room.sizes).toEqual(fresh);
    expect(room.clock.pending).toBe(0);
  });

  test('A39: a socket is one producer, whatever ids its envelopes name', async () => {
    for (let index = 0; index < 8; index += 1) {
      publisher.sendText(scene.process(`other ${index}`).envelope(said.ensembleStarted()));
    }
    await scene.heardFrom(publisher);
    // Those that nobody is connected as count against the limit, and go.
    expect(await scene.roster()).toEqual(['other 3', 'other 4', 'other 5', 'other 6', 'other 7']);
    publisher.say(said.ensembleStarted());
    await scene.heardFrom(publisher);
    await scene.drop(publisher);
    await scene.pass(10_000);
    expect(scene.viewer.messagesOf('producer_left').map(({ producerId }) => producerId)).toEqual(['p']);
  });

  test('A41: a viewer that says nothing hears a heartbeat and is not cut', async () => {
    await scene.pass(120_000);
    expect(scene.viewer.messagesOf('heartbeat')).toHaveLength(8);
    expect(scene.viewer.closeCode).toBeUndefined();
    expect(scene.viewer.messagesOf('hub_hello')).toHaveLength(1);
  });

  test('A42: an id and a body have a length', async () => {
    const good = publisher.envelope(said.ensembleStarted());
    // Just too long for an id, and not for other names.
    expect(await scene.post(good.replace('"producerId":"p"', `"producerId":"${'p'.repeat(257)}"`))).toBe(400);
    expect(await scene.post(good.replace('"producerId":"p"', `"producerId":"${'p'.repeat(256)}"`))).toBe(202);
    expect(await scene.post(`${good.slice(0, -1)},"x":"${'x'.repeat(2 * MIB)}"}`)).toBe(413);
    const socket = new WebSocket(`ws://127.0.0.1:${scene.port}/ingress?producerId=${'p'.repeat(300)}`);
    socket.on('error', () => undefined);
    await once(socket, 'unexpected-response');
    socket.terminate();
  });
});
