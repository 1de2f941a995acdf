import { describe, expect, it } from 'vitest';
import type { SourceState } from '../../protocol/tab/source-model.ts';
import type { DownFrame } from '../../protocol/wire/codec.ts';
import { FakeClock } from '../test-support/fake-clock.ts';
import { FakeSockets } from '../test-support/fake-sockets.ts';
import type { FoundFailure } from './find-failure.ts';
import { nothingAnswers, refusesThisPage, standby } from './reasons.ts';
import { SourceLink } from './source-link.ts';

const HELLO = { type: 'hello' };
const HEARTBEAT = { type: 'heartbeat', serverTimeMs: 1 };
const PLACE = 'localhost:7329';

function createLink(explanation: Promise<FoundFailure> = new Promise(() => undefined)) {
  const clock = new FakeClock(0);
  const sockets = new FakeSockets();
  const states: SourceState[] = [];
  const frames: string[] = [];
  const read: DownFrame[] = [];
  let unreadable = 0;
  const link = new SourceLink({
    sourceId: 'ws://localhost:7329/ws',
    url: 'ws://localhost:7329/ws',
    place: PLACE,
    pageOrigin: 'http://localhost:7400',
    clock,
    openSocket: sockets.open,
    random: () => 0.5,
    explain: () => explanation,
    initially: standby(),
    listener: {
      onState: (_id, state) => states.push(state),
      onFrame: (_id, frame, text) => {
        read.push(frame);
        frames.push(text);
      },
      onUnreadable: () => (unreadable += 1),
    },
  });
  return { clock, sockets, states, frames, read, link, unreadable: () => unreadable };
}

function connect() {
  const made = createLink();
  made.link.wake(true);
  made.sockets.last.accept();
  made.sockets.last.say(HELLO);
  return made;
}

