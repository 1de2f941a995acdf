/** How something on the timeline is, which gives its colour; `ended`: it was under way when its run ended. */
export type Tone = 'done' | 'running' | 'failed' | 'waiting' | 'ended';

/** What is drawn: a task's bar, a wait, a small bar below a task, or a mark. */
export type SpanKind = 'task' | 'wait' | 'iteration' | 'delegation' | 'tool';

/** One stretch of time on the timeline. Its owner, the model, changes it in place; all others only read it. */
export interface Span {
  readonly id: string;
  readonly kind: SpanKind;
  /** The task that it is, or belongs to. */
  readonly taskId: string | undefined;
  order: number;
  startMs: number;
  /** Undefined while it goes on. */
  endMs: number | undefined;
  tone: Tone;
  label: string;
  isEstimated: boolean;
}

/** What counts most where there is no room for all: the higher, the louder. */
export const LOUDNESS: Readonly<Record<Tone, number>> = { waiting: 4, failed: 3, running: 2, ended: 1, done: 0 };

/** Where a span ends for layout: one that goes on has no end. */
export function layoutEnd(span: Readonly<Span>): number {
  return span.endMs ?? Infinity;
}

/** In time, and where that is the same in the order of the run. */
export function byStart(a: Readonly<Span>, b: Readonly<Span>): number {
  return a.startMs - b.startMs || a.order - b.order;
}
