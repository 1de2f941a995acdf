import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EpochNumbers } from './epoch-numbers.ts';
import { CHUNK_CAPACITY, NumberChunk } from './number-chunk.ts';

const at = (sequence: number) => ({ ms: sequence * 10, ns: sequence % 1_000_000 });

describe('the numbers of an epoch', () => {
  it('finds each number and its neighbours, whatever order they came in', () => {
    const arbitraryNumbers = fc.uniqueArray(fc.integer({ min: 1, max: 5_000 }), { maxLength: 2_000 });
    fc.assert(
      fc.property(arbitraryNumbers, fc.integer({ min: 1, max: 5_001 }), (sequences, probe) => {
        const numbers = new EpochNumbers();
        for (const sequence of sequences) numbers.add(sequence, at(sequence));
        const below = sequences.filter((sequence) => sequence < probe);
        const above = sequences.filter((sequence) => sequence > probe);
        expect(numbers.size).toBe(sequences.length);
        expect(numbers.highest).toBe(Math.max(0, ...sequences));
        expect(numbers.instantOf(probe)).toEqual(sequences.includes(probe) ? at(probe) : undefined);
        expect(numbers.instantBelow(probe)).toEqual(below.length === 0 ? undefined : at(Math.max(...below)));
        expect(numbers.instantAbove(probe)).toEqual(above.length === 0 ? undefined : at(Math.min(...above)));
      }),
      { numRuns: 60 },
    );
  });

  it('stays in order over many chunks that split', () => {
    const numbers = new EpochNumbers();
    const count = 6_007;
    for (let index = 0; index < count; index += 1) {
      const sequence = ((index * 2_003) % count) + 1;
      numbers.add(sequence, at(sequence));
    }
    expect(numbers.size).toBe(count);
    for (let sequence = 1; sequence <= count; sequence += 1) {
      expect(numbers.instantOf(sequence)).toEqual(at(sequence));
      expect(numbers.instantBelow(sequence)).toEqual(sequence === 1 ? undefined : at(sequence - 1));
      expect(numbers.instantAbove(sequence)).toEqual(sequence === count ? undefined : at(sequence + 1));
    }
  });

  it('keeps safe integers and negative instants exactly', () => {
    const numbers = new EpochNumbers();
    numbers.add(Number.MAX_SAFE_INTEGER, { ms: -62_135_596_800_000, ns: 999_999 });
    expect(numbers.instantOf(Number.MAX_SAFE_INTEGER)).toEqual({ ms: -62_135_596_800_000, ns: 999_999 });
    expect(numbers.instantOf(Number.MAX_SAFE_INTEGER - 1)).toBeUndefined();
  });

  it('forgets its oldest chunk into a range and knows the loosest neighbours from it', () => {
    const numbers = new EpochNumbers();
    for (let sequence = 3; sequence <= 1_000; sequence += 1) numbers.add(sequence, at(sequence));
    expect(numbers.forgotten).toBeUndefined();
    expect(numbers.forgetOldest()).toBe(CHUNK_CAPACITY);
    const to = CHUNK_CAPACITY + 2;
    expect(numbers.size).toBe(998 - CHUNK_CAPACITY);
    expect(numbers.forgotten).toEqual({ from: 3, to, earliest: at(3), latest: at(to) });
    expect(numbers.instantOf(to)).toBeUndefined();
    expect(numbers.instantBelow(to + 1)).toEqual(at(to));
    expect(numbers.instantBelow(100)).toEqual(at(3));
    expect(numbers.instantBelow(to)).toEqual(at(3));
    expect(numbers.instantAbove(3)).toEqual(at(to));
    expect(numbers.instantBelow(3)).toBeUndefined();
    expect(numbers.instantAbove(1)).toEqual(at(3));
    expect(numbers.instantAbove(100)).toEqual(at(to));
    expect(numbers.instantAbove(to)).toEqual(at(to + 1));
    expect(numbers.highest).toBe(1_000);
  });

  it('widens what it has forgotten, and has nothing more to forget in the end', () => {
    const numbers = new EpochNumbers();
    for (let sequence = 1; sequence <= 1_000; sequence += 1) numbers.add(sequence, at(sequence));
    while (numbers.size > 0) numbers.forgetOldest();
    expect(numbers.forgotten).toEqual({ from: 1, to: 1_000, earliest: at(1), latest: at(1_000) });
    expect(numbers.forgetOldest()).toBe(0);
    expect(numbers.highest).toBe(1_000);
  });
});

describe('a chunk', () => {
  it('splits in the middle when it is full', () => {
    const chunk = new NumberChunk();
    for (let sequence = 1; sequence <= CHUNK_CAPACITY; sequence += 1) chunk.insert(sequence, at(sequence));
    expect(chunk.isFull).toBe(true);
    const upper = chunk.splitUpperHalf();
    expect([chunk.lowest, chunk.highest, chunk.size]).toEqual([1, CHUNK_CAPACITY / 2, CHUNK_CAPACITY / 2]);
    expect([upper.lowest, upper.highest]).toEqual([CHUNK_CAPACITY / 2 + 1, CHUNK_CAPACITY]);
    expect(upper.instantAt(0)).toEqual(at(CHUNK_CAPACITY / 2 + 1));
    expect(chunk.instantAt(chunk.size)).toBeUndefined();
    expect(chunk.sequenceAt(chunk.size)).toBeNaN();
  });
});
