import type { Change } from '../../src/hub/change.ts';
import { liveReducer } from '../../src/hub/live-reducer.ts';
import { type LiveEvent, type LiveState, createLiveState } from '../../src/hub/live-state.ts';
import { dropRuns } from '../../src/hub/live/drop-runs.ts';
import { fillIterations } from '../../src/hub/live/fill-iterations.ts';
import { noteGap } from '../../src/hub/live/gaps.ts';
import { setReviewWait } from '../../src/hub/live/review-waits.ts';
import { loseTouch, regainTouch } from '../../src/hub/live/touch.ts';
import { comparePositions } from '../../src/hub/logged-event.ts';
import { reduceRunAgain } from '../../src/hub/reduce-run-again.ts';
import { reviewKey } from '../../src/protocol/tab/keys.ts';
import type { IterationPair } from '../../src/protocol/wire/llm-iteration.ts';
import { eventOf } from './live-events.ts';
import { BEGIN_MS, PRODUCER } from './live-story.ts';
import type { Aside } from './live-traffic.ts';

/** A hub as small as can be: one producer, and a log of all its events. */
export class LiveHub {
  readonly live: LiveState = createLiveState(PRODUCER);
  readonly log: LiveEvent[] = [];
  #epoch = 1;
  #sequence = 0;

  /** Takes in what is said, and returns what differs. */
  take(aside: Aside): Change[] {
    const changes: Change[] = [];
    const { live } = this;
    if (aside.kind === 'message') this.#message(aside, changes);
    else if (aside.kind === 'gap') this.#gap(aside.events);
    else if (aside.kind === 'restart') this.#restart(aside.sequence);
    else if (aside.kind === 'drop') dropRuns(live, [aside.index], changes);
    else if (aside.kind === 'wait') this.#wait(aside, changes);
    else if (aside.kind === 'fill') fillIterations(live, [aside as unknown as IterationPair], changes);
    else if (aside.kind === 'again') this.#again(aside.from, changes);
    else if (aside.kind === 'lose') loseTouch(live, this.#nowMs, changes);
    else regainTouch(live, changes);
    return changes;
  }

  get #nowMs(): number {
    return BEGIN_MS + this.log.length * 1000;
  }

  #message({ message, isTimeKnown }: Extract<Aside, { kind: 'message' }>, changes: Change[]): void {
    this.#sequence += 1;
    const at = { sequence: this.#sequence, epoch: this.#epoch, atMs: this.#nowMs };
    const event = { ...eventOf(message, at), isTimeKnown };
    this.log.push(event);
    liveReducer(this.live, event, changes);
  }

  #gap(events: number): void {
    noteGap(this.live, {
      kind: 'missing',
      epoch: this.#epoch,
      from: this.#sequence + 1,
      to: this.#sequence + events,
    });
    this.#sequence += events;
  }

  #restart(sequence: number): void {
    this.#epoch += 1;
    this.#sequence = sequence - 1;
  }

  #wait({ reviewId, isOpen, fromMs }: Extract<Aside, { kind: 'wait' }>, changes: Change[]): void {
    const position = { epoch: this.#epoch, sequence: this.#sequence };
    const review = reviewKey(PRODUCER, reviewId);
    const told = { review, reviewId, taskDescription: 'Task 1', fromMs: BEGIN_MS + fromMs, isOpen, position };
    setReviewWait(this.live, isOpen ? told : { ...told, toMs: BEGIN_MS + fromMs + 10 }, changes);
  }

  #again(from: number, changes: Change[]): void {
    const run = this.live.runs[from];
    if (run === undefined) return;
    const events = this.log.filter((event) => comparePositions(event, run.begins) >= 0);
    reduceRunAgain(this.live, { runIndex: from, events }, changes);
  }
}
