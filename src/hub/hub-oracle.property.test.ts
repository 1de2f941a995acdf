import { describe, expect, test } from 'vitest';
import { ChaosRelay, type Arrived, type ChaosProducer } from '../../test/support/chaos-relay.ts';
import { chaosArb, type ChaosStep } from '../../test/support/chaos-story.ts';
import { SOURCE } from '../../test/support/hub-driver.ts';
import { naiveGaps, naiveLives } from '../../test/support/naive-order.ts';
import { type NaiveRun, naiveRuns } from '../../test/support/naive-run.ts';
import { hubLines, naiveLines, naiveState, type LinesOptions, type RunLines } from '../../test/support/run-lines.ts';
import { tellStories } from '../../test/support/story-rounds.ts';
import type { ProducerWord, RosterEntity } from '../protocol/tab/roster-model.ts';
import type { HubProducer } from './hub-state.ts';
import type { GapNote } from './live/gaps.ts';

type Life = readonly Arrived[];

function runsOf(lives: readonly Life[]): NaiveRun[] {
  const events = lives.flatMap((life, index) =>
    life.map(({ sequence, message }) => ({ epoch: index + 1, sequence, message })),
  );
  return naiveRuns(events);
}

/** What the roster says of a producer whose reviews nobody is asked for. */
function rosterOf({ isGone }: ChaosProducer, lives: readonly Life[]): Partial<RosterEntity> {
  const runs = runsOf(lives);
  const run = runs.at(-1);
  const tasksFinished = run?.tasks.filter((task) => task.state !== 'running').length ?? 0;
  return { state: wordOf(run, isGone), runs: runs.length, tasksFinished };
}

function wordOf(run: NaiveRun | undefined, isGone: boolean): ProducerWord {
  const state = run === undefined ? 'idle' : naiveState(run, { isLeft: isGone });
  if (state === 'failed') return 'failed';
  if (isGone) return 'gone';
  if (state === 'idle') return 'idle';
  return state === 'ended' ? 'done' : 'running';
}

function oracleRuns(producer: ChaosProducer, lives: readonly Life[], options: LinesOptions): RunLines[] {
  const runs = runsOf(lives);
  return runs.map((run, index) => naiveLines(run, { isLeft: index < runs.length - 1 || producer.isGone, ...options }));
}

/** Whether events of a life came in another order than that of their numbers. */
function isShuffled(life: Life, arrived: Life): boolean {
  const order = life.map((event) => arrived.indexOf(event));
  return order.some((at, index) => at < (order[index - 1] ?? 0));
}

/**
 * How many events are missing at least. What was said before the last greeting has an excuse, it may have been tokens; and so has
 * what lies before the first event that came after it.
 */
function unexcused(life: Life, arrived: Life): number {
  const own = arrived.filter((event) => life.some((each) => isSame(each, event)));
  const lastGreeted = own.findLastIndex(({ greeting }) => greeting !== undefined);
  const before = Math.max(0, ...own.slice(0, lastGreeted + 1).map(({ sequence }) => sequence));
  const first = own.slice(lastGreeted + 1).find(({ sequence }) => sequence > before);
  const from = lastGreeted < 0 ? 0 : (first?.sequence ?? before);
  return count(naiveGaps(life.filter(({ sequence }) => sequence >= from)));
}

function isSame(a: Arrived, b: Arrived): boolean {
  return a.sequence === b.sequence && a.message === b.message;
}

