import { hubReducer } from '../../src/hub/hub-reducer.ts';
import { createHubState } from '../../src/hub/hub-state.ts';
import type { HubState } from '../../src/hub/hub-state.ts';
import { createViewFeed } from '../../src/hub/views/create-view-feed.ts';
import { decodeDown } from '../../src/protocol/wire/codec.ts';
import type { DownFrame } from '../../src/protocol/wire/codec.ts';
import { joined, manyProducers, oneLongAnswer, oneLongRun } from './traffic.ts';

const SOURCE = 'ws://bench:1/ws';
const ROUNDS = 5;
/** Events of one turn: patches are taken after each, as the hub does every 50 ms. */
const TURN = 250;

interface Figure {
  readonly name: string;
  readonly events: number;
  readonly reduceMs: number;
  readonly parseMs: number;
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
  const began = performance.now();
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
  const ms = performance.now() - began;
  if (state.eventsTotal !== frames.length) throw new Error(`${state.eventsTotal} of ${frames.length} events arrived.`);
  return ms;
}

function parseAll(texts: readonly string[]): number {
  const began = performance.now();
  let length = 0;
  for (const text of texts) length += Object.keys(JSON.parse(text) as object).length;
  if (length === 0) throw new Error('Nothing was parsed.');
  return performance.now() - began;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function measure(name: string, texts: readonly string[]): Figure {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const frames = texts.map(decoded); // fresh objects each round: the state keeps them
    return { reduce: reduceAll(frames, texts), parse: parseAll(texts) };
  });
  return {
    name,
    events: texts.length,
    reduceMs: median(rounds.map(({ reduce }) => reduce)),
    parseMs: median(rounds.map(({ parse }) => parse)),
  };
}

function line({ name, events, reduceMs, parseMs }: Figure): string {
  const perSecond = Math.round((events / reduceMs) * 1000).toLocaleString('en-US');
  const perEvent = ((reduceMs / events) * 1000).toFixed(2);
  return `${name.padEnd(34)} ${perSecond.padStart(11)} events/s ${perEvent.padStart(7)} µs/event   ${(parseMs / reduceMs).toFixed(2)}× JSON.parse`;
}

function run(): void {
  const isSmoke = process.argv.includes('--smoke');
  const scale = isSmoke ? 0.05 : 1;
  const size = (n: number): number => Math.max(1, Math.round(n * scale));
  measure('warm-up', manyProducers(10, size(50)));
  const figures = [
    measure('36,000 events, 50 producers', manyProducers(50, size(120))),
    measure('1 run of 10,000 tasks', oneLongRun(size(10_000))),
    measure('20,000 tokens in one task', oneLongAnswer(size(20_000))),
    measure('500 producers, 12 tasks each', manyProducers(500, size(12))),
  ];
  const sizes = [100, 1000, 10_000].map((tasks) => measure(`cost at ${tasks} tasks`, oneLongRun(size(tasks))));
  const costs = sizes.map(({ reduceMs, events }) => reduceMs / events);
  const growth = (costs.at(-1) ?? 0) / (costs[0] ?? 1);
  const text = [
    'Reducer (hubReducer with the roster watched; the peer is JSON.parse of the same frames in the same run)',
    ...[...figures, ...sizes].map(line),
    `cost per event, largest to smallest  ${growth.toFixed(2)}×`,
  ];
  process.stdout.write(`${text.join('\n')}\n`);
}

run();
