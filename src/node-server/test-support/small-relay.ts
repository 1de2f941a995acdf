import { createRelay, type Relay } from '../create-relay.ts';
import type { RelayOptions } from '../relay-options.ts';
import { FakeClock } from './fake-clock.ts';

/** A relay with a limit or two that a test can reach, and a clock that it turns. */
export interface SmallRelay {
  readonly relay: Relay;
  readonly url: string;
  readonly port: number;
  readonly clock: FakeClock;
  /** The value of one line of its metrics, 0 if there is none. */
  readonly metric: (line: string) => Promise<number>;
}

/** Starts relays, and stops them all in the end. */
export class SmallRelays {
  readonly #started: { readonly relay: Relay; readonly clock: FakeClock }[] = [];

  async start(options: RelayOptions): Promise<SmallRelay> {
    const clock = new FakeClock(Date.now());
    const relay = createRelay({ port: 0, clock, ...options });
    this.#started.push({ relay, clock });
    const { url, port } = await relay.start();
    return { relay, url, port, clock, metric: (line) => metricOf(url, line) };
  }

  async stop(): Promise<void> {
    const stopped = this.#started.splice(0).map(async ({ relay, clock }) => {
      const ended = relay.stop();
      // Whoever does not answer is cut off.
      clock.advance(5000);
      await ended;
    });
    await Promise.all(stopped);
  }
}

async function metricOf(url: string, line: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? 0);
}
