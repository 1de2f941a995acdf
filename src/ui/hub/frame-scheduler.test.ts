import { describe, expect, it } from 'vitest';
import { FrameScheduler } from './frame-scheduler.ts';

function setUp() {
  let waiting: ((nowMs: number) => void) | undefined;
  let clock = 0;
  const timers = new Map<() => void, number>();
  const frames = new FrameScheduler(
    {
      request: (callback) => {
        waiting = callback;
        return 1;
      },
      wait: (callback, delayMs) => {
        timers.set(callback, delayMs);
        return () => timers.delete(callback);
      },
    },
    () => clock,
  );
  function frame(nowMs: number): void {
    const run = waiting;
    waiting = undefined;
    run?.(nowMs);
  }
  function ring(): number[] {
    const due = [...timers];
    timers.clear();
    for (const [callback] of due) callback();
    return due.map(([, delayMs]) => delayMs);
  }
  return { frames, frame, ring, isArmed: () => waiting !== undefined, spend: (ms: number) => (clock += ms) };
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

  it('lets a callback that fails take no frame from the others', () => {
    const { frames, frame } = setUp();
    const seen: number[] = [];
    frames.once(() => {
      throw new Error('no bar to draw');
    });
    frames.once((nowMs) => seen.push(nowMs));
    expect(() => frame(16)).toThrow('no bar to draw');
    expect([seen, frames.counters().frames]).toEqual([[16], 1]);
  });

  it('runs a callback after a while, and asks for no frame before', () => {
    const { frames, frame, ring, isArmed } = setUp();
    const seen: number[] = [];
    frames.after(300, (nowMs) => seen.push(nowMs));
    expect(isArmed()).toBe(false);
    expect(ring()).toEqual([300]);
    frame(316);
    expect(seen).toEqual([316]);
    expect(isArmed()).toBe(false);
  });

  it('lets what was to come after a while be taken back, before it and between it and its frame', () => {
    const { frames, frame, ring } = setUp();
    const seen: number[] = [];
    frames.after(300, (nowMs) => seen.push(nowMs))();
    expect(ring()).toEqual([]);
    const callOff = frames.after(300, (nowMs) => seen.push(nowMs));
    ring();
    callOff();
    frame(316);
    expect(seen).toEqual([]);
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
