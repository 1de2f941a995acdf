import { compareInstants, type Instant } from '../protocol/wire/instant.ts';
import { NumberChunk } from './number-chunk.ts';

/**
 * Numbers whose own instants were let go: everything from `from` to `to` counts
 * as taken, at some time between `earliest` and `latest`.
 */
export interface ForgottenRange {
  readonly from: number;
  readonly to: number;
  readonly earliest: Instant;
  readonly latest: Instant;
}

/**
 * Which sequence numbers one epoch holds and when each was stamped.
 *
 * Appending at the end costs the same however many there are; looking up and
 * inserting costs a binary search and a move within one chunk. The oldest chunk
 * can be forgotten: its numbers become part of one range (see
 * {@link ForgottenRange}), so that a repeat of them is still recognised by
 * falling into the range. What that costs: a number of the range that was never
 * there can no longer be told from one that was.
 */
export class EpochNumbers {
  readonly #chunks: NumberChunk[] = [];
  #forgotten: ForgottenRange | undefined;
  #size = 0;

  /** How many numbers are known exactly. */
  get size(): number {
    return this.#size;
  }

  get forgotten(): ForgottenRange | undefined {
    return this.#forgotten;
  }

  /** The highest number that was ever added; 0 if there is none. */
  get highest(): number {
    return this.#chunks.at(-1)?.highest ?? this.#forgotten?.to ?? 0;
  }

  /** When this very number was stamped, if it is known exactly. */
  instantOf(sequence: number): Instant | undefined {
    const chunk = this.#chunks[this.#chunkFor(sequence)];
    if (chunk === undefined) return undefined;
    const index = chunk.indexFrom(sequence);
    return chunk.sequenceAt(index) === sequence ? chunk.instantAt(index) : undefined;
  }

  /** When the next lower number was stamped, or what that can have been at the loosest if it is forgotten. */
  instantBelow(sequence: number): Instant | undefined {
    const position = this.#chunkFor(sequence);
    const chunk = this.#chunks[position];
    const index = chunk?.indexFrom(sequence) ?? 0;
    if (index > 0) return chunk?.instantAt(index - 1);
    const before = position > 0 ? this.#chunks[position - 1] : undefined;
    if (before !== undefined) return before.instantAt(before.size - 1);
    const forgotten = this.#forgotten;
    if (forgotten === undefined || sequence <= forgotten.from) return undefined;
    return sequence > forgotten.to ? forgotten.latest : forgotten.earliest;
  }

  /** When the next higher number was stamped, or what that can have been at the loosest if it is forgotten. */
  instantAbove(sequence: number): Instant | undefined {
    const forgotten = this.#forgotten;
    if (forgotten !== undefined && sequence < forgotten.to) {
      return sequence < forgotten.from ? forgotten.earliest : forgotten.latest;
    }
    const position = this.#chunkFor(sequence + 1);
    const chunk = this.#chunks[position];
    return chunk?.instantAt(chunk.indexFrom(sequence + 1));
  }

  /** Adds a number that is not there yet. */
  add(sequence: number, at: Instant): void {
    const position = Math.min(this.#chunkFor(sequence), Math.max(this.#chunks.length - 1, 0));
    const chunk = this.#roomFor(sequence, position);
    chunk.insert(sequence, at);
    this.#size += 1;
  }

  /** Lets the instants of the lowest chunk go and returns how many those were. */
  forgetOldest(): number {
    const chunk = this.#chunks.shift();
    if (chunk === undefined) return 0;
    for (let index = 0; index < chunk.size; index += 1) {
      const at = chunk.instantAt(index);
      if (at !== undefined) this.#forgotten = widened(this.#forgotten, chunk.sequenceAt(index), at);
    }
    this.#size -= chunk.size;
    return chunk.size;
  }

  /** The first chunk whose highest number is not below `sequence`; the number of chunks if there is none. */
  #chunkFor(sequence: number): number {
    if (sequence > (this.#chunks.at(-1)?.highest ?? 0)) return this.#chunks.length;
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#chunks[middle]?.highest ?? 0) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #roomFor(sequence: number, position: number): NumberChunk {
    const chunk = this.#chunks[position];
    if (chunk !== undefined && !chunk.isFull) return chunk;
    if (chunk === undefined || sequence > chunk.highest) {
      const fresh = new NumberChunk();
      this.#chunks.splice(position + 1, 0, fresh);
      return fresh;
    }
    const upper = chunk.splitUpperHalf();
    this.#chunks.splice(position + 1, 0, upper);
    return sequence > chunk.highest ? upper : chunk;
  }
}

function widened(range: ForgottenRange | undefined, sequence: number, at: Instant): ForgottenRange {
  if (range === undefined) return { from: sequence, to: sequence, earliest: at, latest: at };
  return {
    from: Math.min(range.from, sequence),
    to: Math.max(range.to, sequence),
    earliest: compareInstants(at, range.earliest) < 0 ? at : range.earliest,
    latest: compareInstants(at, range.latest) > 0 ? at : range.latest,
  };
}
