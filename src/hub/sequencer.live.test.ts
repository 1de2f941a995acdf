import { describe, expect, it } from 'vitest';
import { acceptAll, life } from '../../test/support/sequenced-items.ts';
import { say } from '../../test/support/sequencer-words.ts';
import { Sequencer } from './sequencer.ts';

describe('live events', () => {
  it('hands on what is next at once', () => {
    const sequencer = new Sequencer<string>();
    expect(say(acceptAll(sequencer, life('a', 0, [1, 2]), 0))).toEqual(['epoch 1 from 1', 'a1', 'a2']);
    expect(sequencer.nextDeadlineMs()).toBeUndefined();
  });

  it('holds early ones back until those before them are there', () => {
    const sequencer = new Sequencer<string>();
    const outputs = acceptAll(sequencer, life('a', 0, [1, 4, 3]), 0);
    expect(say(outputs)).toEqual(['epoch 1 from 1', 'a1']);
    expect(sequencer.waitingCount).toBe(2);
    expect(say(acceptAll(sequencer, life('a', 0, [2]), 499))).toEqual(['a2', 'a3', 'a4']);
  });

  it('waits no longer when the clock is set back', () => {
    const sequencer = new Sequencer<string>();
    acceptAll(sequencer, life('a', 0, [1, 4]), 3_600_000);
    expect(say(sequencer.flush(100))).toEqual([]);
    expect(sequencer.nextDeadlineMs()).toBe(600);
    expect(say(sequencer.flush(600))).toEqual(['hole 1: 2-3', 'a4']);
  });

  it('declares a hole after 500 ms, not before', () => {
    const sequencer = new Sequencer<string>();
    acceptAll(sequencer, life('a', 0, [1]), 0);
    acceptAll(sequencer, life('a', 0, [4]), 100);
    expect(sequencer.nextDeadlineMs()).toBe(600);
    expect(sequencer.flush(599)).toEqual([]);
    expect(say(sequencer.flush(600))).toEqual(['hole 1: 2-3', 'a4']);
    expect(sequencer.epochs()).toEqual([{ epoch: 1, notSeen: 0, missing: [[2, 3]], missingCount: 2 }]);
  });

  it('measures each hole from the first event that waits behind it', () => {
    const sequencer = new Sequencer<string>();
    acceptAll(sequencer, life('a', 0, [1]), 0);
    acceptAll(sequencer, life('a', 0, [3]), 0);
    acceptAll(sequencer, life('a', 0, [5]), 400);
    expect(say(sequencer.flush(500))).toEqual(['hole 1: 2-2', 'a3']);
    expect(sequencer.nextDeadlineMs()).toBe(900);
    expect(say(sequencer.flush(900))).toEqual(['hole 1: 4-4', 'a5']);
  });

  it('hands on what is overdue with the next event, without a flush', () => {
    const sequencer = new Sequencer<string>();
    acceptAll(sequencer, life('a', 0, [1, 3]), 0);
    expect(say(acceptAll(sequencer, life('a', 0, [6]), 700))).toEqual(['hole 1: 2-2', 'a3']);
  });

  it('passes a filler on late and takes its hole back, in whole or in part', () => {
    const sequencer = new Sequencer<string>();
    acceptAll(sequencer, life('a', 0, [1, 6]), 0);
    sequencer.flush(500);
    expect(say(acceptAll(sequencer, life('a', 0, [3]), 600))).toEqual(['a3 late']);
    expect(sequencer.epochs()[0]).toMatchObject({
      missing: [
        [2, 2],
        [4, 5],
      ],
      missingCount: 3,
    });
    acceptAll(sequencer, life('a', 0, [4, 2, 5]), 700);
    expect(sequencer.epochs()[0]).toMatchObject({ missing: [], missingCount: 0 });
  });

  it('never holds back more than its window', () => {
    const sequencer = new Sequencer<string>({ windowEvents: 3 });
    const outputs = acceptAll(sequencer, life('a', 0, [1, 3, 5, 7, 9]), 0);
    expect(say(outputs)).toEqual(['epoch 1 from 1', 'a1', 'hole 1: 2-2', 'a3']);
    expect(sequencer.waitingCount).toBe(3);
  });

  it('holds back no more bytes than it may, and counts those that wait', () => {
    const sequencer = new Sequencer<string>({ windowBytes: 100 });
    const weighed = life('a', 0, [1, 3, 5, 7]).map((early) => ({ ...early, bytes: 40 }));
    const waiting: number[] = [];
    const outputs = weighed.flatMap((early) => {
      const out = sequencer.accept(early, 0);
      waiting.push(sequencer.waitingBytes);
      return out;
    });
    expect(say(outputs)).toEqual(['epoch 1 from 1', 'a1', 'hole 1: 2-2', 'a3']);
    expect(waiting).toEqual([0, 40, 80, 80]);
    sequencer.flush(1000);
    expect(sequencer.waitingBytes).toBe(0);
  });

  it('holds back 256 unless told otherwise', () => {
    const sequencer = new Sequencer<string>();
    const numbers = Array.from({ length: 257 }, (_, index) => index + 3);
    acceptAll(sequencer, life('a', 0, [1, ...numbers.slice(0, 256)]), 0);
    expect(sequencer.waitingCount).toBe(256);
    acceptAll(sequencer, life('a', 0, numbers.slice(256)), 0);
    expect(sequencer.waitingCount).toBe(0);
  });

  it('takes the first number above 1 for the beginning after 500 ms', () => {
    const sequencer = new Sequencer<string>();
    expect(acceptAll(sequencer, life('a', 0, [7, 8]), 0)).toEqual([]);
    expect(sequencer.epochs()).toEqual([]);
    expect(say(sequencer.flush(500))).toEqual(['epoch 1 from 7', 'a7', 'a8']);
    expect(sequencer.epochs()).toEqual([{ epoch: 1, notSeen: 6, missing: [], missingCount: 0 }]);
  });

  it('takes what came before the beginning late, with the hole behind it', () => {
    const sequencer = new Sequencer<string>();
    acceptAll(sequencer, life('a', 0, [7]), 0);
    sequencer.flush(500);
    expect(say(acceptAll(sequencer, life('a', 0, [5]), 600))).toEqual(['a5 late', 'hole 1: 6-6']);
    expect(sequencer.epochs()[0]).toMatchObject({ notSeen: 4, missing: [[6, 6]] });
  });

  it('begins older lives, and hands on what waits of them, before a newer one begins', () => {
    const sequencer = new Sequencer<string>();
    acceptAll(sequencer, life('a', 0, [7, 9]), 0);
    const outputs = acceptAll(sequencer, life('b', 60_000, [7]), 10);
    expect(outputs).toEqual([]);
    expect(say(acceptAll(sequencer, life('b', 60_000, [1]), 20))).toEqual([
      'epoch 1 from 7',
      'a7',
      'hole 1: 8-8',
      'a9',
      'epoch 2 from 1',
      'b1',
    ]);
  });

  it('says of an event of an older life that it is late, since a newer one was handed on', () => {
    const sequencer = new Sequencer<string>();
    acceptAll(sequencer, [...life('a', 0, [1]), ...life('b', 60_000, [1])], 0);
    expect(say(acceptAll(sequencer, life('a', 0, [2]), 0))).toEqual(['a2 late']);
  });
});
