import { decodeUp } from '../../src/protocol/wire/codec.ts';
import type { DecisionWord } from '../../src/protocol/tab/review-model.ts';
import type { ReviewRecord } from '../../src/hub/review-record.ts';
import { producersOf } from '../../src/hub/hub-state.ts';
import { keepEvents, keepProducer, keepReview } from '../../src/hub/keep-producer.ts';
import type { RestoredProducer } from '../../src/hub/restore-producer.ts';
import { lastingFrames } from '../../src/node-server/turn-batch.ts';
import { textFrame } from '../../src/node-server/web-socket-frame.ts';
import { HubDriver, SOURCE } from './hub-driver.ts';
import { type Question, ReviewProcess } from './review-process.ts';
import { RoomScene, type RoomViewer } from './room-scene.ts';

/** Less than what a ledger takes for certain to arrive (`DECISION_MARGIN_MS`). */
const LISTENS_EVERY_MS = 1_500;

/** A browser's hub at the relay: what it sends and what it is sent are under way until somebody moves them, or lost when the connection breaks. */
export class ReviewHub {
  driver: HubDriver;
  readonly name: string;
  readonly #scene: RoomScene;
  #viewer: RoomViewer | undefined;

  constructor(name: string, scene: RoomScene) {
    this.name = name;
    this.#scene = scene;
    this.driver = new HubDriver({ startMs: scene.clock.nowMs(), by: name });
    this.driver.add();
    this.#viewer = scene.join();
    this.pull();
  }

  /** What it has sent reaches the relay. */
  push(): void {
    const viewer = this.#viewer;
    for (const { text } of this.driver.writes.splice(0)) {
      const up = decodeUp(text);
      if (viewer === undefined || !up.ok || up.value.type !== 'review_decision') continue;
      const { reviewId, decision, revisedOutput, by } = up.value;
      const decider = by ?? `viewer of ${this.name}`;
      const result = this.#scene.room.decide({ reviewId, decision, revisedOutput, by: decider });
      if (result.ok) continue;
      const { code, message } = result.error;
      viewer.outbox.send(lastingFrames(textFrame(JSON.stringify({ type: 'error', code, message, reviewId }))));
    }
  }

  /** What the relay has said reaches it. */
  pull(): void {
    this.#scene.endTurn();
    for (const text of this.#viewer?.read() ?? []) this.driver.receive(text);
  }

  cut(): void {
    if (this.#viewer === undefined) return;
    this.#viewer.close();
    this.#viewer = undefined;
    this.driver.writes.splice(0);
    this.driver.cut();
  }

  connect(): void {
    if (this.#viewer !== undefined) return;
    this.driver.connect();
    this.#viewer = this.#scene.join();
  }

  /** Ends, and another hub goes on with what this one kept. */
  restart(): void {
    this.cut();
    const kept = keptOf(this.driver);
    this.driver = new HubDriver({ startMs: this.driver.nowMs, by: this.name });
    this.driver.add();
    this.driver.cut();
    for (const each of kept) this.driver.do({ kind: 'restored', kept: each, nowMs: this.driver.nowMs });
  }

  /** Decides one of the reviews that it offers, if there is one. */
  decide(which: number, decision: DecisionWord): void {
    const { reviews } = this.driver.view<'reviews'>({ view: 'reviews' }).entities;
    const offered = Object.values(reviews).filter(({ canDecide }) => canDecide);
    const review = offered[which % Math.max(1, offered.length)];
    if (review === undefined) return;
    this.driver.decide({ review: review.id, decision, ...(decision === 'EDIT' && { revisedOutput: 'better' }) });
  }

  /** How it sees a review. */
  record(reviewId: string): ReviewRecord | undefined {
    return this.driver.state.sources.get(SOURCE)?.wire?.ledger.record(reviewId);
  }
}

function keptOf({ state }: HubDriver): RestoredProducer[] {
  return producersOf(state).flatMap(({ key, reviews }) => {
    const picture = keepProducer(state, key);
    if (picture === undefined) return [];
    const kept = [...reviews.values()].map((review) => keepReview(state, review.key));
    const whole = { ...picture, reviews: kept.filter((each) => each !== undefined), fillers: [] };
    return [{ ...structuredClone(whole), events: keepEvents(state, key) }];
  });
}

/** Processes that ask, a relay, and two browsers that answer. One clock for all of them. */
export class ReviewWorld {
  readonly scene = new RoomScene({ maxRuns: 1_000 });
  readonly processes = ['p', 'q'].map((id) => new ReviewProcess(id, this.scene));
  readonly hubs = ['ann', 'bob'].map((name) => new ReviewHub(name, this.scene));

  process(which: number): ReviewProcess {
    return this.processes[which % this.processes.length] as ReviewProcess;
  }

  hub(which: number): ReviewHub {
    return this.hubs[which % this.hubs.length] as ReviewHub;
  }

  ask(which: number, question: Question): void {
    this.process(which).ask(question);
  }

  /** Time passes for everybody, from one deadline of a process to the next. No process leaves a decision unread for as long as 2 s. */
  wait(ms: number): void {
    const untilMs = this.scene.clock.nowMs() + ms;
    while (this.scene.clock.nowMs() < untilMs) {
      const nowMs = this.scene.clock.nowMs();
      const due = this.processes.map(({ deadlineMs }) => Math.max(nowMs + 1, deadlineMs ?? untilMs));
      this.scene.wait(Math.min(untilMs, nowMs + LISTENS_EVERY_MS, ...due) - nowMs);
      for (const { driver } of this.hubs) driver.wait(Math.max(0, this.scene.clock.nowMs() - driver.nowMs));
      for (const process of this.processes) {
        process.listen();
        process.checkTime();
      }
    }
  }

  /** Everybody is connected, and all that is under way arrives. */
  settle(): void {
    for (const process of this.processes) process.connect();
    for (const hub of this.hubs) hub.connect();
    for (let round = 0; round < 4; round += 1) {
      for (const hub of this.hubs) hub.pull();
      for (const hub of this.hubs) hub.push();
      for (const process of this.processes) process.listen();
      this.wait(1_000);
    }
    for (const hub of this.hubs) hub.pull();
  }
}
