import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the delay is looked at, in milliseconds: often enough for its 99th percentile, seldom enough to cost nothing. */
const RESOLUTION_MS = 20;
const NS_PER_S = 1e9;

/** How much later than planned things happened, in seconds. */
export interface DelayQuantiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * Measures how late the event loop runs, once somebody has asked: the measuring
 * itself wakes the process, and nobody should pay for what nobody reads.
 */
export class EventLoopDelay {
  #histogram: IntervalHistogram | undefined;

  /** The delays since this was asked last; the first time, there are none yet. */
  read(): DelayQuantiles | undefined {
    if (this.#histogram === undefined) {
      this.#histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      this.#histogram.enable();
      return undefined;
    }
    const histogram = this.#histogram;
    if (histogram.count === 0) return undefined;
    const seconds = (ns: number) => Math.max(0, ns / NS_PER_S - RESOLUTION_MS / 1000);
    const quantiles = {
      p50: seconds(histogram.percentile(50)),
      p99: seconds(histogram.percentile(99)),
      max: seconds(histogram.max),
    };
    histogram.reset();
    return quantiles;
  }

  /** Ends the measuring. */
  dispose(): void {
    this.#histogram?.disable();
    this.#histogram = undefined;
  }
}
