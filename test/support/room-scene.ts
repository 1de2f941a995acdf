import type { DecisionDelivery } from '../../src/protocol/wire/decision-delivery.ts';
import type { DecisionRequest } from '../../src/hub/review-output.ts';
import type { FanOutMember } from '../../src/node-server/fan-out.ts';
import { silentLog } from '../../src/node-server/log.ts';
import { DEFAULT_LIMITS, type RelayLimits } from '../../src/node-server/relay-limits.ts';
import { MemoryLog } from '../../src/node-server/memory-log.ts';
import { RelayCounters } from '../../src/node-server/relay-counters.ts';
import { RelayRoom } from '../../src/node-server/relay-room.ts';
import type { Publisher } from '../../src/node-server/room-peers.ts';
import { FakeClock } from '../../src/node-server/test-support/fake-clock.ts';
import { ViewerOutbox } from '../../src/node-server/viewer-outbox.ts';
import { decodeFrames } from './decode-frames.ts';
import { START_MS } from './hub-driver.ts';

/** A connection of a publisher without a socket. */
export class RoomLink implements Publisher {
  readonly id: string;
  /** The reviews whose decision has been handed over on it, those that came again included. */
  readonly decided: string[] = [];

  constructor(id: string) {
    this.id = id;
  }

  deliver({ reviewId }: DecisionDelivery): void {
    this.decided.push(reviewId);
  }
}

/** A viewer without a socket. It takes everything at once, until it is paused: then what it is told waits, as behind a socket that takes nothing. */
export class RoomViewer implements FanOutMember {
  readonly outbox: ViewerOutbox;
  readonly #room: RelayRoom;
  #taken: Buffer[] = [];
  #pending: { bytes: number; written: () => void }[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #isClosed = false;
  #isPaused = false;

  constructor(room: RelayRoom, { clock, limits }: { clock: FakeClock; limits: RelayLimits }) {
    this.#room = room;
    this.outbox = new ViewerOutbox({
      limits,
      queue: { add: () => undefined },
      dropped: { token: 0, queue: 0 },
      sink: {
        write: (bytes, written) => {
          this.#taken.push(bytes);
          if (this.#isPaused) this.#pending.push({ bytes: bytes.length, written });
          else written();
        },
        pendingBytes: () => this.pendingBytes,
      },
      nowMs: () => clock.nowMs(),
      onGreetingDue: () => this.outbox.greet(room.greeting()),
      onTooSlow: () => this.close(),
    });
    this.outbox.greet(room.greeting());
    room.viewerOpened(this);
  }

  /** Bytes that were handed to it and that it has not taken. */
  get pendingBytes(): number {
    return this.#pending.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  onStalled(): void {
    this.close();
  }

  /** Takes nothing any more. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Takes the oldest piece that waits for it, as a slow one does. */
  takeOne(): void {
    this.#pending.shift()?.written();
  }

  /** Takes everything that waits for it, and what comes. */
  resume(): void {
    this.#isPaused = false;
    while (this.#pending.length > 0) {
      for (const { written } of this.#pending.splice(0)) written();
    }
  }

  /** The texts that it took and that were not read before, in their order. */
  read(): string[] {
    const { frames, rest } = decodeFrames(Buffer.concat([this.#rest, ...this.#taken.splice(0)]));
    this.#rest = rest;
    return frames.filter(({ opcode }) => opcode === 1).map(({ payload }) => payload.toString('utf8'));
  }

  close(): void {
    this.#isClosed = true;
    this.#room.fanOut.remove(this);
    this.outbox.close(() => undefined);
  }
}

/** The room of a relay without sockets: nothing in it happens but what a test does, and its clock stands still. */
export class RoomScene {
  readonly clock: FakeClock;
  readonly #limits: RelayLimits;
  readonly room: RelayRoom;
  readonly #due: (() => void)[] = [];
  #links = 0;

  constructor(changes: Partial<RelayLimits> = {}, startMs = START_MS) {
    const limits = { ...DEFAULT_LIMITS, ...changes };
    this.clock = new FakeClock(startMs);
    this.#limits = limits;
    this.room = new RelayRoom({
      clock: this.clock,
      log: silentLog,
      limits,
      counters: new RelayCounters(),
      openLog: (isReviewOpen) => new MemoryLog({ limits, isReviewOpen }),
      atEndOfTurn: (run) => this.#due.push(run),
    });
  }

  /** A new connection of a publisher, whose address names it or not. */
  connect(producerId?: string): RoomLink {
    this.#links += 1;
    const link = new RoomLink(`link-${this.#links}`);
    this.room.publisherOpened(link, producerId);
    return link;
  }

  join(): RoomViewer {
    return new RoomViewer(this.room, { clock: this.clock, limits: this.#limits });
  }

  /** Decides; gives the code of the refusal, if there is one. */
  decide(request: Omit<DecisionRequest, 'by'>): string | undefined {
    const result = this.room.decide({ by: 'viewer', ...request });
    return result.ok ? undefined : result.error.code;
  }

  /** This turn of the event loop ends. */
  endTurn(): void {
    for (const run of this.#due.splice(0)) run();
  }

  /** Time passes. */
  wait(ms: number): void {
    this.clock.advance(ms);
    this.endTurn();
  }
}
