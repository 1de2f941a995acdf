import { err, ok, type Result } from '../protocol/result.ts';
import type { ReviewState as ReviewStateMessage } from '../protocol/wire/review-state.ts';
import { parseDecision } from '../protocol/wire/review.ts';
import { markAmbiguous } from './review-ambiguity.ts';
import { ReviewBook } from './review-book.ts';
import { ReviewConnections } from './review-connections.ts';
import { openReview, type Announcement } from './review-announcement.ts';
import type { DeadlineClock } from './review-deadline.ts';
import { DECISION_MARGIN_MS, expired, happenedByAction, isBefore, tooLate } from './review-evidence.ts';
import {
  isUndecided,
  isUnsettled,
  noteRefusal,
  winningDecision,
  type KeptRecord,
  type RefusalReason,
  type ReviewChange,
  type ReviewRecord,
  type WinningDecision,
} from './review-record.ts';
import {
  alreadyDecided,
  decidedTooLate,
  editTooLarge,
  invalidDecision,
  tooManyHeld,
  unknownReview,
  type Refusal,
} from './review-refusal.ts';
import { hearRefusal, hearRemote } from './review-remote.ts';
import type { ReviewEntry } from './review-shelf.ts';
import { decisionText, fromWire } from './review-wire.ts';
import { REVIEW_LIMITS, type ReviewLedgerOptions, type ReviewLimits, type ReviewWire } from './review-options.ts';
import type { Decided, DecisionRequest, LedgerOutput, Undecided } from './review-output.ts';
import { ReviewWitness, type LedgerEvent, type TimeOut, type Verdict } from './review-witness.ts';
import { ReviewWords } from './review-words.ts';

/** The route of a ledger that has one connection for all producers. */
const SOURCE = '';

/**
 * What became of every human review, the same for relay and browser (docs/architecture.md,
 * Reviews). The first decision wins. It is held while its process is away, written once on
 * each new connection until there is evidence or the deadline has passed, and called applied
 * only on evidence of the reviewed task itself.
 *
 * Pure: no timer, no socket. Call {@link ReviewLedger.tick} at {@link ReviewLedger.nextDeadlineMs}
 * and do what the outputs say. All times are in milliseconds since the Unix epoch. Nothing throws.
 */
export class ReviewLedger {
  readonly #wire: ReviewWire;
  readonly #limits: ReviewLimits;
  readonly #book: ReviewBook;
  readonly #clock: DeadlineClock;
  readonly #witness: ReviewWitness;
  readonly #connections = new ReviewConnections();
  readonly #words = new ReviewWords();
  #hasRemote = false;

  constructor({ wire, limits, subjectOf }: ReviewLedgerOptions) {
    this.#wire = wire;
    this.#limits = { ...REVIEW_LIMITS, ...limits };
    this.#book = new ReviewBook({ ...this.#limits, keepsTexts: wire !== 'relay', subjectOf });
    this.#clock = wire === 'embedded' ? 'arrival' : 'publisher';
    this.#witness = new ReviewWitness(this.#book, this.#clock);
  }

