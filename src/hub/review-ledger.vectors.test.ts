import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EnsembleMessage } from '../protocol/wire/ensemble-message.ts';
import { parseInstant } from '../protocol/wire/instant.ts';
import { ReviewLedger } from './review-ledger.ts';
import type { LedgerOutput } from './review-output.ts';
import type { ReviewRecord } from './review-record.ts';
import { Sequencer, type SequencerOutput } from './sequencer.ts';

interface Envelope {
  readonly producer: { readonly producerId: string };
  readonly sequence: number;
  readonly receivedAt: string;
  readonly message: EnsembleMessage;
}

interface Step {
  readonly at: number;
  readonly open?: string;
  readonly producer?: string;
  readonly close?: string;
  readonly envelope?: Envelope;
  readonly decide?: { readonly reviewId: string; readonly decision: string; readonly revisedOutput?: string };
  readonly by?: string;
}

interface Written {
  readonly socket: string;
  readonly reviewId: string;
  readonly decision: string;
}

interface Vector {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly until: number;
  readonly expect: { readonly reviews: Record<string, object>; readonly written: readonly Written[] };
}

const vectorsText = readFileSync(new URL('../../test/vectors/reviews.json', import.meta.url), 'utf8');
const vectors = JSON.parse(vectorsText) as readonly Vector[];

/** The times of the vectors count from here. */
const EPOCH_MS = Date.parse('2026-01-01T00:00:00.000Z');

/** A relay of plain peers with nothing but sequencers and a ledger. */
class TestRelay {
  readonly ledger = new ReviewLedger({ wire: 'relay' });
  readonly written: Written[] = [];
  readonly #sequencers = new Map<string, Sequencer<EnsembleMessage>>();

  /** Lets everything happen that falls due before `nowMs`, each at its own time. */
  advanceTo(nowMs: number): void {
    for (;;) {
      const waiting = [...this.#sequencers.values()].map((sequencer) => sequencer.nextDeadlineMs());
      const due = [this.ledger.nextDeadlineMs(), ...waiting].filter((dueMs) => dueMs !== undefined);
      const nextMs = Math.min(...due);
      if (nextMs > nowMs) return;
      this.#do(this.ledger.tick(nextMs));
      for (const [producerId, sequencer] of this.#sequencers) {
        this.#hear(producerId, sequencer.flush(nextMs), nextMs);
      }
    }
  }

  step(step: Step): void {
    const nowMs = EPOCH_MS + step.at;
    this.advanceTo(nowMs);
    if (step.open !== undefined) this.#do(this.ledger.connectionOpened(step.producer ?? '', step.open, nowMs));
    if (step.close !== undefined) this.#do(this.ledger.connectionClosed(step.close, nowMs));
    if (step.envelope !== undefined) this.#take(step.envelope, nowMs);
    if (step.decide !== undefined) {
      const decided = this.ledger.decide({ ...step.decide, by: step.by ?? '' }, nowMs);
      this.#do(decided.ok ? decided.value.outputs : decided.error.outputs);
    }
  }

  #take({ producer, sequence, receivedAt, message }: Envelope, nowMs: number): void {
    const sequencer = this.#sequencers.get(producer.producerId) ?? new Sequencer<EnsembleMessage>();
    this.#sequencers.set(producer.producerId, sequencer);
    const item = { sequence, receivedAt: parseInstant(receivedAt) ?? { ms: 0, ns: 0 }, payload: message };
    this.#hear(producer.producerId, sequencer.accept(item, nowMs), nowMs);
  }

  #hear(producerId: string, outputs: readonly SequencerOutput<EnsembleMessage>[], nowMs: number): void {
    for (const output of outputs) {
      if (output.kind === 'epoch') this.#do(this.ledger.epochBegan(producerId, output, nowMs));
      if (output.kind !== 'event') continue;
      const { sequence, receivedAt, payload } = output.item;
      const event = { epoch: output.epoch, sequence, receivedAt, arrivedAtMs: nowMs, message: payload };
      this.#do(this.ledger.event(producerId, event, nowMs));
    }
  }

  #do(outputs: readonly LedgerOutput[]): void {
    for (const output of outputs) {
      if (output.kind !== 'write') continue;
      const { decision } = JSON.parse(output.decisionJson) as { decision: string };
      this.written.push({ socket: output.connectionId, reviewId: output.reviewId, decision });
    }
  }
}

/** A record in the words of the vectors. */
function inVectorWords({ state, decision, refused }: ReviewRecord): object {
  const { kind, ...outcome } = state;
  const { connectionId: _connection, inferred: _inferred, ...said } = { connectionId: '', inferred: true, ...outcome };
  return {
    state: kind,
    ...said,
    ...(decision === undefined ? {} : { decision: decision.decision, by: decision.by }),
    ...(refused.length === 0 ? {} : { refused: refused.map(({ by, reason }) => ({ by, reason })) }),
  };
}

describe('test/vectors/reviews.json, as a relay of plain peers', () => {
  it('holds cases', () => {
    expect(vectors.length).toBe(23);
  });

  it.each(vectors)('$name', (vector) => {
    const relay = new TestRelay();
    for (const step of vector.steps) relay.step(step);
    relay.advanceTo(EPOCH_MS + vector.until);
    const reviews = Object.fromEntries(
      relay.ledger.records().map((record) => [record.reviewId, inVectorWords(record)]),
    );
    for (const [reviewId, expected] of Object.entries(vector.expect.reviews)) {
      expect(reviews[reviewId]).toMatchObject(expected);
    }
    expect(Object.keys(reviews)).toEqual(Object.keys(vector.expect.reviews));
    expect(relay.written).toEqual(vector.expect.written);
  });
});
