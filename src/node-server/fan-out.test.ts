import { describe, expect, test } from 'vitest';
import { FanOut, type FanOutMember } from './fan-out.ts';
import { DEFAULT_LIMITS } from './relay-limits.ts';
import { FakeClock } from './test-support/fake-clock.ts';
import type { Frames } from './turn-batch.ts';
import { textFrame } from './web-socket-frame.ts';

/** The texts of short frames, behind each other. */
function textsOf(frames: Buffer): string {
  return frames.toString().replaceAll(/[^a-z ]/g, '');
}

class FakeMember implements FanOutMember {
  /** The texts of each batch, behind each other. */
  readonly batches: string[] = [];
  /** The same without tokens. */
  readonly lasting: string[] = [];
  stalledSinceMs: number | undefined;
  stalls = 0;
  readonly outbox: FanOutMember['outbox'];

  constructor() {
    const stalledSince = () => this.stalledSinceMs;
    this.outbox = {
      send: ({ bytes, withoutTokens }: Frames) => {
        this.batches.push(textsOf(bytes));
        this.lasting.push(textsOf(withoutTokens));
      },
      get stalledSinceMs() {
        return stalledSince();
      },
    };
  }

  onStalled(): void {
    this.stalls += 1;
    this.stalledSinceMs = undefined;
  }
}

function setUp() {
  const clock = new FakeClock(0);
  const turns: (() => void)[] = [];
  const counters = { framesSent: 0 };
  const fanOut = new FanOut({ clock, limits: DEFAULT_LIMITS, counters, atEndOfTurn: (run) => turns.push(run) });
  const endTurn = () => {
    for (const run of turns.splice(0)) run();
  };
  const say = (text: string, isToken = false) => fanOut.broadcast({ text, isToken });
  return { clock, counters, fanOut, endTurn, say, turns };
}

describe('FanOut', () => {
  test('says everything of one turn at once, to everyone', () => {
    const { fanOut, say, endTurn } = setUp();
    const members = [new FakeMember(), new FakeMember()];
    for (const member of members) fanOut.add(member);
    say('a');
    say('b');
    expect(members[0]?.batches).toEqual([]);
    endTurn();
    say('c');
    endTurn();
    for (const member of members) expect(member.batches).toEqual(['ab', 'c']);
    expect(fanOut.size).toBe(2);
  });

  test('counts what it says, once for each who hears it', () => {
    const { counters, fanOut, say, endTurn } = setUp();
    for (const member of [new FakeMember(), new FakeMember()]) fanOut.add(member);
    for (const text of ['a', 'b', 'c']) say(text);
    endTurn();
    expect(counters.framesSent).toBe(6);
  });

  test('tells what of a turn is no token', () => {
    const { fanOut, say, endTurn } = setUp();
    const member = new FakeMember();
    fanOut.add(member);
    say('a');
    say('t', true);
    endTurn();
    expect([member.batches, member.lasting]).toEqual([['at'], ['a']]);
  });

  test('does not wait for the end of a turn in which very much is said', () => {
    const { fanOut, say, endTurn, turns } = setUp();
    const sizes: number[] = [];
    const outbox = { send: ({ bytes }: Frames) => void sizes.push(bytes.length), stalledSinceMs: undefined };
    fanOut.add({ outbox, onStalled: () => undefined });
    const long = 'x'.repeat(1000);
    for (let times = 0; times < 200; times += 1) say(long);
    expect(turns).toHaveLength(1);
    expect(sizes.length).toBeGreaterThan(2);
    endTurn();
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(200 * textFrame(long).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(64 * 1024);
  });

  test('says to a newcomer only what comes after it', () => {
    const { fanOut, say, endTurn } = setUp();
    const first = new FakeMember();
    const second = new FakeMember();
    fanOut.add(first);
    say('a');
    fanOut.add(second);
    say('b');
    endTurn();
    expect([first.batches, second.batches]).toEqual([['a', 'b'], ['b']]);
  });

  test('says nothing to those who are gone, nor to nobody', () => {
    const { fanOut, say, endTurn } = setUp();
    const member = new FakeMember();
    say('to nobody');
    fanOut.add(member);
    fanOut.remove(member);
    say('too late');
    endTurn();
    expect(member.batches).toEqual([]);
    expect(fanOut.size).toBe(0);
  });

  test('ends those that took nothing for ten seconds, and looks no longer than somebody waits', () => {
    const { fanOut, say, endTurn, clock } = setUp();
    const slow = new FakeMember();
    const recovering = new FakeMember();
    fanOut.add(slow);
    fanOut.add(recovering);
    slow.stalledSinceMs = 0;
    recovering.stalledSinceMs = 0;
    say('a');
    endTurn();
    clock.advance(9_000);
    recovering.stalledSinceMs = undefined;
    clock.advance(999);
    expect(slow.stalls).toBe(0);
    clock.advance(1_001);
    expect([slow.stalls, recovering.stalls]).toEqual([1, 0]);
    clock.advance(2_000);
    expect(clock.pending).toBe(0);
  });

  test('watches whoever something waits for without a word being said', () => {
    const { fanOut, clock } = setUp();
    const member = new FakeMember();
    fanOut.add(member);
    fanOut.watchForStalls();
    expect(clock.pending).toBe(0);
    member.stalledSinceMs = 0;
    fanOut.watchForStalls();
    clock.advance(11_000);
    expect(member.stalls).toBe(1);
  });

  test('says nothing and watches nobody once it is disposed of', () => {
    const { fanOut, say, endTurn, clock } = setUp();
    const member = new FakeMember();
    fanOut.add(member);
    member.stalledSinceMs = 0;
    say('a');
    fanOut.watchForStalls();
    fanOut.dispose();
    endTurn();
    expect([member.batches, clock.pending, fanOut.size]).toEqual([[], 0, 0]);
  });
});
