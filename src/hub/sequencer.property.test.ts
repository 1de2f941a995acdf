import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naiveGaps, naiveLives } from '../../test/support/naive-order.ts';
import { type Item, acceptAll, item } from '../../test/support/sequenced-items.ts';
import { parseInstant } from '../protocol/wire/instant.ts';
import { Sequencer, type SequencerOutput } from './sequencer.ts';

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
