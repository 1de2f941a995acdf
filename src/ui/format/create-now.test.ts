import { createRoot } from 'solid-js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createNow } from './create-now.ts';

afterEach(() => vi.useRealTimers());

describe('createNow', () => {
  it('changes on whole seconds and stops with its owner', () => {
    vi.useFakeTimers({ now: 10_400 });
    createRoot((dispose) => {
      const now = createNow();
      expect(now()).toBe(10_400);
      vi.advanceTimersByTime(600);
      expect(now()).toBe(11_000);
      vi.advanceTimersByTime(1000);
      expect(now()).toBe(12_000);
      dispose();
      expect(vi.getTimerCount()).toBe(0);
    });
  });
});
