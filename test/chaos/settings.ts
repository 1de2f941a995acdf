/** Whether to run in full, as `npm run chaos` does, or in short. */
const IS_FULL = process.env['ROSTRUM_CHAOS'] === 'full';

/** Where chance begins. `npm run chaos` begins somewhere else each time; `ROSTRUM_SEED=… npm run chaos` runs the same again. */
export const SEED = Number(process.env['ROSTRUM_SEED'] ?? 1);

/** Only ends a hang. */
export const HANG_MS = IS_FULL ? 30 * 60_000 : 120_000;

/** What to run with in short, and in full. */
export function sized<T>(short: T, full: T): T {
  return IS_FULL ? full : short;
}

/** Prints a figure; in short form nobody looks at figures. */
export function figure(text: string): void {
  if (IS_FULL) process.stdout.write(`  ${text}\n`);
}

/** Numbers from 0 up to, not including, 1: the same for the same seed (mulberry32). */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
