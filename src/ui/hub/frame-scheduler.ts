/** What the scheduler needs of a browser: one frame ahead, in ms of the page's clock. */
export interface FrameSource {
  request(callback: (nowMs: number) => void): number;
  cancel(handle: number): void;
}

/** How the frames went; shown by the bench and in *Settings*. */
export interface FrameCounters {
  readonly frames: number;
  /** Time spent in callbacks of the last frame, and the longest of all, in ms. */
  readonly lastMs: number;
  readonly longestMs: number;
}

/**
 * The one animation frame loop of the page: everything that moves or applies patches registers here, so that one frame does all the
 * work of its moment once and its cost can be seen. It runs only while somebody waits for a frame.
 */
export class FrameScheduler {
  readonly #source: FrameSource;
  readonly #clock: () => number;
  readonly #once = new Set<(nowMs: number) => void>();
  readonly #every = new Set<(nowMs: number) => void>();
  #handle: number | undefined;
  #frames = 0;
  #lastMs = 0;
  #longestMs = 0;

  constructor(source: FrameSource, clock: () => number) {
    this.#source = source;
    this.#clock = clock;
  }

  /** Runs `callback` in the next frame; asked for twice before that, it runs once. Returns how to take it back. */
  once(callback: (nowMs: number) => void): () => void {
    this.#once.add(callback);
    this.#arm();
    return () => this.#once.delete(callback);
  }

  /** Runs `callback` in every frame until the returned function is called. */
  every(callback: (nowMs: number) => void): () => void {
    this.#every.add(callback);
    this.#arm();
    return () => this.#drop(callback);
  }

  counters(): FrameCounters {
    return { frames: this.#frames, lastMs: this.#lastMs, longestMs: this.#longestMs };
  }

  #drop(callback: (nowMs: number) => void): void {
    this.#every.delete(callback);
    if (this.#isIdle() && this.#handle !== undefined) {
      this.#source.cancel(this.#handle);
      this.#handle = undefined;
    }
  }

  #isIdle(): boolean {
    return this.#once.size === 0 && this.#every.size === 0;
  }

  #arm(): void {
    this.#handle ??= this.#source.request((nowMs) => this.#run(nowMs));
  }

  #run(nowMs: number): void {
    this.#handle = undefined;
    const began = this.#clock();
    const once = [...this.#once];
    this.#once.clear();
    for (const callback of once) callback(nowMs);
    for (const callback of this.#every) callback(nowMs);
    this.#count(this.#clock() - began);
    if (!this.#isIdle()) this.#arm();
  }

  #count(ms: number): void {
    this.#frames += 1;
    this.#lastMs = ms;
    this.#longestMs = Math.max(this.#longestMs, ms);
  }
}
