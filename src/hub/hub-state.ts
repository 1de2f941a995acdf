import { splitProducerKey, type ProducerKey, type ReviewKey, type SourceId } from '../protocol/tab/keys.ts';
import type { ReviewEntity } from '../protocol/tab/review-model.ts';
import type { ProducerWord, RosterEntity } from '../protocol/tab/roster-model.ts';
import type { HubNotice, SourceState } from '../protocol/tab/source-model.ts';
import type { ProducerInfo } from '../protocol/wire/envelope.ts';
import { createHistoryState, type HistoryState } from './history-state.ts';
import type { LiveState } from './live-state.ts';
import type { ProducerRegistry, RegistryLimits } from './producer-registry.ts';
import type { RetainedLog } from './retained-log.ts';
import type { ReviewLedger } from './review-ledger.ts';
import type { ReviewRecord } from './review-record.ts';

/** What may differ between one hub and another. */
export interface HubStateOptions {
  /** How this browser is named as the one who decided. */
  readonly by?: string;
  readonly limits?: Partial<RegistryLimits>;
}

/** A relay or a live-event hub: many producers, in envelopes. */
export interface HubWire {
  readonly kind: 'hub';
  readonly registry: ProducerRegistry;
  readonly ledger: ReviewLedger;
  /** While a greeting is read in, the ledger has not heard of its reviews yet: any of them may be open. */
  isGreeting: boolean;
}

/** An embedded dashboard: one process, bare messages. The hub numbers them and tells its lives apart. */
export interface EmbeddedWire {
  readonly kind: 'embedded';
  log: RetainedLog;
  readonly ledger: ReviewLedger;
  /** The messages that came in a greeting: of these only the place is known, not the time. */
  readonly untimed: WeakSet<object>;
  /** The ensemble ids of the newest runs that are kept no longer: a greeting may still have them. */
  readonly forgotten: Set<string>;
  epoch: number;
  nextSequence: number;
}

/** One review of one producer, as the views show it. Replaced whole when anything of it changes. */
export interface ReviewSlot {
  readonly key: ReviewKey;
  readonly reviewId: string;
  readonly producer: HubProducer;
  /** What the ledger said of it last. */
  record: ReviewRecord;
  /** Since when it waits no longer, in milliseconds since the Unix epoch; `undefined` while it does. */
  endedAtMs: number | undefined;
  entity: ReviewEntity;
}

/** One producer of one source. */
export interface HubProducer {
  readonly key: ProducerKey;
  readonly sourceId: SourceId;
  readonly producerId: string;
  readonly live: LiveState;
  readonly reviews: Map<string, ReviewSlot>;
  /** Those of them that wait for an answer. */
  readonly openReviews: Set<ReviewSlot>;
  /** Those of which nobody knows yet whose task it is. */
  readonly unnamedReviews: Set<ReviewSlot>;
  /** The ensemble ids of its runs that the person deleted: a greeting may still have them. */
  readonly deletedRuns: Set<string>;
  /** What it says of itself; an embedded dashboard says nothing. */
  info: ProducerInfo | undefined;
  /** Messages that could not be read, and messages of a type that means nothing to this version. */
  unreadable: number;
  unknown: number;
  /** Events that are known to be missing, all lives together. */
  missing: number;
  /** Events that its log has let go since it was looked at what that is for its runs. */
  letGoUnseen: number;
  /** When it was last heard of, in milliseconds since the Unix epoch. */
  lastSeenMs: number;
  /** Its line in the roster when somebody looked last; replaced whole when anything of it changes. */
  roster: RosterEntity | undefined;
}

/** One source that the user added. */
export interface HubSource {
  readonly id: SourceId;
  readonly order: number;
  readonly url: string;
  readonly isDemo: boolean;
  readonly producers: Map<string, HubProducer>;
  label: string;
  state: SourceState;
  /** What its first frame showed it to be; `undefined` until then. */
  wire: HubWire | EmbeddedWire | undefined;
  /** The connection that has greeted and not ended; `undefined` while there is none. */
  connectionId: string | undefined;
  connectionCount: number;
  /** Frames and messages that could not be read, and frames of a type that means nothing to this version. */
  unreadable: number;
  unknown: number;
}

/**
 * Everything the hub knows. It is one object that its owner hands to the reducer and to the views: the reducer changes it
 * in place, views only read it (and bring the roster up to date, which nobody else reads).
 */
export interface HubState {
  by: string;
  limits: Partial<RegistryLimits>;
  readonly history: HistoryState;
  readonly sources: Map<SourceId, HubSource>;
  /** Producers whose line in the roster may differ now: it is made anew when somebody looks, not for every event. */
  readonly staleRoster: Set<HubProducer>;
  /** How many producers are in each state, as their lines say. */
  readonly counts: Record<ProducerWord, number>;
  /** Every review whose run is kept. */
  readonly reviews: Map<ReviewKey, ReviewSlot>;
  /** Those of them that wait for an answer, for the badge and the earliest deadline. */
  readonly openReviews: Map<ReviewKey, ReviewSlot>;
  notices: readonly HubNotice[];
  noticeCount: number;
  isReady: boolean;
  /** How many tabs share this hub. */
  tabs: number;
  nextSourceOrder: number;
  /** When producers that have been silent for long are looked for next; `undefined` while there is no source. */
  nextSweepMs: number | undefined;
  /** Messages of producers that were taken in, repeats left out, since the hub began. */
  eventsTotal: number;
  producerCount: number;
}

/** A hub that knows nothing yet. */
export function createHubState(options: HubStateOptions = {}): HubState {
  return {
    by: options.by ?? 'this browser',
    limits: options.limits ?? {},
    history: createHistoryState(),
    sources: new Map(),
    staleRoster: new Set(),
    counts: { 'waiting for you': 0, running: 0, failed: 0, done: 0, gone: 0, idle: 0 },
    reviews: new Map(),
    openReviews: new Map(),
    notices: [],
    noticeCount: 0,
    isReady: false,
    tabs: 0,
    nextSourceOrder: 1,
    nextSweepMs: undefined,
    eventsTotal: 0,
    producerCount: 0,
  };
}

/** The producer with this key, if it is in the live roster. */
export function findProducer(state: HubState, key: ProducerKey): HubProducer | undefined {
  const { sourceId, producerId } = splitProducerKey(key);
  return state.sources.get(sourceId)?.producers.get(producerId);
}

/** The producers of all sources, in no particular order. */
export function producersOf(state: HubState): HubProducer[] {
  return [...state.sources.values()].flatMap((source) => [...source.producers.values()]);
}
