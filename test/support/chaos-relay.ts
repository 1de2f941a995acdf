import { compareInstants, parseInstant, type Instant } from '../../src/protocol/wire/instant.ts';
import { ChaosProcess } from './chaos-process.ts';
import type { ChaosStep } from './chaos-story.ts';
import { HubDriver, SOURCE } from './hub-driver.ts';
import type { Said } from './naive-run.ts';

/** An event as it reached the viewer. */
export interface Arrived {
  readonly sequence: number;
  readonly receivedAt: Instant;
  readonly message: Said;
  /** It came in a greeting: which one. */
  readonly greeting: number | undefined;
}

/** One life of a process that publishes. */
interface Life {
  readonly process: ChaosProcess;
  sequence: number;
}

/** One producer of the relay: its process, its rival with the same id, and what is known of it where. */
export interface ChaosProducer {
  readonly producerId: string;
  readonly own: Life;
  readonly rival: Life;
  /** At the relay, in the order in which it came. */
  readonly retained: Said[];
  readonly sent: Said[];
  readonly late: Said[];
  isConnected: boolean;
  isKnown: boolean;
  /** At the viewer. */
  readonly arrived: Arrived[];
  /** What the viewer has heard last about its being there. */
  isGone: boolean;
}

const OF_THE_MOMENT = new Set(['token', 'heartbeat']);
/** Clocks are wrong: by nothing, by hours ahead, by days behind. */
const CLOCK_ERRORS_MS = [0, 7_200_000, -172_800_000];

/** Processes that publish to a relay, and a viewer of that relay: a hub. */
export class ChaosRelay {
  readonly hub = new HubDriver({ limits: { maxRuns: 1000, maxIterations: 1000 } });
  readonly producers: ChaosProducer[];
  /** How many events the processes have published. */
  published = 0;
  #isConnected = true;
  #greetings = 0;

  constructor() {
    this.producers = CLOCK_ERRORS_MS.map((errorMs, index) => ({
      producerId: ['one', '__proto__', 'two words'][index] ?? '',
      own: { process: new ChaosProcess(errorMs), sequence: 0 },
      rival: { process: new ChaosProcess(errorMs + 60_000), sequence: 0 },
      retained: [],
      sent: [],
      late: [],
      isConnected: false,
      isKnown: false,
      arrived: [],
      isGone: false,
    }));
    this.hub.add();
    this.#greet();
  }

  /** Lives through a step. */
  do(step: ChaosStep): void {
    if (step.kind === 'wait') this.hub.wait(step.ms);
    else if ('producer' in step) this.#tell(step);
    else if (step.kind === 'cut') this.#cut();
    else if (step.kind === 'connect') this.#connect();
    else this.#greet();
  }

  /** Everything that is on its way arrives, and whatever waits for it has waited long enough. */
  settle(): void {
    this.#connect();
    for (const producer of this.producers) this.#deliver(producer, producer.late.splice(0));
    this.hub.wait(1000);
  }

  #tell(step: Extract<ChaosStep, { producer: number }>): void {
    const producer = this.producers[step.producer];
    if (producer === undefined) return;
    this.hub.wait(7);
    switch (step.kind) {
      case 'say':
        return this.#say(producer, producer.own, step);
      case 'rival':
        return this.#say(producer, producer.rival, { ...step, way: 'plain', backMs: 0 });
      case 'again': {
        const old = producer.sent[step.choice % Math.max(1, producer.sent.length)];
        return old === undefined ? undefined : this.#deliver(producer, [old]);
      }
      case 'restart':
        this.hub.wait(2000);
        producer.own.process.restart();
        producer.own.sequence = 0;
        return;
      case 'join':
        return this.#join(producer);
      case 'leave':
        return this.#leave(producer);
    }
  }

  #say(
    producer: ChaosProducer,
    life: Life,
    { choice, way, backMs }: Pick<Extract<ChaosStep, { kind: 'say' }>, 'choice' | 'way' | 'backMs'>,
  ): void {
    life.process.at(this.hub.nowMs);
    life.sequence += 1;
    this.published += 1;
    const event = {
      type: 'event',
      producer: { producerId: producer.producerId },
      sequence: life.sequence,
      receivedAt: life.process.stamp(backMs),
      message: life.process.say(choice),
    };
    if (way === 'lost') return;
    producer.sent.push(event);
    if (way === 'late') producer.late.push(event);
    else this.#deliver(producer, way === 'twice' ? [event, event] : [event]);
    // What was held up comes with what is said a little later.
    if (way === 'plain' && producer.late.length > 0 && choice % 3 === 0) {
      this.#deliver(producer, producer.late.splice(0));
    }
  }

  #deliver(producer: ChaosProducer, events: readonly Said[]): void {
    for (const event of events) {
      producer.isKnown = true;
      if (!OF_THE_MOMENT.has(String((event['message'] as Said)['type']))) producer.retained.push(event);
      if (!this.#isConnected) continue;
      const arrived = toArrived(event, undefined);
      if (!producer.arrived.some((known) => isRepeat(known, arrived))) producer.isGone = false;
      producer.arrived.push(arrived);
      this.hub.receive(event);
    }
  }

  #join(producer: ChaosProducer): void {
    if (producer.isConnected) return;
    producer.isConnected = true;
    producer.isKnown = true;
    this.#announce(producer, {
      type: 'producer_joined',
      producer: { producerId: producer.producerId },
      joinedAt: this.#now(),
    });
  }

  #leave(producer: ChaosProducer): void {
    if (!producer.isConnected) return;
    producer.isConnected = false;
    this.#announce(producer, { type: 'producer_left', producerId: producer.producerId, leftAt: this.#now() });
  }

  #announce(producer: ChaosProducer, frame: Said): void {
    if (!this.#isConnected) return;
    producer.isGone = frame['type'] === 'producer_left';
    this.hub.receive(frame);
  }

  #cut(): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.hub.cut(SOURCE);
  }

  #connect(): void {
    if (this.#isConnected) return;
    this.#isConnected = true;
    this.hub.connect(SOURCE);
    this.#greet();
  }

  /** The snapshot, with each producer's events in the order in which they came to the relay; then who is gone. */
  #greet(): void {
    if (!this.#isConnected) return;
    this.#greetings += 1;
    const known = this.producers.filter(({ isKnown }) => isKnown);
    this.hub.receive({
      type: 'hub_hello',
      producers: known.map(({ producerId }) => ({ producerId })),
      snapshotTrace: known.flatMap(({ retained }) => retained),
    });
    for (const producer of known) {
      producer.arrived.push(...producer.retained.map((event) => toArrived(event, this.#greetings)));
      producer.isGone = false;
      if (!producer.isConnected) {
        this.#announce(producer, { type: 'producer_left', producerId: producer.producerId, leftAt: this.#now() });
      }
    }
  }

  #now(): string {
    return new Date(this.hub.nowMs).toISOString();
  }
}

function isRepeat(known: Arrived, next: Arrived): boolean {
  return known.sequence === next.sequence && compareInstants(known.receivedAt, next.receivedAt) === 0;
}

function toArrived(event: Said, greeting: number | undefined): Arrived {
  const receivedAt = parseInstant(String(event['receivedAt']));
  if (receivedAt === undefined) throw new Error('The story has an event without an instant.');
  return { sequence: Number(event['sequence']), receivedAt, message: event['message'] as Said, greeting };
}
