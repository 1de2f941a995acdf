import { describe, expect, test } from 'vitest';
import { FakeClock } from './test-support/fake-clock.ts';
import { WakeTimer } from './wake-timer.ts';

describe('WakeTimer', () => {
  test('rings at the earliest deadline, with one timer', () => {
    const clock = new FakeClock(0);
    const rings: number[] = [];
    const timer = new WakeTimer(clock, () => rings.push(clock.nowMs()));
    timer.wakeBy(500, undefined);
    timer.wakeBy(300);
    timer.wakeBy(400, 700);
    expect(clock.pending).toBe(1);
    clock.advance(1000);
    expect(rings).toEqual([300]);
  });

  test('rings at once for a deadline that has passed, and can be set from its ring', () => {
    const clock = new FakeClock(1000);
    const rings: number[] = [];
    const timer: WakeTimer = new WakeTimer(clock, () => {
      rings.push(clock.nowMs());
      if (rings.length === 1) timer.wakeBy(1500);
    });
    timer.wakeBy(10);
    clock.advance(1000);
    expect(rings).toEqual([1000, 1500]);
  });

  test('is not set for nothing, and never rings once it is disposed of', () => {
    const clock = new FakeClock(0);
    const timer = new WakeTimer(clock, () => expect.unreachable());
    timer.wakeBy(undefined, undefined);
    expect(clock.pending).toBe(0);
    timer.wakeBy(10);
    timer.dispose();
    clock.advance(100);
    expect(clock.pending).toBe(0);
  });
});
