import type { Change } from '../../src/hub/change.ts';
import { hubReducer } from '../../src/hub/hub-reducer.ts';
import { createHubState } from '../../src/hub/hub-state.ts';
import type { HubState } from '../../src/hub/hub-state.ts';
import { liveReducer } from '../../src/hub/live-reducer.ts';
import { createLiveState, type LiveEvent, type LiveState } from '../../src/hub/live-state.ts';
import { createViewFeed } from '../../src/hub/views/create-view-feed.ts';
import { producerKey } from '../../src/protocol/tab/keys.ts';
import { decodeDown } from '../../src/protocol/wire/codec.ts';
import type { DownFrame } from '../../src/protocol/wire/codec.ts';
import { decodeEnsembleMessage } from '../../src/protocol/wire/ensemble-message.ts';
import type { Envelope } from '../../src/protocol/wire/envelope.ts';
import { NO_SPREAD_STATE, spreadReducer, spreadRoster } from './spread-reducer.ts';
import { joined, manyProducers, oneLongAnswer, oneLongRun } from './traffic.ts';

const SOURCE = 'ws://bench:1/ws';
const ROUNDS = 3;
/** The copying reducer is slow enough to need no more. */
const PEER_ROUNDS = 1;
/** Events of one turn: patches are taken after each, as the hub does every 50 ms. */
const TURN = 250;

interface Figure {
  readonly name: string;
  readonly events: number;
  readonly reduceMs: number;
  /** By the live reducer alone, and by copying; absent where only the cost of an event is asked for. */
  readonly alone?: { readonly liveMs: number; readonly spreadMs: number };
  readonly parseMs: number;
}

/** What a figure is to be, at least: how many times as much CPU the copying reducer takes. */
type Goal = number;

/** CPU time of this process so far, in ms: what else the machine does is not in it. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The most producers of any figure here. */
const MOST_PRODUCERS = 500;

function freshState(): HubState {
  const state = createHubState({});
  const nowMs = 0;
  hubReducer(state, { kind: 'source-added', sourceId: SOURCE, url: SOURCE, label: 'bench', nowMs });
  hubReducer(state, { kind: 'source-state', sourceId: SOURCE, state: { kind: 'connected', sinceMs: 0 }, nowMs });
  hubReducer(state, { kind: 'frame', sourceId: SOURCE, frame: decoded('{"type":"hub_hello"}'), text: '{}', nowMs });
  for (const text of joined(MOST_PRODUCERS)) {
    hubReducer(state, { kind: 'frame', sourceId: SOURCE, frame: decoded(text), text, nowMs });
  }
  return state;
}

function decoded(text: string): DownFrame {
  const result = decodeDown(text);
  if (!result.ok) throw new Error(`The bench made a frame that cannot be read: ${result.error.message}`);
  return result.value;
}

/** Time to reduce the frames and take the roster's patches after every turn, in ms. */
function reduceAll(frames: readonly DownFrame[], texts: readonly string[]): number {
  const state = freshState();
  const roster = createViewFeed(state, { view: 'roster' });
  roster.snapshot();
  const began = cpuMs();
  for (const [index, frame] of frames.entries()) {
    const output = hubReducer(state, {
      kind: 'frame',
      sourceId: SOURCE,
      frame,
      text: texts[index] ?? '',
      nowMs: index,
    });
    for (const change of output.changes) roster.note(change);
    if (index % TURN === TURN - 1) roster.takePatches();
  }
  const ms = cpuMs() - began;
  if (state.eventsTotal !== frames.length) throw new Error(`${state.eventsTotal} of ${frames.length} events arrived.`);
  return ms;
}

/** Time of the live reducer alone, the part of the hub that does what the copying peer does, in ms. */
function reduceLiveAll(frames: readonly DownFrame[]): number {
  const lives = new Map<string, LiveState>();
  const events = liveEvents(frames);
  const changes: Change[] = [];
  const began = cpuMs();
  for (const [index, { producerId, event }] of events.entries()) {
    const live = lives.get(producerId) ?? createLiveState(producerKey(SOURCE, producerId));
    lives.set(producerId, live);
    liveReducer(live, event, changes);
    // A feed reads them by now.
    if (index % TURN === TURN - 1) changes.length = 0;
  }
  return cpuMs() - began;
}

