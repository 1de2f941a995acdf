import { describe, expect, it } from 'vitest';
import { acceptAll, life } from '../../test/support/sequenced-items.ts';
import { say } from '../../test/support/sequencer-words.ts';
import { Sequencer } from './sequencer.ts';

describe('snapshots', () => {
  it('declares no hole in a snapshot or right behind it, and waits for its highest + 1', () => {
    const sequencer = new Sequencer<string>();
    expect(say(sequencer.acceptSnapshot(life('a', 0, [3, 4, 9]), 0))).toEqual(['epoch 1 from 3', 'a3', 'a4', 'a9']);
    expect(sequencer.epochs()).toEqual([{ epoch: 1, notSeen: 2, missing: [], missingCount: 0 }]);
    expect(say(acceptAll(sequencer, life('a', 0, [12, 11]), 0))).toEqual([]);
    expect(say(sequencer.flush(500))).toEqual(['a11', 'a12']);
    acceptAll(sequencer, life('a', 0, [15]), 600);
    expect(say(sequencer.flush(1100))).toEqual(['hole 1: 13-14', 'a15']);
    expect(sequencer.epochs()).toEqual([{ epoch: 1, notSeen: 2, missing: [[13, 14]], missingCount: 2 }]);
  });

  it('takes a live event that lies in a hole of a snapshot, late', () => {
    const sequencer = new Sequencer<string>();
    sequencer.acceptSnapshot(life('a', 0, [3, 9]), 0);
    expect(say(acceptAll(sequencer, life('a', 0, [5, 1]), 0))).toEqual(['a5 late', 'a1 late']);
    expect(sequencer.epochs()).toEqual([{ epoch: 1, notSeen: 0, missing: [], missingCount: 0 }]);
  });

  it('fills declared holes and drops what is known', () => {
    const sequencer = new Sequencer<string>();
    acceptAll(sequencer, life('a', 0, [1, 5]), 0);
    sequencer.flush(500);
    expect(say(sequencer.acceptSnapshot(life('a', 0, [1, 3, 5, 8]), 600))).toEqual([
      'repeat a1',
      'repeat a5',
      'a3 late',
      'a8',
    ]);
    expect(sequencer.epochs()[0]).toMatchObject({
      missing: [
        [2, 2],
        [4, 4],
      ],
    });
  });

  it('settles what waits below its highest, and only that', () => {
    const sequencer = new Sequencer<string>();
    acceptAll(sequencer, life('a', 0, [1, 4, 20]), 0);
    expect(say(sequencer.acceptSnapshot(life('a', 0, [1, 6]), 10))).toEqual(['repeat a1', 'a4', 'a6']);
    expect(sequencer.waitingCount).toBe(1);
    expect(say(sequencer.flush(500))).toEqual(['a20']);
  });

  it('settles what it repeats of the waiting', () => {
    const sequencer = new Sequencer<string>();
    acceptAll(sequencer, life('a', 0, [1, 4]), 0);
    expect(say(sequencer.acceptSnapshot(life('a', 0, [4]), 10))).toEqual(['repeat a4', 'a4']);
    expect(sequencer.epochs()[0]).toMatchObject({ missing: [] });
  });

  it('begins new lives, oldest first', () => {
    const sequencer = new Sequencer<string>();
    const outputs = sequencer.acceptSnapshot([...life('a', 0, [2, 4]), ...life('b', 60_000, [1, 2])], 0);
    expect(say(outputs)).toEqual(['epoch 1 from 2', 'a2', 'a4', 'epoch 2 from 1', 'b1', 'b2']);
  });

  it('goes on where the cache says an earlier hub stopped', () => {
    const sequencer = new Sequencer<string>();
    sequencer.restore({ epoch: 3, numbers: life('a', 0, [2, 3, 7]), missing: [[4, 6]] });
    expect(say(acceptAll(sequencer, life('a', 0, [3, 5, 8]), 0))).toEqual(['repeat a3', 'a5 late', 'a8']);
    expect(sequencer.epochs()).toEqual([
      {
        epoch: 3,
        notSeen: 1,
        missing: [
          [4, 4],
          [6, 6],
        ],
        missingCount: 2,
      },
    ]);
    expect(say(acceptAll(sequencer, life('b', 60_000, [1]), 0))).toEqual(['epoch 4 from 1', 'b1']);
  });
});
