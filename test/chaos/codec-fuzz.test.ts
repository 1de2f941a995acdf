import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/node-server/relay-limits.ts';
import { refuseText } from '../../src/node-server/read-arrival.ts';
import { said } from '../../src/node-server/test-support/said.ts';
import { decodeDown, decodeUp } from '../../src/protocol/wire/codec.ts';
import { ERROR_CODES } from '../../src/protocol/wire/error.ts';
import { HubDriver, START_MS } from '../support/hub-driver.ts';
import { messageArb } from '../support/hub-story.ts';
import { expectNothingLeftOpen } from '../support/open-resources.ts';
import { FakePublisher } from '../support/publisher.ts';
import { RoomScene } from '../support/room-scene.ts';
import { CORPUS } from './corpus.ts';
import { HANG_MS, SEED, sized } from './settings.ts';

/** Hostile texts after which it is looked whether anybody else noticed. */
const BATCH = 40;
const RUNS = sized(50, 2_500);

/** A frame that is right, or nearly: each member may be of any kind, missing, or of a strange name. */
function almostEnvelope(): fc.Arbitrary<string> {
  const message = fc.oneof(
    messageArb({ hasTokens: true }).map((say) => say('2026-01-01T00:00:00Z')),
    fc.jsonValue({ maxDepth: 3 }),
    fc.record({ type: fc.constantFrom('review_requested', 'token', 'task_started'), reviewId: fc.anything() }),
  );
  const id = fc.oneof(fc.constantFrom('bad', '__proto__', 'constructor', '', ' ', 'x'.repeat(300)), fc.jsonValue());
  const members = {
    type: fc.oneof({ arbitrary: fc.constant('event'), weight: 9 }, fc.jsonValue()),
    producer: fc.oneof(
      { arbitrary: fc.record({ producerId: id, tags: fc.jsonValue() }, { requiredKeys: [] }), weight: 9 },
      fc.jsonValue(),
    ),
    sequence: fc.oneof({ arbitrary: fc.integer({ min: 1, max: 50 }), weight: 9 }, fc.double(), fc.jsonValue()),
    receivedAt: fc.oneof(
      fc.constantFrom('2026-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999Z', 'now'),
      fc.jsonValue(),
    ),
    message,
  };
  return fc.record(members, { requiredKeys: [] }).map((value) => JSON.stringify(value));
}

function decision(): fc.Arbitrary<string> {
  const members = {
    type: fc.constantFrom('review_decision', 'ping', 'subscribe'),
    reviewId: fc.oneof(fc.constantFrom('good', '__proto__'), fc.jsonValue()),
    decision: fc.oneof(fc.constantFrom('', 'EXIT', 'continue ', '__proto__'), fc.jsonValue()),
    revisedOutput: fc.jsonValue(),
    by: fc.jsonValue(),
  };
  return fc.record(members, { requiredKeys: ['type'] }).map((value) => JSON.stringify(value));
}

/** A text with a piece cut out, doubled or replaced. */
function damaged(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom('"', '{', '}', '[', ']', ',', ':', '\\', '\n', '\ud83d', '1e309'),
    fc.string({ unit: 'binary' }),
  );
  return fc.tuple(texts, fc.nat(), fc.nat(12), piece).map(([text, from, length, by]) => {
    const at = from % (text.length + 1);
    return text.slice(0, at) + by + text.slice(at + length);
  });
}

function hostile(): fc.Arbitrary<string> {
  const wellFormed = fc.oneof(almostEnvelope(), decision(), fc.json());
  return fc.oneof(wellFormed, damaged(wellFormed), fc.string({ unit: 'binary' }));
}

/** A relay with somebody who publishes, somebody who looks, and a hub behind that. */
class Bystanders {
  readonly scene = new RoomScene();
  readonly #publisher = new FakePublisher({ relayUrl: '', producerId: 'good' });
  readonly #link = this.scene.connect('good');
  readonly #viewer = this.scene.join();
  readonly #hub = new HubDriver({ startMs: START_MS });
  readonly attacker = this.scene.connect();

  constructor() {
    this.#hub.add();
    for (const message of [
      said.ensembleStarted(),
      said.taskStarted(),
      said.reviewRequested({ reviewId: 'good', timeoutMs: 0 }),
    ]) {
      this.scene.room.publisherSaid(this.#link, this.#publisher.envelope(message));
    }
  }

  /** Goes on as if nothing had happened, and fails if something has. */
  goOn(): void {
    const text = this.#publisher.envelope(said.toolCalled());
    expect(this.scene.room.publisherSaid(this.#link, text).ok).toBe(true);
    this.scene.endTurn();
    const seen = this.#viewer.read();
    expect(seen).toContain(text);
    expect(this.#viewer.isClosed).toBe(false);
    for (const frame of seen) {
      expect(decodeDown(frame).ok).toBe(true);
      this.#hub.receive(frame);
    }
    expect(this.#hub.producer('good')?.state).toBe('waiting for you');
    expect(this.#hub.review('good', 'good')?.status.kind).toBe('open');
    expect(this.#link.decided).toEqual([]);
  }

  /** Whoever comes now is greeted with all that the good one said. */
  welcome(): void {
    const late = new HubDriver({ startMs: START_MS });
    late.add();
    for (const frame of this.scene.join().read()) late.receive(frame);
    expect(late.producer('good')).toMatchObject({ state: 'waiting for you' });
  }
}

/** A publisher, a post and a viewer say the text; each is taken, or refused with a code. */
function say(others: Bystanders, text: string): void {
  const { scene, attacker } = others;
  const results = [scene.room.publisherSaid(attacker, text), scene.room.posted(text)];
  const bytes = Buffer.byteLength(text);
  const refusal = refuseText(text, bytes, DEFAULT_LIMITS);
  const up = decodeUp(text);
  for (const result of results) if (!result.ok) expect(Object.keys(ERROR_CODES)).toContain(result.error.code);
  if (refusal !== undefined) expect(refusal.code).toBe('too_large');
  if (!up.ok) expect(Object.keys(ERROR_CODES)).toContain(up.error.code);
  else if (refusal === undefined && up.value.type === 'review_decision') {
    const { reviewId, decision: word, revisedOutput } = up.value;
    if (reviewId === 'good' && /^(continue|edit|exit_early|approve)$/i.test(word)) return;
    const code = scene.decide({ reviewId, decision: word, revisedOutput });
    if (code !== undefined) expect(Object.keys(ERROR_CODES)).toContain(code);
  }
}

describe(`hostile texts (seed ${SEED})`, { timeout: HANG_MS }, () => {
  expectNothingLeftOpen();

  test.each(CORPUS)('%s: refused with a code, and noticed by nobody', (_name, text) => {
    const others = new Bystanders();
    say(others, text);
    others.goOn();
    others.welcome();
    others.scene.room.dispose();
  });

  test(`${RUNS} times ${BATCH} made up ones are taken or refused with a code, and noticed by nobody`, () => {
    const property = fc.property(fc.array(hostile(), { maxLength: BATCH, minLength: BATCH }), (texts) => {
      const others = new Bystanders();
      for (const text of texts) {
        say(others, text);
        others.goOn();
      }
      others.scene.wait(600);
      others.goOn();
      others.welcome();
      others.scene.room.dispose();
    });
    fc.assert(property, { numRuns: RUNS, seed: SEED });
  });
});
