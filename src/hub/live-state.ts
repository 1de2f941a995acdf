import type { ProducerKey } from '../protocol/tab/keys.ts';
import type { DecodedMessage } from '../protocol/wire/ensemble-message.ts';
import type { GapAhead } from './live/gaps.ts';
import type { RunState } from './run-state.ts';

/** One message of a producer, at its place in the producer's history. */
export interface LiveEvent {
  readonly epoch: number;
  readonly sequence: number;
  /** When it was said or arrived, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** False where only its place is known (it came in the greeting of an embedded dashboard): `atMs` is then no earlier than it. */
  readonly isTimeKnown: boolean;
  /** The type of its message, readable or not; `''` if it has none. It decides where runs begin, as it does in the log. */
  readonly type: string;
  readonly message: DecodedMessage;
}

/** Something that stands in a run at a place whose time is not known yet. */
export interface Unplaced {
  readonly run: RunState;
  readonly kind: 'toolCall' | 'delegation' | 'iteration';
  readonly id: string;
  /** It cannot be later than this: it had been said by then. */
  readonly latestMs: number;
}

/** Everything that is known of one producer's runs. Changed in place by the reducer, only read by views. */
export interface LiveState {
  readonly producer: ProducerKey;
  /** Oldest first. What comes without a start belongs to the newest. */
  readonly runs: RunState[];
  /** How many runs there have been, the dropped ones too: the next one's number is one more. */
  runsBegun: number;
  /** The life of the process that spoke last. */
  epoch: number;
  /** The lives that are known from their beginning: each begins a run of its own. */
  readonly freshEpochs: Set<number>;
  /** The latest time that is certain; what has none is placed between it and the next. */
  knownMs: number | undefined;
  unplaced: Unplaced[];
  /** Gaps that wait for the event behind them, which tells their time. */
  gapsAhead: GapAhead[];
}

/** A producer that has said nothing yet. */
export function createLiveState(producer: ProducerKey): LiveState {
  return {
    producer,
    runs: [],
    runsBegun: 0,
    epoch: 0,
    freshEpochs: new Set(),
    knownMs: undefined,
    unplaced: [],
    gapsAhead: [],
  };
}
