import { producerKey, reviewKey } from '../../src/protocol/tab/keys.ts';
import { envelope, SAID } from './envelopes.ts';
import { HubDriver, SOURCE } from './hub-driver.ts';

/** The review that its process waits for. */
export const KEY = reviewKey(producerKey(SOURCE, 'p'), 'r1');

/** A hub of many producers, of which one waits for a person. */
export function waiting(review: Record<string, unknown> = SAID.review()): HubDriver {
  const hub = new HubDriver();
  hub.add();
  hub.receive({ type: 'hub_hello', producers: [{ producerId: 'p' }] });
  const said = [SAID.runStarted(), SAID.taskStarted(), review];
  said.forEach((message, index) => hub.receive(envelope({ producerId: 'p', sequence: index + 1 }, message)));
  return hub;
}

/** That process says something, now. */
export function say(hub: HubDriver, sequence: number, message: unknown): void {
  hub.receive(envelope({ producerId: 'p', sequence, atMs: hub.nowMs }, message));
}
