import { describe, expect, it } from 'vitest';
import { START_MS, acceptAll, item, life } from '../../test/support/sequenced-items.ts';
import { say } from '../../test/support/sequencer-words.ts';
import type { Instant } from '../protocol/wire/instant.ts';
import { Sequencer } from './sequencer.ts';

describe('which life an event is of', () => {
  it('allows a stamp to be one second out of order, to the nanosecond', () => {
    const at = (ms: number, ns: number): Instant => ({ ms: START_MS + ms, ns });
    for (const [ns, lives] of [
      [0, 1],
      [1, 2],
    ] as const) {
      const sequencer = new Sequencer<string>();
      sequencer.accept({ sequence: 1, receivedAt: at(1_000, ns), payload: 'a1' }, 0);
      sequencer.accept({ sequence: 2, receivedAt: at(0, 0), payload: 'a2' }, 0);
      sequencer.flush(1_000);
      expect(sequencer.epochs().length).toBe(lives);
    }
  });

  it('allows the next higher number to be stamped one second earlier, not more', () => {
    for (const [laterMs, lives] of [
      [1_000, 1],
      [1_001, 2],
    ] as const) {
      const sequencer = new Sequencer<string>();
      acceptAll(sequencer, [item(1, -5_000), item(3, 0), item(2, laterMs)], 0);
      sequencer.flush(1_000);
      expect(sequencer.epochs().length).toBe(lives);
    }
  });

  it('prefers the newest life that holds the number before it, then the newest', () => {
    const sequencer = new Sequencer<string>();
    acceptAll(sequencer, [item(1, 0, 'a'), item(2, 10, 'a'), item(1, 100, 'b')], 0);
    const outputs = [...sequencer.accept(item(3, 110, 'x'), 0), ...sequencer.accept(item(7, 120, 'y'), 0)];
    outputs.push(...sequencer.flush(1_000));
    const epochOf = new Map(
      outputs.filter((output) => output.kind === 'event').map((output) => [output.item.payload, output.epoch]),
    );
    expect(epochOf).toEqual(
      new Map([
        ['x3', 1],
        ['y7', 2],
      ]),
    );
  });

  it('forgets the oldest life beyond its bound, and hands on what waited of it', () => {
    const sequencer = new Sequencer<string>({ maxEpochs: 2 });
    const outputs = acceptAll(
      sequencer,
      [0, 1, 2].map((number) => item(5, number * 60_000, 'abc'.charAt(number))),
      0,
    );
    expect(say(outputs)).toEqual(['epoch 1 from 5', 'a5']);
    sequencer.flush(500);
    expect(sequencer.epochs().map(({ epoch }) => epoch)).toEqual([2, 3]);
  });
});

describe('what it forgets of a long life', () => {
  const numbers = Array.from({ length: 2_000 }, (_, index) => index + 1).filter((sequence) => sequence !== 50);

  function longLife(): Sequencer<string> {
    const sequencer = new Sequencer<string>({ maxNumbers: 600 });
    acceptAll(sequencer, life('a', 0, numbers.slice(0, 60)), 0);
    sequencer.flush(1_000);
    acceptAll(sequencer, life('a', 0, numbers.slice(60)), 2_000);
    return sequencer;
  }

  it('still knows repeats by number and time', () => {
    const sequencer = longLife();
    expect(say(acceptAll(sequencer, life('a', 0, [3, 1_000, 1_999]), 0))).toEqual([
      'repeat a3',
      'repeat a1000',
      'repeat a1999',
    ]);
  });

  it('still takes the filler of a declared hole once', () => {
    const sequencer = longLife();
    expect(sequencer.epochs()[0]).toMatchObject({ missing: [[50, 50]] });
    expect(say(acceptAll(sequencer, life('a', 0, [50, 50]), 0))).toEqual(['a50 late', 'repeat a50']);
    expect(sequencer.epochs()[0]).toMatchObject({ missing: [] });
  });

  it('still tells another life by its time', () => {
    const sequencer = longLife();
    expect(say(acceptAll(sequencer, life('b', 60_000, [1, 2]), 0))).toEqual(['epoch 2 from 1', 'b1', 'b2']);
    expect(say(acceptAll(sequencer, life('c', -60_000, [1]), 0))).toEqual(['epoch 3 from 1', 'c1']);
  });

  it('forgets the oldest life first, and goes on knowing what follows it', () => {
    const sequencer = new Sequencer<string>({ maxNumbers: 600 });
    acceptAll(sequencer, life('a', 0, numbers.slice(0, 40)), 0);
    acceptAll(sequencer, life('b', 60_000, numbers.slice(0, 40)), 0);
    acceptAll(sequencer, life('c', 120_000, numbers.slice(50, 600)), 0);
    sequencer.flush(1_000);
    expect(say(acceptAll(sequencer, life('a', 0, [7, 41]), 2_000))).toEqual(['repeat a7', 'a41 late']);
  });
});
