import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { said } from '../../src/node-server/test-support/said.ts';
import { type RoomLink, RoomScene, type RoomViewer } from '../support/room-scene.ts';
import { HANG_MS, SEED, sized } from './settings.ts';

const STORIES = sized(150, 5_000);
const MOST_STEPS = 120;
const START_MS = Date.UTC(2026, 0, 1);
/** Small enough for every limit to be met within a story. */
const LIMITS = {
  maxRuns: 2,
  maxProducers: 1,
  maxBytesPerProducer: 24_000,
  maxBytes: 60_000,
  viewerQueueSoftBytes: 4_000,
  viewerQueueHardBytes: 10_000,
  viewerResyncsPerMinute: 1_000,
  reorderWindowEvents: 4,
  maxReviewsPerProducer: 3,
  holdDecisionMs: 60_000,
  maxHeldDecisions: 3,
  evictAfterMs: 120_000,
};
/** How wrong the clocks of processes are. */
const CLOCKS_MS = [0, -3_600_000, 3_600_000, -700];

interface SaidText {
  readonly type: string;
  readonly [member: string]: unknown;
}

function producerOf({ producer }: SaidText): string {
  return (producer as { producerId: string }).producerId;
}

/** A process, and what it has said that has not arrived yet. */
class Process {
  readonly id: string;
  readonly underWay: string[] = [];
  readonly #clockMs: number;
  link: RoomLink | undefined;
  runs = 0;
  #sequence = 0;
  #stampedMs = 0;

  constructor(id: string, clockMs: number) {
    this.id = id;
    this.#clockMs = clockMs;
  }

  say(message: object, nowMs: number): void {
    this.#sequence += 1;
    this.#stampedMs = Math.max(this.#stampedMs, nowMs + this.#clockMs);
    const receivedAt = new Date(this.#stampedMs).toISOString();
    const producer = { producerId: this.id };
    this.underWay.push(JSON.stringify({ type: 'event', producer, sequence: this.#sequence, receivedAt, message }));
  }

  beginAnew(): void {
    this.underWay.length = 0;
    this.#sequence = 0;
    this.runs += 1;
  }
}

/** What one viewer knows: what its last greeting held, what came since, who is there and how the reviews stand. */
class Onlooker {
  readonly viewer: RoomViewer;
  greeted: string[] = [];
  since: string[] = [];
  readonly producers = new Set<string>();
  readonly gone = new Set<string>();
  readonly reviews = new Map<string, string>();

  constructor(viewer: RoomViewer) {
    this.viewer = viewer;
  }

  look(): void {
    for (const text of this.viewer.read()) this.#hear(JSON.parse(text) as SaidText, text);
  }

  #hear(message: SaidText, text: string): void {
    if (message.type === 'hub_hello') this.#beginAnew(message);
    else if (message.type === 'review_state') this.reviews.set(String(message['reviewId']), text);
    else if (message.type === 'producer_left') this.gone.add(String(message['producerId']));
    else if (message.type === 'producer_joined' || message.type === 'event') this.#meet(producerOf(message));
    // A slow viewer does without tokens, and nobody keeps them.
    if (message.type === 'event' && !text.includes('"token"')) this.since.push(nameOf(message));
  }

  /** Who joins or speaks is there. */
  #meet(producerId: string): void {
    this.producers.add(producerId);
    this.gone.delete(producerId);
  }

  #beginAnew({ producers = [], snapshotTrace = [] }: SaidText): void {
    this.greeted = (snapshotTrace as SaidText[]).map(nameOf);
    this.since = [];
    for (const known of [this.producers, this.gone, this.reviews]) known.clear();
    for (const { producerId } of producers as { producerId: string }[]) this.producers.add(producerId);
  }
}

function nameOf(event: SaidText): string {
  return `${producerOf(event)} ${String(event['sequence'])} ${String(event['receivedAt'])}`;
}

/** A room whose limits are met all the time, and who looks at it; the first who does keeps up and stays. */
class SmallRoom {
  readonly scene = new RoomScene(LIMITS, START_MS);
  readonly #processes: readonly Process[];
  readonly #first = new Onlooker(this.scene.join());
  readonly #others: Onlooker[] = [];
  readonly #asked: string[] = [];

  constructor(clocks: readonly number[]) {
    this.#processes = clocks.map((clock, index) => new Process(`p${index}`, CLOCKS_MS[clock] ?? 0));
  }

  say(which: number, message: object): void {
    this.#process(which).say(message, this.scene.clock.nowMs());
  }

  ask(which: number): void {
    const reviewId = `r${this.#asked.length}`;
    this.#asked.push(reviewId);
    this.say(which, said.reviewRequested({ reviewId, timeoutMs: 30_000 }));
  }

  /** One of the events that are under way arrives, on the socket of its process if it has one, or as a post. */
  deliver(which: number, { at, isPost }: { at: number; isPost: boolean }): void {
    const { underWay, link } = this.#process(which);
    const [text] = underWay.splice(at % Math.max(underWay.length, 1), 1);
    if (text === undefined) return;
    if (link === undefined || isPost) this.scene.room.posted(text);
    else this.scene.room.publisherSaid(link, text);
  }

