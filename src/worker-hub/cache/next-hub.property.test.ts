import fc from 'fast-check';
import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { describe, expect, test, vi } from 'vitest';
import { SOURCE } from '../../../test/support/hub-driver.ts';
import { drawHub, without } from '../../../test/support/hub-picture.ts';
import { live, receiveAll, storyArb, StoryRelay, type Happening } from '../../../test/support/hub-story.ts';
import { KeptDashboard } from '../../../test/support/kept-dashboard.ts';
import { SEED } from '../../../test/support/seed.ts';
import type { HubProducer } from '../../hub/hub-state.ts';
import { keepEvents } from '../../hub/keep-producer.ts';
import { comparePositions, type LogPosition } from '../../hub/logged-event.ts';
import { CachedHub, openStores } from '../test-support/cached-hub.ts';

/**
 * What may differ, and why: that a producer spoke again is told once a second; when a wait of a review ended follows from when the
 * hub came to know it; and what could not be read is not counted in what was deleted.
 */
const MAY_DIFFER = ['lastSeenMs', 'sinceMs', 'toMs', 'unreadable', 'unknown'];

function picture(hub: CachedHub): unknown {
  const text = JSON.stringify(without(drawHub(hub.state), MAY_DIFFER));
  return JSON.parse(text, (_, value: unknown) => withoutLoss(withoutEstimates(value)));
}

/**
 * When touch with a run was lost, and with it when what ran in it had ended, follows from what came after it, of which the next
 * hub may know less.
 */
function withoutLoss(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('state' in value)) return value;
  if (value.state === 'lost-touch') return { ...value, durationMs: 0 };
  return value.state === 'ended' ? { ...value, endedAtMs: 0 } : value;
}

/** Times that are estimated depend on what else is known at that moment. */
function withoutEstimates(value: unknown): unknown {
  const isEstimate = typeof value === 'object' && value !== null && 'isEstimated' in value;
  return isEstimate ? { ...value, startedAtMs: 0, endedAtMs: 0, atMs: 0 } : value;
}

type Runs = Record<string, readonly string[]>;

/** The places of the events of each run that is shown live, as the history has them. */
async function storedRuns(hub: CachedHub): Promise<Runs> {
  const runs: Runs = {};
  for (const { id } of hub.history()) {
    const at = hub.cache.findLive(id);
    const records = at === undefined ? undefined : await hub.cache.open(id);
    if (at !== undefined) runs[`${at.producer} ${at.run}`] = placesOf(records?.events.map(({ event }) => event) ?? []);
  }
  return runs;
}

/** The same as they are in memory. */
function liveRuns({ state }: CachedHub): Runs {
  const producers = [...state.sources.values()].flatMap((source) => [...source.producers.values()]);
  const events = ({ key }: HubProducer) => keepEvents(state, key).map(({ event }) => event);
  return Object.fromEntries(producers.flatMap((producer) => runsOf(producer, events(producer))));
}

function runsOf({ key, live: { runs } }: HubProducer, events: readonly LogPosition[]): [string, string[]][] {
  return runs.map((run, index) => {
    const next = runs[index + 1]?.begins;
    const isOfRun = (place: LogPosition): boolean =>
      comparePositions(place, run.begins) >= 0 && (next === undefined || comparePositions(place, next) < 0);
    return [`${key} ${run.key}`, placesOf(events.filter(isOfRun))];
  });
}

function placesOf(events: readonly LogPosition[]): string[] {
  return events.map(({ epoch, sequence }) => `${epoch}.${sequence}`);
}

/** Ends a hub that has lost its source, and starts the next one, which sees what this one saw. */
async function handOver(hub: CachedHub): Promise<CachedHub> {
  // What is held back ends with the hub.
  hub.wait(600);
  hub.cut();
  await hub.cache.flush();
  expect(await storedRuns(hub)).toEqual(liveRuns(hub));
  await hub.cache.end();
  for (const store of openStores.splice(0)) store.close();
  const next = await new CachedHub({ startMs: hub.nowMs }).start([SOURCE]);
  next.cut();
  expect(next.notices).toEqual([]);
  expect(picture(next)).toEqual(picture(hub));
  expect(next.state.counts).toEqual(hub.state.counts);
  return next;
}

