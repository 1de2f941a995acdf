import type { HubAction, HubOutput, HubWrite } from '../../src/hub/hub-action.ts';
import { hubReducer, nextDeadlineMs } from '../../src/hub/hub-reducer.ts';
import { createHubState, type HubState, type HubStateOptions } from '../../src/hub/hub-state.ts';
import type { Change } from '../../src/hub/change.ts';
import { type AnyViewFeed, createViewFeed } from '../../src/hub/views/create-view-feed.ts';
import { applyViewPatches } from '../../src/protocol/tab/apply-view-patches.ts';
import { producerKey, reviewKey } from '../../src/protocol/tab/keys.ts';
import type { DecisionRequest, ReviewEntity } from '../../src/protocol/tab/review-model.ts';
import type { RosterEntity } from '../../src/protocol/tab/roster-model.ts';
import type { SourceEntity } from '../../src/protocol/tab/source-model.ts';
import type { ViewData, ViewName, ViewPatch, ViewRequest } from '../../src/protocol/tab/view-data.ts';
import { decodeDown } from '../../src/protocol/wire/codec.ts';

/** Where the hub's clock stands when a test begins, unless it says otherwise. */
export const START_MS = Date.parse('2026-01-01T00:00:00Z');

/** The source of tests that have one. */
export const SOURCE = 'ws://localhost:7400/ws';

/** A hub whose clock, frames and cuts a test says. */
export class HubDriver {
  readonly state: HubState;
  readonly writes: HubWrite[] = [];
  readonly followers: Follower[] = [];
  nowMs: number;

  constructor(options: HubStateOptions & { readonly startMs?: number } = {}) {
    this.state = createHubState(options);
    this.nowMs = options.startMs ?? START_MS;
  }

  do(action: HubAction): HubOutput {
    const output = hubReducer(this.state, action);
    this.writes.push(...output.writes);
    for (const follower of this.followers) follower.note(output.changes);
    return output;
  }

  /** A source that is connected and has not greeted. */
  add(sourceId = SOURCE, sourceKind?: 'demo'): void {
    const kind = sourceKind === undefined ? {} : { sourceKind };
    this.do({ kind: 'source-added', sourceId, url: sourceId, label: `at ${sourceId}`, nowMs: this.nowMs, ...kind });
    this.connect(sourceId);
  }

  connect(sourceId = SOURCE): HubOutput {
    const state = { kind: 'connected', sinceMs: this.nowMs } as const;
    return this.do({ kind: 'source-state', sourceId, state, nowMs: this.nowMs });
  }

  cut(sourceId = SOURCE): HubOutput {
    const reason = { code: 'closed', text: 'The connection was closed.' } as const;
    const state = { kind: 'reconnecting', retryAtMs: this.nowMs + 1000, attempt: 1, reason } as const;
    return this.do({ kind: 'source-state', sourceId, state, nowMs: this.nowMs });
  }

  /** A frame of the source: a message, or the text itself. */
  receive(frame: unknown, sourceId = SOURCE): HubOutput {
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
    const decoded = decodeDown(text);
    return decoded.ok
      ? this.do({ kind: 'frame', sourceId, frame: decoded.value, text, nowMs: this.nowMs })
      : this.do({ kind: 'unreadable', sourceId, nowMs: this.nowMs });
  }

  /** Time passes, and every deadline on the way is kept. */
  wait(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (let due = nextDeadlineMs(this.state); due !== undefined && due <= untilMs; due = nextDeadlineMs(this.state)) {
      this.nowMs = Math.max(this.nowMs, due);
      this.do({ kind: 'tick', nowMs: this.nowMs });
    }
    this.nowMs = untilMs;
  }

  decide(request: DecisionRequest): HubOutput {
    return this.do({ kind: 'decide', request, nowMs: this.nowMs });
  }

  view<V extends ViewName>(request: Extract<ViewRequest, { view: V }>): ViewData<V> {
    return createViewFeed(this.state, request).snapshot() as ViewData<V>;
  }

  follow(request: ViewRequest): Follower {
    const follower = new Follower(this.state, request);
    this.followers.push(follower);
    return follower;
  }

  producer(producerId = 'self', sourceId = SOURCE): RosterEntity | undefined {
    return this.view<'roster'>({ view: 'roster' }).entities.producers[producerKey(sourceId, producerId)];
  }

  review(reviewId: string, producerId = 'self'): ReviewEntity | undefined {
    const key = reviewKey(producerKey(SOURCE, producerId), reviewId);
    return this.view<'reviews'>({ view: 'reviews' }).entities.reviews[key];
  }

  source(sourceId = SOURCE): SourceEntity | undefined {
    return this.view<'attention'>({ view: 'attention' }).entities.sources[sourceId];
  }
}

/** A tab's copy of one view, kept up to date by patches alone. */
export class Follower {
  readonly #state: HubState;
  readonly #request: ViewRequest;
  readonly #feed: AnyViewFeed;
  snapshots = 1;
  view: ViewData<ViewName>;

  constructor(state: HubState, request: ViewRequest) {
    this.#state = state;
    this.#request = request;
    this.#feed = createViewFeed(state, request);
    this.view = copy(this.#feed.snapshot());
  }

  note(changes: readonly Change[]): void {
    for (const change of changes) this.#feed.note(change);
  }

  get isDirty(): boolean {
    return this.#feed.isDirty();
  }

  /** Applies what there is to apply, and says what it was. */
  pull(): ViewPatch[] | 'snapshot' {
    const patches = this.#feed.takePatches();
    if (patches === 'snapshot') {
      this.snapshots += 1;
      this.view = copy(this.#feed.snapshot());
    } else applyViewPatches(this.view, copy(patches) as ViewPatch<ViewName>[]);
    return patches;
  }

  /** The same view, seen for the first time. */
  fresh(): ViewData<ViewName> {
    return createViewFeed(this.#state, this.#request).snapshot();
  }
}

/** What a message port makes of it: nothing is shared between hub and tab. */
function copy<T>(value: T): T {
  return structuredClone(value);
}
