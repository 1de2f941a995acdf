import { BenchSocket } from './relay-client.ts';
import { type FastPublisher, openPublisher, openRawPublisher } from './relay-ingress.ts';
import { Lane } from './relay-lane.ts';
import { servePeers } from './relay-peers.ts';
import { byTurns, countedRound, eventsPerRound, printFigure, printText, type Round } from './relay-rounds.ts';
import { type ServerProcess, startPeers, startRelay } from './relay-servers.ts';
import { slowViewer } from './relay-slow-viewer.ts';
import { EVENT_BYTES } from './relay-traffic.ts';

const isSmoke = process.argv.includes('--smoke');
const JOIN_PRODUCERS = isSmoke ? 5 : 50;
const JOIN_EVENTS_EACH = isSmoke ? 20 : 2000;
const INGRESS = '/ingress?producerId=bench-publisher';

/** The relay as it is built, and the servers that it is compared with, each in a process of its own. */
async function withServers(
  use: (relay: ServerProcess, peer: ServerProcess) => Promise<void>,
  relayOptions: readonly string[] = [],
): Promise<void> {
  const relay = await startRelay(relayOptions);
  const peer = await startPeers();
  try {
    await use(relay, peer);
  } finally {
    await Promise.all([relay.stop(), peer.stop()]);
  }
}

function fanOut(viewers: number): Promise<void> {
  return withServers(async (relay, peer) => {
    const ours = await Lane.open({ port: relay.port, viewers });
    const theirs = await Lane.open({ port: peer.port, viewers });
    const rounds = async (server: ServerProcess, lane: Lane) => {
      const events = await eventsPerRound(lane);
      return () => countedRound(server, events * viewers, () => lane.run(events));
    };
    const measured = await byTurns(await rounds(relay, ours), await rounds(peer, theirs));
    ours.close();
    theirs.close();
    printFigure(`${viewers} viewer${viewers === 1 ? '' : 's'}, deliveries/s`, measured);
  });
}

function ingress(name: string, open: (port: number, path: string) => Promise<FastPublisher>): Promise<void> {
  return withServers(async (relay, peer) => {
    const ours = await open(relay.port, INGRESS);
    const theirs = await open(peer.port, '/count');
    const rounds = async (server: ServerProcess, publisher: FastPublisher) => {
      const events = await eventsPerRound(publisher);
      return () => countedRound(server, events, () => publisher.run(events));
    };
    const measured = await byTurns(await rounds(relay, ours), await rounds(peer, theirs));
    if (ours.refused > 0) throw new Error(`The relay refused ${ours.refused} events.`);
    ours.close();
    theirs.close();
    printFigure(name, measured);
  });
}

/** Joins, and leaves when the greeting is there to its last byte. */
async function join(port: number, path: string): Promise<{ ms: number; bytes: number }> {
  const began = performance.now();
  let onGreeted: (bytes: number) => void = () => undefined;
  const greeted = new Promise<number>((resolve) => {
    onGreeted = resolve;
  });
  const viewer = await BenchSocket.open(port, path, { onText: (bytes) => onGreeted(bytes) });
  const bytes = await greeted;
  const ms = performance.now() - began;
  viewer.drop();
  return { ms, bytes };
}

async function joinRound(server: ServerProcess, path: string): Promise<Round> {
  const before = server.cpuSeconds();
  const { ms } = await join(server.port, path);
  return { value: ms, cpuMicros: (server.cpuSeconds() - before) * 1e6 };
}

/** `isBusy`: something is published before each join, so that what the relay had put together for the last one is out of date. */
function coldJoin({ isBusy }: { readonly isBusy: boolean }): Promise<void> {
  return withServers(
    async (relay, peer) => {
      const publishers: FastPublisher[] = [];
      for (let n = 0; n < JOIN_PRODUCERS; n += 1) {
        const publisher = await openRawPublisher(relay.port, `/ingress?producerId=p-${n}`, `p-${n}`);
        publishers.push(publisher);
        await publisher.run(JOIN_EVENTS_EACH);
      }
      const { bytes } = await join(relay.port, '/ws');
      const greeting = `/greeting?bytes=${bytes}`;
      await join(peer.port, greeting);
      const measured = await byTurns(
        async () => {
          if (isBusy) await publishers[0]?.run(1);
          return joinRound(relay, '/ws');
        },
        () => joinRound(peer, greeting),
      );
      for (const publisher of publishers) publisher.close();
      printFigure(`joining ${(bytes / 1e6).toFixed(1)} MB${isBusy ? ' anew' : ''}, ms`, measured);
    },
    ['--max-runs', '100'],
  );
}

const FIGURES: Readonly<Record<string, () => Promise<void>>> = {
  '1-viewer': () => fanOut(1),
  '10-viewers': () => fanOut(10),
  '100-viewers': () => fanOut(100),
  ingress: () => ingress('1 publisher, events/s', openPublisher),
  'raw-ingress': () => ingress('the same, raw frames', openRawPublisher),
  join: () => coldJoin({ isBusy: false }),
  'busy-join': () => coldJoin({ isBusy: true }),
  'slow-viewer': slowViewer,
};

async function run(): Promise<void> {
  printText(
    `Relay (dist/relay.js, events of ${EVENT_BYTES} bytes; × is the relay by its peer, a plain ws server in the same run)`,
  );
  const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
  for (const [name, measure] of Object.entries(FIGURES)) {
    if (wanted.length === 0 || wanted.includes(name)) await measure();
  }
}

if (process.argv.includes('--peers')) servePeers();
else await run();
