import { createEffect, createMemo, createSignal, onCleanup, untrack } from 'solid-js';
import type { Accessor } from 'solid-js';
import type { FrameScheduler } from '../hub/frame-scheduler.ts';

/** What a time that moves is made from. */
export interface MovingNowOptions {
  readonly frames: FrameScheduler;
  /** ms since the Unix epoch. */
  readonly clock: () => number;
  readonly isMoving: Accessor<boolean>;
  /** How far it moves at a time at least, ms. */
  readonly stepMs: Accessor<number>;
}

/** How long a frame lets wait, ms, at 60 Hz. */
const FRAME_MS = 16;

/** The shortest time between two moves, ms: bars that grow 30 times a second look no different, and four windows cost a quarter less. */
const SHORTEST_STEP_MS = 33;

/**
 * The time of day as it moves things: a step at a time, in a frame. Between two steps nothing is asked of the browser, so that a
 * timeline which moves half a px every second costs a frame a second.
 */
export function createMovingNow({ frames, clock, isMoving, stepMs }: MovingNowOptions): Accessor<number> {
  const [now, setNow] = createSignal(clock());
  const step = createMemo(() => Math.max(SHORTEST_STEP_MS, stepMs()));
  createEffect(() => {
    if (!isMoving()) return;
    const ms = step();
    let callOff = frames.once(tick);
    onCleanup(() => callOff());
    function tick(): void {
      const passedMs = Math.abs(clock() - untrack(now));
      const isDue = passedMs >= ms;
      if (isDue) setNow(clock());
      // A frame is waited for besides.
      const restMs = ms - (isDue ? 0 : passedMs) - FRAME_MS;
      callOff = restMs > 0 ? frames.after(restMs, tick) : frames.once(tick);
    }
  });
  return now;
}
