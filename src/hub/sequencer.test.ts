import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naiveGaps, naiveLives } from '../../test/support/naive-order.ts';
import { parseInstant, type Instant } from '../protocol/wire/instant.ts';
import { Sequencer, type SequencedItem, type SequencerOutput } from './sequencer.ts';

type Item = SequencedItem<string>;

const START_MS = Date.UTC(2026, 0, 1);

function item(sequence: number, atMs: number, life = ''): Item {
  return { sequence, receivedAt: { ms: START_MS + atMs, ns: 0 }, payload: `${life}${sequence}` };
}

/** Numbers of one life, ten milliseconds apart. */
function life(name: string, startMs: number, numbers: readonly number[]): Item[] {
  return numbers.map((sequence) => item(sequence, startMs + sequence * 10, name));
}

function say(outputs: readonly SequencerOutput<string>[]): string[] {
  return outputs.map((output) => {
    switch (output.kind) {
      case 'epoch':
        return `epoch ${output.epoch} from ${output.firstSequence}`;
      case 'event':
        return `${output.item.payload}${output.late ? ' late' : ''}`;
      case 'hole':
        return `hole ${output.epoch}: ${output.from}-${output.to}`;
      case 'repeat':
        return `repeat ${output.item.payload}`;
    }
    return '';
  });
}

function acceptAll(sequencer: Sequencer<string>, items: readonly Item[], nowMs: number): SequencerOutput<string>[] {
  return items.flatMap((next) => sequencer.accept(next, nowMs));
}

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

interface Step {
  readonly item: Item;
  readonly waitMs: number;
}

function feed(steps: readonly Step[], sequencer = new Sequencer<string>()): SequencerOutput<string>[] {
  const outputs: SequencerOutput<string>[] = [];
  let nowMs = 0;
  for (const step of steps) {
    nowMs += step.waitMs;
    outputs.push(...sequencer.accept(step.item, nowMs));
  }
  outputs.push(...sequencer.flush(nowMs + 10_000));
  return outputs;
}

function givenByEpoch(outputs: readonly SequencerOutput<string>[]): Map<number, Item[]> {
  const byEpoch = new Map<number, Item[]>();
  for (const output of outputs) {
    if (output.kind !== 'event') continue;
    byEpoch.set(output.epoch, [...(byEpoch.get(output.epoch) ?? []), output.item]);
  }
  return byEpoch;
}

const arbitraryItem = fc
  .record({ sequence: fc.integer({ min: 1, max: 12 }), lifeNumber: fc.integer({ min: 0, max: 2 }) })
  .map(({ sequence, lifeNumber }) => item(sequence, lifeNumber * 1_500 + sequence * 150, `${lifeNumber}/`));

const arbitrarySteps = fc.array(fc.record({ item: arbitraryItem, waitMs: fc.constantFrom(0, 0, 10, 300, 600) }), {
  maxLength: 60,
});