function liveEvents(frames: readonly DownFrame[]): { producerId: string; event: LiveEvent }[] {
  return frames.map(({ message }, index) => {
    if (message.type !== 'event') throw new Error('The bench made a frame that is no event.');
    const { producer, sequence, message: inner } = message as Envelope;
    const decodedMessage = decodeEnsembleMessage(inner);
    const type = decodedMessage.kind === 'known' ? decodedMessage.message.type : '';
    const event = { epoch: 1, sequence, atMs: index, isTimeKnown: true, type, message: decodedMessage };
    return { producerId: producer.producerId, event };
  });
}

/** The same by copying. */
function spreadAll(frames: readonly DownFrame[]): number {
  let state = NO_SPREAD_STATE;
  let lines = 0;
  const began = cpuMs();
  for (const [index, { message }] of frames.entries()) {
    if (message.type === 'event') state = spreadReducer(state, message as Envelope);
    if (index % TURN === TURN - 1) lines += spreadRoster(state).length;
  }
  const ms = cpuMs() - began;
  if (frames.length >= TURN && lines === 0) throw new Error('The copying reducer made nothing.');
  return ms;
}

function parseAll(texts: readonly string[]): number {
  const began = cpuMs();
  let length = 0;
  for (const text of texts) length += Object.keys(JSON.parse(text) as object).length;
  if (length === 0) throw new Error('Nothing was parsed.');
  return cpuMs() - began;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function measure(name: string, texts: readonly string[], hasPeer = false): Figure {
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    const frames = texts.map(decoded); // fresh objects each round: the state keeps them
    const isMeasured = hasPeer && round < PEER_ROUNDS;
    const alone = isMeasured ? { liveMs: reduceLiveAll(frames), spreadMs: spreadAll(frames) } : undefined;
    return { reduce: reduceAll(frames, texts), parse: parseAll(texts), alone };
  });
  const alone = rounds[0]?.alone;
  return {
    name,
    events: texts.length,
    reduceMs: median(rounds.map(({ reduce }) => reduce)),
    parseMs: median(rounds.map(({ parse }) => parse)),
    ...(alone !== undefined && { alone }),
  };
}

function line({ name, events, reduceMs, parseMs, alone }: Figure, goal?: Goal): string {
  const perSecond = Math.round((events / reduceMs) * 1000).toLocaleString('en-US');
  const perEvent = ((reduceMs / events) * 1000).toFixed(2);
  const peer =
    alone === undefined
      ? ''
      : `   copying takes ${(alone.spreadMs / reduceMs).toFixed(1)}× of that, ${(alone.spreadMs / alone.liveMs).toFixed(1)}× of the live reducer alone (${((alone.liveMs / events) * 1000).toFixed(2)} µs/event; goal ${goal}×)`;
  return `${name.padEnd(34)} ${perSecond.padStart(11)} events/s ${perEvent.padStart(7)} µs/event   ${(parseMs / reduceMs).toFixed(2)}× JSON.parse${peer}`;
}

function run(): void {
  const isSmoke = process.argv.includes('--smoke');
  const scale = isSmoke ? 0.02 : 1;
  const size = (n: number): number => Math.max(1, Math.round(n * scale));
  measure('warm-up', manyProducers(10, size(50)), true);
  const figures: [Figure, Goal][] = [
    [measure('36,000 events, 50 producers', manyProducers(50, size(120)), true), 3],
    [measure('1 run of 10,000 tasks', oneLongRun(size(10_000)), true), 30],
    [measure('20,000 tokens in one task', oneLongAnswer(size(20_000)), true), 60],
    [measure('500 producers, 12 tasks each', manyProducers(500, size(12)), true), 90],
  ];
  const sizes = [100, 1000, 10_000].map((tasks) => measure(`cost at ${tasks} tasks`, oneLongRun(size(tasks))));
  const costs = sizes.map(({ reduceMs, events }) => reduceMs / events);
  const growth = (costs.at(-1) ?? 0) / (costs[0] ?? 1);
  const text = [
    'Reducer (CPU time of hubReducer with the roster watched; peers in the same run: JSON.parse of the same frames, and a reducer that copies)',
    ...figures.map(([figure, goal]) => line(figure, goal)),
    ...sizes.map((figure) => line(figure)),
    `cost per event, largest to smallest  ${growth.toFixed(2)}× (goal at most 1.5×)`,
  ];
  process.stdout.write(`${text.join('\n')}\n`);
}

run();
