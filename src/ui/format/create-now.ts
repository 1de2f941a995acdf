import { createSignal, onCleanup } from 'solid-js';
import type { Accessor } from 'solid-js';

/**
 * The time of day, in ms since the Unix epoch, as a signal that changes once in `stepMs` for as long as its owner lives. Steps are aligned
 * to whole seconds, so that all clocks on the screen change together.
 */
export function createNow(stepMs = 1000): Accessor<number> {
  const [now, setNow] = createSignal(Date.now());
  let handle = setTimeout(step, untilNext());
  function untilNext(): number {
    return stepMs - (Date.now() % stepMs);
  }
  function step(): void {
    setNow(Date.now());
    handle = setTimeout(step, untilNext());
  }
  onCleanup(() => clearTimeout(handle));
  return now;
}
