import type { ProducerKey, RunKey, SourceId } from './keys.ts';
import type { RunStateWord } from './run-model.ts';

/** One run that is kept: `PRODUCER_KEY EPOCH.SEQUENCE` of its first event. Stable for as long as it is kept. */
export type HistoryKey = string;

/** The key of the run of a producer that begins at this place. */
export function historyKey(
  producer: ProducerKey,
  begins: { readonly epoch: number; readonly sequence: number },
): HistoryKey {
  return `${producer} ${begins.epoch}.${begins.sequence}`;
}

/** The halves of a history key: the producer, and the place as `EPOCH.SEQUENCE`; the inverse of `historyKey`. */
export function splitHistoryKey(key: HistoryKey): { producer: ProducerKey; place: string } {
  const space = key.lastIndexOf(' ');
  return { producer: key.slice(0, space), place: key.slice(space + 1) };
}

/** One line of the history. Times are ms since the Unix epoch. */
export interface HistoryRun {
  readonly id: HistoryKey;
  readonly sourceId: SourceId;
  readonly sourceLabel: string;
  readonly producerId: string;
  readonly serviceName?: string;
  readonly ensembleId?: string;
  readonly workflow?: string;
  /** What it was at last. */
  readonly title: string;
  readonly state: RunStateWord;
  readonly exitReason?: string;
  readonly startedAtMs?: number;
  /** When its last event arrived. */
  readonly lastAtMs: number;
  readonly durationMs?: number;
  readonly tasksFinished: number;
  readonly tasksTotal: number;
  readonly events: number;
  /** What its events take. */
  readonly bytes: number;
  readonly isPinned: boolean;
  /** Its process may still add to it, so that it cannot be deleted yet. */
  readonly isOpen: boolean;
}

/** Why runs were let go. */
export type DropReason = 'age' | 'runs' | 'producers' | 'bytes' | 'full' | 'copy';

/** What was let go of the history since it was cleared last, and why. */
export type DroppedRuns = Readonly<Partial<Record<DropReason, number>>>;

/** How the history is kept. `memory`: the storage does not work, and nothing outlasts the hub. */
export interface HistoryHead {
  readonly storage: 'opening' | 'lasting' | 'memory';
  readonly bytes: number;
  readonly limitBytes: number;
  readonly runs: number;
  readonly pinned: number;
  readonly dropped: DroppedRuns;
  /** Records that could not be read. */
  readonly damaged: number;
}

/** A run that was opened: under which keys its views are to be had. */
export interface OpenedRun {
  readonly producer: ProducerKey;
  readonly run: RunKey;
}
