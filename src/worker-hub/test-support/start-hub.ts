import { TestHub, type TestHubOptions } from './test-hub.ts';

const hubs: TestHub[] = [];

/** A hub that `endHubs` ends. */
export function startHub(options: TestHubOptions = {}): TestHub {
  const hub = new TestHub(options);
  hubs.push(hub);
  return hub;
}

/** Ends what a test has started; to be called after each. */
export function endHubs(): void {
  for (const hub of hubs.splice(0)) hub.end();
}
