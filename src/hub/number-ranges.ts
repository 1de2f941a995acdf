/** Whole numbers from the first to the last, both included. */
export type NumberRange = readonly [from: number, to: number];

/**
 * A set of whole numbers as disjoint ascending ranges, for the holes of an
 * epoch. No more than `maxRanges` are listed: beyond that the lowest is let go,
 * and only how many numbers it held is still counted.
 */
export class NumberRanges {
  readonly #maxRanges: number;
  #ranges: NumberRange[] = [];
  #count = 0;

  constructor(maxRanges: number) {
    this.#maxRanges = maxRanges;
  }

  /** How many numbers there are, those of ranges that were let go included. */
  get count(): number {
    return this.#count;
  }

  /** A copy of the ranges, lowest first. */
  list(): NumberRange[] {
    return [...this.#ranges];
  }

  has(value: number): boolean {
    return this.#containing(value) !== undefined;
  }

  /** Adds `from` to `to`, none of which may be there yet. Appending above all others is the cheap case. */
  add(from: number, to: number): void {
    if (to < from) return;
    const last = this.#ranges.at(-1);
    if (last === undefined || last[1] < from) this.#ranges.push([from, to]);
    else this.#ranges.splice(this.#indexFrom(from), 0, [from, to]);
    this.#count += to - from + 1;
    this.#bound();
  }

  /** Takes one number out; says whether it was there. */
  delete(value: number): boolean {
    const index = this.#containing(value);
    const range = index === undefined ? undefined : this.#ranges[index];
    if (index === undefined || range === undefined) return false;
    const rest: NumberRange[] = [];
    if (range[0] < value) rest.push([range[0], value - 1]);
    if (value < range[1]) rest.push([value + 1, range[1]]);
    this.#ranges.splice(index, 1, ...rest);
    this.#count -= 1;
    this.#bound();
    return true;
  }

  #bound(): void {
    if (this.#ranges.length > this.#maxRanges) this.#ranges.shift();
  }

  #containing(value: number): number | undefined {
    const index = this.#indexFrom(value);
    const range = this.#ranges[index];
    return range !== undefined && range[0] <= value ? index : undefined;
  }

  /** The index of the first range that does not end below `value`. */
  #indexFrom(value: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ranges[middle]?.[1] ?? Number.POSITIVE_INFINITY) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
