import { describe, expect, test } from 'vitest';
import { measurePausedViewer, sayDelays, VIEWERS } from '../bench/paused-viewer.ts';
import { figure, HANG_MS } from './settings.ts';

/** Of each size; by then what the paused viewer does not take has reached its limit many times over. */
const SECONDS = 20;
const MOST_RESIDENT_MIB = 250;

/** Runs the built relay in a process of its own, so only in full: vitest.config.ts. */
describe('a viewer that reads nothing', { timeout: HANG_MS }, () => {
  test(`does not make the relay grow, nor the ${VIEWERS - 1} others wait`, async () => {
    const { residentMib, floods } = await measurePausedViewer(SECONDS);
    figure(`1 paused of ${VIEWERS} viewers: the relay had at most ${residentMib.toFixed(0)} MiB resident`);
    figure(`to the others ${sayDelays(floods)}`);
    expect(residentMib).toBeLessThan(MOST_RESIDENT_MIB);
    expect(floods.map(({ bytes }) => bytes)).toEqual([1000, 50_000]);
  });
});
