import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { said } from '../../src/node-server/test-support/said.ts';
import { expectNothingLeftOpen } from '../support/open-resources.ts';
import type { FakePublisher } from '../support/publisher.ts';
import type { FakeViewer } from '../support/viewer.ts';
import { RoomScene } from '../support/room-scene.ts';
import { HANG_MS, RelayScene, shown, type ShownEnvelope } from './relay-scene.ts';

const NEXT_TURN = () => new Promise<void>((resolve) => setImmediate(resolve));

function fileChanged(n: number): object {
  return {
    type: 'file_changed',
    agentRole: 'Writer',
    filePath: `drafts/chapter-${n}.md`,
    changeType: 'MODIFIED',
    linesAdded: 1,
    linesRemoved: 0,
  };
}

describe('faults of loss, doubling and order that cannot happen here', { timeout: HANG_MS }, () => {
  expectNothingLeftOpen();
  let scene: RelayScene;
  let publisher: FakePublisher;

  beforeEach(async () => {
    scene = await RelayScene.start({ maxProducers: 5 });
    publisher = await scene.publisher('p');
  });

  afterEach(() => scene.stop());

  function sequences(viewer: FakeViewer, producerId = 'p'): number[] {
    return shown(viewer, producerId).map(({ sequence }) => sequence);
  }

  /** 1, 2, … */
  function upTo(last: number): number[] {
    return Array.from({ length: last }, (_, index) => index + 1);
  }

  /** Envelopes of a run with as many steps, in order. */
  function envelopes(count: number, from: FakePublisher = publisher): string[] {
    return upTo(count).map((step) =>
      from.envelope(step === 1 ? said.ensembleStarted() : said.toolCalled({ toolName: `step ${step}` })),
    );
  }

  async function shownThrough(viewer: FakeViewer, last: number, producerId = 'p'): Promise<void> {
    await viewer.until((seen) => sequences(seen, producerId).includes(last));
  }

  test('A18: who joins while events flow misses none and sees none twice', async () => {
    const joining: Promise<FakeViewer>[] = [];
    const total = 1_000;
    for (const [index, text] of envelopes(total).entries()) {
      publisher.sendText(text);
      if (index % 10 !== 0) continue;
      joining.push(scene.join());
      await NEXT_TURN();
    }
    for (const viewer of await Promise.all(joining)) {
      await shownThrough(viewer, total);
      expect(sequences(viewer)).toEqual(upTo(total));
    }
  });

  test('A19: after 100,000 events who joins late still sees the start, the open task and the open review', () => {
    const room = new RoomScene();
    const link = room.connect('p');
    const kept = [said.ensembleStarted(), said.taskStarted(), said.reviewRequested({ timeoutMs: 0 })];
    for (let sent = 0; sent < 100_000; sent += 1) {
      // Tool calls go before anything else does: by themselves they would not try what else is spared.
      const step = sent % 2 === 0 ? said.toolCalled({ toolName: `call ${sent}` }) : fileChanged(sent);
      const message = kept[sent] ?? step;
      expect(room.room.publisherSaid(link, publisher.envelope(message)).ok).toBe(true);
    }
    const messages = room
      .join()
      .read()
      .map((text) => JSON.parse(text) as Record<string, unknown>);
    const trace = messages[0]?.['snapshotTrace'] as ShownEnvelope[];
    const types = trace.map(({ message }) => message.type);
    expect(types.slice(0, 3)).toEqual(['ensemble_started', 'task_started', 'review_requested']);
    expect(types.length).toBeLessThan(60_000);
    expect(messages.at(-1)).toMatchObject({ type: 'review_state', reviewId: 'r1', state: 'open' });
    room.room.dispose();
  });

  test('A19: ten runs are ten runs, however long each is', async () => {
    for (let run = 1; run <= 12; run += 1) {
      publisher.say(said.ensembleStarted({ ensembleId: `e${run}` }));
      publisher.say(said.taskStarted());
      for (let step = 0; step < 300; step += 1) publisher.say(said.toolCalled());
      publisher.say(said.ensembleCompleted({ ensembleId: `e${run}` }));
    }
    await scene.heardFrom(publisher);
    const late = await scene.join();
    const starts = shown(late).filter(({ message }) => message.type === 'ensemble_started');
    expect(starts.map(({ message }) => message['ensembleId'])).toEqual(
      upTo(12)
        .slice(2)
        .map((run) => `e${run}`),
    );
    expect(shown(late)).toHaveLength(10 * 303);
  });

  test('A20: what comes again is dropped, whatever came between', async () => {
    const texts = envelopes(7);
    for (const text of texts) publisher.sendText(text);
    for (const index of [6, 6, 4, 0]) publisher.sendText(texts[index] ?? '');
    await scene.heardFrom(publisher);
    await scene.heard();
    const late = await scene.join();
    for (const viewer of [scene.viewer, late]) expect(sequences(viewer)).toEqual(upTo(7));
  });

  test('A20: what is missing is waited for, and then no longer', async () => {
    const texts = envelopes(5);
    for (const index of [0, 1, 3, 4]) publisher.sendText(texts[index] ?? '');
    await scene.heardFrom(publisher);
    await scene.heard();
    expect(sequences(scene.viewer)).toEqual([1, 2]);
    scene.clock.advance(500);
    await shownThrough(scene.viewer, 5);
    expect(sequences(scene.viewer)).toEqual([1, 2, 4, 5]);
    expect(scene.watched.count('Events are missing.')).toBe(1);
  });

  test('A21: parallel posts come out in the order of their numbers, live and in the greeting', async () => {
    const poster = scene.process('batch');
    const texts = envelopes(400, poster);
    for (let from = 0; from < texts.length; from += 40) {
      const statuses = await Promise.all(shuffled(texts.slice(from, from + 40)).map((text) => scene.post(text)));
      expect(new Set(statuses)).toEqual(new Set([202]));
    }
    await shownThrough(scene.viewer, 400, 'batch');
    expect(sequences(scene.viewer, 'batch')).toEqual(upTo(400));
    expect(sequences(await scene.join(), 'batch')).toEqual(upTo(400));
  });

  test('A24: a publisher that sends out of order over two sockets at once loses nothing', async () => {
    const second = await scene.publisher('p');
    const texts = envelopes(1_600);
    for (let from = 0; from < texts.length; from += 8) {
      for (const [index, text] of shuffled(texts.slice(from, from + 8)).entries()) {
        (index % 2 === 0 ? publisher : second).sendText(text);
      }
      await shownThrough(scene.viewer, from + 8);
    }
    await shownThrough(scene.viewer, 1_600);
    expect(sequences(scene.viewer)).toEqual(upTo(1_600));
  });

  test('A25: the end of a socket that was given up takes nothing of the new one with it', async () => {
    const again = await scene.publisher('p');
    again.sendText(publisher.envelope(said.ensembleStarted()));
    again.sendText(publisher.envelope(said.reviewRequested()));
    await scene.heardFrom(again);
    await scene.drop(publisher);
    await scene.pass(10_000);
    expect(scene.viewer.messagesOf('producer_left')).toEqual([]);
    scene.viewer.decide('r1', 'CONTINUE');
    await again.until(({ decisions }) => decisions.length === 1);
  });

  test('A26: tokens go first, and nothing else goes, when somebody cannot keep up', async () => {
    const slow = await scene.join();
    publisher.say(said.ensembleStarted());
    await shownThrough(slow, 1);
    slow.pause();
    for (let sent = 0; sent < 300; sent += 1) {
      const text = publisher.say(said.token({ token: 'x'.repeat(64 * 1024) }));
      await scene.viewer.until(({ texts }) => texts.at(-1) === text);
    }
    publisher.say(said.reviewRequested());
    publisher.say(said.ensembleCompleted());
    await shownThrough(scene.viewer, 303);
    slow.resume();
    await shownThrough(slow, 303);
    expect(slow.messagesOf('hub_hello')).toHaveLength(1);
    const kept = shown(slow, 'p').filter(({ message }) => message.type !== 'token');
    expect(kept.map(({ sequence }) => sequence)).toEqual([1, 302, 303]);
    expect(sequences(slow).length).toBeLessThan(303);
  });

  test('A27: what was taken is shown before the relay says goodbye', async () => {
    publisher.say(said.ensembleStarted());
    await shownThrough(scene.viewer, 1);
    const last = publisher.envelope(said.ensembleCompleted());
    expect(await scene.post(last)).toBe(202);
    const stopped = scene.stop();
    expect(await scene.viewer.closed()).toBe(1012);
    await stopped;
    expect(scene.viewer.texts.at(-1)).toBe(last);
  });

  test('A29: a clock that is years ahead turns no order round', async () => {
    const [first = '', second = ''] = envelopes(2);
    publisher.sendText(first.replace(/"receivedAt":"\d{4}/, '"receivedAt":"2031'));
    const other = await scene.publisher('q');
    other.say(said.ensembleStarted());
    publisher.sendText(second);
    await scene.heardFrom(publisher);
    scene.clock.advance(500);
    await shownThrough(scene.viewer, 2);
    expect(sequences(scene.viewer)).toEqual([1, 2]);
    expect(sequences(await scene.join())).toEqual([1, 2]);
  });

  test('A30: a number that is not exact, or below 1, is refused', async () => {
    const text = publisher.envelope(said.ensembleStarted());
    const wrong = ['9007199254740993', '-5', '0', '1.5', '1e400', '"1"', 'null'];
    for (const number of wrong) {
      expect(await scene.post(text.replace('"sequence":1', `"sequence":${number}`))).toBe(400);
      publisher.sendText(text.replace('"sequence":1', `"sequence":${number}`));
    }
    await publisher.until(({ frames }) => frames.length === wrong.length);
    expect(publisher.frames.every((frame) => (frame as { code: string }).code === 'invalid_message')).toBe(true);
    expect(await scene.post(text.replace('"sequence":1', '"sequence":9007199254740991'))).toBe(202);
  });

  test('A31: who joins is told who is gone, and who only posts is not', async () => {
    publisher.say(said.ensembleStarted());
    expect(await scene.post(scene.process('batch').envelope(said.ensembleStarted()))).toBe(202);
    const here = await scene.publisher('here');
    here.say(said.ensembleStarted());
    await shownThrough(scene.viewer, 1, 'here');
    await scene.drop(publisher);
    await scene.pass(10_000);
    const late = await scene.join();
    await scene.heard(late);
    expect(late.messagesOf('producer_left').map(({ producerId }) => producerId)).toEqual(['p']);
    expect(late.messages[0]?.['producers']).toHaveLength(3);
  });
});

/** The same, in another order that is the same each time. */
function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item, index) => ({ item, key: (index * 7919 + 13) % 31 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
