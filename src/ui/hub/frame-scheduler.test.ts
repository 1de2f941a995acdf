import { describe, expect, it } from 'vitest';
import { FrameScheduler } from './frame-scheduler.ts';

function setUp() {
  let waiting: ((nowMs: number) => void) | undefined;
  let clock = 0;
  const frames = new FrameScheduler(
    {
      request: (callback) => {
        waiting = callback;
        return 1;
      },
      cancel: () => {
        waiting = undefined;
      },
    },
    () => clock,
  );
  function frame(nowMs: number): void {
    const run = waiting;
    waiting = undefined;
    run?.(nowMs);
  }
  return { frames, frame, isArmed: () => waiting !== undefined, spend: (ms: number) => (clock += ms) };
}

describe('FrameScheduler', () => {
  it('runs a callback once in the next frame, however often it was asked for', () => {
    const { frames, frame, isArmed } = setUp();
    const seen: number[] = [];
    const callback = (nowMs: number): void => void seen.push(nowMs);
    frames.once(callback);
    frames.once(callback);
    frame(16);
    expect(seen).toEqual([16]);
    expect(isArmed()).toBe(false);
  });

  it('runs a callback in every frame until it is dropped, and then asks for no more frames', () => {
    const { frames, frame, isArmed } = setUp();
    const seen: number[] = [];
    const drop = frames.every((nowMs) => seen.push(nowMs));
    frame(16);
    frame(32);
    drop();
    expect(seen).toEqual([16, 32]);
    expect(isArmed()).toBe(false);
  });

  it('lets a callback be taken back before its frame', () => {
    const { frames, frame } = setUp();
    const seen: number[] = [];
    frames.once((nowMs) => seen.push(nowMs))();
    frame(16);
    expect(seen).toEqual([]);
  });

  it('counts frames and what they cost', () => {
    const { frames, frame, spend } = setUp();
    frames.once(() => spend(7));
    frame(16);
    frames.once(() => spend(3));
    frame(32);
    expect(frames.counters()).toEqual({ frames: 2, lastMs: 3, longestMs: 7 });
  });
});
