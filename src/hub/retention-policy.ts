import { ITERATION_TYPES } from '../protocol/wire/ensemble-message.ts';

/** What may be kept of one producer, in bytes, unless told otherwise. */
export const MAX_BYTES_PER_PRODUCER = 8 * 1024 * 1024;

/** What can be let go while its run is kept, in the order in which it goes. */
export const TRIM_ORDER = ['token', 'iteration', 'tool', 'input', 'other'] as const;

/** A group of messages that go together. */
export type TrimClass = (typeof TRIM_ORDER)[number];

/** Starts and ends: without them a run cannot be told, so they stay while it does. */
const SKELETON_TYPES: ReadonlySet<string> = new Set([
  'ensemble_started',
  'ensemble_completed',
  'task_started',
  'task_completed',
  'task_failed',
  'delegation_started',
  'delegation_completed',
  'delegation_failed',
]);

/** Whether a message stays for as long as its run, whatever else has to go. */
export function isSkeleton(type: string): boolean {
  return SKELETON_TYPES.has(type);
}

/** The group of a message, or `undefined` if it stays as long as its run. An open review does. */
export function trimClass(type: string, isOpenReview: boolean): TrimClass | undefined {
  if (isOpenReview || isSkeleton(type)) return undefined;
  if (ITERATION_TYPES.has(type)) return 'iteration';
  if (type === 'token') return 'token';
  if (type === 'tool_called') return 'tool';
  return type === 'task_input' ? 'input' : 'other';
}

/** What the policy needs to know of a run. The last run of a producer is the one that is not closed. */
export interface RunWeight {
  readonly bytes: number;
  readonly trimmableBytes: Readonly<Record<TrimClass, number>>;
  readonly hasOpenReview: boolean;
}

/** One thing to let go: the oldest `bytes` of a group of a run, or a run as a whole. */
export type ShrinkStep =
  | { readonly kind: 'trim'; readonly runIndex: number; readonly trimClass: TrimClass; readonly bytes: number }
  | { readonly kind: 'drop'; readonly runIndex: number };

/**
 * What to let go so that at least `excessBytes` come free, or as much as can:
 * first within the closed runs, oldest first, in the order of
 * {@link TRIM_ORDER}; then within the open one; then the oldest closed runs as a
 * whole. A run with an open review is never dropped.
 */
export function planShrink(runs: readonly RunWeight[], excessBytes: number): ShrinkStep[] {
  const steps: ShrinkStep[] = [];
  let excess = excessBytes;
  const leftBytes = runs.map((run) => run.bytes);
  for (const [runIndex, run] of runs.entries()) {
    for (const group of TRIM_ORDER) {
      const bytes = Math.min(run.trimmableBytes[group], excess);
      if (bytes <= 0) continue;
      steps.push({ kind: 'trim', runIndex, trimClass: group, bytes });
      leftBytes[runIndex] = (leftBytes[runIndex] ?? 0) - bytes;
      excess -= bytes;
    }
  }
  for (const [runIndex, run] of runs.entries()) {
    if (excess <= 0 || runIndex === runs.length - 1) break;
    if (run.hasOpenReview) continue;
    steps.push({ kind: 'drop', runIndex });
    excess -= leftBytes[runIndex] ?? 0;
  }
  return steps;
}

/** Which runs go so that no more than `maxRuns` are kept: the oldest closed ones without an open review. */
export function excessRuns(runs: readonly { readonly hasOpenReview: boolean }[], maxRuns: number): number[] {
  const closed = [...runs.keys()].slice(0, -1);
  return closed.filter((index) => runs[index]?.hasOpenReview === false).slice(0, Math.max(runs.length - maxRuns, 0));
}
