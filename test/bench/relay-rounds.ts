const isSmoke = process.argv.includes('--smoke');
const ROUNDS = isSmoke ? 1 : 7;
const FIRST_EVENTS = isSmoke ? 100 : 2000;
const MOST_EVENTS = isSmoke ? 200 : 150_000;
/** How long a round is to last at least, in seconds, if that takes no more than {@link MOST_EVENTS}. */
const ROUND_SECONDS = 1;

/** What was measured of the relay and of its peer, one value a round. */
export interface Measured {
  readonly relay: readonly number[];
  readonly peer: readonly number[];
}

/** Measures both by turns, so that what disturbs one disturbs the other. */
export async function byTurns(relay: () => Promise<number>, peer: () => Promise<number>): Promise<Measured> {
  const measured = { relay: [] as number[], peer: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    measured.peer.push(await peer());
    measured.relay.push(await relay());
  }
  return measured;
}

/** Warms a server up, and finds how many events make a round. */
export async function eventsPerRound(lane: { readonly run: (events: number) => Promise<number> }): Promise<number> {
  let events = FIRST_EVENTS;
  for (;;) {
    const seconds = await lane.run(events);
    if (events >= MOST_EVENTS) return MOST_EVENTS;
    const needed = Math.round((events / seconds) * ROUND_SECONDS);
    if (seconds > ROUND_SECONDS / 2) return Math.min(MOST_EVENTS, needed);
    events = Math.min(MOST_EVENTS, events * 4);
  }
}

/** One line: medians, in brackets the lowest and the highest round, and what the relay makes of its peer. */
export function printFigure(name: string, { relay, peer }: Measured): void {
  const ratio = (median(relay) / median(peer)).toFixed(2);
  printText(`${name.padEnd(26)} relay ${spread(relay)}   peer ${spread(peer)}   ${ratio.padStart(6)}×`);
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