  /** How much the ledger keeps: all zero once everything was closed and forgotten. */
  get sizes(): Readonly<Record<'reviews' | 'producers' | 'waiting' | 'due' | 'connections' | 'words', number>> {
    return { ...this.#book.sizes, connections: this.#connections.size, words: this.#words.size };
  }

  /** The newest announcement of this id; `undefined` if there is none that is kept. */
  record(reviewId: string): ReviewRecord | undefined {
    return this.#book.entry(reviewId)?.record;
  }

  /** All reviews that are kept, of one producer or of all, in the order of their announcement. */
  records(producerId?: string): readonly ReviewRecord[] {
    return this.#book.entries(producerId).map(({ record }) => record);
  }

  /** What a relay has to do with a review that is kept; `undefined` if none has spoken here. */
  relayOf(reviewId: string): KeptRecord['relay'] {
    return this.#hasRemote ? { hasDecision: this.#book.entry(reviewId)?.isAcknowledged === true } : undefined;
  }

  /** Whether this producer may still wait for somebody: then it and its announcement must be kept. */
  hasUnsettled(producerId: string): boolean {
    return (this.#book.shelf(producerId)?.watched() ?? []).some(({ record }) => isUnsettled(record));
  }

  /** When {@link ReviewLedger.tick} has something to do; `undefined` if never. */
  nextDeadlineMs(): number | undefined {
    return this.#book.nextDueMs();
  }

  /** Notes the deadlines that have passed, and the decisions that were held or without evidence for too long. */
  tick(nowMs: number): LedgerOutput[] {
    return this.#book.takeDue(nowMs).map((entry) => this.#changed(entry, this.#atDue(entry.record, nowMs), nowMs));
  }

  /**
   * A connection has opened, on which decisions can be written; its id must never have been used before. The newest
   * counts. Where one connection leads to all producers, `producerId` is of no account.
   */
  connectionOpened(producerId: string, connectionId: string, nowMs: number): LedgerOutput[] {
    const outputs = this.tick(nowMs);
    const route = this.#routeOf(producerId);
    const replaced = this.#connections.current(route);
    if (!this.#connections.open(route, connectionId)) return outputs;
    if (replaced !== undefined) outputs.push(...this.#sourceLost(nowMs));
    for (const entry of this.#book.waiting()) {
      const isOnRoute = this.#routeOf(entry.record.producerId) === route;
      if (isOnRoute && !entry.isAcknowledged && nowMs < this.#book.deliverUntilMs(entry.record)) {
        // Who is at its other end has said nothing yet: most likely the one that was there before.
        outputs.push(...this.#handOver(entry, connectionId, { nowMs, isRelay: this.#hasRemote }));
      }
    }
    return outputs;
  }

  /** A connection has ended. One that is not known, or was replaced, changes nothing. */
  connectionClosed(connectionId: string, nowMs: number): LedgerOutput[] {
    const outputs = this.tick(nowMs);
    this.#doubt(connectionId, nowMs);
    return this.#connections.close(connectionId) ? [...outputs, ...this.#sourceLost(nowMs)] : outputs;
  }

  /** The source's only connection is gone, whichever it was; also to be said after old events were read in again. */
  disconnected(nowMs: number): LedgerOutput[] {
    const outputs = this.tick(nowMs);
    for (const entry of this.#book.entries()) entry.isRestored = false;
    const connectionId = this.#connections.current(SOURCE);
    if (connectionId !== undefined) {
      this.#doubt(connectionId, nowMs);
      this.#connections.close(connectionId);
    }
    return [...outputs, ...this.#sourceLost(nowMs)];
  }

  /** A producer said something, in its own order or late. */
  event(producerId: string, event: LedgerEvent, nowMs: number): LedgerOutput[] {
    const outputs = this.tick(nowMs);
    const { message } = event;
    if (message.type === 'review_timed_out') {
      return [...outputs, ...this.#timedOut(producerId, { ...event, message }, nowMs)];
    }
    const verdicts = this.#witness.hear(producerId, event);
    if (verdicts.length > 0) outputs.push(...this.#conclude(verdicts, nowMs));
    if (message.type !== 'review_requested') return outputs;
    return [...outputs, ...this.#announced(producerId, { ...event, message }, nowMs)];
  }

  /** A life of a producer's process begins. One that begins with a higher number than 1 may be the life that went on. */
  epochBegan(
    producerId: string,
    { epoch, firstSequence }: { readonly epoch: number; readonly firstSequence: number },
    nowMs: number,
  ): LedgerOutput[] {
    const outputs = this.tick(nowMs);
    if (firstSequence > 1) return outputs;
    const verdicts = this.#witness.restart(producerId, { epoch, sequence: 0, atMs: nowMs });
    return [...outputs, ...this.#conclude(verdicts, nowMs)];
  }

  /** Somebody decides. Refused decisions are remembered in the record; that is no change of the review. */
  decide(request: DecisionRequest, nowMs: number): Result<Decided, Undecided> {
    const outputs = this.tick(nowMs);
    const entry = this.#book.entry(request.reviewId);
    if (entry === undefined) return err({ ...unknownReview(request.reviewId), outputs });
    const decision = parseDecision(request.decision);
    if (decision === undefined) return err({ ...invalidDecision(request.decision, entry.record), outputs });
    const refusal = this.#refusalOf(entry, request, nowMs);
    if (refusal !== undefined) return err({ ...refusal, outputs });
    outputs.push(...this.#take(entry, winningDecision(request, decision, nowMs), nowMs));
    return ok({ review: entry.record, outputs });
  }

  /** A relay says where a review stands: from now on it, and nothing that is inferred here, speaks for that review. */
  remoteState(message: ReviewStateMessage, nowMs: number): LedgerOutput[] {
    this.#hasRemote = true;
    const entry = this.#book.entry(message.reviewId);
    if (entry === undefined || entry.record.producerId !== message.producerId) {
      this.#words.put(message);
      return [];
    }
    const current = this.#connections.current(SOURCE);
    const connectionId = current ?? SOURCE;
    const word = fromWire(message, connectionId);
    if (word === undefined) return [];
    entry.isRemote = true;
    this.#book.reindex(entry);
    const effect = hearRemote(entry, word, { connectionId, nowMs });
    // Without a connection it stays held, and is written on the next one.
    if (effect.kind === 'write')
      return current === undefined ? [] : this.#handOver(entry, current, { nowMs, isRelay: true });
    if (effect.kind === 'nothing') return [];
    entry.isAcknowledged = effect.isAcknowledged;
    return [this.#changed(entry, effect.change, nowMs)];
  }

  /** A server refused, with this code, a decision that was made here. */
  remoteRefused(reviewId: string, code: string, nowMs: number): LedgerOutput[] {
    const entry = this.#book.entry(reviewId);
    const change = entry === undefined ? undefined : hearRefusal(entry, code, nowMs);
    return entry === undefined || change === undefined ? [] : [this.#changed(entry, change, nowMs)];
  }

  /**
   * Takes in records that were kept elsewhere, before any event. Ids that are known are left as they are. Until
   * {@link ReviewLedger.disconnected} is called, events are those from which the records came, and change none of them.
   */
  restore(kept: Iterable<KeptRecord>): void {
    for (const { record, relay } of kept) {
      this.#hasRemote ||= relay !== undefined;
      if (this.#book.entry(record.reviewId) !== undefined) continue;
      Object.assign(this.#book.add(record), { isRestored: true, isAcknowledged: relay?.hasDecision === true });
    }
  }

  /** Forgets a producer and all of its reviews. */
  forget(producerId: string): void {
    this.#book.dropShelf(producerId);
    this.#words.forget(producerId);
  }

  /** Forgets the reviews of one run, except those for which the process may still wait. */
  forgetRun(producerId: string, ensembleId: string | undefined): void {
    for (const entry of this.#book.entries(producerId)) {
      if (entry.record.ensembleId === ensembleId && !isUnsettled(entry.record)) this.#book.drop(entry);
    }
  }

  #routeOf(producerId: string): string {
    return this.#wire === 'relay' ? producerId : SOURCE;
  }

  #changed(entry: ReviewEntry, change: ReviewChange, nowMs: number): LedgerOutput {
    return { kind: 'changed', review: this.#book.change(entry, change, nowMs) };
  }

  #conclude(verdicts: readonly Verdict[], nowMs: number): LedgerOutput[] {
    return verdicts.flatMap(({ entry, state }) => {
      if (entry.isRestored && isUnsettled(entry.record)) return [];
      this.#book.unwatch(entry);
      return state === undefined || entry.isRestored ? [] : [this.#changed(entry, { state }, nowMs)];
    });
  }

  #atDue(record: ReviewRecord, nowMs: number): ReviewChange {
    const { decision, deadlineMs, state } = record;
    if (decision === undefined) return { state: expired(record) };
    // Handed over long ago, and no evidence since: nobody should wait for it any longer.
    if (state.kind !== 'held' || !decision.local) return { state: { kind: 'unknown' } };
    if (deadlineMs !== undefined && deadlineMs <= nowMs) return { state: tooLate() };
    const refused = { by: decision.by, reason: 'held too long', atMs: nowMs } as const;
    return { state: { kind: 'open' }, decision: undefined, refused };
  }

  #announced(producerId: string, event: Announcement, nowMs: number): LedgerOutput[] {
    const { reviewId, taskDescription } = event.message;
    const known = this.#book.entry(reviewId);
    if (known !== undefined) {
      const ownerId = known.record.producerId;
      const isOwner = ownerId === producerId;
      // The relay saw who was first; the announcement may have been held up on its way to us.
      if (!isOwner && !this.#words.has(producerId, reviewId))
        return [{ kind: 'conflict', producerId, reviewId, ownerId }];
      const isKnown = isOwner && event.epoch <= known.record.epoch;
      if (isKnown && known.isRestored) markAmbiguous(this.#book.openShelf(producerId), taskDescription);
      if (isKnown) return [];
      this.#book.drop(known);
    }
    const outputs = this.#makeRoom(producerId, nowMs);
    const shelf = this.#book.openShelf(producerId);
    const { ensembleId } = shelf;
    const entry = this.#book.add(openReview(event, { producerId, ensembleId, clock: this.#clock, nowMs }));
    outputs.push({ kind: 'changed', review: entry.record });
    markAmbiguous(shelf, taskDescription);
    if (shelf.isOver(event)) {
      outputs.push(...this.#conclude([{ entry, state: { kind: 'closed', inferred: true } }], nowMs));
    }
    const word = this.#words.take(producerId, reviewId);
    return [...outputs, ...(word === undefined ? this.tick(nowMs) : this.remoteState(word, nowMs))];
  }

  #makeRoom(producerId: string, nowMs: number): LedgerOutput[] {
    const surplus = this.#book.surplus(producerId);
    if (surplus === undefined) return [];
    const outputs = isUnsettled(surplus.record)
      ? [this.#changed(surplus, { state: { kind: 'closed', inferred: true } }, nowMs)]
      : [];
    this.#book.drop(surplus);
    return outputs;
  }

  /** The process itself is the authority on its own time-outs: on those of what it had asked by then. */
  #timedOut(producerId: string, event: TimeOut, nowMs: number): LedgerOutput[] {
    const { message } = event;
    const entry = this.#book.entry(message.reviewId);
    if (entry?.record.producerId !== producerId || entry.isRemote || !isBefore(entry.record, event)) return [];
    return this.#conclude([{ entry, state: expired(entry.record, happenedByAction(message.action)) }], nowMs);
  }

  #refusalOf(entry: ReviewEntry, { by, revisedOutput }: DecisionRequest, nowMs: number): Refusal | undefined {
    const { maxEditChars, maxWaiting } = this.#limits;
    const { kind } = entry.record.state;
    if (kind === 'expired' || kind === 'closed' || kind === 'refused') {
      return decidedTooLate(this.#noteRefused(entry, { by, reason: 'too late' }, nowMs));
    }
    if (!isUndecided(entry.record)) {
      return alreadyDecided(this.#noteRefused(entry, { by, reason: 'superseded' }, nowMs));
    }
    if ((revisedOutput?.length ?? 0) > maxEditChars) return editTooLarge(entry.record, maxEditChars);
    return this.#book.sizes.waiting < maxWaiting ? undefined : tooManyHeld(entry.record, maxWaiting);
  }

  #noteRefused(
    entry: ReviewEntry,
    refusal: { readonly by: string; readonly reason: RefusalReason },
    nowMs: number,
  ): ReviewRecord {
    entry.record = noteRefusal(entry.record, { ...refusal, atMs: nowMs });
    return entry.record;
  }

  #take(entry: ReviewEntry, decision: WinningDecision, nowMs: number): LedgerOutput[] {
    entry.writtenOn = undefined;
    entry.isAcknowledged = false;
    const held = this.#changed(entry, { state: { kind: 'held' }, decision }, nowMs);
    const connectionId = this.#connections.current(this.#routeOf(entry.record.producerId));
    // Another server may speak at this address since: only for the reviews that it spoke of it is a relay.
    const isRelay = entry.isRemote;
    return connectionId === undefined ? [held] : this.#handOver(entry, connectionId, { nowMs, isRelay });
  }

  #handOver(
    entry: ReviewEntry,
    connectionId: string,
    { nowMs, isRelay }: { readonly nowMs: number; readonly isRelay: boolean },
  ): LedgerOutput[] {
    const { decision, producerId, reviewId } = entry.record;
    if (decision === undefined) return [];
    entry.writtenOn = connectionId;
    entry.sentAtMs = nowMs;
    entry.isAcknowledged = false;
    // A relay of ours will say what it did with it; anybody else says nothing.
    const state = { kind: isRelay ? 'sending' : 'sent', connectionId } as const;
    const decisionJson = decisionText({ ...decision, reviewId, by: isRelay ? decision.by : undefined });
    return [
      { kind: 'write', connectionId, producerId, reviewId, decisionJson },
      this.#changed(entry, { state }, nowMs),
    ];
  }

  /** What was handed over just before its connection ended may have ended with it. */
  #doubt(connectionId: string, nowMs: number): void {
    for (const entry of this.#book.waiting()) {
      if (entry.writtenOn !== connectionId || entry.sentAtMs === undefined) continue;
      if (nowMs - entry.sentAtMs < DECISION_MARGIN_MS) entry.sentAtMs = Number.POSITIVE_INFINITY;
    }
  }

  /** Without its connection a source can neither say how a review stands, nor show it again later. */
  #sourceLost(nowMs: number): LedgerOutput[] {
    if (this.#wire === 'relay') return [];
    const outputs: LedgerOutput[] = [];
    for (const entry of this.#book.entries()) {
      entry.isRemote = false;
      this.#book.reindex(entry);
      if (this.#wire !== 'embedded' || entry.record.state.kind !== 'open') continue;
      outputs.push(this.#changed(entry, { state: { kind: 'unknown' } }, nowMs));
    }
    return outputs;
  }
}
