import type { DecisionDelivery } from '../../src/protocol/wire/decision-delivery.ts';
import { said } from '../../src/node-server/test-support/said.ts';
import type { Publisher } from '../../src/node-server/room-peers.ts';
import type { RoomScene } from './room-scene.ts';

/** What has become of a review, in its own process: nobody knows it better. */
export type ReviewTruth =
  | { readonly kind: 'waiting' }
  /** `isTold`: the process could say afterwards what it did. */
  | { readonly kind: 'answered'; readonly decision: string; isTold: boolean }
  | { readonly kind: 'timed-out'; isTold: boolean }
  | { readonly kind: 'died' };

/** How a process asks. */
export interface Question {
  /** 0 waits without limit. */
  readonly timeoutMs: number;
  readonly onTimeout: 'CONTINUE' | 'EXIT_EARLY' | 'FAIL';
}

interface About {
  readonly announces?: string;
  /** What became of this review can be seen from it. */
  readonly tells?: string;
}

interface Unsent extends About {
  readonly text: string;
}

interface Asked extends Question {
  readonly reviewId: string;
  readonly askedAtMs: number;
}

/** A connection on which decisions wait until the process looks; with the connection they are gone. */
class ReviewLink implements Publisher {
  readonly id: string;
  readonly inbox: DecisionDelivery[] = [];

  constructor(id: string) {
    this.id = id;
  }

  deliver(decision: DecisionDelivery): void {
    this.inbox.push(decision);
  }
}

/** A process that runs one task after the other, blocks at a review, and goes on with the answer or by itself. */
export class ReviewProcess {
  readonly id: string;
  readonly reviews = new Map<string, ReviewTruth>();
  readonly #scene: RoomScene;
  #link: ReviewLink | undefined;
  #links = 0;
  #runs = 0;
  #questions = 0;
  #sequence = 0;
  #isRunning = false;
  #asked: Asked | undefined;
  /** What it said while nobody heard it: it is sent on the next connection. */
  #unsent: Unsent[] = [];

  constructor(id: string, scene: RoomScene) {
    this.id = id;
    this.#scene = scene;
  }

  get isBlocked(): boolean {
    return this.#asked !== undefined;
  }

  /** When it goes on by itself, by the world's clock. */
  get deadlineMs(): number | undefined {
    if (this.#asked === undefined || this.#asked.timeoutMs === 0) return undefined;
    return this.#asked.askedAtMs + this.#asked.timeoutMs;
  }

  /** Begins a run, or asks its model, if nothing blocks it. */
  work(): void {
    if (this.isBlocked) return;
    if (this.#isRunning) this.#say(said.toolCalled());
    else this.#start();
  }

  /** Asks somebody to look at what its task made, if nothing blocks it. */
  ask(question: Question): void {
    if (this.isBlocked) return;
    if (!this.#isRunning) this.#start();
    this.#questions += 1;
    const reviewId = `${this.id}-review-${this.#questions}`;
    this.#asked = { ...question, reviewId, askedAtMs: this.#scene.clock.nowMs() };
    this.reviews.set(reviewId, { kind: 'waiting' });
    this.#say(said.reviewRequested({ ...question, reviewId, taskDescription: this.#task }), { announces: reviewId });
  }

  /** Looks at what was decided. A decision on what it waits for no longer has no effect. */
  listen(): void {
    for (const { reviewId, decisionJson } of this.#link?.inbox.splice(0) ?? []) {
      if (this.#asked?.reviewId !== reviewId) continue;
      const { decision } = JSON.parse(decisionJson) as { decision: string };
      this.#goOn({ kind: 'answered', decision, isTold: false }, decision);
    }
  }

  /** Its time may be up. */
  checkTime(): void {
    const { deadlineMs } = this;
    if (this.#asked === undefined || deadlineMs === undefined || this.#scene.clock.nowMs() < deadlineMs) return;
    this.#goOn({ kind: 'timed-out', isTold: false }, this.#asked.onTimeout);
  }

  connect(): void {
    if (this.#link !== undefined) return;
    this.#links += 1;
    this.#link = new ReviewLink(`${this.id}-${this.#links}`);
    this.#scene.room.publisherOpened(this.#link, this.id);
    this.#send();
  }

  cut(): void {
    if (this.#link !== undefined) this.#scene.room.publisherClosed(this.#link);
    this.#link = undefined;
  }

  /** Ends without a word, and another process begins in its place. */
  restart(): void {
    if (this.#asked !== undefined) this.reviews.set(this.#asked.reviewId, { kind: 'died' });
    // Of what it asked and nobody heard, nobody will.
    for (const { announces } of this.#unsent) if (announces !== undefined) this.reviews.delete(announces);
    this.cut();
    this.#asked = undefined;
    this.#unsent = [];
    this.#sequence = 0;
    this.#isRunning = false;
    this.#scene.wait(1);
    this.connect();
    this.#start();
  }

  get #task(): string {
    return `Task of run ${this.#runs}`;
  }

  #start(): void {
    this.#runs += 1;
    this.#isRunning = true;
    this.#say(said.ensembleStarted({ ensembleId: `${this.id}-run-${this.#runs}` }));
    this.#say(said.taskStarted({ taskDescription: this.#task, startedAt: this.#stamp }));
  }

  #goOn(truth: ReviewTruth, how: string): void {
    const reviewId = this.#asked?.reviewId ?? '';
    this.reviews.set(reviewId, truth);
    this.#asked = undefined;
    this.#isRunning = false;
    if (how === 'FAIL') this.#say(this.#taskEnd('task_failed'), { tells: reviewId });
    if (how === 'CONTINUE' || how === 'EDIT') this.#say(this.#taskEnd('task_completed'), { tells: reviewId });
    const exitReason = { FAIL: 'ERROR', EXIT_EARLY: 'USER_EXIT_EARLY' }[how] ?? 'COMPLETED';
    this.#say(said.ensembleCompleted({ ensembleId: `${this.id}-run-${this.#runs}`, exitReason }), { tells: reviewId });
  }

  #taskEnd(type: 'task_completed' | 'task_failed'): object {
    const about = { type, taskIndex: 1, taskDescription: this.#task, agentRole: 'Writer' };
    if (type === 'task_failed') return { ...about, failedAt: this.#stamp, reason: 'no answer' };
    return { ...about, totalTasks: 1, completedAt: this.#stamp, durationMs: 1, tokenCount: -1, toolCallCount: 0 };
  }

  get #stamp(): string {
    return new Date(this.#scene.clock.nowMs()).toISOString();
  }

  #say(message: object, about: About = {}): void {
    this.#sequence += 1;
    const producer = { producerId: this.id };
    const event = { type: 'event', producer, sequence: this.#sequence, receivedAt: this.#stamp, message };
    this.#unsent.push({ text: JSON.stringify(event), ...about });
    this.#send();
  }

  #send(): void {
    if (this.#link === undefined) return;
    for (const { text, tells } of this.#unsent.splice(0)) {
      const taken = this.#scene.room.publisherSaid(this.#link, text);
      if (!taken.ok) throw new Error(taken.error.message);
      const truth = this.reviews.get(tells ?? '');
      if (truth?.kind === 'answered' || truth?.kind === 'timed-out') truth.isTold = true;
    }
  }
}
