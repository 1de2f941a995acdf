import { applyViewPatches } from '../../protocol/tab/apply-view-patches.ts';
import type { StreamFrame } from '../../protocol/tab/stream.ts';
import type { ViewData, ViewName, ViewPatch } from '../../protocol/tab/view-data.ts';

/** What is to be done with a frame: nothing, draw it, or ask for a new snapshot because something was missed. */
export type FrameOutcome = 'ignored' | 'accepted' | 'hole';

/** What has arrived since the last draw. */
export interface ViewUpdate<V extends ViewName> {
  /** A whole new view, with the patches that came after it already applied. */
  readonly snapshot?: ViewData<V>;
  /** Without a snapshot: the patches to apply to the view that is shown. */
  readonly patches: readonly ViewPatch<V>[];
  readonly generation: number;
  readonly number: number;
}

/**
 * Collects the frames of one subscription between two draws, in order: a snapshot begins a generation, patches must count up without a hole,
 * another generation's frames are dropped. Pure: it draws nothing and answers nobody.
 */
export class ViewStream<V extends ViewName> {
  #generation = -1;
  #number = -1;
  #snapshot: ViewData<V> | undefined;
  #patches: ViewPatch<V>[] = [];
  #hasNews = false;

  /** Takes one frame. After `hole` everything is ignored until the next snapshot. */
  accept(frame: StreamFrame): FrameOutcome {
    if ('snapshot' in frame) return this.#begin(frame);
    if (frame.generation !== this.#generation) return 'ignored';
    if (frame.number !== this.#number + 1) return this.#breakOff();
    this.#number = frame.number;
    this.#append(frame.patches as readonly ViewPatch<V>[]);
    return 'accepted';
  }

  /** What is to be drawn now, once; undefined when nothing has come. */
  take(): ViewUpdate<V> | undefined {
    if (!this.#hasNews) return undefined;
    const update = {
      ...(this.#snapshot !== undefined && { snapshot: this.#snapshot }),
      patches: this.#patches,
      generation: this.#generation,
      number: this.#number,
    };
    this.#forgetNews();
    return update;
  }

  #begin(frame: Extract<StreamFrame, { snapshot: unknown }>): FrameOutcome {
    this.#generation = frame.generation;
    this.#number = 0;
    this.#snapshot = frame.snapshot as ViewData<V>;
    this.#patches = [];
    this.#hasNews = true;
    return 'accepted';
  }

  #append(patches: readonly ViewPatch<V>[]): void {
    if (this.#snapshot === undefined) this.#patches.push(...patches);
    else applyViewPatches(this.#snapshot, patches);
    this.#hasNews = true;
  }

  #breakOff(): FrameOutcome {
    this.#generation = -1;
    this.#number = -1;
    this.#forgetNews();
    return 'hole';
  }

  #forgetNews(): void {
    this.#snapshot = undefined;
    this.#patches = [];
    this.#hasNews = false;
  }
}
