import { createRelay, type Relay } from '../../src/node-server/create-relay.ts';
import type { RelayOptions } from '../../src/node-server/relay-options.ts';
import { FakeClock } from '../../src/node-server/test-support/fake-clock.ts';
import { WatchedLog } from '../../src/node-server/test-support/watched-log.ts';
import { FakePublisher } from '../support/publisher.ts';
import { FakeViewer } from '../support/viewer.ts';

/** Only ends a hang. Whoever takes cures out on purpose waits for hangs, and asks for less. */
export const HANG_MS = Number(process.env['ROSTRUM_HANG_MS'] ?? 30_000);

/** Between two pings, so that everybody can answer the one before the next. */
const STEP_MS = 15_000;

/** A relay on real sockets whose clock stands still until a test turns it, and one viewer who sees everything. */
export class RelayScene {
  readonly clock = new FakeClock(Date.now());
  readonly watched = new WatchedLog();
  readonly #relay: Relay;
  #url = '';
  #viewer: FakeViewer | undefined;

  private constructor(options: RelayOptions) {
    this.#relay = createRelay({ port: 0, clock: this.clock, log: this.watched.log, ...options });
  }

  static async start(options: RelayOptions = {}): Promise<RelayScene> {
    const scene = new RelayScene(options);
    scene.#url = (await scene.#relay.start()).url;
    scene.#viewer = await scene.join();
    return scene;
  }

  /** Ends the relay, and fails if one of its timers outlives it. */
  async stop(): Promise<void> {
    await this.#relay.stop();
    if (this.clock.pending > 0) throw new Error(`${this.clock.pending} timers outlived their relay.`);
  }

  get url(): string {
    return this.#url;
  }

  get port(): number {
    return this.#relay.port;
  }

  /** Who was there from the beginning. */
  get viewer(): FakeViewer {
    if (this.#viewer === undefined) throw new Error('The scene has not begun.');
    return this.#viewer;
  }

  /** One more viewer, which has been greeted. */
  join(): Promise<FakeViewer> {
    return FakeViewer.connect(this.#url);
  }

  /** A process that is not connected yet. */
  process(producerId: string): FakePublisher {
    return new FakePublisher({ relayUrl: this.#url, producerId });
  }

  /** A process that is connected. */
  async publisher(producerId: string): Promise<FakePublisher> {
    const publisher = this.process(producerId);
    await publisher.connect();
    return publisher;
  }

  /** Waits until the relay has heard what this viewer said before, and this viewer what was said to all. */
  async heard(viewer = this.viewer): Promise<void> {
    const pongs = viewer.messagesOf('pong').length;
    viewer.say({ type: 'ping' });
    await viewer.until((seen) => seen.messagesOf('pong').length > pongs);
  }

  /** Waits until the relay has heard all that a publisher sent before. Costs the publisher an unreadable frame. */
  async heardFrom(publisher: FakePublisher): Promise<void> {
    const frames = publisher.frames.length;
    publisher.sendText('is that heard');
    await publisher.until((seen) => seen.frames.slice(frames).some(isRefusal));
  }

  /** Breaks a publisher off, and waits until the relay has noticed. */
  async drop(publisher: FakePublisher): Promise<void> {
    const before = this.watched.count('of a publisher ended');
    publisher.drop();
    await this.watched.until('of a publisher ended', before + 1);
  }

  /** Lets time pass, in which everybody answers the pings. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      this.clock.advance(Math.min(left, STEP_MS));
      await this.heard();
    }
  }

  /** Posts a text, and gives the status of the answer. */
  async post(body: string, contentType = 'application/json'): Promise<number> {
    const headers = { 'Content-Type': contentType };
    const response = await fetch(`${this.#url}/api/hub/ingress`, { method: 'POST', headers, body });
    await response.arrayBuffer();
    return response.status;
  }

  /** The ids on the roster. */
  async roster(): Promise<string[]> {
    const response = await fetch(`${this.#url}/api/hub/producers`);
    const { producers } = (await response.json()) as { producers: { producerId: string }[] };
    return producers.map(({ producerId }) => producerId).sort();
  }
}

function isRefusal(frame: unknown): boolean {
  return typeof frame === 'object' && frame !== null && 'type' in frame && frame.type === 'error';
}

/** The envelopes that a viewer was shown since its last greeting, that one included, of one producer or of all. */
export function shown(viewer: FakeViewer, producerId?: string): ShownEnvelope[] {
  const last = viewer.messages.findLastIndex(({ type }) => type === 'hub_hello');
  const envelopes = viewer.messages.slice(last).flatMap((message) => {
    if (message.type === 'event') return [message as unknown as ShownEnvelope];
    return message.type === 'hub_hello' ? ((message['snapshotTrace'] ?? []) as ShownEnvelope[]) : [];
  });
  return envelopes.filter(({ producer }) => producerId === undefined || producer.producerId === producerId);
}

/** An envelope, as far as tests look into it. */
export interface ShownEnvelope {
  readonly producer: { readonly producerId: string };
  readonly sequence: number;
  readonly message: Readonly<Record<string, unknown>> & { readonly type: string };
}
