import { expect } from 'vitest';
import { said } from '../../src/node-server/test-support/said.ts';
import { type RoomLink, RoomScene, type RoomViewer } from '../support/room-scene.ts';

/** How long the processes wait for a decision, in ms. */
const TIMEOUT_MS = 60_000;
/** Time passes in such steps, so that it is never as good as up. */
const STEP_MS = 25_000;
/** From here on a review has run out, whoever's clock is asked. */
const CERTAIN_MS = TIMEOUT_MS + 1_000;

type Standing = 'open' | 'decided' | 'over';

interface Review {
  readonly owner: Process;
  readonly askedAtMs: number;
  standing: Standing;
}

interface SaidText {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** A process that publishes: what it has said in all its lives, and how it is connected. */
class Process {
  readonly id: string;
  readonly labels: string[] = [];
  readonly links: RoomLink[] = [];
  link: RoomLink | undefined;
  sequence = 0;

  constructor(id: string) {
    this.id = id;
  }
}

/** What one viewer was shown since it was greeted. */
class Onlooker {
  readonly viewer: RoomViewer;
  readonly labels = new Map<string, string[]>();
  readonly states = new Map<string, string>();

  constructor(viewer: RoomViewer) {
    this.viewer = viewer;
  }

  look(): void {
    for (const text of this.viewer.read()) this.#hear(JSON.parse(text) as SaidText);
  }

  #hear(message: SaidText): void {
    if (message.type === 'hub_hello')
      for (const event of (message['snapshotTrace'] ?? []) as SaidText[]) this.#hear(event);
    else if (message.type === 'review_state') this.states.set(String(message['reviewId']), String(message['state']));
    else if (message.type === 'event') this.#note(message);
  }

  #note({ producer, message }: SaidText): void {
    const { producerId } = producer as { producerId: string };
    const { toolName, reviewId, ensembleId } = message as SaidText;
    const labels = this.labels.get(producerId) ?? [];
    labels.push(String(toolName ?? reviewId ?? ensembleId));
    this.labels.set(producerId, labels);
  }
}

/** The room of a relay beside a sketch of it: lists of what was said, and how each review stands. Whatever is done is done to both, and then compared. */
export class ModelledRoom {
  readonly #scene = new RoomScene({ maxRuns: 1_000 }, Date.now());
  readonly #processes = ['p', 'q'].map((id) => new Process(id));
  readonly #onlookers: Onlooker[] = [new Onlooker(this.#scene.join())];
  readonly #reviews = new Map<string, Review>();
  #said = 0;

  /** A process says something, if it is connected. */
  publish(which: number): void {
    const process = this.#process(which);
    this.#say(process, (label) => said.toolCalled({ toolName: label }));
  }

  /** A process asks for a decision, if it is connected. */
  ask(which: number): void {
    const process = this.#process(which);
    const reviewId = this.#say(process, (label) => said.reviewRequested({ reviewId: label, timeoutMs: TIMEOUT_MS }));
    if (reviewId !== undefined)
      this.#reviews.set(reviewId, { owner: process, askedAtMs: this.#scene.clock.nowMs(), standing: 'open' });
  }

  /** The connection of a process breaks off, if it has one. */
  cut(which: number): void {
    const process = this.#process(which);
    if (process.link !== undefined) this.#scene.room.publisherClosed(process.link);
    process.link = undefined;
  }

  /** A process comes back, if it is away, and gets the decisions that wait for it. */
  connect(which: number): void {
    const process = this.#process(which);
    if (process.link !== undefined) return;
    process.link = this.#scene.connect(process.id);
    process.links.push(process.link);
    for (const [reviewId, { owner, standing }] of this.#reviews)
      if (owner === process && standing === 'decided') expect(process.link.decided).toContain(reviewId);
  }

  /** A process ends, and another begins in its place: nobody waits for the old one's reviews. */
  restart(which: number): void {
    const process = this.#process(which);
    this.cut(which);
    process.sequence = 0;
    // In the same millisecond nobody could tell its first event from the first one of the process before.
    this.#scene.clock.advance(1);
    this.connect(which);
    this.#say(process, (label) => said.ensembleStarted({ ensembleId: label }));
    for (const review of this.#reviews.values()) if (review.owner === process) review.standing = 'over';
  }

  /** Somebody joins. */
  join(): void {
    this.#onlookers.push(new Onlooker(this.#scene.join()));
  }

  /** Somebody decides one of the reviews: the first while its process waits is taken, and nobody else. */
  decide(which: number, decision: string): void {
    const [reviewId, review] = [...this.#reviews][which % Math.max(this.#reviews.size, 1)] ?? [];
    if (reviewId === undefined || review === undefined) return;
    const refusal = this.#scene.decide({ reviewId, decision });
    expect(refusal === undefined).toBe(review.standing === 'open');
    if (review.standing !== 'open') return;
    review.standing = 'decided';
    if (review.owner.link !== undefined) expect(review.owner.link.decided).toContain(reviewId);
  }

  /** Time passes: who was not decided in time goes on alone. */
  expire(): void {
    this.#scene.wait(STEP_MS);
    const nowMs = this.#scene.clock.nowMs();
    for (const review of this.#reviews.values()) if (nowMs >= review.askedAtMs + CERTAIN_MS) review.standing = 'over';
  }

  /** Compares what everybody was shown with the sketch. */
  compare(): void {
    this.#scene.wait(1);
    for (const onlooker of this.#onlookers) {
      onlooker.look();
      for (const { id, labels } of this.#processes) expect(onlooker.labels.get(id) ?? []).toEqual(labels);
      for (const [reviewId, review] of this.#reviews) this.#compareReview(review, onlooker.states.get(reviewId));
    }
    for (const { links } of this.#processes)
      for (const { decided } of links) expect(decided).toEqual([...new Set(decided)]);
  }

  /** Everybody who ever looked has been told the same as who comes last. */
  end(): void {
    this.join();
    this.compare();
    const told = this.#onlookers.map(({ states }) => Object.fromEntries(states));
    for (const states of told) expect(states).toEqual(told.at(-1));
    this.#scene.room.dispose();
  }

  #compareReview({ standing, owner }: Review, shown: string | undefined): void {
    if (standing === 'open') expect(shown).toBe('open');
    else if (standing === 'decided') expect(shown).toBe(owner.link === undefined ? shown : 'sent');
    else expect(['expired', 'refused', 'closed', 'applied', 'unknown', 'sent', 'held']).toContain(shown);
  }

  #process(which: number): Process {
    const process = this.#processes[which % this.#processes.length];
    if (process === undefined) throw new Error('There is no process.');
    return process;
  }

  /** Gives what the event is known by, if its process could say it. */
  #say(process: Process, messageOf: (label: string) => object): string | undefined {
    if (process.link === undefined) return undefined;
    this.#said += 1;
    const label = `said-${this.#said}`;
    process.sequence += 1;
    const text = JSON.stringify({
      type: 'event',
      producer: { producerId: process.id },
      sequence: process.sequence,
      receivedAt: new Date(this.#scene.clock.nowMs()).toISOString(),
      message: messageOf(label),
    });
    expect(this.#scene.room.publisherSaid(process.link, text).ok).toBe(true);
    process.labels.push(label);
    return label;
  }
}
