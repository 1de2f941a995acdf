import { describe, expect, test } from 'vitest';
import { envelope, SAID } from '../../test/support/envelopes.ts';
import { HubDriver, SOURCE, START_MS } from '../../test/support/hub-driver.ts';
import { drawHub, without } from '../../test/support/hub-picture.ts';
import { KeptMemory } from '../../test/support/kept-memory.ts';
import { framesDown } from '../../test/support/recordings.ts';
import { producerKey, reviewKey } from '../protocol/tab/keys.ts';
import { DURABLE_TYPES } from '../protocol/wire/ensemble-message.ts';
import { producersOf } from './hub-state.ts';
import { logOf } from './producer-log.ts';

const RECORDINGS = [
  'hub-viewer',
  'hub-viewer.late',
  'embedded-before-continue',
  'embedded-files',
  'embedded-hierarchical',
  'embedded-hierarchical.late',
  'embedded-pipeline',
  'embedded-pipeline.late',
  'embedded-review-exit',
  'embedded-review-short',
  'embedded-review',
  'embedded-sequential',
  'embedded-sequential.late',
  'embedded-streaming',
  'embedded-tools',
  'embedded-tools.late',
];

/** What may differ, and why: that a producer spoke again reaches its line in the roster only once a second. */
const TOLD_LATER = ['lastSeenMs', 'sinceMs'];

class KeptHub extends HubDriver {
  readonly memory = new KeptMemory();

  override do(action: Parameters<HubDriver['do']>[0]): ReturnType<HubDriver['do']> {
    const output = super.do(action);
    this.memory?.note(this.state, output);
    return output;
  }

  /** Whether early events are held back: they end with the hub, and the tokens among them are in no greeting. */
  isWaiting(): boolean {
    return [...this.state.sources.values()].some(
      ({ wire }) => wire?.kind === 'hub' && wire.registry.nextDeadlineMs() !== undefined,
    );
  }

  /** How many events the logs of all producers hold. */
  eventCount(): number {
    return producersOf(this.state).reduce((sum, producer) => {
      const source = this.state.sources.get(producer.sourceId);
      return sum + (source === undefined ? 0 : (logOf(source, producer)?.size ?? 0));
    }, 0);
  }
}

/** A hub that knows only what the other one left behind, at the same time, with a source that does not answer. */
function coldStart(before: KeptHub): KeptHub {
  const after = new KeptHub({ startMs: before.nowMs });
  for (const source of before.state.sources.values()) {
    const { id: sourceId, url, label } = source;
    after.do({ kind: 'source-added', sourceId, url, label, nowMs: after.nowMs });
  }
  for (const kept of before.memory.read(before.state)) after.do({ kind: 'restored', kept, nowMs: after.nowMs });
  after.cut();
  return after;
}

/** Every frame that is looked at closely: a few of a long recording, all of a short one. */
function isLookedAt(index: number, frames: readonly unknown[]): boolean {
  return index % Math.ceil(frames.length / 12) === 0 || index === frames.length - 1;
}

function picture(hub: KeptHub): unknown {
  return { ...(without(drawHub(hub.state), TOLD_LATER) as object), counts: hub.state.counts };
}

describe('a hub that starts from what an earlier one kept', () => {
  test.each(RECORDINGS)('shows what was there before, at any moment of %s', (name) => {
    const frames = framesDown(name);
    for (const index of frames.keys()) {
      if (!isLookedAt(index, frames)) continue;
      const hub = playUntil(frames, index);
      const cold = coldStart(hub);
      hub.cut();
      expect(picture(cold), `after frame ${index}`).toEqual(picture(hub));
    }
  });

  test.each(RECORDINGS)('goes on with a greeting that repeats everything, and nothing is doubled, in %s', (name) => {
    const frames = framesDown(name);
    for (const index of frames.keys()) {
      if (!isLookedAt(index, frames)) continue;
      const hub = playUntil(frames, index);
      if (hub.isWaiting()) continue;
      const cold = coldStart(hub);
      hub.cut();
      for (const each of [hub, cold]) {
        each.connect();
        each.receive(greetingAfter(frames.slice(0, index + 1)));
        playOn(each, frames.slice(index + 1));
      }
      expect(picture(cold), `after frame ${index}`).toEqual(picture(hub));
      expect(cold.eventCount(), `after frame ${index}`).toEqual(hub.eventCount());
    }
  });

  test('keeps what it restored for the hub after it', () => {
    const hub = playUntil(framesDown('hub-viewer'), 200);
    const cold = coldStart(coldStart(hub));
    hub.cut();
    expect(picture(cold)).toEqual(picture(hub));
  });

  test('leaves a source alone that has greeted meanwhile', () => {
    const frames = framesDown('embedded-tools');
    const hub = playUntil(frames, 10);
    const [kept] = hub.memory.read(hub.state);
    if (kept === undefined) throw new Error('nothing was kept');
    const before = picture(hub);
    hub.do({ kind: 'restored', kept, nowMs: hub.nowMs });
    expect(picture(hub)).toEqual(before);
  });

  test('counts nothing as news', () => {
    const cold = coldStart(playUntil(framesDown('hub-viewer'), 200));
    expect(cold.state.eventsTotal).toBe(0);
  });
});

type Frames = ReturnType<typeof framesDown>;

function playUntil(frames: Frames, index: number): KeptHub {
  const hub = new KeptHub();
  hub.add();
  playOn(hub, frames.slice(0, index + 1));
  return hub;
}

function playOn(hub: KeptHub, frames: Frames): void {
  for (const { t, frame } of frames) {
    hub.wait(Math.max(0, START_MS + t - hub.nowMs));
    hub.receive(frame);
  }
}

