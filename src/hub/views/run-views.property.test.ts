import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { producerEvents, recordedEvents } from '../../../test/support/live-events.ts';
import { LiveHub } from '../../../test/support/live-hub.ts';
import { PRODUCER, sourceOf, viewsOf } from '../../../test/support/live-story.ts';
import { type Aside, anyAside } from '../../../test/support/live-traffic.ts';
import { applyViewPatches } from '../../protocol/tab/apply-view-patches.ts';
import type { ConversationEntity } from '../../protocol/tab/conversation-model.ts';
import type { ViewData } from '../../protocol/tab/view-data.ts';
import type { Change } from '../change.ts';
import { liveReducer } from '../live-reducer.ts';
import { type LiveEvent, type LiveState, createLiveState } from '../live-state.ts';
import { createConversationFeed } from './conversation-feed.ts';
import { createRunFeed } from './run-feed.ts';
import type { RunViewName } from './run-part-feed.ts';
import { createToolsFeed } from './tools-feed.ts';
import type { ViewFeed } from './view-feed.ts';

const FEEDS = {
  run: createRunFeed,
  conversation: createConversationFeed,
  tools: createToolsFeed,
};

/** A tab: what it has been sent, and the feed that sends it. */
class Tab<V extends RunViewName> {
  readonly #feed: ViewFeed<V>;
  #view: ViewData<V>;

  constructor(feed: ViewFeed<V>) {
    this.#feed = feed;
    this.#view = structuredClone(feed.snapshot());
  }

  note(changes: readonly Change[]): void {
    for (const change of changes) this.#feed.note(change);
  }

  /** Takes what waits, and returns the view as the tab has it then. */
  take(): ViewData<V> {
    const patches = this.#feed.isDirty() ? this.#feed.takePatches() : [];
    if (patches === 'snapshot') this.#view = structuredClone(this.#feed.snapshot());
    else applyViewPatches(this.#view, structuredClone(patches));
    return this.#view;
  }
}

function feedsOf(live: LiveState): (() => ViewFeed<RunViewName>)[] {
  const requests = [{ producer: PRODUCER }, { producer: PRODUCER, run: 'r2' }];
  return Object.values(FEEDS).flatMap((create) => requests.map((request) => () => create(sourceOf(live), request)));
}

/** A fresh snapshot holds the end of a stream only; a tab that has been there all the time has more of it. */
function withoutStreams(view: ViewData<RunViewName>): unknown {
  return JSON.parse(JSON.stringify(view, (key, value: unknown) => (isStreamMember(key) ? undefined : value)));
}

function isStreamMember(key: string): boolean {
  return key === 'streaming' || key === 'streamingSkippedChars';
}

function streamsOf({ entities }: ViewData<RunViewName>): { streaming: string; chars: number }[] {
  const { conversations = {} } = entities as { conversations?: Record<string, ConversationEntity> };
  return Object.values(conversations).map(({ streaming, streamingSkippedChars }) => ({
    streaming,
    chars: streamingSkippedChars + streaming.length,
  }));
}

function expectSame(patched: ViewData<RunViewName>, fresh: ViewData<RunViewName>): void {
  expect(withoutStreams(patched)).toEqual(withoutStreams(fresh));
  const freshStreams = streamsOf(fresh);
  streamsOf(patched).forEach(({ streaming, chars }, index) => {
    expect(chars).toBe(freshStreams[index]?.chars);
    expect(streaming.endsWith(freshStreams[index]?.streaming ?? '')).toBe(true);
  });
}

/** Feeds a tab of each kind, taking at some of the steps, and compares what it has in the end with what is. */
function expectPatchesLead(live: LiveState, steps: readonly (() => Change[])[], takesAfter: readonly boolean[]): void {
  const feeds = feedsOf(live);
  const tabs = feeds.map((create) => new Tab(create()));
  steps.forEach((step, index) => {
    const changes = step();
    for (const tab of tabs) tab.note(changes);
    if (takesAfter[index % Math.max(1, takesAfter.length)] === true) for (const tab of tabs) tab.take();
  });
  tabs.forEach((tab, index) => expectSame(tab.take(), feeds[index]?.().snapshot() as ViewData<RunViewName>));
}

/** Hundreds of stories take a while where others work on the same machine. */
const PATIENCE_MS = 120_000;

const cuts = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 });

describe('patches on an earlier snapshot', { timeout: PATIENCE_MS }, () => {
  it('lead to what a fresh snapshot shows, whatever is said', () => {
    fc.assert(
      fc.property(fc.array(anyAside, { maxLength: 80 }), cuts, (asides: Aside[], takesAfter) => {
        const hub = new LiveHub();
        const steps = asides.map((aside) => () => hub.take(aside));
        expectPatchesLead(hub.live, steps, takesAfter);
      }),
      { numRuns: 200 },
    );
  });

  const recordings: [string, LiveEvent[]][] = [
    ...['hierarchical', 'pipeline', 'sequential', 'streaming', 'review', 'review-exit', 'before-continue'].map(
      (name): [string, LiveEvent[]] => [name, recordedEvents(`embedded-${name}`)],
    ),
    ['svc-a-1', producerEvents('hub-viewer', 'svc-a-1')],
  ];

  it.each(recordings)('lead to what a fresh snapshot shows: %s', (_name, events) => {
    fc.assert(
      fc.property(cuts, (takesAfter) => {
        const live = createLiveState(PRODUCER);
        const steps = events.map((event) => () => reduceOne(live, event));
        expectPatchesLead(live, steps, takesAfter);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the live state', { timeout: PATIENCE_MS }, () => {
  it('does not depend on who looks at it in between', () => {
    fc.assert(
      fc.property(fc.array(anyAside, { maxLength: 60 }), (asides) => {
        const [watched, unwatched] = [new LiveHub(), new LiveHub()];
        for (const aside of asides) {
          watched.take(aside);
          viewsOf(watched.live);
          unwatched.take(aside);
        }
        expect(viewsOf(watched.live)).toEqual(viewsOf(unwatched.live));
      }),
      { numRuns: 50 },
    );
  });
});

function reduceOne(live: LiveState, event: LiveEvent): Change[] {
  const changes: Change[] = [];
  liveReducer(live, event, changes);
  return changes;
}
