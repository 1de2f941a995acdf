import { describe, expect, test } from 'vitest';
import { HubDriver, SOURCE } from '../../test/support/hub-driver.ts';
import { drawHub, without, type HubPicture } from '../../test/support/hub-picture.ts';
import { framesDown, readRecording } from '../../test/support/recordings.ts';

interface Timed {
  readonly t: number;
  readonly frame: Record<string, unknown>;
}

/** When the recording of the hub began, by the clock of the recorded processes. */
const HUB_BEGAN_MS = hubBeganMs();

function hubBeganMs(): number {
  const { t, frame } = framesDown('hub-viewer').find(({ frame: each }) => each['type'] === 'event') ?? {
    t: 0,
    frame: {},
  };
  return Date.parse(String(frame['receivedAt'])) - t;
}

function play(frames: readonly Timed[], startMs: number): HubDriver {
  const hub = new HubDriver({ startMs });
  hub.add();
  for (const { t, frame } of frames) {
    hub.wait(startMs + t - hub.nowMs);
    hub.receive(frame);
  }
  hub.wait(5000);
  return hub;
}

function playHub(name: string): HubDriver {
  return play(framesDown(name), HUB_BEGAN_MS);
}

/** Numbers of a small generator that is seeded, so that a failure can be seen again. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    yield state / 4_294_967_296;
  }
}

/** The same frames, each up to 200 ms later than it came. */
function delayed(frames: readonly Timed[], seed: number): Timed[] {
  const random = numbers(seed);
  const late = frames.map(({ t, frame }) => ({
    t: frame['type'] === 'event' ? t + random.next().value * 200 : t,
    frame,
  }));
  return late.sort((a, b) => a.t - b.t);
}

/** What depends on when something arrived, and on nothing else. */
const ARRIVAL = ['lastSeenMs', 'sinceMs'];

describe('a recorded live-event hub', () => {
  test('ends with every producer in its state', () => {
    const hub = playHub('hub-viewer');
    const lines = ['batch-1', 'svc-a-1', 'svc-a-2', 'svc-b-1'].map((id) => hub.producer(id));
    expect(lines.map((line) => [line?.producerId, line?.state, line?.detail])).toEqual([
      ['batch-1', 'done', '1 task · 580 tokens'],
      ['svc-a-1', 'gone', '3 runs kept'],
      ['svc-a-2', 'gone', '1 run kept'],
      ['svc-b-1', 'gone', '1 run kept'],
    ]);
    expect(lines.map((line) => line?.missing)).toEqual([0, 0, 0, 0]);
    expect(lines[0]).toMatchObject({ serviceName: 'batch', host: 'localhost', tasksFinished: 1, tasksTotal: 1 });
    expect(lines[0]?.tags).toEqual([
      ['region', 'eu'],
      ['env', 'interop'],
    ]);
  });

  test('shows its review as waiting until it was decided elsewhere', () => {
    const hub = new HubDriver({ startMs: HUB_BEGAN_MS });
    hub.add();
    const seen: string[] = [];
    for (const { t, frame } of framesDown('hub-viewer')) {
      hub.wait(HUB_BEGAN_MS + t - hub.nowMs);
      hub.receive(frame);
      const line = hub.producer('svc-b-1');
      const word = `${line?.state}: ${line?.detail}`;
      if (line !== undefined && seen.at(-1) !== word) seen.push(word);
    }
    expect(seen).toContain('waiting for you: Review: Draft the press release');
    expect(seen.at(-1)).toBe('gone: 1 run kept');
  });

  test('is the same however much its frames overtake each other', () => {
    const expected = without(drawHub(playHub('hub-viewer').state), ARRIVAL);
    for (let seed = 1; seed <= 8; seed += 1) {
      const hub = play(delayed(framesDown('hub-viewer'), seed), HUB_BEGAN_MS);
      expect(without(drawHub(hub.state), ARRIVAL), `seed ${seed}`).toEqual(expected);
    }
  }, 60_000);

  // A process that had left and is heard of again is no longer gone: only the roster may differ.
  test('is the same when an event comes long after it was declared missing', () => {
    const frames = framesDown('hub-viewer');
    const expected = forgivingLateness(drawHub(playHub('hub-viewer').state));
    for (const [index, { frame }] of frames.entries()) {
      if (frame['type'] !== 'event' || index % 4 !== 2) continue;
      const moved = frames.map((each, at) => (at === index ? { t: 20_000, frame } : each));
      const hub = play(
        moved.sort((a, b) => a.t - b.t),
        HUB_BEGAN_MS,
      );
      expect(forgivingLateness(drawHub(hub.state)), `frame ${index}`).toEqual(expected);
    }
  }, 60_000);

  test('is the same for a viewer who joins late', () => {
    const early = drawHub(playHub('hub-viewer').state);
    const late = drawHub(playHub('hub-viewer.late').state);
    expect(forgivingLateness(late)).toEqual(forgivingLateness(early));
  });

  test('shows the same by patches as at first sight, with a cut in the middle', () => {
    const [greeting] = framesDown('hub-viewer.late');
    const hub = new HubDriver({ startMs: HUB_BEGAN_MS });
    const views = ['roster', 'reviews', 'attention'] as const;
    const followers = views.map((view) => hub.follow({ view }));
    hub.add();
    for (const [index, { t, frame }] of framesDown('hub-viewer').entries()) {
      hub.wait(HUB_BEGAN_MS + t - hub.nowMs);
      hub.receive(frame);
      if (index === 50) hub.cut();
      if (index === 52) hub.connect();
      if (index === 53) hub.receive(greeting?.frame);
      for (const follower of followers) {
        follower.pull();
        expect(follower.view, `after frame ${index}`).toEqual(follower.fresh());
      }
    }
  });

  test('is the same after a cut, with a greeting that repeats everything', () => {
    const frames = framesDown('hub-viewer');
    const [greeting] = framesDown('hub-viewer.late');
    const hub = new HubDriver({ startMs: HUB_BEGAN_MS });
    hub.add();
    for (const { t, frame } of frames) {
      if (greeting !== undefined && t > greeting.t && hub.nowMs < HUB_BEGAN_MS + greeting.t) {
        hub.cut();
        hub.connect();
        hub.receive(greeting.frame);
      }
      hub.wait(HUB_BEGAN_MS + t - hub.nowMs);
      hub.receive(frame);
    }
    hub.wait(5000);
    expect(forgivingLateness(drawHub(hub.state))).toEqual(forgivingLateness(drawHub(playHub('hub-viewer').state)));
  });
});

