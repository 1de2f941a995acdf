import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { envelope, SAID } from '../../test/support/envelopes.ts';
import { HubDriver, SOURCE, START_MS } from '../../test/support/hub-driver.ts';
import { drawHub, without } from '../../test/support/hub-picture.ts';
import { live, messageArb, receiveAll, storyArb, StoryRelay } from '../../test/support/hub-story.ts';
import { producerKey } from '../protocol/tab/keys.ts';
import type { ViewRequest } from '../protocol/tab/view-data.ts';
import { decodeEnsembleMessage, DURABLE_TYPES } from '../protocol/wire/ensemble-message.ts';

/** What depends on when something arrived, and on nothing else. */
const ARRIVAL = ['lastSeenMs', 'sinceMs'];

const WIDE_VIEWS: readonly ViewRequest[] = [{ view: 'roster' }, { view: 'reviews' }, { view: 'attention' }];

const RUN_VIEWS = ['run', 'conversation', 'tools'] as const;

function joinNow(relay: StoryRelay): HubDriver {
  const hub = new HubDriver({ startMs: relay.nowMs });
  hub.add();
  receiveAll(hub, relay.greeting());
  return hub;
}

describe('a hub of many producers', () => {
  test('is the same for a worker that joins late as for one that saw everything', () => {
    const story = storyArb({ hasTokens: false, kinds: ['restart', 'leave', 'join', 'wait'] });
    fc.assert(
      fc.property(story, fc.nat(60), (happenings, at) => {
        const relay = new StoryRelay();
        const early = joinNow(relay);
        let late: HubDriver | undefined;
        for (const [index, happening] of happenings.entries()) {
          if (index === at) late = joinNow(relay);
          const frames = relay.tell(happening);
          for (const hub of late === undefined ? [early] : [early, late]) {
            hub.wait(relay.nowMs - hub.nowMs);
            receiveAll(hub, frames);
          }
        }
        late ??= joinNow(relay);
        for (const hub of [early, late]) hub.wait(1000);
        expect(without(drawHub(late.state), ARRIVAL)).toEqual(without(drawHub(early.state), ARRIVAL));
      }),
      { numRuns: 100 },
    );
  }, 120_000);

  test('shows the same by patches as at first sight, whatever happens', () => {
    const kinds = ['lose', 'delay', 'repeat', 'restart', 'leave', 'join', 'wait', 'cut', 'junk', 'decide'] as const;
    fc.assert(
      fc.property(storyArb({ hasTokens: true, kinds }), fc.nat(9), (happenings, stride) => {
        const relay = new StoryRelay();
        const hub = new HubDriver();
        const key = producerKey(SOURCE, 'one');
        const views = [...WIDE_VIEWS, ...RUN_VIEWS.map((view) => ({ view, producer: key }))];
        const followers = views.map((request) => hub.follow(request));
        hub.add();
        receiveAll(hub, relay.greeting());
        for (const [index, happening] of happenings.entries()) {
          live(hub, relay, happening);
          if (index % (stride + 1) !== 0) continue;
          for (const follower of followers) {
            follower.pull();
            expect(follower.view).toEqual(follower.fresh());
          }
        }
        hub.do({ kind: 'source-removed', sourceId: SOURCE, nowMs: hub.nowMs });
        for (const follower of followers) {
          follower.pull();
          expect(follower.view).toEqual(follower.fresh());
          const left = Object.values(follower.view.entities).flatMap((entities) => Object.keys(entities as object));
          expect(left).toEqual([]);
        }
        expect(hub.state.openReviews.size).toBe(0);
        expect(Object.values(hub.state.counts)).toEqual([0, 0, 0, 0, 0, 0]);
      }),
      { numRuns: 100 },
    );
  }, 120_000);
});

const MEMBERS = [
  'producerId',
  'producer',
  'message',
  'snapshotTrace',
  'producers',
  'iterationsByProducer',
  'recentIterations',
  'ensembleId',
  'taskIndex',
  'taskDescription',
  'agentRole',
  'reviewId',
  'state',
  'code',
  'messages',
  '__proto__',
] as const;

/** Frames of known types with members of any kind, and frames that are well-formed but for what is inside. */
function frameArb(): fc.Arbitrary<unknown> {
  const anything = fc.jsonValue({ maxDepth: 2 });
  const name = fc.constantFrom(...MEMBERS);
  const type = fc.constantFrom('hello', 'hub_hello', 'event', 'producer_joined', 'review_state', 'error', 'token');
  const loose = fc.tuple(type, fc.array(fc.tuple(name, anything))).map(([is, members]) => {
    return { ...Object.fromEntries(members), type: is };
  });
  const info = fc.record({ producerId: fc.constantFrom('p', '__proto__', 'constructor', 'a b') });
  const inner = fc.oneof(
    anything,
    messageArb({ hasTokens: true }).map((message) => message('2026-01-01T00:00:00Z')),
    fc
      .tuple(fc.constantFrom('task_started', 'review_requested', 'token'), anything)
      .map(([is, x]) => ({ type: is, x })),
  );
  const event = fc.record({
    type: fc.constant('event'),
    producer: info,
    sequence: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.maxSafeInteger()),
    receivedAt: fc.constantFrom(
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00.123456789Z',
      '0001-01-01T00:00:00Z',
      'now',
    ),
    message: inner,
  });
  const hello = fc.record({ type: fc.constant('hello'), snapshotTrace: fc.array(inner), recentIterations: anything });
  const hubHello = fc.record({
    type: fc.constant('hub_hello'),
    producers: fc.array(fc.oneof(info, anything)),
    snapshotTrace: fc.array(fc.oneof(event, anything)),
    iterationsByProducer: fc.dictionary(fc.constantFrom('p', '__proto__'), fc.array(anything)),
  });
  const review = fc.record({
    type: fc.constant('review_state'),
    producerId: fc.constantFrom('p', '__proto__'),
    reviewId: fc.constantFrom('r1', '__proto__'),
    state: fc.constantFrom('open', 'applied', 'held', 'of a later version'),
    at: fc.constantFrom('2026-01-01T00:00:00Z', 'now'),
  });
  const roster = fc.record({
    type: fc.constantFrom('producer_joined', 'producer_left'),
    producer: info,
    producerId: fc.constantFrom('p', 'x'),
  });
  return fc.oneof(loose, event, event, hello, hubHello, review, roster, inner, anything);
}

