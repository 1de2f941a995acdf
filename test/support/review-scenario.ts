import type { EnsembleMessage } from '../../src/protocol/wire/ensemble-message.ts';
import type { ReviewRequested } from '../../src/protocol/wire/review.ts';
import { ReviewLedger } from '../../src/hub/review-ledger.ts';
import type { ReviewLimits, ReviewWire } from '../../src/hub/review-options.ts';
import type { LedgerOutput } from '../../src/hub/review-output.ts';
import type { Refusal } from '../../src/hub/review-refusal.ts';
import type { ReviewState } from '../../src/hub/review-record.ts';

/** Times of a scenario are in milliseconds from here. */
export const START_MS = Date.parse('2026-01-01T00:00:00.000Z');

const AT = '2026-01-01T00:00:00Z';

/** A run begins. */
export function runStarted(ensembleId = 'e1'): EnsembleMessage {
  return { type: 'ensemble_started', ensembleId, startedAt: AT, totalTasks: 2, workflow: 'SEQUENTIAL' };
}

/** A run ends. */
export function runEnded(exitReason = 'COMPLETED', ensembleId = 'e1'): EnsembleMessage {
  const totals = { durationMs: 1, totalTokens: -1, totalToolCalls: 0 };
  return { type: 'ensemble_completed', ensembleId, completedAt: AT, exitReason, ...totals };
}

/** A task begins; `startedAt` tells two starts of one index apart. */
export function taskStarted(taskDescription = 'Draft', taskIndex = 1, startedAt = AT): EnsembleMessage {
  return { type: 'task_started', taskIndex, totalTasks: 2, taskDescription, agentRole: 'Writer', startedAt };
}

/** A task is done. */
export function taskCompleted(taskDescription = 'Draft', taskIndex = 1): EnsembleMessage {
  const totals = { totalTasks: 2, durationMs: 1, tokenCount: -1, toolCallCount: 0 };
  return { type: 'task_completed', taskIndex, taskDescription, agentRole: 'Writer', completedAt: AT, ...totals };
}

/** A task fails. */
export function taskFailed(taskDescription = 'Draft', taskIndex = 1): EnsembleMessage {
  return { type: 'task_failed', taskIndex, taskDescription, agentRole: 'Writer', failedAt: AT, reason: 'why' };
}

/** An agent asks its model. */
export function iterated(taskDescription = 'Draft', iterationIndex = 0): EnsembleMessage {
  return { type: 'llm_iteration_started', agentRole: 'Writer', taskDescription, iterationIndex, messages: [] };
}

/** A model streams. */
export function token(taskDescription = 'Draft'): EnsembleMessage {
  return { type: 'token', token: 'x', agentRole: 'Writer', taskDescription, sentAt: AT };
}

/** A process asks for a review. */
export function review(change: Partial<ReviewRequested> = {}): ReviewRequested {
  return {
    type: 'review_requested',
    reviewId: 'r1',
    taskDescription: 'Draft',
    taskOutput: 'text',
    timing: 'AFTER_EXECUTION',
    timeoutMs: 20_000,
    onTimeout: 'CONTINUE',
    ...change,
  };
}

/** An embedded dashboard says that a review ran out of time. */
export function timedOut(action: string, reviewId = 'r1'): EnsembleMessage {
  return { type: 'review_timed_out', reviewId, action };
}

/** Where an event stands, where it is not simply the next one of `p1`. */
export interface Said {
  readonly producer?: string;
  readonly epoch?: number;
  readonly sequence?: number;
  /** When the publisher stamped it, from the start of the scenario. */
  readonly receivedMs?: number;
}

/** A ledger, a clock, and peers that say things in order. */
export class ReviewScenario {
  readonly ledger: ReviewLedger;
  /** All outputs so far. */
  readonly outputs: LedgerOutput[] = [];
  #nowMs = START_MS;
  #sequence = 0;

  constructor(wire: ReviewWire = 'relay', limits: Partial<ReviewLimits> = {}) {
    this.ledger = new ReviewLedger({ wire, limits });
  }

  /** Goes on to this time, in milliseconds from the start, and lets fall due what does. */
  at(ms: number): this {
    for (let rounds = 0; (this.ledger.nextDeadlineMs() ?? Infinity) <= START_MS + ms; rounds += 1) {
      if (rounds > 1_000) throw new Error('what is due never falls due');
      this.outputs.push(...this.ledger.tick(this.ledger.nextDeadlineMs() ?? 0));
    }
    this.#nowMs = START_MS + ms;
    return this;
  }

  open(connectionId: string, producer = 'p1'): this {
    this.outputs.push(...this.ledger.connectionOpened(producer, connectionId, this.#nowMs));
    return this;
  }

  close(connectionId: string): this {
    this.outputs.push(...this.ledger.connectionClosed(connectionId, this.#nowMs));
    return this;
  }

  say(message: EnsembleMessage, said: Said = {}): this {
    const { producer = 'p1', epoch = 1, sequence = this.#sequence + 1, receivedMs } = said;
    this.#sequence = sequence;
    const receivedAt = { ms: receivedMs === undefined ? this.#nowMs : START_MS + receivedMs, ns: 0 };
    const event = { epoch, sequence, receivedAt, arrivedAtMs: this.#nowMs, message };
    this.outputs.push(...this.ledger.event(producer, event, this.#nowMs));
    return this;
  }

  /** The process of `p1` restarts; its numbers begin again at `firstSequence`. */
  restart(epoch = 2, firstSequence = 1): this {
    this.#sequence = firstSequence - 1;
    this.outputs.push(...this.ledger.epochBegan('p1', { epoch, firstSequence }, this.#nowMs));
    return this;
  }

  /** Somebody decides; answers the refusal, if it was refused. */
  decide(
    decision: string,
    by = 'ann',
    change: { reviewId?: string; revisedOutput?: string } = {},
  ): Refusal | undefined {
    const decided = this.ledger.decide({ reviewId: 'r1', decision, by, ...change }, this.#nowMs);
    this.outputs.push(...(decided.ok ? decided.value.outputs : decided.error.outputs));
    return decided.ok ? undefined : decided.error;
  }

  /** A relay says where a review stands. */
  hear(
    state: string,
    change: { producerId?: string; reviewId?: string; [member: string]: string | undefined } = {},
  ): this {
    const at = new Date(this.#nowMs).toISOString();
    const message = { type: 'review_state', producerId: 'p1', reviewId: 'r1', state, at, ...change } as const;
    this.outputs.push(...this.ledger.remoteState(message, this.#nowMs));
    return this;
  }

  /** A server turns down the decision. */
  hearRefusal(code: string): this {
    this.outputs.push(...this.ledger.remoteRefused('r1', code, this.#nowMs));
    return this;
  }

  /** The source's connection is cut. */
  cut(): this {
    this.outputs.push(...this.ledger.disconnected(this.#nowMs));
    return this;
  }

  state(reviewId = 'r1'): ReviewState | undefined {
    return this.ledger.record(reviewId)?.state;
  }

  /** What was written so far: `connection:decision` each. */
  written(): readonly string[] {
    return this.outputs.flatMap((output) => {
      if (output.kind !== 'write') return [];
      const { decision } = JSON.parse(output.decisionJson) as { decision: string };
      return [`${output.connectionId}:${decision}`];
    });
  }

  /** The states that outputs told of a review, in order, without repetition. */
  told(reviewId = 'r1'): readonly string[] {
    return this.outputs.flatMap((output) =>
      output.kind === 'changed' && output.review.reviewId === reviewId ? [output.review.state.kind] : [],
    );
  }
}
