import type { Result } from '../protocol/result.ts';
import type { DecisionProblem } from '../protocol/tab/review-model.ts';
import type { Change } from './change.ts';
import type { HubWrite } from './hub-action.ts';
import type { HubProducer, HubSource, HubState } from './hub-state.ts';
import type { LoggedChange } from './logged-change.ts';
import { comparePositions, type LogPosition } from './logged-event.ts';

/** One action while it is being worked on: the state it works on, and what it has led to so far. */
export interface HubWork {
  readonly state: HubState;
  /** The hub's clock at this action, in milliseconds since the Unix epoch. */
  readonly nowMs: number;
  readonly changes: Change[];
  readonly writes: HubWrite[];
  /** What of it is to outlast the hub. */
  readonly logged: LoggedChange[];
  /** Producers whose line in the roster may differ once the action is over. */
  readonly touched: Set<HubProducer>;
  /** Producers of which something came late, and the earliest place from which their runs are to be reduced again. */
  readonly again: Map<HubProducer, LogPosition>;
  /** The time of the event that is being heard, by its own clock, in milliseconds; `undefined` between events. */
  eventMs: number | undefined;
  decided: Result<{ readonly sent: true }, DecisionProblem> | undefined;
}

/** Begins to work on an action. */
export function beginWork(state: HubState, nowMs: number): HubWork {
  return {
    state,
    nowMs,
    changes: [],
    writes: [],
    logged: [],
    touched: new Set(),
    again: new Map(),
    eventMs: undefined,
    decided: undefined,
  };
}

/** Notes that runs of this producer are to be reduced again from the one that `position` falls into. */
export function reduceAgainFrom(work: HubWork, producer: HubProducer, position: LogPosition): void {
  const known = work.again.get(producer);
  if (known === undefined || comparePositions(position, known) < 0) work.again.set(producer, position);
}

/** The text goes to the source, on the connection that it has now. */
export function writeTo(work: HubWork, source: HubSource, text: string): void {
  work.writes.push({ sourceId: source.id, text });
}
