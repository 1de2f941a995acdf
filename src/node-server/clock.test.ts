import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from './clock.ts';

describe('systemClock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 5_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('tells the time of this machine', () => {
    expect(systemClock.nowMs()).toBe(5_000);
  });

  test('rings once the delay is over, and not before', () => {
    const ring = vi.fn();
    systemClock.after(100, ring);
    vi.advanceTimersByTime(99);
    expect(ring).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(ring).toHaveBeenCalledOnce();
  });

  test('does not ring once it was called off', () => {
    const ring = vi.fn();
    systemClock.after(100, ring)();
    vi.advanceTimersByTime(1000);
    expect(ring).not.toHaveBeenCalled();
  });

  test('does not ring at once when the delay is longer than a timer of Node can wait', () => {
    const ring = vi.fn();
    const cancel = systemClock.after(2 ** 40, ring);
    vi.advanceTimersByTime(10_000);
    expect(ring).not.toHaveBeenCalled();
    cancel();
  });
});
