import { describe, expect, test } from 'vitest';
import { HubDriver, START_MS } from '../../test/support/hub-driver.ts';
import { drawHub, without } from '../../test/support/hub-picture.ts';
import { KeptMemory } from '../../test/support/kept-memory.ts';
import { framesDown } from '../../test/support/recordings.ts';
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
