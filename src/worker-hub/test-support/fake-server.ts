import type { Clock } from '../clock.ts';
import type { FakeSocket } from './fake-sockets.ts';

/** How a server treats a viewer that says nothing. */
export interface ServerManners {
  readonly greeting: object;
  /** It cuts a connection on which nothing came for this long, ms. */
  readonly cutsAfterMs?: number;
  /** It says a heartbeat this often, ms. */
  readonly heartbeatMs?: number;
  /** Whether it answers a `ping` with a `pong`. */
  readonly answersPing: boolean;
}

/** A live-event hub of the JVM: no heartbeat, and a connection that is idle for 30 s is cut. */
export const JAVA_HUB: ServerManners = { greeting: { type: 'hub_hello' }, cutsAfterMs: 30_000, answersPing: true };

/** A dashboard inside a JVM process: the same server below, and a heartbeat. */
export const EMBEDDED: ServerManners = {
  greeting: { type: 'hello' },
  cutsAfterMs: 30_000,
  heartbeatMs: 15_000,
  answersPing: true,
};

/** A relay: its own pings are answered by the browser, below what a page sees. */
export const RELAY: ServerManners = { greeting: { type: 'hub_hello' }, heartbeatMs: 15_000, answersPing: true };

/** Takes the other end of a socket over. Returns how to stop it answering without closing, as a machine that sleeps does. */
export function serveFake(clock: Clock, socket: FakeSocket, manners: ServerManners): () => void {
  const { greeting, cutsAfterMs, heartbeatMs, answersPing } = manners;
  let isAsleep = false;
  let stopCut = (): void => undefined;
  const isOpen = (): boolean => !isAsleep && !socket.isClosed && !socket.isDropped;
  const heard = (): void => {
    stopCut();
    if (cutsAfterMs !== undefined) stopCut = clock.after(cutsAfterMs, () => isOpen() && socket.drop(1001));
  };
  const beat = (delayMs: number): void => {
    clock.after(delayMs, () => {
      if (!isOpen()) return;
      socket.say({ type: 'heartbeat', serverTimeMs: clock.nowMs() });
      beat(delayMs);
    });
  };
  socket.onSent = (text) => {
    if (!isOpen()) return;
    heard();
    if (answersPing && text.includes('"ping"')) socket.say({ type: 'pong' });
  };
  clock.after(1, () => {
    socket.accept();
    socket.say(greeting);
    heard();
    if (heartbeatMs !== undefined) beat(heartbeatMs);
  });
  return () => (isAsleep = true);
}
