import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { review, runEnded, runStarted } from '../../test/support/review-scenario.ts';
import { type Op, localSchedule, remoteSchedule } from '../../test/support/review-schedules.ts';
import type { EnsembleMessage } from '../protocol/wire/ensemble-message.ts';
import { ReviewLedger } from './review-ledger.ts';
import type { ReviewWire } from './review-options.ts';
import type { LedgerOutput } from './review-output.ts';
import { isUnsettled, type ReviewRecord, type WinningDecision } from './review-record.ts';

/** Plays a schedule and checks, after each step, what must never happen. */
class Chaos {
  readonly ledger: ReviewLedger;
  readonly #wire: ReviewWire;
  readonly #connections = new Map<string, string>();
  /** Those that were replaced too: they end some time, or never. */
  readonly #opened: string[] = [];
  readonly #written = new Set<string>();
  readonly #winners = new Map<string, WinningDecision>();
  readonly #lives = new Map<string, { epoch: number; sequence: number; run: number }>();
  #nowMs = 1_000_000;
  #connectionCount = 0;

  constructor(wire: ReviewWire) {
    this.#wire = wire;
    this.ledger = new ReviewLedger({ wire });
  }

  do(op: Op): void {
    switch (op.kind) {
      case 'open':
        return this.#open(this.#nameOf(op.producer));
      case 'close':
        return this.#close(this.#nameOf(op.producer));
      case 'restart':
        return this.#restart(this.#nameOf(op.producer));
      case 'runStarted':
        return this.#startRun(this.#nameOf(op.producer));
      case 'runEnded':
        return this.#endRun(this.#nameOf(op.producer), op.exitReason);
      case 'task':
        return this.#say(this.#nameOf(op.producer), op.message);
      case 'ask':
        return this.#ask(op);
      case 'decide':
        return this.#decide(op);
      case 'state':
        return this.#hear(op);
      case 'wait':
        this.#nowMs += op.ms;
        return this.#check(this.ledger.tick(this.#nowMs));
    }
  }

  /** Ends everything that goes on. */
  finish(): void {
    for (const connectionId of this.#opened) this.#check(this.ledger.connectionClosed(connectionId, this.#nowMs));
    for (const name of this.#lives.keys()) this.ledger.forget(name);
    for (const { producerId } of this.ledger.records()) this.ledger.forget(producerId);
  }

  #nameOf(index: number): string {
    return `p${index}`;
  }

  #routeOf(name: string): string {
    return this.#wire === 'relay' ? name : 'source';
  }

