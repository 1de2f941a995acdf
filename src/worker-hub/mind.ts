import type { HubAction, HubOutput, HubWrite } from '../hub/hub-action.ts';
import type { Change } from '../hub/change.ts';
import { hubReducer, nextDeadlineMs } from '../hub/hub-reducer.ts';
import type { LoggedChange } from '../hub/logged-change.ts';
import { createHubState, type HubState } from '../hub/hub-state.ts';
import type { CancelTimer, Clock } from './clock.ts';

/** How soon after an action the next deadline is looked for, ms: once for all that happens meanwhile. */
const DEADLINE_CHECK_MS = 50;

/** Who is told what the mind has thought. */
export interface MindListener {
  onChanges(changes: readonly Change[]): void;
  onWrite(write: HubWrite): void;
  /** What of it is to outlast the hub. */
  onLogged(logged: readonly LoggedChange[]): void;
}

/** The hub's state and its reducer, with the clock that tells them that time has passed. */
export class Mind {
  readonly state: HubState = createHubState();
  readonly #clock: Clock;
  readonly #listener: MindListener;
  #cancelTimer: CancelTimer | undefined;
  #isCheckDue = false;
  #checkedAtMs = -Infinity;

  constructor(clock: Clock, listener: MindListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  /** Lets something happen, and passes on what it led to. */
  dispatch(action: HubAction): HubOutput {
    const output = hubReducer(this.state, action);
    this.#listener.onChanges(output.changes);
    for (const write of output.writes) this.#listener.onWrite(write);
    this.#listener.onLogged(output.logged);
    this.#checkSoon();
    return output;
  }

  /** Stops the clock. */
  end(): void {
    this.#cancelTimer?.();
    this.#isCheckDue = true;
  }

  #checkSoon(): void {
    if (this.#isCheckDue) return;
    this.#isCheckDue = true;
    this.#setTimer(DEADLINE_CHECK_MS);
  }

  #setTimer(delayMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#clock.after(delayMs, () => this.#check());
  }

  #check(): void {
    this.#isCheckDue = false;
    const nowMs = this.#clock.nowMs();
    const deadlineMs = nextDeadlineMs(this.state);
    const wasSetBack = nowMs < this.#checkedAtMs;
    this.#checkedAtMs = nowMs;
    if (deadlineMs === undefined) return;
    // What waits for a while knows of a clock that was set back only when it is told the time.
    if (deadlineMs <= nowMs || wasSetBack) this.dispatch({ kind: 'tick', nowMs });
    else this.#setTimer(deadlineMs - nowMs);
  }
}