describe('whatever a peer says', () => {
  test('nothing throws, and every view can be drawn', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(frameArb(), fc.string()), { maxLength: 30 }), (frames) => {
        const hub = new HubDriver();
        hub.add();
        for (const [index, frame] of frames.entries()) {
          hub.receive(frame);
          hub.wait(index % 7 === 0 ? 600 : 1);
          if (index % 11 === 10) hub.cut();
          if (index % 11 === 10) hub.connect();
        }
        drawHub(hub.state);
        hub.view({ view: 'attention' });
      }),
      { numRuns: 300 },
    );
  }, 120_000);

  test('a bad event costs itself alone', () => {
    const bad = fc.oneof(
      fc.constantFrom(null, [], 'text', 7, {}, { type: 5 }, { type: 'task_started' }),
      fc.jsonValue({ maxDepth: 1 }).filter((value) => decodeEnsembleMessage(value).kind === 'unreadable'),
    );
    fc.assert(
      fc.property(bad, (message) => {
        const hub = new HubDriver();
        hub.add();
        hub.receive({ type: 'hub_hello' });
        hub.receive(envelope({ producerId: '__proto__', sequence: 1 }, SAID.runStarted()));
        hub.receive(envelope({ producerId: '__proto__', sequence: 2 }, message));
        hub.receive(envelope({ producerId: '__proto__', sequence: 3 }, SAID.taskStarted()));
        const line = hub.producer('__proto__');
        expect(line).toMatchObject({ state: 'running', detail: 'Draft', unreadable: 1, missing: 0 });
        expect(hub.source()).toMatchObject({ unreadable: 1, producers: 1 });
      }),
    );
  });
});

/** A process with an embedded dashboard: what it says, and what it would greet with now. Each life begins with a run. */
class StoryProcess {
  nowMs = START_MS;
  trace: Record<string, unknown>[] = [];

  constructor() {
    this.restart();
  }

  say(message: (at: string) => Record<string, unknown>): Record<string, unknown> {
    this.nowMs += 7;
    const said = message(new Date(this.nowMs).toISOString());
    // No process gives two runs one id.
    if (said['type'] === 'ensemble_started') said['ensembleId'] = `run at ${this.nowMs}`;
    if (DURABLE_TYPES.has(String(said['type']))) this.trace.push(said);
    return said;
  }

  restart(): void {
    this.trace = [];
    this.say((startedAt) => ({ type: 'ensemble_started', startedAt, totalTasks: 1, workflow: 'SEQUENTIAL' }));
  }

  greeting(): Record<string, unknown> {
    return { type: 'hello', snapshotTrace: this.trace };
  }
}

describe('an embedded dashboard', () => {
  test('is mended by its greeting after every cut, and its patches say the same as a fresh look', () => {
    const kinds = ['leave', 'join', 'restart', 'wait', 'decide'] as const;
    fc.assert(
      fc.property(storyArb({ hasTokens: true, kinds }), (happenings) => {
        const process = new StoryProcess();
        const hub = new HubDriver({ limits: { maxRuns: 1000 } });
        const key = producerKey(SOURCE, 'self');
        const views = [...WIDE_VIEWS, ...RUN_VIEWS.map((view) => ({ view, producer: key }))];
        const followers = views.map((request) => hub.follow(request));
        hub.add();
        hub.receive(process.greeting());
        let isCut = false;
        for (const happening of happenings) {
          hub.wait(Math.max(0, process.nowMs - hub.nowMs));
          if (happening.kind === 'restart') process.restart();
          // Its ends are those of its socket, and a restart is a cut as well.
          if ((happening.kind === 'leave' || happening.kind === 'restart') && !isCut) {
            isCut = true;
            hub.cut();
          }
          if (happening.kind === 'join' && isCut) {
            isCut = false;
            hub.connect();
            hub.receive(process.greeting());
            expect(durablesOf(hub)).toEqual(process.trace);
          }
          if (happening.kind === 'wait') process.nowMs += happening.ms;
          if (happening.kind === 'decide') live(hub, new StoryRelay(), happening);
          if (happening.kind !== 'say') continue;
          const said = process.say(happening.message);
          if (!isCut) hub.receive(said);
          for (const follower of followers) {
            follower.pull();
            expect(follower.view).toEqual(follower.fresh());
          }
        }
      }),
      { numRuns: 100 },
    );
  }, 120_000);
});

/** The durable messages of the life that goes on, as the log has them. */
function durablesOf(hub: HubDriver): unknown[] {
  const wire = hub.state.sources.get(SOURCE)?.wire;
  if (wire?.kind !== 'embedded') return [];
  const events = wire.log.events().filter(({ epoch, type }) => epoch === wire.epoch && DURABLE_TYPES.has(type));
  return events.map(({ message }) => message);
}