/**
 * What a viewer who joins late cannot know: a live-event hub names nobody who has left before, and lets the tokens go; and
 * when a review came to stand as it does is known by the clock of whoever concludes it.
 */
function forgivingLateness(picture: HubPicture): unknown {
  const roster = Object.fromEntries(
    Object.entries(picture.roster).map(([key, line]) => [key, { ...line, state: undefined, detail: undefined }]),
  );
  return without({ ...picture, roster }, ARRIVAL);
}

describe('a recorded embedded dashboard', () => {
  const names = ['embedded-sequential', 'embedded-tools', 'embedded-pipeline', 'embedded-hierarchical'];

  test.each(names)('%s ends done, and is gone when its socket is cut', (name) => {
    const hub = play(framesDown(name), 0);
    expect(hub.producer()).toMatchObject({ state: 'done', missing: 0, unreadable: 0 });
    hub.cut();
    expect(hub.producer()).toMatchObject({ state: 'gone', detail: expect.stringMatching(/^\d runs? kept$/) });
  });

  test.each(names)('%s goes on as if nothing had been, when cut anywhere and mended by the greeting', (name) => {
    const frames = framesDown(name);
    const whole = play(frames, 0);
    const [late] = framesDown(`${name}.late`);
    const durable = (late?.frame['snapshotTrace'] ?? []) as unknown[];
    for (let at = 1; at < frames.length; at += 1) {
      const hub = play(frames.slice(0, at), 0);
      hub.cut();
      hub.connect();
      hub.receive(late?.frame);
      expect(hub.producer(), `cut before frame ${at}`).toMatchObject({
        state: 'done',
        tasksFinished: whole.producer()?.tasksFinished,
        runs: whole.producer()?.runs,
      });
      const log = hub.state.sources.get(SOURCE)?.wire;
      const kept = log?.kind === 'embedded' ? log.log.events().map(({ message }) => message) : [];
      for (const message of durable) expect(kept).toContainEqual(message);
    }
  });

  test('its review waits, runs out as the process says, and is over', () => {
    const hub = new HubDriver({ startMs: 0 });
    hub.add();
    const seen: string[] = [];
    for (const { t, frame } of framesDown('embedded-review-short')) {
      hub.wait(t - hub.nowMs);
      hub.receive(frame);
      const [review] = Object.values(hub.view<'reviews'>({ view: 'reviews' }).entities.reviews);
      const word = JSON.stringify(review?.status);
      if (review !== undefined && seen.at(-1) !== word) seen.push(word);
    }
    expect(seen).toEqual([
      JSON.stringify({ kind: 'open' }),
      JSON.stringify({ kind: 'expired', announced: 'EXIT_EARLY', happened: 'continued' }),
    ]);
  });

  test('a decision that was made here is applied once its task goes on', () => {
    const hub = new HubDriver({ startMs: 0 });
    hub.add();
    for (const { t, dir, data } of readRecording('embedded-before-continue')) {
      hub.wait(t - hub.nowMs);
      if (dir === 'down') hub.receive(data);
      if (dir !== 'up') continue;
      const { reviewId } = JSON.parse(data) as { reviewId: string };
      hub.decide({ review: hub.review(reviewId)?.id ?? '', decision: 'CONTINUE' });
    }
    expect(hub.writes.map(({ text }) => JSON.parse(text) as unknown)).toEqual([
      expect.objectContaining({ type: 'review_decision', decision: 'CONTINUE' }),
    ]);
    const [review] = Object.values(hub.view<'reviews'>({ view: 'reviews' }).entities.reviews);
    expect(review).toMatchObject({
      status: { kind: 'applied', proof: 'inferred' },
      decision: { decision: 'CONTINUE', mine: true },
      agentRole: 'Agent',
      canDecide: false,
    });
  });
});
