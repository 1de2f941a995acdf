import type { SequencedItem, Sequencer, SequencerOutput } from '../../src/hub/sequencer.ts';

/** What the tests of the sequencer put in order: texts. */
export type Item = SequencedItem<string>;

/** Times of items are in milliseconds from here. */
export const START_MS = Date.UTC(2026, 0, 1);

/** An event with this number, stamped at this time; its text is its number behind the name of its life. */
export function item(sequence: number, atMs: number, life = ''): Item {
  return { sequence, receivedAt: { ms: START_MS + atMs, ns: 0 }, payload: `${life}${sequence}` };
}

/** Numbers of one life, ten milliseconds apart. */
export function life(name: string, startMs: number, numbers: readonly number[]): Item[] {
  return numbers.map((sequence) => item(sequence, startMs + sequence * 10, name));
}

/** Hands over one item after the other, all at the same time. */
export function acceptAll(
  sequencer: Sequencer<string>,
  items: readonly Item[],
  nowMs: number,
): SequencerOutput<string>[] {
  return items.flatMap((next) => sequencer.accept(next, nowMs));
}