/** What a server that had said all of this would say to a viewer who joins now. */
function greetingAfter(frames: Frames): Record<string, unknown> {
  const said = frames.map(({ frame }) => frame);
  const hello = said.findLast((frame) => frame['type'] === 'hello' || frame['type'] === 'hub_hello') ?? {};
  const before = (hello['snapshotTrace'] ?? []) as Record<string, unknown>[];
  const isHub = hello['type'] === 'hub_hello';
  const kept = isHub
    ? said.filter(({ type, message }) => type === 'event' && (message as { type: string }).type !== 'token')
    : said.filter(({ type }) => DURABLE_TYPES.has(String(type)));
  return { ...hello, snapshotTrace: [...before, ...kept] };
}

/** A hub at a relay, or at an embedded dashboard, that has heard these messages of one process. */
function heard(hello: object, frames: readonly unknown[]): KeptHub {
  const hub = new KeptHub();
  hub.add();
  hub.receive(hello);
  for (const frame of frames) hub.receive(frame);
  return hub;
}

const REVIEW = { timeoutMs: 0, timing: 'BEFORE_EXECUTION' };

describe('what is read in again says nothing new of a review', () => {
  test('that could be about any of several tasks', () => {
    const asked = [SAID.review('r1', REVIEW), SAID.review('r2', REVIEW), SAID.taskStarted()];
    const cold = coldStart(heard({ type: 'hello' }, [SAID.runStarted(), ...asked]));
    expect(['r1', 'r2'].map((reviewId) => cold.review(reviewId)?.status.kind)).toEqual(['unknown', 'unknown']);
    cold.connect();
    cold.receive({ type: 'hello', snapshotTrace: [SAID.runStarted(), SAID.taskStarted()] });
    cold.receive(SAID.taskStarted(2));
    expect(['r1', 'r2'].map((reviewId) => cold.review(reviewId)?.canDecide)).toEqual([true, true]);
  });

  test('that a relay spoke of', () => {
    const says = (sequence: number, message: object): object => envelope({ producerId: 'p', sequence }, message);
    const state = { type: 'review_state', producerId: 'p', reviewId: 'r1', state: 'open', at: '2026-01-01T00:00:00Z' };
    const hub = heard({ type: 'hub_hello' }, [
      says(1, SAID.runStarted()),
      says(2, SAID.review('r1', REVIEW)),
      state,
      says(3, SAID.taskStarted()),
    ]);
    expect(coldStart(hub).review('r1', 'p')?.status.kind).toBe('open');
  });

  test('that a later life asked with the same id', () => {
    const frames = [SAID.runStarted('e1'), SAID.review('r1', { timeoutMs: 50 })];
    const hub = heard({ type: 'hello' }, frames);
    hub.wait(50);
    hub.receive({ type: 'review_timed_out', reviewId: 'r1', action: 'CONTINUE' });
    hub.cut();
    hub.wait(1_000);
    hub.connect();
    hub.receive({ type: 'hello', snapshotTrace: [SAID.runStarted('e2')] });
    hub.receive(SAID.review('r1', { timeoutMs: 0 }));
    const cold = coldStart(hub);
    hub.cut();
    expect(picture(cold)).toEqual(picture(hub));
  });
});

describe('a decision that is on its way to a relay when the hub ends', () => {
  const KEY = reviewKey(producerKey(SOURCE, 'p'), 'r1');
  const says = (state: string, more: object = {}): object => {
    return { type: 'review_state', producerId: 'p', reviewId: 'r1', state, at: '2026-01-01T00:00:00Z', ...more };
  };
  const hello = (): object => {
    const messages = [SAID.runStarted(), SAID.taskStarted(), SAID.review('r1', { timeoutMs: 0 })];
    const snapshotTrace = messages.map((message, index) => envelope({ producerId: 'p', sequence: index + 1 }, message));
    return { type: 'hub_hello', producers: [{ producerId: 'p' }], snapshotTrace };
  };

  test('is written by the next one in the name of the person', () => {
    const hub = heard(hello(), [says('open')]);
    hub.cut();
    hub.decide({ review: KEY, decision: 'CONTINUE' });
    const cold = coldStart(hub);
    cold.connect();
    cold.receive(hello());
    expect(cold.writes.map(({ text }) => JSON.parse(text) as unknown)).toMatchObject([{ by: 'this browser' }]);
    cold.receive(says('sent', { decision: 'CONTINUE', by: 'this browser' }));
    expect(cold.review('r1', 'p')?.status).toEqual({ kind: 'sent' });
  });

  test('is not written again when the relay has said that it has it', () => {
    const hub = heard(hello(), [says('open')]);
    hub.decide({ review: KEY, decision: 'CONTINUE' });
    hub.receive(says('held', { decision: 'CONTINUE', by: 'this browser' }));
    const cold = coldStart(hub);
    cold.connect();
    cold.receive(hello());
    expect(cold.writes).toEqual([]);
  });
});

test('tells lives apart when the run with which the newer one began was deleted', () => {
  const hub = heard({ type: 'hello' }, [SAID.runStarted('e1')]);
  hub.cut();
  hub.connect();
  const trace = [SAID.runStarted('e2'), SAID.taskStarted(), SAID.runStarted('e3')];
  hub.receive({ type: 'hello', snapshotTrace: trace });
  hub.do({ kind: 'run-deleted', producer: producerKey(SOURCE, 'self'), run: 'r2' });
  hub.memory.forget(producerKey(SOURCE, 'self'), ({ epoch, sequence }) => epoch === 2 && sequence < 3);
  const cold = coldStart(hub);
  hub.cut();
  expect(picture(cold)).toEqual(picture(hub));
});
