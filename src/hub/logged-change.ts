import type { ProducerKey, ReviewKey } from '../protocol/tab/keys.ts';
import type { IterationPair } from '../protocol/wire/llm-iteration.ts';
import type { LoggedEvent, LogPosition } from './logged-event.ts';

/** An event as it outlasts the hub. */
export interface KeptEvent {
  readonly event: LoggedEvent;
  /** It came in the greeting of an embedded dashboard: of its time only the place is known. */
  readonly isUntimed: boolean;
}

/** An iteration that a greeting filled in behind the event at `after`; it has no number of its own. */
export interface KeptFiller {
  readonly after: LogPosition;
  readonly pair: IterationPair;
}

/** What is to outlast the hub of what an action did: for whoever stores it, in order. An event costs one of these. */
export type LoggedChange =
  | ({ readonly kind: 'event'; readonly producer: ProducerKey } & KeptEvent)
  | ({ readonly kind: 'filled'; readonly producer: ProducerKey } & KeptFiller)
  /** All of its events have other numbers now: what was stored of the runs that its log holds is to be written anew. */
  | { readonly kind: 'renumbered'; readonly producer: ProducerKey }
  /** Something else of it may differ: who it is, whether it is there, what is missing of it. */
  | { readonly kind: 'touched'; readonly producer: ProducerKey }
  /** It has left the live roster. */
  | { readonly kind: 'left'; readonly producer: ProducerKey }
  | { readonly kind: 'review'; readonly producer: ProducerKey; readonly review: ReviewKey };
