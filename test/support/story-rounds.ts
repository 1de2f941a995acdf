import fc from 'fast-check';
import { SEED } from './seed.ts';

/** How long stories are told, and what about. */
export interface StoryRounds<T> {
  /** What is told, for the line that is printed. */
  readonly name: string;
  /** How many events there are to be in all; `ROSTRUM_EVENTS` multiplies it. */
  readonly events: number;
  readonly arbitrary: fc.Arbitrary<T>;
  /** Stories that once failed. */
  readonly examples: readonly T[];
  /** Tells a story, checks it, and says how many events it had. */
  readonly tell: (story: T) => number;
}

const STORIES_A_ROUND = 50;

/**
 * Tells stories until there were enough events. Prints the seed; `ROSTRUM_SEED` tells others, those of a round that failed with
 * the seed that the failure names. `ROSTRUM_EVENTS=10` tells ten times as many.
 */
export function tellStories<T>({ name, events, arbitrary, examples, tell }: StoryRounds<T>): void {
  const wanted = events * Number(process.env['ROSTRUM_EVENTS'] ?? 1);
  let seen = 0;
  for (let seed = SEED; seen < wanted; seed += 1) {
    const property = fc.property(arbitrary, (story) => {
      seen += tell(story);
    });
    const known = examples.map((example): [T] => [example]);
    fc.assert(property, { seed, numRuns: STORIES_A_ROUND, examples: seed === SEED ? known : [] });
  }
  process.stdout.write(`${name}: ${seen} events, ROSTRUM_SEED=${SEED}\n`);
}
