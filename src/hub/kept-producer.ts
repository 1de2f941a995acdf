import type { SourceId } from '../protocol/tab/keys.ts';
import type { RunStateWord } from '../protocol/tab/run-model.ts';
import type { ProducerInfo } from '../protocol/wire/envelope.ts';
import type { GapAhead } from './live/gaps.ts';
import type { LogPosition } from './logged-event.ts';
import type { NumberRange } from './number-ranges.ts';
import type { Presence } from './producer-record.ts';
import type { KeptRecord } from './review-record.ts';

/** One life of a producer's process: where it began, and which of its events are missing. */
export interface KeptLife {
  readonly epoch: number;
  readonly firstSequence: number;
  readonly missing: readonly NumberRange[];
}

/** What is to outlast the hub of a producer, beside its events: plain data. */
export interface KeptProducer {
  readonly sourceId: SourceId;
  readonly producerId: string;
  /** What its source is. */
  readonly kind: 'hub' | 'embedded';
  /** What its service is called, and where it came from, for the history. */
  readonly serviceName?: string;
  readonly sourceLabel: string;
  readonly info?: ProducerInfo;
  readonly presence: Presence;
  /** Milliseconds since the Unix epoch. */
  readonly lastSeenMs: number;
  readonly lives: readonly KeptLife[];
  readonly gaps: readonly GapAhead[];
  /** The number of the oldest run that its log holds. */
  readonly firstRun: number;
  /** Since when touch is lost with each of its runs with which it is, by where they begin. */
  readonly lost: readonly { readonly begins: LogPosition; readonly lostAtMs: number }[];
  /** At an embedded dashboard: the next number of the newest life. */
  readonly nextSequence: number;
  /** The ensemble ids of runs that a greeting may not bring back. */
  readonly forgotten: readonly string[];
}

/** What is to outlast the hub of a run, beside its events: its line in the history. Plain data. */
export interface KeptRun {
  readonly begins: LogPosition;
  readonly number: number;
  readonly ensembleId?: string;
  readonly workflow?: string;
  readonly title: string;
  readonly state: RunStateWord;
  /** Whether its process may still add to it. */
  readonly isOpen: boolean;
  readonly exitReason?: string;
  readonly startedAtMs?: number;
  readonly durationMs?: number;
  readonly tasksFinished: number;
  readonly tasksTotal: number;
  readonly events: number;
}

/** A review and since when it waits no longer, in milliseconds since the Unix epoch. */
export interface KeptReview extends KeptRecord {
  readonly endedAtMs?: number;
}
