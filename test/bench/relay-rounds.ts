import type { ServerProcess } from './relay-servers.ts';

const isSmoke = process.argv.includes('--smoke');
const ROUNDS = isSmoke ? 1 : 7;
const WARM_STEP = isSmoke ? 100 : 2000;
const WARM_EVENTS = isSmoke ? 100 : 60_000;
/** A server that is slow is warm before it has had so many. */
const WARM_MS = 5000;
const MOST_EVENTS = isSmoke ? 200 : 100_000;
/** How long a round is to last, in seconds, if that takes no more than {@link MOST_EVENTS}. */
const ROUND_SECONDS = 1;

/** What one round of one server came to. */
export interface Round {
  /** What the figure is about: so much a second, or milliseconds. */
  readonly value: number;
  /** What it cost the server, in microseconds of a processor for each thing that is counted. */
  readonly cpuMicros: number;
}

/** What was measured of the relay and of its peer. */
export interface Measured {
  readonly relay: readonly Round[];
  readonly peer: readonly Round[];
}

/** Measures both by turns, so that what disturbs one disturbs the other. */
export async function byTurns(relay: () => Promise<Round>, peer: () => Promise<Round>): Promise<Measured> {
  const measured = { relay: [] as Round[], peer: [] as Round[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    measured.peer.push(await peer());
    measured.relay.push(await relay());
  }
  return measured;
}

/** A round in which a server does something `count` times; `run` says how long that took, in seconds. */
export async function countedRound(server: ServerProcess, count: number, run: () => Promise<number>): Promise<Round> {
  const before = server.cpuSeconds();
  const seconds = await run();
  return { value: count / seconds, cpuMicros: ((server.cpuSeconds() - before) * 1e6) / count };
}

/** Warms a server up, until what it runs is compiled, and finds how many events make a round. */
export async function eventsPerRound(lane: { readonly run: (events: number) => Promise<number> }): Promise<number> {
  let perSecond = 0;
  const began = performance.now();
  for (let events = 0; events < WARM_EVENTS; events += WARM_STEP) {
    perSecond = WARM_STEP / (await lane.run(WARM_STEP));
    if (performance.now() - began > WARM_MS) break;
  }
  return Math.max(WARM_STEP, Math.min(MOST_EVENTS, Math.round(perSecond * ROUND_SECONDS)));
}

/** One line: medians, in brackets the lowest and the highest round, what the relay makes of its peer, and what each costs its server. */
export function printFigure(name: string, { relay, peer }: Measured): void {
  const values = [relay, peer].map((rounds) => rounds.map(({ value }) => value));
  const [ours = [], theirs = []] = values;
  const [ourCpu = 0, theirCpu = 0] = [relay, peer].map((rounds) => median(rounds.map(({ cpuMicros }) => cpuMicros)));
  const ratio = `${(median(ours) / median(theirs)).toFixed(2)}×`.padStart(7);
  const cpu = `CPU ${ourCpu.toFixed(2)} and ${theirCpu.toFixed(2)} µs each`;
  printText(`${name.padEnd(26)} relay ${spread(ours)} peer ${spread(theirs)} ${ratio}   ${cpu}`);
}

export function printText(line: string): void {
  process.stdout.write(`${line}\n`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function spread(values: readonly number[]): string {
  const show = (value: number) => Math.round(value).toLocaleString('en-US');
  return `${show(median(values)).padStart(9)} (${show(Math.min(...values))} to ${show(Math.max(...values))})`.padEnd(
    34,
  );
}
