/**
 * Text that came from an agent or a tool, as a view carries it: at most `BODY_PREVIEW_CHARS` of it travel in snapshots and
 * patches, so that a 100 KB answer costs a tab nothing until somebody opens it. The rest is asked for with `read(ref)`.
 */
export interface Body {
  /** The text, or its beginning where `ref` is there. */
  readonly text: string;
  /** Length of the whole text in UTF-16 units. */
  readonly totalChars: number;
  /** What to hand to `read` for the whole text; absent when `text` is the whole. */
  readonly ref?: BodyRef;
}

/** Opaque name of a body that the hub holds; valid while its run is kept. */
export type BodyRef = string;

/** How much of a body travels in a view, in UTF-16 units (4 KiB of ASCII). */
export const BODY_PREVIEW_CHARS = 4096;