  #open(name: string): void {
    const connectionId = `c${(this.#connectionCount += 1)}`;
    this.#connections.set(this.#routeOf(name), connectionId);
    this.#opened.push(connectionId);
    this.#check(this.ledger.connectionOpened(name, connectionId, this.#nowMs));
  }

  #close(name: string): void {
    const connectionId = this.#connections.get(this.#routeOf(name));
    if (connectionId === undefined) return;
    this.#connections.delete(this.#routeOf(name));
    this.#check(this.ledger.connectionClosed(connectionId, this.#nowMs));
  }

  #life(name: string): { epoch: number; sequence: number; run: number } {
    const life = this.#lives.get(name) ?? { epoch: 1, sequence: 0, run: 0 };
    this.#lives.set(name, life);
    return life;
  }

  #restart(name: string): void {
    const life = this.#life(name);
    life.epoch += 1;
    life.sequence = 0;
    this.#check(this.ledger.epochBegan(name, { epoch: life.epoch, firstSequence: 1 }, this.#nowMs));
    this.#expectSettled(name);
  }

  #startRun(name: string): void {
    const life = this.#life(name);
    life.run += 1;
    this.#say(name, runStarted(`${name} run ${life.run}`));
    this.#expectSettled(name);
  }

  #endRun(name: string, exitReason: string): void {
    const { run } = this.#life(name);
    this.#say(name, runEnded(exitReason, `${name} run ${run}`));
    this.#expectSettled(name);
  }

  #say(name: string, message: EnsembleMessage): void {
    const life = this.#life(name);
    life.sequence += 1;
    const { epoch, sequence } = life;
    const event = { epoch, sequence, receivedAt: { ms: this.#nowMs, ns: 0 }, arrivedAtMs: this.#nowMs, message };
    this.#check(this.ledger.event(name, event, this.#nowMs));
  }

  #ask(op: Extract<Op, { kind: 'ask' }>): void {
    const reviewId = `r${op.id}`;
    const { timing, timeoutMs } = op;
    const name = this.#nameOf(op.producer);
    const before = this.ledger.record(reviewId);
    const isNewLife = before?.producerId === name && before.epoch < this.#life(name).epoch;
    if (isNewLife) {
      this.#winners.delete(reviewId);
      for (const written of this.#written) if (written.startsWith(`${reviewId} `)) this.#written.delete(written);
    }
    this.#say(name, review({ reviewId, timing, timeoutMs, taskDescription: op.id % 2 === 0 ? 'Draft' : 'Check' }));
    if (before !== undefined && before.producerId !== name && this.#wire === 'relay') {
      expect(this.ledger.record(reviewId)?.producerId).toBe(before.producerId);
    }
  }

  #decide({ id: index, decision, by }: Extract<Op, { kind: 'decide' }>): void {
    const reviewId = `r${index}`;
    const before = this.ledger.record(reviewId);
    const result = this.ledger.decide({ reviewId, decision, by: `viewer ${by}` }, this.#nowMs);
    this.#check(result.ok ? result.value.outputs : result.error.outputs);
    if (result.ok) expect(before?.decision).toBeUndefined();
    if (before?.decision !== undefined) expect(result.ok).toBe(false);
  }

  #hear({ id: index, state, by }: Extract<Op, { kind: 'state' }>): void {
    const reviewId = `r${index}`;
    const producerId = this.ledger.record(reviewId)?.producerId ?? 'p0';
    const at = new Date(this.#nowMs).toISOString();
    const decided = state === 'held' || state === 'sent' || state === 'applied';
    const winner = decided ? { decision: 'CONTINUE', by: `viewer ${by}` } : {};
    this.#check(
      this.ledger.remoteState({ type: 'review_state', producerId, reviewId, state, at, ...winner }, this.#nowMs),
    );
  }

  #expectSettled(name: string): void {
    for (const record of this.ledger.records(name)) expect(isUnsettled(record)).toBe(false);
  }

  #check(outputs: readonly LedgerOutput[]): void {
    for (const output of outputs) {
      if (output.kind === 'write') this.#checkWrite(output);
      if (output.kind === 'changed' && this.#wire === 'relay') this.#checkWinner(output.review);
    }
    const { reviews } = this.ledger.sizes;
    expect(this.ledger.records().length).toBe(reviews);
    this.#checkDue();
  }

  /** What fell due by the very thing that happened is over with the next tick: nobody is woken for ever. */
  #checkDue(): void {
    const isDue = (): boolean => (this.ledger.nextDeadlineMs() ?? Infinity) <= this.#nowMs;
    if (!isDue()) return;
    const outputs = this.ledger.tick(this.#nowMs);
    expect(isDue()).toBe(false);
    this.#check(outputs);
  }

  #checkWrite({ connectionId, producerId, reviewId }: Extract<LedgerOutput, { kind: 'write' }>): void {
    const record = this.ledger.record(reviewId);
    expect(record?.producerId).toBe(producerId);
    expect(connectionId).toBe(this.#connections.get(this.#routeOf(producerId)));
    if (this.#wire === 'viewer') return;
    const written = `${reviewId} ${connectionId}`;
    expect(this.#written.has(written)).toBe(false);
    this.#written.add(written);
    expect(this.#nowMs).toBeLessThan(record?.deadlineMs ?? Infinity);
    expect(record?.state).toEqual({ kind: 'sent', connectionId });
  }

  /** One winner for good; only a decision that was held for too long makes way. */
  #checkWinner({ reviewId, decision }: ReviewRecord): void {
    const winner = this.#winners.get(reviewId);
    if (winner === undefined && decision !== undefined) this.#winners.set(reviewId, decision);
    if (winner !== undefined) expect(decision).toMatchObject({ by: winner.by, atMs: winner.atMs });
  }
}

describe.each(['relay', 'embedded', 'viewer'] as const)('ReviewLedger as %s, whatever happens', (wire) => {
  it('writes a decision once on each connection of its own producer, has one winner, and leaves nothing open after a run', () => {
    fc.assert(
      fc.property(localSchedule, (ops) => {
        const chaos = new Chaos(wire);
        for (const op of ops) chaos.do(op);
        chaos.finish();
        expect(Object.values(chaos.ledger.sizes).every((size) => size === 0)).toBe(true);
        expect(chaos.ledger.nextDeadlineMs()).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});

/** Never settled by what is inferred here, so only what holds with a relay that says anything at all. */
class RemoteChaos extends Chaos {
  override do(op: Op): void {
    if (op.kind === 'restart' || op.kind === 'runStarted' || op.kind === 'runEnded') return;
    super.do(op);
  }
}

/** Found by seed 1560048071: what is held was written although nothing was connected. */
const HELD_WITHOUT_A_CONNECTION: Op[] = [
  { kind: 'ask', producer: 0, id: 3, timing: 'BEFORE_EXECUTION', timeoutMs: 0 },
  { kind: 'decide', id: 3, decision: 'CONTINUE', by: 0 },
  { kind: 'state', id: 3, state: 'open', by: 0 },
];

describe('ReviewLedger behind a relay that says anything at all', () => {
  it('keeps its tables in step and writes on the one connection that is open', () => {
    fc.assert(
      fc.property(remoteSchedule, (ops) => {
        const chaos = new RemoteChaos('viewer');
        for (const op of ops) chaos.do(op);
        chaos.finish();
        expect(chaos.ledger.sizes).toMatchObject({ reviews: 0, waiting: 0, due: 0, connections: 0 });
      }),
      { numRuns: 300, examples: [[HELD_WITHOUT_A_CONNECTION]] },
    );
  });
});
