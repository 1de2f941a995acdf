import type { ProducerKey, ReviewKey, RunKey, SourceId } from '../protocol/tab/keys.ts';

/** The collections of the views of one run. */
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
 * A dirty mark: what may look different after an action. A mark names what changed and does not carry it, so that a view
 * which is behind takes the newest of it once; streamed text alone travels in its mark.
 */
export type Change =
  /** The line of this producer in the roster, or the head of its views. */
  | { readonly kind: 'producer'; readonly producer: ProducerKey }
  | { readonly kind: 'producer-removed'; readonly producer: ProducerKey }
  /** The summary of this run. */
  | { readonly kind: 'run'; readonly producer: ProducerKey; readonly run: RunKey }
  /** A newest run began; a run was reduced again from its start; a run is no longer kept. */
  | {
      readonly kind: 'run-began' | 'run-reset' | 'run-dropped';
      readonly producer: ProducerKey;
      readonly run: RunKey;
    }
  | {
      readonly kind: 'entity' | 'removed';
      readonly producer: ProducerKey;
      readonly run: RunKey;
      readonly collection: RunCollection;
      readonly id: string;
    }
  /** Text that a conversation streamed in. */
  | {
      readonly kind: 'append';
      readonly producer: ProducerKey;
      readonly run: RunKey;
      readonly conversation: string;
      readonly text: string;
    }
  /** A review is there, changed, or is no longer kept. */
  | { readonly kind: 'review'; readonly review: ReviewKey; readonly producer: ProducerKey }
  | { readonly kind: 'source'; readonly source: SourceId }
  | { readonly kind: 'source-removed'; readonly source: SourceId }
  /** The counts and notices that every tab is told. */
  | { readonly kind: 'attention' };
