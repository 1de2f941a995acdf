import {
  Virtualizer,
  elementScroll,
  measureElement,
  observeElementOffset,
  observeElementRect,
} from '@tanstack/solid-virtual';
import type { VirtualizerOptions } from '@tanstack/solid-virtual';
import { createComputed, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js';
import type { Accessor } from 'solid-js';

/** One row that is drawn. */
export interface VirtualRow {
  readonly key: string;
  readonly index: number;
  /** Its top, px from the top of all rows. */
  readonly topPx: number;
  readonly bottomPx: number;
}

/** A list of which only what is seen is drawn. */
export interface VirtualRows {
  readonly keys: Accessor<readonly string[]>;
  readonly row: (key: string) => VirtualRow | undefined;
  readonly totalPx: Accessor<number>;
  /** The first row of which something is seen. */
  readonly first: () => VirtualRow | undefined;
  /** To be given every row's element: its height is measured, now and whenever it changes. */
  readonly measure: (element: HTMLElement) => void;
  readonly scrollTo: (index: number) => void;
}

/** What the rows are. */
export interface VirtualRowsOptions {
  /** In order. Those of other ids are other rows, however many there are. */
  readonly rows: Accessor<readonly { readonly id: string }[]>;
  /** A guess for rows that were not measured yet, px. */
  readonly guessPx: (index: number) => number;
  readonly scroller: Accessor<HTMLElement | undefined>;
}

/** Rows drawn beyond the edge, so that a quick scroll finds them there. */
const OVERSCAN = 8;

/** A screen before it was measured, px. */
const UNMEASURED = { width: 800, height: 800 };

/**
 * Rows of heights that are only known once they are drawn. The library's own binding for Solid compares its rows with themselves when one of them
 * grows, and so does not notice; this one copies what is drawn.
 */
export function createVirtualRows(options: VirtualRowsOptions): VirtualRows {
  const [drawn, setDrawn] = createSignal<ReadonlyMap<string, VirtualRow>>(new Map());
  const [totalPx, setTotalPx] = createSignal(0);
  // A row that only changes is laid out as before: of ten thousand the places are found anew for other rows alone.
  const keys = createMemo(() => options.rows().map(({ id }) => id), [], { equals: isSameList });
  const settings = (): Settings => ({ ...settingsOf(options, read), ...keyed(keys()) });
  const virtual = new Virtualizer<HTMLElement, HTMLElement>(settings());

  function read(): void {
    const rows = virtual.getVirtualItems().map(({ key, index, start, end }) => {
      return [String(key), { key: String(key), index, topPx: start, bottomPx: end }] as const;
    });
    setDrawn(new Map(rows));
    setTotalPx(virtual.getTotalSize());
  }

  createComputed(() => {
    virtual.setOptions(settings());
    read();
  });
  // Not before the scroller is in the page: until then it has no window whose sizes could be observed.
  createEffect(on(options.scroller, () => (virtual._willUpdate(), read())));
  onCleanup(virtual._didMount());

  return {
    keys: () => [...drawn().keys()],
    row: (key) => drawn().get(key),
    totalPx,
    first: () => [...drawn().values()].find((row) => row.bottomPx > (virtual.scrollOffset ?? 0)),
    measure: (element) => queueMicrotask(() => virtual.measureElement(element)),
    scrollTo: (index) => virtual.scrollToIndex(index, { align: 'start' }),
  };
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}

type Settings = VirtualizerOptions<HTMLElement, HTMLElement>;

/** A function of its own for these keys: the library keeps what it laid out for as long as the function is the same. */
function keyed(keys: readonly string[]): Pick<Settings, 'count' | 'getItemKey'> {
  return { count: keys.length, getItemKey: (index) => keys[index] ?? String(index) };
}

function settingsOf(options: VirtualRowsOptions, onChange: () => void): Omit<Settings, 'count' | 'getItemKey'> {
  return {
    getScrollElement: () => options.scroller() ?? null,
    estimateSize: options.guessPx,
    overscan: OVERSCAN,
    initialRect: UNMEASURED,
    // What is not laid out (hidden, or in a test without layout) has no height: the guesses stand.
    observeElementRect: (instance, note) =>
      observeElementRect(instance, (rect) => note(rect.height > 0 ? rect : UNMEASURED)),
    measureElement: (element, entry, instance) =>
      measureElement(element, entry, instance) || options.guessPx(instance.indexFromElement(element)),
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange,
  };
}
