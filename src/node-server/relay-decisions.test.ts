import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakePublisher } from '../../test/support/publisher.ts';
import { FakeViewer } from '../../test/support/viewer.ts';
import { createRelay, type Relay } from './create-relay.ts';
import { WatchedLog } from './test-support/watched-log.ts';
import { said } from './test-support/said.ts';
import { FakeClock } from './test-support/fake-clock.ts';

describe('a decision on its way to the process that waits for it', { timeout: 20_000 }, () => {
  let clock: FakeClock;
  let watched: WatchedLog;
  let relay: Relay;
  let url: string;
  let publisher: FakePublisher;
  let viewer: FakeViewer;

  beforeEach(async () => {
    clock = new FakeClock(Date.now());
    watched = new WatchedLog();
    relay = createRelay({ port: 0, clock, log: watched.log });
    ({ url } = await relay.start());
    viewer = await FakeViewer.connect(url);
    publisher = new FakePublisher({ relayUrl: url, producerId: 'p1', serviceName: 'writer' });
    await publisher.connect();
    publisher.say(said.ensembleStarted());
    publisher.say(said.taskStarted());
    publisher.say(said.reviewRequested());
    await stands('open');
  });

  afterEach(() => relay.stop());

  async function stands(state: string, who = viewer): Promise<void> {
    await who.until((seen) => seen.messagesOf('review_state').at(-1)?.['state'] === state);
  }

  /** Waits until everything that was sent before has been heard by the relay. */
  async function settled(): Promise<void> {
    const pongs = viewer.messagesOf('pong').length;
    viewer.say({ type: 'ping' });
    await viewer.until((seen) => seen.messagesOf('pong').length > pongs);
  }

  /** Lets time pass in steps, so that everyone can answer the pings meanwhile. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 15_000) {
      clock.advance(Math.min(left, 15_000));
      await settled();
    }
  }

  async function hasDropped(): Promise<void> {
    const before = watched.count('of a publisher ended');
    publisher.drop();
    await watched.until('of a publisher ended', before + 1);
  }

  test('is held while the process is away, and written when it comes back with only its address', async () => {
    await hasDropped();
    viewer.decide('r1', 'CONTINUE');
    await stands('held');
    await publisher.connect();
    await publisher.until(({ decisions }) => decisions.length === 1);
    expect(publisher.decisions[0]?.reviewId).toBe('r1');
    await stands('sent');
  });

  test('is written on a connection that had one on the same id, which a later life uses again', async () => {
    viewer.decide('r1', 'CONTINUE');
    await publisher.until(({ decisions }) => decisions.length === 1);
    // Its clock was set: to the relay that is another life, of which the first two events are not seen.
    const { producer } = JSON.parse(publisher.envelope(said.toolCalled())) as { producer: object };
    const receivedAt = new Date(clock.nowMs() + 3_600_000).toISOString();
    const message = said.reviewRequested();
    publisher.sendText(JSON.stringify({ type: 'event', producer, sequence: 3, receivedAt, message }));
    await settled();
    clock.advance(500);
    await stands('open');
    viewer.decide('r1', 'EXIT_EARLY');
    await stands('sent');
    await publisher.until(({ decisions }) => decisions.length === 2);
    expect(publisher.decisions[1]?.decisionJson).toContain('EXIT_EARLY');
  });

  test('reaches a process that came back and has said nothing since', async () => {
    await hasDropped();
    await publisher.connect();
    viewer.decide('r1', 'approve');
    await publisher.until(({ decisions }) => decisions.length === 1);
    expect(JSON.parse(publisher.decisions[0]?.decisionJson ?? '')).toEqual({
      type: 'review_decision',
      reviewId: 'r1',
      decision: 'CONTINUE',
    });
  });

  test('is written once on each connection until there is evidence, and never after', async () => {
    viewer.decide('r1', 'EXIT_EARLY');
    for (const times of [1, 2, 3]) {
      await publisher.until(({ decisions }) => decisions.length === times);
      await hasDropped();
      await publisher.connect();
    }
    await publisher.until(({ decisions }) => decisions.length === 4);
    publisher.say(said.ensembleCompleted({ exitReason: 'USER_EXIT_EARLY' }));
    await stands('applied');
    await hasDropped();
    await publisher.connect();
    await settled();
    publisher.sendText('no envelope');
    await publisher.until(({ frames }) => frames.length === 5);
    expect(publisher.decisions).toHaveLength(4);
  });

  test('is not written again once the deadline has passed', async () => {
    await hasDropped();
    viewer.decide('r1', 'CONTINUE');
    await stands('held');
    clock.advance(61_000);
    await publisher.connect();
    publisher.sendText('no envelope');
    await publisher.until(({ frames }) => frames.length === 1);
    expect(publisher.decisions).toEqual([]);
  });

  test('goes to no other process, whatever that says', async () => {
    const other = new FakePublisher({ relayUrl: url, producerId: 'p2' });
    await other.connect();
    await hasDropped();
    // Its address names p2, so an envelope that names p1 counts for p1 and binds nothing.
    await other.connect();
    other.sendText(publisher.envelope(said.toolCalled()));
    viewer.decide('r1', 'CONTINUE');
    await stands('held');
    await publisher.connect();
    await publisher.until(({ decisions }) => decisions.length === 1);
    other.sendText('no envelope');
    await other.until(({ frames }) => frames.length === 1);
    expect(other.decisions).toEqual([]);
  });

  test('goes to the newest connection, and to the older one again when that has ended', async () => {
    const newer = new FakePublisher({ relayUrl: url, producerId: 'p1' });
    await newer.connect();
    viewer.decide('r1', 'CONTINUE');
    await newer.until(({ decisions }) => decisions.length === 1);
    expect(publisher.decisions).toEqual([]);
    newer.drop();
    await publisher.until(({ decisions }) => decisions.length === 1);
  });

  test('finds a process that is named by its first envelope only', async () => {
    await hasDropped();
    viewer.decide('r1', 'CONTINUE');
    await stands('held');
    const unnamed = new FakePublisher({ relayUrl: url, producerId: 'p1', isNamedInAddress: false });
    await unnamed.connect();
    unnamed.sendText(publisher.envelope(said.toolCalled()));
    await unnamed.until(({ decisions }) => decisions.length === 1);
  });

  test('counts if it was first, and everyone sees whose it was', async () => {
    const second = await FakeViewer.connect(url);
    await stands('open', second);
    second.say({ type: 'review_decision', reviewId: 'r1', decision: 'CONTINUE', by: 'Ann' });
    await stands('sent');
    viewer.decide('r1', 'EXIT_EARLY');
    await viewer.until((seen) => seen.messagesOf('error').length === 1);
    expect(viewer.messagesOf('error')[0]).toMatchObject({ code: 'already_decided', reviewId: 'r1' });
    expect(viewer.messagesOf('review_state').at(-1)).toMatchObject({ decision: 'CONTINUE', by: 'Ann' });
    expect(second.messagesOf('error')).toEqual([]);
    expect(publisher.decisions).toHaveLength(1);
  });

  test.each([
    ['r1', 'MAYBE', 'invalid_decision'],
    ['r1', '', 'invalid_decision'],
    ['nobody asked', 'CONTINUE', 'unknown_review'],
  ])('is refused for %j when it is %j, and never passed on', async (reviewId, word, code) => {
    viewer.decide(reviewId, word);
    await viewer.until((seen) => seen.messagesOf('error').length === 1);
    expect(viewer.messagesOf('error')[0]).toMatchObject({ code, reviewId });
    publisher.sendText('no envelope');
    await publisher.until(({ frames }) => frames.length === 1);
    expect(publisher.decisions).toEqual([]);
    expect(viewer.messagesOf('review_state').at(-1)).toMatchObject({ state: 'open' });
  });

  test('comes too late after the deadline, which every viewer is told by itself', async () => {
    await pass(62_000);
    await stands('expired');
    viewer.decide('r1', 'CONTINUE');
    await viewer.until((seen) => seen.messagesOf('error').length === 1);
    expect(viewer.messagesOf('error')[0]).toMatchObject({ code: 'too_late', reviewId: 'r1' });
  });

  test('stands in what a viewer is told who joins later', async () => {
    viewer.decide('r1', 'CONTINUE');
    await stands('sent');
    const late = await FakeViewer.connect(url);
    await stands('sent', late);
    expect(late.messages.map(({ type }) => type)).toEqual(['hub_hello', 'review_state']);
    expect(late.messages[1]).toMatchObject({ producerId: 'p1', decision: 'CONTINUE', by: 'viewer-1' });
  });

  test('reaches a process that has been silent for nine minutes', async () => {
    publisher.say(said.reviewRequested({ reviewId: 'r2', timeoutMs: 600_000 }));
    await viewer.until((seen) => seen.messagesOf('review_state').some(({ reviewId }) => reviewId === 'r2'));
    await pass(540_000);
    viewer.decide('r2', 'CONTINUE');
    await publisher.until(({ decisions }) => decisions.some(({ reviewId }) => reviewId === 'r2'));
    expect(watched.count('of a publisher ended')).toBe(0);
  });

  test('may be on a text of a MiB', async () => {
    const taskOutput = 'ä'.repeat(512 * 1024);
    const text = publisher.say(said.reviewRequested({ reviewId: 'r2', taskOutput }));
    await viewer.until(({ texts }) => texts.includes(text));
    viewer.decide('r2', 'CONTINUE');
    await publisher.until(({ decisions }) => decisions.some(({ reviewId }) => reviewId === 'r2'));
  });

  test('may be an edit of a MiB', async () => {
    const text = 'ä'.repeat(512 * 1024);
    viewer.decide('r1', 'EDIT', text);
    await publisher.until(({ decisions }) => decisions.length === 1);
    expect(JSON.parse(publisher.decisions[0]?.decisionJson ?? '')).toMatchObject({ revisedOutput: text });
  });

  test('belongs to the producer that announced its review first', async () => {
    const other = new FakePublisher({ relayUrl: url, producerId: 'p2' });
    await other.connect();
    other.say(said.reviewRequested({ taskOutput: 'stolen' }));
    await other.until(({ frames }) => frames.length === 1);
    expect(other.frames[0]).toEqual({ type: 'error', code: 'review_owned', message: expect.any(String) });
    expect(await other.post(said.reviewRequested())).toBe(409);
    viewer.decide('r1', 'CONTINUE');
    await publisher.until(({ decisions }) => decisions.length === 1);
    expect(other.decisions).toEqual([]);
    expect(viewer.texts.join('')).not.toContain('stolen');
  });

  test('is refused as cancelled when the process has been restarted meanwhile', async () => {
    await hasDropped();
    viewer.decide('r1', 'CONTINUE');
    await stands('held');
    publisher.restart();
    await publisher.connect();
    await publisher.until(({ decisions }) => decisions.length === 1);
    publisher.say(said.ensembleStarted({ ensembleId: 'e2' }));
    await stands('unknown');
  });
});
