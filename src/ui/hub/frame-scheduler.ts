/** What the scheduler needs of a browser: one frame ahead, in ms of the page's clock, and a timer for what has time. */
export interface FrameSource {
  request(callback: (nowMs: number) => void): void;
  /** Calls back once after so many ms, unless it is called off by the function that it returns. */
  wait(callback: () => void, delayMs: number): () => void;
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
  #isAsked = false;
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

  /** Runs `callback` once in the first frame that is so many ms away; until then no frame is asked for. Returns how to take it back. */
  after(delayMs: number, callback: (nowMs: number) => void): () => void {
    const callOff = this.#source.wait(() => this.once(callback), delayMs);
    return () => {
      callOff();
      this.#once.delete(callback);
    };
  }

  counters(): FrameCounters {
    return { frames: this.#frames, lastMs: this.#lastMs, longestMs: this.#longestMs };
  }

  #arm(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#source.request((nowMs) => this.#run(nowMs));
  }

  #run(nowMs: number): void {
    this.#isAsked = false;
    const began = this.#clock();
    const once = [...this.#once];
    this.#once.clear();
    const errors = once.flatMap((callback) => errorOf(() => callback(nowMs)));
    this.#count(this.#clock() - began);
    // Said once the others have had their turn.
    if (errors.length > 0) throw errors[0];
  }

  #count(ms: number): void {
    this.#frames += 1;
    this.#lastMs = ms;
    this.#longestMs = Math.max(this.#longestMs, ms);
  }
}

function errorOf(run: () => void): unknown[] {
  try {
    run();
    return [];
  } catch (error) {
    return [error];
  }
}
