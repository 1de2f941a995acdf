import { compareInstants, instantDifferenceMs, type Instant } from '../../src/protocol/wire/instant.ts';

/** What is known of an event before its place is: its number and its publisher's stamp. */
export interface Stamped {
  readonly sequence: number;
  readonly receivedAt: Instant;
}

/** Events told apart into lives of their process, each ascending, and those that were there before. */
export interface NaiveLives<T> {
  readonly lives: readonly (readonly T[])[];
  readonly repeats: readonly T[];
}

/** How far stamps may run against the numbers of one life, in milliseconds (docs/architecture.md, Order and lives). */
const SLACK_MS = 1000;

/** The three rules of docs/architecture.md (Order and lives), on events in the order in which they came. */
export function naiveLives<T extends Stamped>(events: readonly T[]): NaiveLives<T> {
  const lives: T[][] = [];
  const repeats: T[] = [];
  for (const next of events) {
    if (lives.some((life) => life.some((known) => isRepeat(known, next)))) {
      repeats.push(next);
      continue;
    }
    const fitting = lives.filter((life) => fits(life, next)).reverse();
    const home = fitting.find((life) => life.some(({ sequence }) => sequence === next.sequence - 1)) ?? fitting[0];
    if (home === undefined) lives.push([next]);
    else {
      home.push(next);
      home.sort((a, b) => a.sequence - b.sequence);
    }
  }
  return { lives, repeats };
}

/** The numbers between the first and the last of a life that are not there, as ranges. */
export function naiveGaps(life: readonly Stamped[]): (readonly [from: number, to: number])[] {
  return life.flatMap(({ sequence }, index) => {
    const following = life[index + 1]?.sequence ?? sequence + 1;
    return following > sequence + 1 ? [[sequence + 1, following - 1] as const] : [];
  });
}

function isRepeat(known: Stamped, next: Stamped): boolean {
  return known.sequence === next.sequence && compareInstants(known.receivedAt, next.receivedAt) === 0;
}

function fits(life: readonly Stamped[], next: Stamped): boolean {
  if (life.some(({ sequence }) => sequence === next.sequence)) return false;
  const below = life.filter(({ sequence }) => sequence < next.sequence).at(-1);
  const above = life.find(({ sequence }) => sequence > next.sequence);
  if (below !== undefined && instantDifferenceMs(below.receivedAt, next.receivedAt) > SLACK_MS) return false;
  return above === undefined || instantDifferenceMs(next.receivedAt, above.receivedAt) <= SLACK_MS;
}
