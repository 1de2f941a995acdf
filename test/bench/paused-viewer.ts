import { BenchSocket } from './relay-client.ts';
import { type ServerProcess, startRelay } from './relay-servers.ts';
import { EventStream, maskedFrames } from './relay-traffic.ts';

/** How many look on, the paused one included. */
export const VIEWERS = 50;
/** What the relay may have as its heap, in MiB. */
const HEAP_MIB = 256;
const TICK_MS = 20;
const SAMPLE_MS = 250;

/** Events of one size at a steady pace. */
interface Flood {
  readonly bytes: number;
  readonly perSecond: number;
}

/** How late one flood was at the viewers that read, in ms. */
export interface FloodDelays extends Flood {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What a viewer that reads nothing costs. */
export interface PausedViewerCost {
  /** The most memory that the relay had, in MiB. */
  readonly residentMib: number;
  readonly floods: readonly FloodDelays[];
}

/** Who publishes what to which relay, for how long. */
interface FloodSetting {
  readonly relay: ServerProcess;
  readonly publisher: BenchSocket;
  readonly stream: EventStream;
  readonly seconds: number;
}

const FLOODS: readonly Flood[] = [
  { bytes: 1000, perSecond: 1000 },
  { bytes: 50_000, perSecond: 50 },
];

/** One viewer of fifty reads nothing, while events come at a steady pace to the built relay, so many seconds of each size. */
export async function measurePausedViewer(seconds: number): Promise<PausedViewerCost> {
  const relay = await startRelay([], [`--max-old-space-size=${HEAP_MIB}`]);
  try {
    return await measure(relay, seconds);
  } finally {
    await relay.stop();
  }
}

/** The delays of each flood, in words. */
export function sayDelays(floods: readonly FloodDelays[]): string {
  const texts = floods.map(
    ({ bytes, perSecond, p50Ms, p99Ms }) =>
      `${bytes / 1000} KB at ${perSecond}/s in ${p50Ms.toFixed(1)} ms (p99 ${p99Ms.toFixed(1)} ms)`,
  );
  return texts.join('; ');
}

async function measure(relay: ServerProcess, seconds: number): Promise<PausedViewerCost> {
  const memory = watchMemory(relay);
  const paused = await BenchSocket.open(relay.port, '/ws');
  paused.socket.pause();
  const publisher = await BenchSocket.open(relay.port, '/ingress?producerId=bench-publisher');
  const stream = new EventStream('bench-publisher');
  const floods: FloodDelays[] = [];
  for (const flood of FLOODS) floods.push(await measureFlood({ relay, publisher, stream, seconds }, flood));
  const residentMib = memory.stop() / 1024 / 1024;
  for (const socket of [paused, publisher]) socket.drop();
  return { residentMib, floods };
}

async function measureFlood(
  { relay, publisher, stream, seconds }: FloodSetting,
  { bytes, perSecond }: Flood,
): Promise<FloodDelays> {
  const frames = maskedFrames(stream.take(Math.ceil(perSecond * seconds), bytes), 1);
  const sentAtMs: number[] = [];
  const delaysMs: number[] = [];
  const readers: BenchSocket[] = [];
  for (let n = 1; n < VIEWERS; n += 1) {
    let count = 0;
    const onText = (length: number) => {
      if (length !== bytes) return;
      delaysMs.push(performance.now() - (sentAtMs[count] ?? Number.NaN));
      count += 1;
    };
    readers.push(await BenchSocket.open(relay.port, '/ws', { onText }));
  }
  await paced(frames.length, perSecond, (index) => {
    sentAtMs.push(performance.now());
    publisher.socket.write(frames[index] ?? Buffer.alloc(0));
  });
  await until(() => delaysMs.length === frames.length * readers.length);
  for (const reader of readers) reader.drop();
  const sorted = Float64Array.from(delaysMs).toSorted();
  const [p50Ms = Number.NaN, p99Ms = Number.NaN] = [0.5, 0.99].map(
    (share) => sorted[Math.floor(sorted.length * share)],
  );
  return { bytes, perSecond, p50Ms, p99Ms };
}

/** Does something so many times a second, so many times in all. */
function paced(times: number, perSecond: number, act: (index: number) => void): Promise<void> {
  const began = performance.now();
  let done = 0;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(times, Math.ceil(((performance.now() - began) / 1000) * perSecond));
      for (; done < due; done += 1) act(done);
      if (done < times) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
}

/** Watches how much memory a server has; `stop` says how much that was at most, in bytes. */
function watchMemory(server: ServerProcess): { stop: () => number } {
  let most = server.residentBytes();
  const timer = setInterval(() => {
    most = Math.max(most, server.residentBytes());
  }, SAMPLE_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return most;
    },
  };
}