  deliverAll(which: number, isPost: boolean): void {
    while (this.#process(which).underWay.length > 0) this.deliver(which, { at: 0, isPost });
  }

  lose(which: number): void {
    this.#process(which).underWay.shift();
  }

  /** A process connects; the connection that it had before, if any, is never seen to end. */
  connect(which: number): void {
    const process = this.#process(which);
    process.link = this.scene.connect(process.id);
  }

  cut(which: number): void {
    const process = this.#process(which);
    if (process.link !== undefined) this.scene.room.publisherClosed(process.link);
    process.link = undefined;
  }

  restart(which: number): void {
    const process = this.#process(which);
    this.cut(which);
    this.scene.wait(5);
    process.beginAnew();
    this.say(which, said.ensembleStarted({ ensembleId: `${process.id} ${process.runs}` }));
  }

  decide(which: number, decision: string): void {
    const reviewId = this.#asked[which % Math.max(this.#asked.length, 1)];
    if (reviewId !== undefined) this.scene.decide({ reviewId, decision });
  }

  join(): void {
    this.#others.push(new Onlooker(this.scene.join()));
  }

  viewer(which: number): RoomViewer | undefined {
    return this.#others[which % Math.max(this.#others.length, 1)]?.viewer;
  }

  /** Everybody takes what waits; then all of them know what somebody is told who joins now. */
  end(): void {
    for (const { viewer } of this.#others) viewer.resume();
    this.scene.wait(1_000);
    const joined = new Onlooker(this.scene.join());
    for (const onlooker of [joined, this.#first, ...this.#others]) onlooker.look();
    for (const onlooker of this.#others) if (!onlooker.viewer.isClosed) this.#compare(onlooker, joined);
    this.scene.room.dispose();
  }

  #compare({ greeted, since, producers, gone, reviews }: Onlooker, joined: Onlooker): void {
    const all = [...greeted, ...since];
    expect(new Set(all).size, 'nothing comes twice').toBe(all.length);
    expect(since, 'all comes that is said').toEqual(this.#first.since.slice(this.#first.since.length - since.length));
    expect(all, 'what is kept is known').toEqual(expect.arrayContaining(joined.greeted));
    expect([...producers]).toEqual(expect.arrayContaining(joined.greeted.map((name) => name.split(' ')[0])));
    expect([...gone].filter((id) => joined.producers.has(id)).sort()).toEqual([...joined.gone].sort());
    for (const [reviewId, state] of joined.reviews) expect(reviews.get(reviewId)).toBe(state);
  }

  #process(which: number): Process {
    const process = this.#processes[which % this.#processes.length];
    if (process === undefined) throw new Error('There is no process.');
    return process;
  }
}

/** Something that happens; its name stands in the report of a story that fails. */
function step(name: string, act: (room: SmallRoom) => void): (room: SmallRoom) => void {
  return Object.assign(act, { [fc.toStringMethod]: () => name });
}

const which = fc.nat(2);
const chars = fc.constantFrom(10, 500, 3_000);
const steps = fc.oneof(
  fc.tuple(which, chars).map(([n, size]) => {
    return step(`tool ${n} ${size}`, (room) => room.say(n, said.toolCalled({ toolResult: 'x'.repeat(size) })));
  }),
  fc.tuple(which, chars).map(([n, size]) => {
    return step(`token ${n} ${size}`, (room) => room.say(n, said.token({ token: 'x'.repeat(size) })));
  }),
  which.map((n) => step(`ask ${n}`, (room) => room.ask(n))),
  fc.tuple(which, fc.nat(5), fc.boolean()).map(([n, at, isPost]) => {
    return step(`deliver ${n} ${at} ${isPost}`, (room) => room.deliver(n, { at, isPost }));
  }),
  fc.tuple(which, fc.boolean()).map(([n, isPost]) => {
    return step(`deliver all ${n} ${isPost}`, (room) => room.deliverAll(n, isPost));
  }),
  which.map((n) => step(`lose ${n}`, (room) => room.lose(n))),
  which.map((n) => step(`connect ${n}`, (room) => room.connect(n))),
  which.map((n) => step(`cut ${n}`, (room) => room.cut(n))),
  which.map((n) => step(`restart ${n}`, (room) => room.restart(n))),
  fc.tuple(fc.nat(20), fc.constantFrom('CONTINUE', 'EXIT_EARLY', 'perhaps')).map(([n, decision]) => {
    return step(`decide ${n} ${decision}`, (room) => room.decide(n, decision));
  }),
  fc.constant(step('join', (room) => room.join())),
  fc.nat(3).map((n) => step(`pause ${n}`, (room) => room.viewer(n)?.pause())),
  fc.nat(3).map((n) => step(`take one ${n}`, (room) => room.viewer(n)?.takeOne())),
  fc.nat(3).map((n) => step(`resume ${n}`, (room) => room.viewer(n)?.resume())),
  fc.constantFrom(1, 100, 500, 2_000, 31_000, 130_000).map((ms) => step(`wait ${ms}`, (room) => room.scene.wait(ms))),
  fc.constant(step('end turn', (room) => room.scene.endTurn())),
);

describe(`a room with little room (seed ${SEED})`, { timeout: HANG_MS }, () => {
  test('tells those that are slow, those that come and those that stay the same', () => {
    const clocks = fc.array(fc.nat(CLOCKS_MS.length - 1), { minLength: 2, maxLength: 3 });
    const stories = fc.array(steps, { maxLength: MOST_STEPS, size: 'max' });
    const property = fc.property(clocks, stories, (wrong, story) => {
      const room = new SmallRoom(wrong);
      for (const act of story) act(room);
      room.end();
    });
    fc.assert(property, { numRuns: STORIES, seed: SEED });
  });
});
