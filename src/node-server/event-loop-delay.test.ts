import { afterEach, expect, test } from 'vitest';
import { EventLoopDelay } from './event-loop-delay.ts';

const delay = new EventLoopDelay();
afterEach(() => delay.dispose());

/** Keeps the loop from turning for a while. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

async function nextReading() {
  let read = delay.read();
  while (read === undefined) {
    await new Promise((resolve) => setImmediate(resolve));
    read = delay.read();
  }
  return read;
}

test('measures how late the loop runs, from the first time that somebody asks', async () => {
  expect(delay.read()).toBeUndefined();
  let { p50, p99, max } = await nextReading();
  while (max < 0.05) {
    // The time between a reading and the next look at the clock is nobody's delay.
    block(100);
    await new Promise((resolve) => setImmediate(resolve));
    block(100);
    ({ p50, p99, max } = await nextReading());
  }
  expect(p50).toBeGreaterThanOrEqual(0);
  expect(p99).toBeGreaterThanOrEqual(p50);
  expect(max).toBeGreaterThanOrEqual(p99);
});

test('begins anew after it was ended', async () => {
  delay.read();
  await nextReading();
  delay.dispose();
  expect(delay.read()).toBeUndefined();
});
