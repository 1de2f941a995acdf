import { ReviewLedger } from '../hub/review-ledger.ts';
import type { ReviewLimits } from '../hub/review-options.ts';
import type { DecisionRequest, LedgerOutput } from '../hub/review-output.ts';
import { isUnsettled, type ReviewRecord } from '../hub/review-record.ts';
import type { Refusal } from '../hub/review-refusal.ts';
import type { LedgerEvent } from '../hub/review-witness.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import type { Clock } from './clock.ts';
import { DecisionRoutes } from './decision-routes.ts';
import type { Log } from './log.ts';
import { countIn } from './relay-counters.ts';
import type { RelayLimits } from './relay-limits.ts';
import { subjectOf } from './review-subject.ts';
import type { Publisher } from './room-peers.ts';

/** What stands around a {@link ReviewDesk}. */
export interface DeskEnvironment {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: RelayLimits;
  /** A review stands otherwise than before. */
  readonly onChanged: (review: ReviewRecord) => void;
}

/** Where decisions meet reviews: the ledger, and the ways to the processes that wait. */
export class ReviewDesk {
  readonly #environment: DeskEnvironment;
  readonly #ledger: ReviewLedger;
  readonly #routes = new DecisionRoutes();

  constructor(environment: DeskEnvironment) {
    this.#environment = environment;
    this.#ledger = new ReviewLedger({ wire: 'relay', limits: reviewLimitsOf(environment.limits), subjectOf });
  }

  /** How much is kept here: all zero once every producer was forgotten and every connection has ended. */
  get sizes(): Readonly<Record<string, number>> {
    return { ...this.#ledger.sizes, routes: this.#routes.size };
  }

  /** All reviews that are kept, in the order of their announcement. */
  records(): readonly ReviewRecord[] {
    return this.#ledger.records();
  }

  /** The reviews for which a process may still wait. */
  unsettled(): ReviewRecord[] {
    return this.#ledger.records().filter(isUnsettled);
  }

  /** How many reviews stand in each state. */
  countByState(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { state } of this.records()) countIn(counts, state.kind);
    return counts;
  }

  /** Whether this producer may still wait for somebody's decision on this review. */
  isOpen(producerId: string, reviewId: string): boolean {
    const record = this.#ledger.record(reviewId);
    return record !== undefined && record.producerId === producerId && isUnsettled(record);
  }

  /** The producer that announced a review first; `undefined` if nobody has. */
  ownerOf(reviewId: string): string | undefined {
    return this.#ledger.record(reviewId)?.producerId;
  }

  /** Somebody decides. Gives the review as it stands then, or why that has no effect. */
  decide(request: DecisionRequest): Result<ReviewRecord, Refusal> {
    const { log, clock } = this.#environment;
    const { reviewId, by } = request;
    const result = this.#ledger.decide(request, clock.nowMs());
    this.#follow(result.ok ? result.value.outputs : result.error.outputs);
    if (!result.ok) {
      log.debug('A decision was refused.', { by, reviewId, code: result.error.code });
      return err(result.error);
    }
    const { review } = result.value;
    log.info('A review was decided.', {
      by,
      producerId: review.producerId,
      reviewId,
      decision: review.decision?.decision,
      state: review.state.kind,
    });
    return ok(review);
  }

  /** A producer said something. */
  event(producerId: string, event: LedgerEvent): void {
    this.#follow(this.#ledger.event(producerId, event, this.#nowMs()));
  }

  /** A life of a producer's process begins. */
  epochBegan(producerId: string, life: { readonly epoch: number; readonly firstSequence: number }): void {
    this.#follow(this.#ledger.epochBegan(producerId, life, this.#nowMs()));
  }

  /** A producer is let go, with all its reviews. */
  forget(producerId: string): void {
    this.#ledger.forget(producerId);
  }

  /** A run is let go, with the reviews that nobody waits for any more. */
  forgetRun(producerId: string, ensembleId: string | undefined): void {
    this.#ledger.forgetRun(producerId, ensembleId);
  }

  /** A publisher can be told decisions on the reviews of this producer. */
  opened(publisher: Publisher, producerId: string): void {
    this.#openRoute(producerId, this.#routes.open(publisher));
  }

  /** A publisher has gone; `next` is the connection that counts again in its place. */
  closed(publisherId: string, about: { readonly producerId: string; readonly next: string | undefined }): void {
    const name = this.#routes.close(publisherId);
    if (name === undefined) return;
    this.#follow(this.#ledger.connectionClosed(name, this.#nowMs()));
    const nextName = about.next === undefined ? undefined : this.#routes.reopen(about.next);
    if (nextName !== undefined) this.#openRoute(about.producerId, nextName);
  }

  /** When {@link ReviewDesk.tick} has something to do; `undefined` if never. */
  nextDeadlineMs(): number | undefined {
    return this.#ledger.nextDeadlineMs();
  }

  /** Notes what has fallen due. */
  tick(): void {
    this.#follow(this.#ledger.tick(this.#nowMs()));
  }

  /** Logs the decisions that no process has been seen to act on: they are lost when the relay ends now. */
  logUndelivered(): void {
    for (const { producerId, reviewId, decision, state } of this.unsettled()) {
      if (decision === undefined) continue;
      const about = { producerId, reviewId, decision: decision.decision, by: decision.by };
      if (state.kind === 'held') this.#environment.log.warn('A held decision is lost.', about);
      else this.#environment.log.info('A decision was sent, and nothing shows yet what came of it.', about);
    }
  }

  #openRoute(producerId: string, name: string): void {
    this.#follow(this.#ledger.connectionOpened(producerId, name, this.#nowMs()));
  }

  #follow(outputs: readonly LedgerOutput[]): void {
    const { log, onChanged } = this.#environment;
    for (const output of outputs) {
      if (output.kind === 'changed') {
        const { reviewId, state } = output.review;
        if (state.kind === 'open' || !isUnsettled(output.review)) this.#routes.begunAnew(reviewId);
        onChanged(output.review);
      } else if (output.kind === 'write') {
        const { reviewId, decisionJson } = output;
        this.#routes.deliver(output.connectionId, { reviewId, decisionJson });
      } else {
        const { producerId, reviewId, ownerId } = output;
        log.warn('A review is announced that another producer owns.', { producerId, reviewId, ownerId });
      }
    }
  }

  #nowMs(): number {
    return this.#environment.clock.nowMs();
  }
}

function reviewLimitsOf(limits: RelayLimits): ReviewLimits {
  return {
    holdMs: limits.holdDecisionMs,
    maxEditChars: limits.maxEditChars,
    maxWaiting: limits.maxHeldDecisions,
    maxPerProducer: limits.maxReviewsPerProducer,
  };
}
