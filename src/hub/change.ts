import type { HistoryKey } from '../protocol/tab/history-model.ts';
import type { ProducerKey, ReviewKey, RunKey, SourceId } from '../protocol/tab/keys.ts';

/** The collections of one run that views show, by the name under which a change marks an entity. */
export type RunCollection =
  | 'tasks'
  | 'toolMarks'
  | 'delegations'
  | 'iterations'
  | 'waits'
  | 'gaps'
  | 'conversations'
  | 'messages'
  | 'conversationIterations'
  | 'toolCalls';

/**
 * A mark that something differs now, made by the reducers and read by view feeds. It says what, never how: a feed looks the
 * thing up when it sends, so that a thousand changes of one entity cost one patch. Only streamed text travels in its mark.
 */
export type Change =
  /** The producer itself (its presence, its counters): its line in the roster and the head of its runs may differ. */
  | { readonly kind: 'producer'; readonly producer: ProducerKey }
  /** The summary of a run, and so its producer's line in the roster as well. */
  | { readonly kind: 'run'; readonly producer: ProducerKey; readonly run: RunKey }
  | {
      readonly kind: 'entity' | 'removed';
      readonly producer: ProducerKey;
      readonly run: RunKey;
      readonly collection: RunCollection;
      readonly id: string;
    }
  /** Text was streamed into a conversation. */
  | {
      readonly kind: 'append';
      readonly producer: ProducerKey;
      readonly run: RunKey;
      readonly conversation: string;
      readonly text: string;
    }
  /** There is a new newest run; a run was reduced again from its events; a run is not kept any more. */
  | {
      readonly kind: 'run-began' | 'run-reset' | 'run-dropped';
      readonly producer: ProducerKey;
      readonly run: RunKey;
    }
  | { readonly kind: 'review'; readonly review: ReviewKey; readonly producer: ProducerKey }
  | { readonly kind: 'producer-removed'; readonly producer: ProducerKey }
  | { readonly kind: 'source' | 'source-removed'; readonly source: SourceId }
  /** How the history is, and these lines of it. */
  | { readonly kind: 'history'; readonly runs: readonly HistoryKey[] }
  | { readonly kind: 'attention' };
