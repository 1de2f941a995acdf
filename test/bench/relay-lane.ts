import { BenchSocket } from './relay-client.ts';
import { EVENT_BYTES, EventStream, maskedFrames } from './relay-traffic.ts';

/** How many events may be on their way at once: less than the relay lets wait for any viewer, so that it drops none. */
const WINDOW_EVENTS = 1024;
const EVENTS_PER_WRITE = 16;

/** Where a lane leads. */
export interface LaneSetup {
  readonly port: number;
  readonly viewers: number;
}

/**
 * One publisher and its viewers at one server. The publisher writes as fast as
 * the slowest viewer gets what it wrote before, so that nothing has to be dropped
 * and each server works as fast as it can.
 */
export class Lane {
  readonly #viewers: { readonly socket: BenchSocket; readonly received: { events: number } }[] = [];
  readonly #stream = new EventStream('bench-publisher');
  #publisher: BenchSocket | undefined;
  #errors = 0;
  #isLooking = false;
  #look: () => void = () => undefined;

  /** Connects the viewers, then the publisher. */
  static async open({ port, viewers }: LaneSetup): Promise<Lane> {
    const lane = new Lane();
    for (let n = 0; n < viewers; n += 1) {
      const received = { events: 0 };
      const onText = (bytes: number) => {
        if (bytes !== EVENT_BYTES) return;
        received.events += 1;
        lane.#lookSoon();
      };
      lane.#viewers.push({ socket: await BenchSocket.open(port, '/ws', { onText }), received });
    }
    const onText = () => {
      lane.#errors += 1;
    };
    lane.#publisher = await BenchSocket.open(port, '/ingress?producerId=bench-publisher', { onText });
    return lane;
  }

  /**
   * Publishes so many events and waits until each viewer has each of them.
   *
   * @returns how long that took, in seconds
   */
  async run(events: number): Promise<number> {
    const buffers = maskedFrames(this.#stream.take(events), EVENTS_PER_WRITE);
    const before = this.#slowest();
    let written = 0;
    const began = performance.now();
    await new Promise<void>((resolve) => {
      this.#look = () => {
        const arrived = this.#slowest() - before;
        while (written < buffers.length && written * EVENTS_PER_WRITE < arrived + WINDOW_EVENTS) {
          this.#publisher?.socket.write(buffers[written] ?? Buffer.alloc(0));
          written += 1;
        }
        if (arrived >= events) resolve();
      };
      this.#look();
    });
    const seconds = (performance.now() - began) / 1000;
    this.#check(before + events);
    return seconds;
  }

  close(): void {
    for (const { socket } of this.#viewers) socket.drop();
    this.#publisher?.drop();
  }

  /** Once a turn is enough. */
  #lookSoon(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    setImmediate(() => {
      this.#isLooking = false;
      this.#look();
    });
  }

  #slowest(): number {
    return this.#viewers.reduce((least, { received }) => Math.min(least, received.events), Number.POSITIVE_INFINITY);
  }

  #check(expected: number): void {
    const wrong = this.#viewers.filter(({ received }) => received.events !== expected).length;
    if (wrong > 0) throw new Error(`${wrong} viewers did not get each event once.`);
    if (this.#errors > 0) throw new Error(`The server refused ${this.#errors} events.`);
  }
}
