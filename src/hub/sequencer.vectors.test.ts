import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseInstant } from '../protocol/wire/instant.ts';
import { Sequencer, type SequencerOutput } from './sequencer.ts';

interface Vector {
  readonly name: string;
  readonly input: readonly { readonly id: string; readonly sequence: number; readonly receivedAt: string }[];
  readonly expect: {
    readonly epochs: readonly {
      readonly order: readonly string[];
      readonly notSeen: number;
      readonly missing: readonly (readonly [number, number])[];
    }[];
    readonly repeats: readonly string[];
  };
}

const vectors = JSON.parse(
  readFileSync(new URL('../../test/vectors/sequencer.json', import.meta.url), 'utf8'),
) as readonly Vector[];

function run(vector: Vector, stepMs: number): Vector['expect'] {
  const sequencer = new Sequencer<string>();
  const outputs: SequencerOutput<string>[] = [];
  let nowMs = 1_000;
  for (const { id, sequence, receivedAt } of vector.input) {
    const at = parseInstant(receivedAt);
    if (at === undefined) throw new Error(`vector "${vector.name}" has no instant at ${id}`);
    outputs.push(...sequencer.accept({ sequence, receivedAt: at, payload: id }, nowMs));
    nowMs += stepMs;
  }
  outputs.push(...sequencer.flush(nowMs + 10_000));
  const given = outputs.filter((output) => output.kind === 'event');
  return {
    epochs: sequencer.epochs().map(({ epoch, notSeen, missing }) => ({
      order: given
        .filter((output) => output.epoch === epoch)
        .toSorted((a, b) => a.item.sequence - b.item.sequence)
        .map((output) => output.item.payload),
      notSeen,
      missing,
    })),
    repeats: outputs.filter((output) => output.kind === 'repeat').map((output) => output.item.payload),
  };
}

describe('the sequencer on the vectors', () => {
  it('has vectors', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(17);
  });

  for (const vector of vectors) {
    for (const stepMs of [0, 10, 300, 600]) {
      it(`${vector.name} (an event each ${stepMs} ms)`, () => {
        expect(run(vector, stepMs)).toEqual(vector.expect);
      });
    }
  }
});