describe('SourceLink', () => {
  it('begins without a connection and says why', () => {
    expect(createLink().link.shown).toEqual({ kind: 'disconnected', reason: standby() });
  });

  it('says that it is connected before it passes on the greeting', () => {
    const order: string[] = [];
    const { states, frames, sockets, link } = createLink();
    link.wake(true);
    sockets.last.accept();
    expect(states.map(({ kind }) => kind)).toEqual(['connecting', 'connecting']);
    sockets.last.say(HELLO);
    order.push(...states.map(({ kind }) => kind), ...frames);
    expect(order).toEqual(['connecting', 'connecting', 'connected', JSON.stringify(HELLO)]);
    expect(link.shown.kind).toBe('connected');
  });

  it('passes frames on as they came, read', () => {
    const { sockets, frames, read } = connect();
    sockets.last.say('{"type":"pong" ,"x":1}');
    sockets.last.say({ type: 'brand_new', a: 1 });
    expect(frames.slice(1)).toEqual(['{"type":"pong" ,"x":1}', '{"type":"brand_new","a":1}']);
    expect(read[2]).toMatchObject({ kind: 'unknown', type: 'brand_new' });
  });

  it('holds frames that overtook the greeting until it has come', () => {
    const { sockets, frames, link } = createLink();
    link.wake(true);
    sockets.last.accept();
    sockets.last.say(HEARTBEAT);
    expect(frames).toEqual([]);
    sockets.last.say({ type: 'hub_hello' });
    expect(frames).toEqual(['{"type":"hub_hello"}', JSON.stringify(HEARTBEAT)]);
  });

  it.each([
    ['text that is no message', 'Welcome to the echo server'],
    ['a message of another wire', { type: 'ping' }],
  ])('takes %s for no ensemble', (_name, frame) => {
    const { sockets, frames, link } = createLink();
    link.wake(true);
    sockets.last.accept();
    sockets.last.say(frame);
    expect(link.shown).toMatchObject({ kind: 'reconnecting', reason: { code: 'not-an-ensemble' } });
    expect([sockets.last.isClosed, frames]).toEqual([true, []]);
  });

  it('takes a first frame that is not text for no ensemble', () => {
    const { sockets, link } = createLink();
    link.wake(true);
    sockets.last.accept();
    sockets.last.sayBinary();
    expect(link.shown).toMatchObject({ reason: { code: 'not-an-ensemble' } });
  });

  it('counts what it cannot read and goes on', () => {
    const { sockets, link, unreadable } = connect();
    sockets.last.say('{');
    sockets.last.sayBinary();
    expect([unreadable(), link.shown.kind]).toEqual([2, 'connected']);
  });

  it('says that a frame is too large, and does not ask for it again by itself', () => {
    const { sockets, link, clock } = connect();
    sockets.last.say(' '.repeat(128 * 1024 * 1024 + 1));
    expect(link.shown).toMatchObject({ kind: 'disconnected', reason: { code: 'too-large' } });
    expect(sockets.last.isClosed).toBe(true);
    clock.advance(600_000);
    expect(sockets.opened).toHaveLength(1);
    link.wake(true);
    expect(sockets.opened).toHaveLength(2);
  });

  it('pings with the message of the wire, whether or not anything comes', () => {
    const { sockets, clock } = connect();
    clock.advance(30_000);
    expect(sockets.last.messages).toEqual([{ type: 'ping' }, { type: 'ping' }]);
  });

  it('replaces a connection that has gone silent, and does not listen to it any more', () => {
    const { sockets, clock, states, frames } = connect();
    sockets.last.say(HEARTBEAT);
    clock.advance(40_000);
    const dead = sockets.last;
    expect(dead.isClosed).toBe(true);
    expect(states.at(-1)).toMatchObject({ kind: 'reconnecting', reason: { code: 'silent' } });
    clock.advance(500);
    expect(sockets.opened).toHaveLength(2);
    expect(sockets.live).toBe(1);
    const before = states.length;
    dead.say(HEARTBEAT);
    dead.drop();
    expect([states.length, frames.length]).toEqual([before, 2]);
  });

  it('leaves a quiet connection alone that has never shown a sign', () => {
    const { sockets, clock, link } = connect();
    clock.advance(3_600_000);
    expect([sockets.opened.length, link.shown.kind]).toEqual([1, 'connected']);
  });

  it('never has two sockets at once, however often it is woken', () => {
    const { sockets, link, clock } = createLink();
    for (let times = 0; times < 5; times += 1) {
      link.wake(true);
      link.wake(true);
      sockets.last.drop();
      clock.advance(40_000);
    }
    expect(sockets.opened.length).toBeGreaterThan(5);
    expect(sockets.mostLive).toBe(1);
  });

  it('gives up a socket that does not open', () => {
    const { sockets, link, clock } = createLink();
    link.wake(true);
    clock.advance(16_000);
    expect([sockets.opened.length, sockets.live]).toEqual([2, 1]);
  });

  it('tells why a connection failed once it has been found out', async () => {
    const reason = refusesThisPage(PLACE, 'http://localhost:7400');
    const { sockets, link } = createLink(Promise.resolve({ reason, isFinal: false }));
    link.wake(true);
    sockets.last.drop();
    await Promise.resolve();
    expect(link.shown).toMatchObject({ kind: 'reconnecting', reason });
  });

  it('forgets a finding that comes after the next attempt has begun', async () => {
    let tell = (_found: FoundFailure): void => undefined;
    const { sockets, link, clock } = createLink(
      new Promise((resolve) => {
        tell = resolve;
      }),
    );
    link.wake(true);
    sockets.last.drop();
    clock.advance(500);
    tell({ reason: nothingAnswers(PLACE), isFinal: true });
    await Promise.resolve();
    expect(link.shown.kind).toBe('connecting');
  });

  it.each([
    ['SecurityError', 'mixed-content'],
    ['SyntaxError', 'nothing-answers'],
  ])('says what a %s at once means, and waits', (name, code) => {
    const { sockets, link, clock } = createLink();
    sockets.failure = Object.assign(new Error('no'), { name });
    link.wake(true);
    expect(link.shown).toMatchObject({ kind: 'disconnected', reason: { code } });
    expect(clock.pending).toBe(0);
  });

  it('says the same where that is known only later, and tries again when it is woken', () => {
    const { sockets, link } = createLink();
    link.wake(true);
    sockets.last.throwLate(Object.assign(new Error('no'), { name: 'SecurityError' }));
    expect(link.shown).toMatchObject({ kind: 'disconnected', reason: { code: 'mixed-content' } });
    link.wake(true);
    expect(sockets.opened).toHaveLength(2);
  });

  it('sends only on a connection that has greeted', () => {
    const { sockets, link } = createLink();
    link.send('early');
    link.wake(true);
    sockets.last.accept();
    link.send('still early');
    sockets.last.say(HELLO);
    link.send('now');
    sockets.last.drop();
    link.send('late');
    expect(sockets.last.sent).toEqual(['now']);
  });

  it('rests until it is woken again', () => {
    const { sockets, link, clock } = connect();
    link.rest(standby());
    expect([link.shown.kind, sockets.last.isClosed]).toEqual(['disconnected', true]);
    clock.advance(600_000);
    expect(sockets.opened).toHaveLength(1);
    link.wake(true);
    expect(sockets.opened).toHaveLength(2);
  });

  it('ends in silence, and holds nothing', () => {
    const { sockets, link, states, clock } = connect();
    const before = states.length;
    link.stop();
    sockets.last.drop();
    link.wake(true);
    expect([states.length, sockets.last.isClosed, clock.pending, sockets.opened.length]).toEqual([before, true, 0, 1]);
  });
});
