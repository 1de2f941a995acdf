import type { ProducerKey, SourceId } from './keys.ts';

/** A producer's state, as the word that the screen shows. `idle`: connected, and has said nothing yet. */
export type ProducerWord = 'waiting for you' | 'running' | 'failed' | 'done' | 'gone' | 'idle';

/** One producer in the roster. Times are ms since the Unix epoch. */
export interface RosterEntity {
  readonly id: ProducerKey;
  readonly sourceId: SourceId;
  readonly producerId: string;
  readonly serviceName?: string;
  readonly instanceId?: string;
  readonly host?: string;
  readonly version?: string;
  readonly tags: readonly (readonly [name: string, value: string])[];
  readonly state: ProducerWord;
  /** One line: the current task, the review that waits, the failure's reason, or how the last run ended. */
  readonly detail: string;
  /** Since when it is in this state, where that is known. */
  readonly sinceMs?: number;
  readonly lastSeenMs: number;
  readonly runs: number;
  readonly openReviews: number;
  readonly nextDeadlineMs?: number;
  readonly tasksFinished: number;
  readonly tasksTotal: number;
  /** Events that are known to be missing, all epochs together. */
  readonly missing: number;
  /** Messages of this producer that could not be read. */
  readonly unreadable: number;
}

/** Counts over the whole roster by state, for the filter chips. */
export interface RosterHead {
  readonly counts: Readonly<Record<ProducerWord, number>>;
}