/** What is beside the hubs of a story: it greets each of them, and then things happen. */
interface Surroundings {
  nowMs: number;
  greet(hub: CachedHub): void;
  happen(hub: CachedHub, happening: Happening): Promise<void> | void;
}

class AtRelay implements Surroundings {
  readonly #relay = new StoryRelay();

  get nowMs(): number {
    return this.#relay.nowMs;
  }

  set nowMs(nowMs: number) {
    this.#relay.nowMs = nowMs;
  }

  greet(hub: CachedHub): void {
    hub.connect();
    receiveAll(hub, this.#relay.greeting());
  }

  happen(hub: CachedHub, happening: Happening): void {
    live(hub, this.#relay, happening);
  }
}

/** Happenings mean here: `leave` and `join` the connection, `lose` that the process forgets old runs, `repeat` that a run is deleted. */
class AtDashboard implements Surroundings {
  readonly #process = new KeptDashboard();

  get nowMs(): number {
    return this.#process.nowMs;
  }

  set nowMs(nowMs: number) {
    this.#process.nowMs = nowMs;
  }

  greet(hub: CachedHub): void {
    hub.connect();
    hub.receive(this.#process.greeting);
  }

  async happen(hub: CachedHub, happening: Happening): Promise<void> {
    const isCut = hub.state.sources.get(SOURCE)?.connectionId === undefined;
    hub.wait(Math.max(0, this.nowMs - hub.nowMs));
    switch (happening.kind) {
      case 'say': {
        const said = this.#process.say(happening.message);
        if (!isCut) hub.receive(said);
        return;
      }
      case 'restart':
        this.#process.restart();
        return isCut ? undefined : void hub.cut();
      case 'leave':
        return isCut ? undefined : void hub.cut();
      case 'join':
        return isCut ? this.greet(hub) : undefined;
      case 'lose':
        return this.#process.forget();
      case 'repeat':
        return deleteOne(hub, happening.producer);
      case 'wait':
        this.nowMs += happening.ms;
        return;
      case 'decide':
        return live(hub, new StoryRelay(), happening);
      case 'delay':
      case 'cut':
      case 'junk':
    }
  }
}

/** Deletes a run, but not the newest, which the process may go on with. */
async function deleteOne(hub: CachedHub, which: number): Promise<void> {
  const older = [...hub.cache.catalog.all()].sort((a, b) => comparePositions(a.begins, b.begins)).slice(0, -1);
  const ids = older.map(({ begins }) => `${SOURCE} self ${begins.epoch}.${begins.sequence}`);
  await hub.cache.delete(ids.slice(which, which + 1));
}

/** Tells a story in parts, each to the next hub. */
async function tell(around: Surroundings, parts: readonly (readonly Happening[])[]): Promise<void> {
  vi.stubGlobal('indexedDB', new IDBFactory());
  let hub = await new CachedHub().start();
  for (const happenings of parts) {
    around.greet(hub);
    for (const [index, happening] of happenings.entries()) {
      await around.happen(hub, happening);
      if (index % 8 === 0) await hub.cache.flush();
    }
    hub = await handOver(hub);
    around.nowMs = Math.max(around.nowMs, hub.nowMs);
  }
  for (const store of openStores.splice(0)) store.close();
}

const STORIES: [string, () => Surroundings, Happening['kind'][]][] = [
  ['came late or not at all', () => new AtRelay(), ['lose', 'delay', 'repeat', 'join', 'wait', 'cut', 'decide']],
  ['began again', () => new AtRelay(), ['repeat', 'restart', 'leave', 'join', 'wait', 'cut', 'decide']],
  [
    'was told by an embedded dashboard, or deleted',
    () => new AtDashboard(),
    ['restart', 'leave', 'join', 'wait', 'decide', 'lose', 'repeat'],
  ],
];

describe('a hub that follows another one', () => {
  test.each(STORIES)(
    'shows and keeps what that one did, whatever %s',
    async (_, surroundings, kinds) => {
      // Of tokens whose answer is there, nothing is kept; what they showed when they came may be elsewhere without them.
      const parts = fc.array(storyArb({ hasTokens: false, kinds }), { minLength: 1, maxLength: 4 });
      const property = fc.asyncProperty(parts, (story) => tell(surroundings(), story));
      await fc.assert(property, { numRuns: 100, seed: SEED });
    },
    120_000,
  );
});
