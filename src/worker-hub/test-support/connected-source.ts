import { producerKey } from '../../protocol/tab/keys.ts';
import type { TestHub } from './test-hub.ts';

/** The one source that `connect` adds. */
export const SOURCE_ID = 'ws://localhost:7329/ws';

/** The process behind it. */
export const SELF = producerKey(SOURCE_ID, 'self');

/** A tab of a hub that is connected to an embedded dashboard. */
export async function connect(hub: TestHub) {
  const tab = await hub.openTab();
  await hub.pass(0);
  await tab.hub.addSource('localhost:7329');
  hub.sockets.last.accept();
  hub.sockets.last.say({ type: 'hello' });
  return { tab, socket: hub.sockets.last };
}
