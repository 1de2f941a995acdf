import type { Result } from '../protocol/result.ts';
import type { ProducerKey, RunKey, SourceId } from '../protocol/tab/keys.ts';
import type { DecisionProblem, DecisionRequest } from '../protocol/tab/review-model.ts';
import type { SourceState } from '../protocol/tab/source-model.ts';
import type { DownFrame } from '../protocol/wire/codec.ts';
import type { HistoryHead, HistoryKey, HistoryRun } from '../protocol/tab/history-model.ts';
import type { Change } from './change.ts';
import type { OpenedRunRecords } from './history-state.ts';
import type { RegistryLimits } from './producer-registry.ts';
import type { RestoredProducer } from './restore-producer.ts';
import type { LoggedChange } from './logged-change.ts';

/**
 * Everything that can happen to the hub, as data. `nowMs` is the hub's clock at that moment, in milliseconds since the
 * Unix epoch, and must not run backwards. An action about a source that is not there does nothing.
 */
export type HubAction =
  /** `sourceKind` only where the first frame cannot show it: the demo speaks like an embedded dashboard. */
  | {
      readonly kind: 'source-added';
      readonly sourceId: SourceId;
      /** The socket's address, for the screen. */
      readonly url: string;
      readonly label: string;
      readonly sourceKind?: 'demo';
      readonly nowMs: number;
    }
  | { readonly kind: 'source-removed'; readonly sourceId: SourceId; readonly nowMs: number }
  | { readonly kind: 'source-renamed'; readonly sourceId: SourceId; readonly label: string; readonly nowMs: number }
  /** Every change of the connection. A cut must be said: it decides what is known about open reviews. */
  | {
      readonly kind: 'source-state';
      readonly sourceId: SourceId;
      readonly state: SourceState;
      readonly nowMs: number;
    }
  /** One frame that the codec could read, and its text as it came. */
  | {
      readonly kind: 'frame';
      readonly sourceId: SourceId;
      readonly frame: DownFrame;
      readonly text: string;
      readonly nowMs: number;
    }
  /** One frame that the codec could not read. */
  | { readonly kind: 'unreadable'; readonly sourceId: SourceId; readonly nowMs: number }
  | { readonly kind: 'decide'; readonly request: DecisionRequest; readonly nowMs: number }
  /** Time has passed. Due at the hub's next deadline at the latest. */
  | { readonly kind: 'tick'; readonly nowMs: number }
  /** The hub itself has something to say to the person: a sentence. */
  | { readonly kind: 'notice'; readonly text: string; readonly nowMs: number }
  /** How many tabs share this hub now. */
  | { readonly kind: 'tabs-counted'; readonly tabs: number }
  /** How this browser is named as the one who decided. */
  | { readonly kind: 'named'; readonly by: string }
  /** A producer of a source that has not greeted yet, as an earlier hub knew it. */
  | { readonly kind: 'restored'; readonly kept: RestoredProducer; readonly nowMs: number }
  /** The storage says how the history is. */
  | {
      readonly kind: 'history';
      readonly head: HistoryHead;
      readonly runs: readonly HistoryRun[];
      readonly gone: readonly HistoryKey[];
    }
  /** A run out of the history is to be looked at. */
  | { readonly kind: 'opened'; readonly records: OpenedRunRecords }
  /** The person deleted a run that is shown live. */
  | { readonly kind: 'run-deleted'; readonly producer: ProducerKey; readonly run: RunKey }
  /** What is kept in memory, at most, from now on. */
  | { readonly kind: 'limited'; readonly limits: Partial<RegistryLimits>; readonly nowMs: number }
  /** The remembered sources have been loaded. */
  | { readonly kind: 'ready' };

/** A frame to be sent to a source, on the connection that it has now. */
export interface HubWrite {
  readonly sourceId: SourceId;
  readonly text: string;
}

/** What an action led to. */
export interface HubOutput {
  /** What may look different now; for every view feed, in order. */
  readonly changes: readonly Change[];
  readonly writes: readonly HubWrite[];
  /** What of it is to outlast the hub, in order. */
  readonly logged: readonly LoggedChange[];
  /** The answer to `decide`; absent otherwise. */
  readonly decided?: Result<{ readonly sent: true }, DecisionProblem>;
}