function count(ranges: readonly (readonly [from: number, to: number])[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** What the runs of a producer show of events that are not there. */
function shown({ live }: HubProducer, kind: GapNote['kind']): number {
  const placed = live.runs.flatMap((run) => [...run.gaps.values()]);
  const gaps = [...placed, ...live.gapsAhead].filter(({ note }) => note.kind === kind);
  return gaps.reduce((sum, { events }) => sum + events, 0);
}

function expectOracle(relay: ChaosRelay): void {
  for (const producer of relay.producers) {
    const { lives } = naiveLives(producer.arrived);
    const known = relay.hub.state.sources.get(SOURCE)?.producers.get(producer.producerId);
    if (known === undefined) {
      expect(lives).toEqual([]);
      continue;
    }
    const { live } = known;
    const options = { hasStreams: lives.length === 1 && !lives.some((life) => isShuffled(life, producer.arrived)) };
    expect(live.runs.map((run) => hubLines(live, run, options))).toEqual(oracleRuns(producer, lives, options));
    expect(relay.hub.producer(producer.producerId)).toMatchObject(rosterOf(producer, lives));
    expectGaps(known, lives, producer.arrived);
  }
}

function expectGaps(known: HubProducer, lives: readonly Life[], arrived: Life): void {
  const least = lives.reduce((sum, life) => sum + unexcused(life, arrived), 0);
  const most = lives.reduce((sum, life) => sum + count(naiveGaps(life)), 0);
  expect(known.missing).toBeGreaterThanOrEqual(least);
  expect(known.missing).toBeLessThanOrEqual(most);
  expect(shown(known, 'missing')).toBe(known.missing);
  expect(shown(known, 'not-seen')).toBe(lives.reduce((sum, [first]) => sum + (first?.sequence ?? 1) - 1, 0));
}

/** One process says something, which takes this way to the relay. */
function say(way: Extract<ChaosStep, { kind: 'say' }>['way'], choice = 1): ChaosStep {
  return { kind: 'say', producer: 0, choice, way, backMs: 0 };
}

/** The beginning of a life was not seen, and then some of it comes after all. */
const LATE_BEFORE_THE_BEGINNING: ChaosStep[] = [
  say('lost'),
  say('late'),
  say('lost'),
  say('plain'),
  { kind: 'wait', ms: 600 },
];

/** The same, and what came first was of the moment: it stands nowhere. */
const LATE_BEFORE_A_HEARTBEAT: ChaosStep[] = [say('late'), say('plain', 883), { kind: 'wait', ms: 600 }];

/** What was held up comes when its process has left: it is there again. */
const STRAGGLER: ChaosStep[] = [
  { kind: 'join', producer: 0 },
  say('late'),
  say('plain'),
  { kind: 'cut' },
  { kind: 'leave', producer: 0 },
  { kind: 'connect', choice: 0 },
];

/** What waits for an event that never comes is heard when its process has left: it is still gone. */
const HELD_BACK_WHILE_LEAVING: ChaosStep[] = [
  { kind: 'join', producer: 0 },
  say('plain'),
  say('lost'),
  say('plain', 5),
  { kind: 'leave', producer: 0 },
];

/** A conversation of which the question is lost, and whose role gets a second task while tokens come: the answer says whose it is. */
const STREAM_WITHOUT_QUESTION: ChaosStep[] = [
  say('plain', 0),
  say('plain', 616),
  say('plain', 1471),
  say('lost', 743),
  { kind: 'rival', producer: 0, choice: 0 },
  say('plain', 364),
  say('plain', 983),
];

const KINDS: ChaosStep['kind'][] = ['restart', 'rival', 'again', 'leave', 'join', 'cut', 'connect', 'greet', 'wait'];

describe('the hub behind a relay', () => {
  test('equals the oracle after any schedule', () => {
    tellStories({
      name: 'a hub behind a relay',
      events: 60_000,
      arbitrary: chaosArb(KINDS),
      examples: [
        LATE_BEFORE_THE_BEGINNING,
        LATE_BEFORE_A_HEARTBEAT,
        STRAGGLER,
        HELD_BACK_WHILE_LEAVING,
        STREAM_WITHOUT_QUESTION,
      ],
      tell(steps) {
        const relay = new ChaosRelay();
        for (const step of steps) relay.do(step);
        relay.settle();
        expectOracle(relay);
        return relay.published;
      },
    });
  }, 600_000);
});
