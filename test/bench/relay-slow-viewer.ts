import { BenchSocket } from './relay-client.ts';
import { printText } from './relay-rounds.ts';
import { type ServerProcess, startRelay } from './relay-servers.ts';
import { EventStream, maskedFrames } from './relay-traffic.ts';

const isSmoke = process.argv.includes('--smoke');
const VIEWERS = 50;
const HEAP_MIB = 256;
const SECONDS = isSmoke ? 0.2 : 8;
const TICK_MS = 20;
const SAMPLE_MS = 250;

/** Events of one size at a steady pace. */
interface Flood {
  readonly bytes: number;
  readonly perSecond: number;
}

const FLOODS: readonly Flood[] = [
  { bytes: 1000, perSecond: 1000 },
  { bytes: 50_000, perSecond: 50 },
];

/** One viewer of fifty reads nothing, while events come at a steady pace. Prints what that costs the relay and the others. */
export async function slowViewer(): Promise<void> {
  const relay = await startRelay([], [`--max-old-space-size=${HEAP_MIB}`]);
  try {
    printText(await measure(relay));
  } finally {
    await relay.stop();
  }
}

async function measure(relay: ServerProcess): Promise<string> {
  const memory = watchMemory(relay);
  const paused = await BenchSocket.open(relay.port, '/ws');
  paused.socket.pause();
  const publisher = await BenchSocket.open(relay.port, '/ingress?producerId=bench-publisher');
  const stream = new EventStream('bench-publisher');
  const delays: string[] = [];
  for (const flood of FLOODS) delays.push(await measureFlood({ relay, publisher, stream }, flood));
  const mib = (memory.stop() / 1024 / 1024).toFixed(0);
  for (const socket of [paused, publisher]) socket.drop();
  const name = `1 paused of ${VIEWERS} viewers`.padEnd(26);
  return `${name} relay at most ${mib} MiB resident; to the others ${delays.join('; ')}`;
}

async function measureFlood(
  { relay, publisher, stream }: { relay: ServerProcess; publisher: BenchSocket; stream: EventStream },
  { bytes, perSecond }: Flood,
): Promise<string> {
  const frames = maskedFrames(stream.take(Math.ceil(perSecond * SECONDS), bytes), 1);
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
  const [p50, p99] = [0.5, 0.99].map((share) => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1));
  return `${bytes / 1000} KB at ${perSecond}/s in ${p50} ms (p99 ${p99} ms)`;
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