describe('any order of arrival', () => {
  it('gives the lives, holes and repeats that the naive rule gives', () => {
    fc.assert(
      fc.property(arbitrarySteps, (steps) => {
        const sequencer = new Sequencer<string>();
        const outputs = feed(steps, sequencer);
        const { lives, repeats } = naiveLives(steps.map((step) => step.item));
        const given = givenByEpoch(outputs);
        expect(
          sequencer.epochs().map(({ epoch, notSeen, missing }) => ({
            items: given.get(epoch)?.toSorted((a, b) => a.sequence - b.sequence),
            notSeen,
            missing,
          })),
        ).toEqual(lives.map((items) => ({ items, notSeen: (items[0]?.sequence ?? 1) - 1, missing: naiveGaps(items) })));
        expect(outputs.filter((output) => output.kind === 'repeat').map((output) => output.item.payload)).toEqual(
          repeats.map(({ payload }) => payload),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('loses nothing and gives nothing twice, with snapshots in between', () => {
    const arbitraryActions = fc.array(
      fc.oneof(
        arbitraryItem.map((next) => ({ kind: 'live' as const, items: [next] })),
        fc.array(arbitraryItem, { maxLength: 8 }).map((items) => ({ kind: 'snapshot' as const, items })),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(arbitraryActions, fc.integer({ min: 1, max: 8 }), (actions, windowEvents) => {
        const sequencer = new Sequencer<string>({ windowEvents });
        let accepted = 0;
        let outputs: SequencerOutput<string>[] = [];
        for (const [index, { kind, items }] of actions.entries()) {
          const nowMs = index * 200;
          accepted += items.length;
          const before = outputs;
          const more =
            kind === 'snapshot' ? sequencer.acceptSnapshot(items, nowMs) : acceptAll(sequencer, items, nowMs);
          outputs = [...before, ...more];
          const out = outputs.filter((output) => output.kind === 'event' || output.kind === 'repeat').length;
          expect(out + sequencer.waitingCount).toBe(accepted);
          expect(sequencer.waitingCount).toBeLessThanOrEqual(windowEvents);
        }
        outputs.push(...sequencer.flush(1_000_000));
        expect(sequencer.waitingCount).toBe(0);
        const { lives } = naiveLives(actions.flatMap((action) => action.items));
        const given = givenByEpoch(outputs);
        expect(
          [...given.keys()]
            .sort((a, b) => a - b)
            .map((epoch) =>
              given
                .get(epoch)
                ?.map(({ payload }) => payload)
                .sort(),
            ),
        ).toEqual(lives.map((items) => items.map(({ payload }) => payload).sort()));
        expectOrder(outputs);
      }),
      { numRuns: 400 },
    );
  });
});

/** What is not late ascends, over all lives; each life begins before its first event, in order. */
function expectOrder(outputs: readonly SequencerOutput<string>[]): void {
  let last = { epoch: 0, sequence: 0 };
  let newest = 0;
  for (const output of outputs) {
    if (output.kind === 'epoch') {
      expect(output.epoch).toBeGreaterThan(newest);
      newest = output.epoch;
    }
    if (output.kind !== 'event') continue;
    expect(output.epoch).toBeLessThanOrEqual(newest);
    const { sequence } = output.item;
    const isBehind = output.epoch < last.epoch || (output.epoch === last.epoch && sequence < last.sequence);
    expect(output.late).toBe(isBehind || output.epoch < newest);
    if (!output.late) last = { epoch: output.epoch, sequence };
  }
}

describe('the recorded publishers', () => {
  const recorded = recordedItems();

  it('has both', () => {
    expect(recorded.get('batch-1')?.length).toBe(30);
    expect(recorded.get('svc-a-1')?.length).toBe(36);
  });

  for (const [producerId, lengths] of [
    ['batch-1', [30]],
    ['svc-a-1', [24, 12]],
  ] as const) {
    it(`gives ${producerId} ${lengths.length} life or lives, in any order within a life, also repeated`, () => {
      const items = recorded.get(producerId) ?? [];
      const lives = lengths.map((length, index) => items.slice(index * 24, index * 24 + length));
      const arbitraryOrder = fc.tuple(
        ...lives.map((events) => fc.shuffledSubarray([...events], { minLength: events.length })),
      );
      fc.assert(
        fc.property(arbitraryOrder, fc.constantFrom(0, 40, 600), (shuffled, waitMs) => {
          const sequencer = new Sequencer<string>();
          const outputs = feed(
            [...shuffled.flat(), ...items].map((next) => ({ item: next, waitMs })),
            sequencer,
          );
          expect(sequencer.epochs()).toEqual(
            lengths.map((_, index) => ({ epoch: index + 1, notSeen: 0, missing: [], missingCount: 0 })),
          );
          const given = givenByEpoch(outputs);
          expect(lengths.map((_, index) => given.get(index + 1)?.length)).toEqual(lengths);
          expect(outputs.filter((output) => output.kind === 'repeat').length).toBe(items.length);
        }),
      );
    });
  }
});

function recordedItems(): Map<string, Item[]> {
  const text = readFileSync(new URL('../../test/recordings/hub-ingress.jsonl', import.meta.url), 'utf8');
  const byProducer = new Map<string, Item[]>();
  for (const line of text.trim().split('\n')) {
    const frame = JSON.parse(line) as { dir: string; data?: string };
    if (frame.dir !== 'up' && frame.dir !== 'http') continue;
    const envelope = JSON.parse(frame.data ?? '') as {
      producer: { producerId: string };
      sequence: number;
      receivedAt: string;
    };
    const receivedAt = parseInstant(envelope.receivedAt);
    if (receivedAt === undefined) throw new Error(`no instant in the recording: ${line}`);
    const { producerId } = envelope.producer;
    const items = byProducer.get(producerId) ?? [];
    items.push({ sequence: envelope.sequence, receivedAt, payload: `${producerId} ${items.length}` });
    byProducer.set(producerId, items);
  }
  return byProducer;
}
