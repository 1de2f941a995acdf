import type { Change, RunCollection } from '../../src/hub/change.ts';
import { liveReducer } from '../../src/hub/live-reducer.ts';
import { type LiveState, createLiveState } from '../../src/hub/live-state.ts';
import type { RunState } from '../../src/hub/run-state.ts';
import { createConversationFeed } from '../../src/hub/views/conversation-feed.ts';
import { createRunFeed } from '../../src/hub/views/run-feed.ts';
import type { RunSource } from '../../src/hub/views/run-part-feed.ts';
import { createToolsFeed } from '../../src/hub/views/tools-feed.ts';
import type { RunKey } from '../../src/protocol/tab/keys.ts';
import type { RosterEntity } from '../../src/protocol/tab/roster-model.ts';
import type { ViewData } from '../../src/protocol/tab/view-data.ts';
import { eventOf } from './live-events.ts';

/** The producer of all stories. */
export const PRODUCER = 'ws://localhost:7329/ws self';

/** When all stories begin, in milliseconds since the Unix epoch. */
export const BEGIN_MS = Date.parse('2026-11-22T10:00:00Z');

/** Its line in the roster; what it says does not matter here. */
export const ROSTER: RosterEntity = {
  id: PRODUCER,
  sourceId: 'ws://localhost:7329/ws',
  producerId: 'self',
  tags: [],
  state: 'running',
  detail: '',
  lastSeenMs: BEGIN_MS,
  runs: 0,
  openReviews: 0,
  tasksFinished: 0,
  tasksTotal: 0,
  missing: 0,
  unreadable: 0,
};

/** A process tells its story, one message a second unless it says when. Times are milliseconds after the beginning. */
export class LiveStory {
  readonly live: LiveState = createLiveState(PRODUCER);
  readonly changes: Change[] = [];
  epoch = 1;
  #sequence = 0;

  /** One message, at the next number. */
  say(message: unknown, at: { ms?: number; isTimeKnown?: boolean } = {}): this {
    this.#sequence += 1;
    const event = eventOf(message, {
      sequence: this.#sequence,
      epoch: this.epoch,
      atMs: BEGIN_MS + (at.ms ?? this.#sequence * 1000),
    });
    liveReducer(this.live, { ...event, isTimeKnown: at.isTimeKnown ?? true }, this.changes);
    return this;
  }

  /** Another life of the process begins at this number. */
  restart(sequence = 1): this {
    this.epoch += 1;
    this.#sequence = sequence - 1;
    return this;
  }

  /** The next message has this number. */
  skipTo(sequence: number): this {
    this.#sequence = sequence - 1;
    return this;
  }

  get sequence(): number {
    return this.#sequence;
  }

  /** The run of a number, the newest without one. */
  run(number?: number): RunState {
    const { runs } = this.live;
    const run = number === undefined ? runs.at(-1) : runs.find((each) => each.number === number);
    if (run === undefined) throw new Error(`The story has no run ${number ?? ''}.`);
    return run;
  }

  timeline(run?: RunKey): ViewData<'run'> {
    return createRunFeed(sourceOf(this.live), requestOf(run)).snapshot();
  }

  conversation(run?: RunKey): ViewData<'conversation'> {
    return createConversationFeed(sourceOf(this.live), requestOf(run)).snapshot();
  }

  tools(run?: RunKey): ViewData<'tools'> {
    return createToolsFeed(sourceOf(this.live), requestOf(run)).snapshot();
  }
}

/** Where feeds look a state up. */
export function sourceOf(live: LiveState): RunSource {
  return { live: () => live, roster: () => ROSTER };
}

/** The three views of every run, as far as they are the run's: what two states that are alike must agree on. */
export function viewsOf(live: LiveState): unknown {
  return live.runs.map(({ key }) => [
    createRunFeed(sourceOf(live), requestOf(key)).snapshot(),
    createConversationFeed(sourceOf(live), requestOf(key)).snapshot(),
    createToolsFeed(sourceOf(live), requestOf(key)).snapshot(),
  ]);
}

/** The ids of a collection that changes mark as new or different, in order. */
export function markedIds(changes: readonly Change[], collection: RunCollection): string[] {
  return changes.flatMap((change) => {
    return change.kind === 'entity' && change.collection === collection ? [change.id] : [];
  });
}

/** A moment of a story as the wire writes it. */
export function instant(ms: number): string {
  return new Date(BEGIN_MS + ms).toISOString();
}

function requestOf(run: RunKey | undefined): { producer: string; run?: RunKey } {
  return run === undefined ? { producer: PRODUCER } : { producer: PRODUCER, run };
}
