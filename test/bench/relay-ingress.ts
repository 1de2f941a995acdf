import { once } from 'node:events';
import { WebSocket } from 'ws';
import { BenchSocket } from './relay-client.ts';
import { EventStream, maskedFrames } from './relay-traffic.ts';

const MAX_BUFFERED_BYTES = 1 << 20;
const FRAMES_PER_WRITE = 128;

/** A publisher that writes as fast as its server reads. */
export interface FastPublisher {
  /** Sends so many events, and waits until the server has handled all of them. Returns how long that took, in seconds. */
  run(events: number): Promise<number>;
  /** How many texts the server has sent back: each is a refusal. */
  readonly refused: number;
  close(): void;
}

/** A publisher as processes have it: a library's WebSocket that writes each event by itself. */
export async function openPublisher(port: number, path: string): Promise<FastPublisher> {
  const stream = new EventStream('bench-publisher');
  const socket = new WebSocket(`ws://localhost:${port}${path}`, { perMessageDeflate: false });
  let refused = 0;
  socket.on('message', () => (refused += 1));
  await once(socket, 'open');
  return {
    run: async (events) => {
      const texts = stream.take(events);
      const began = performance.now();
      for (const text of texts) {
        socket.send(text);
        while (socket.bufferedAmount > MAX_BUFFERED_BYTES) await new Promise(setImmediate);
      }
      // A server answers in order: by then it has handled everything before.
      socket.ping();
      await once(socket, 'pong');
      return (performance.now() - began) / 1000;
    },
    get refused() {
      return refused;
    },
    close: () => socket.terminate(),
  };
}

/** A publisher that costs next to nothing: frames made before, many to a write. Here the server alone is the limit. */
export async function openRawPublisher(
  port: number,
  path: string,
  producerId = 'bench-publisher',
): Promise<FastPublisher> {
  const stream = new EventStream(producerId);
  let refused = 0;
  let onPong: () => void = () => undefined;
  const bench = await BenchSocket.open(port, path, { onText: () => (refused += 1), onPong: () => onPong() });
  return {
    run: async (events) => {
      const buffers = maskedFrames(stream.take(events), FRAMES_PER_WRITE);
      const answered = new Promise<void>((resolve) => (onPong = resolve));
      const began = performance.now();
      for (const buffer of buffers) if (!bench.socket.write(buffer)) await once(bench.socket, 'drain');
      bench.ping();
      await answered;
      return (performance.now() - began) / 1000;
    },
    get refused() {
      return refused;
    },
    close: () => bench.drop(),
  };
}
