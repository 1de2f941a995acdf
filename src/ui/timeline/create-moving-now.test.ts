import { createRoot, createSignal } from 'solid-js';
import { describe, expect, test } from 'vitest';
import { FrameScheduler } from '../hub/frame-scheduler.ts';
import { createMovingNow } from './create-moving-now.ts';

/** A browser whose frames and timers a test brings about, and what it was asked for. */
function setUp(isMovingAtFirst = true) {
  let clock = 1000;
  let frame: ((nowMs: number) => void) | undefined;
  let timer: { run: () => void; delayMs: number } | undefined;
  const frames = new FrameScheduler(
    {
      request: (callback) => (frame = callback),
      wait: (run, delayMs) => {
        timer = { run, delayMs };
        return () => (timer = undefined);
      },
    },
    () => 0,
  );
  const [stepMs, setStepMs] = createSignal(300);
  const [isMoving, setMoving] = createSignal(isMovingAtFirst);
  const { now, dispose } = createRoot((end) => {
    return { now: createMovingNow({ frames, clock: () => clock, isMoving, stepMs }), dispose: end };
  });
  function pass(ms: number): void {
    clock += ms;
    const run = frame;
    frame = undefined;
    run?.(clock);
  }
  function ring(): number | undefined {
    const rung = timer;
    timer = undefined;
    rung?.run();
    return rung?.delayMs;
  }
  return { now, dispose, pass, ring, setStepMs, setMoving, isFrameAsked: () => frame !== undefined };
}

describe('a time that moves', () => {
  test('moves by a step, and asks for no frame in between', () => {
    const { now, pass, ring, isFrameAsked } = setUp();
    pass(16);
    expect([now(), isFrameAsked()]).toEqual([1000, false]);
    expect(ring()).toBe(300 - 16 - 16);
    pass(284);
    expect([now(), isFrameAsked()]).toEqual([1300, false]);
    expect(ring()).toBe(300 - 16);
  });

  test('moves 30 times a second at most', () => {
    const { now, pass, ring, setStepMs, isFrameAsked } = setUp();
    setStepMs(5);
    pass(16);
    expect([now(), isFrameAsked()]).toEqual([1000, false]);
    expect(ring()).toBe(33 - 16 - 16);
    pass(17);
    expect(now()).toBe(1033);
    expect(ring()).toBe(33 - 16);
  });

  test('does not wait for a long step when a short one is wanted', () => {
    const { now, pass, setStepMs } = setUp();
    setStepMs(60_000);
    pass(16);
    setStepMs(33);
    pass(17);
    expect(now()).toBe(1033);
  });

  test('stands still where nothing moves, and asks for nothing once it is over', () => {
    const still = setUp(false);
    still.pass(500);
    expect([still.now(), still.isFrameAsked()]).toEqual([1000, false]);
    still.setMoving(true);
    still.pass(16);
    expect(still.now()).toBe(1516);
    still.dispose();
    expect(still.ring()).toBeUndefined();
  });
});
