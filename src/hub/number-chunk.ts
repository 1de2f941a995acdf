import type { Instant } from '../protocol/wire/instant.ts';

/** How many numbers one chunk holds: what an insertion may have to move, and what is forgotten at a time. */
export const CHUNK_CAPACITY = 512;

const FIRST_CAPACITY = 16;

/**
 * Up to {@link CHUNK_CAPACITY} sequence numbers in ascending order, each with
 * the instant its event was stamped with: 20 bytes a number.
 */
export class NumberChunk {
  #sequences = new Float64Array(FIRST_CAPACITY);
  #ms = new Float64Array(FIRST_CAPACITY);
  #ns = new Uint32Array(FIRST_CAPACITY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size === CHUNK_CAPACITY;
  }

  get lowest(): number {
    return this.sequenceAt(0);
  }

  get highest(): number {
    return this.sequenceAt(this.#size - 1);
  }

  /** The number at `index`, or NaN beyond the ends. */
  sequenceAt(index: number): number {
    return index < this.#size ? (this.#sequences[index] ?? Number.NaN) : Number.NaN;
  }

  /** The instant at `index`, or `undefined` beyond the ends. */
  instantAt(index: number): Instant | undefined {
    const ms = this.#ms[index];
    const ns = this.#ns[index];
    return index >= this.#size || ms === undefined || ns === undefined ? undefined : { ms, ns };
  }

  /** The index of the first number that is not below `sequence`; `size` if there is none. */
  indexFrom(sequence: number): number {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.sequenceAt(middle) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Puts a number in its place. It must not be there yet, and the chunk must not be full. */
  insert(sequence: number, at: Instant): void {
    this.#grow();
    const index = sequence > this.highest ? this.#size : this.indexFrom(sequence);
    this.#sequences.copyWithin(index + 1, index, this.#size);
    this.#ms.copyWithin(index + 1, index, this.#size);
    this.#ns.copyWithin(index + 1, index, this.#size);
    this.#sequences[index] = sequence;
    this.#ms[index] = at.ms;
    this.#ns[index] = at.ns;
    this.#size += 1;
  }

  /** Moves the upper half into a new chunk, to make room in the middle. */
  splitUpperHalf(): NumberChunk {
    const upper = new NumberChunk();
    const middle = this.#size >>> 1;
    for (let index = middle; index < this.#size; index += 1) {
      const at = this.instantAt(index);
      if (at !== undefined) upper.insert(this.sequenceAt(index), at);
    }
    this.#size = middle;
    return upper;
  }

  #grow(): void {
    if (this.#size < this.#sequences.length) return;
    const capacity = Math.min(this.#sequences.length * 2, CHUNK_CAPACITY);
    const sequences = new Float64Array(capacity);
    const ms = new Float64Array(capacity);
    const ns = new Uint32Array(capacity);
    sequences.set(this.#sequences);
    ms.set(this.#ms);
    ns.set(this.#ns);
    this.#sequences = sequences;
    this.#ms = ms;
    this.#ns = ns;
  }
}
