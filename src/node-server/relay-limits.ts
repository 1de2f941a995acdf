import { REVIEW_LIMITS } from '../hub/review-options.ts';
import { MAX_BYTES_PER_PRODUCER } from '../hub/retention-policy.ts';
import {
  EVICT_AFTER_MS,
  FRAME_MAX_BYTES,
  HEARTBEAT_INTERVAL_MS,
  LEAVE_GRACE_MS,
  MAX_CONNECTIONS,
  MAX_ITERATIONS,
  MAX_PRODUCERS,
  MAX_RUNS,
  MESSAGE_MAX_BYTES,
  RELAY_JSON_MAX_DEPTH,
  MIB,
  REORDER_WINDOW_EVENTS,
  REORDER_WINDOW_MS,
  SILENCE_LIMIT_MS,
  VIEWER_QUEUE_HARD_BYTES,
  VIEWER_QUEUE_SOFT_BYTES,
  VIEWER_RESYNCS_PER_MINUTE,
  VIEWER_STALL_MS,
} from '../protocol/wire/limits.ts';

/** What the number of a limit counts: things, bytes, or milliseconds. */
export type LimitUnit = 'count' | 'bytes' | 'time';

/** One limit of the relay, as an operator sets it. */
export interface LimitOption {
  /** Its name on the command line, without the dashes. */
  readonly option: string;
  readonly unit: LimitUnit;
  readonly standard: number;
  /** What it bounds; follows the option in the help. */
  readonly help: string;
}

const KIB = 1024;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** What the relay keeps. */
const KEPT = {
  maxProducers: {
    option: 'max-producers',
    unit: 'count',
    standard: MAX_PRODUCERS,
    help: 'producers kept while not connected',
  },
  maxRuns: { option: 'max-runs', unit: 'count', standard: MAX_RUNS, help: 'runs kept of each producer' },
  maxIterations: {
    option: 'max-iterations',
    unit: 'count',
    standard: MAX_ITERATIONS,
    help: 'iterations kept of each task',
  },
  evictAfterMs: {
    option: 'evict-after',
    unit: 'time',
    standard: EVICT_AFTER_MS,
    help: 'how long a producer may be away and idle',
  },
  maxBytesPerProducer: {
    option: 'max-bytes-per-producer',
    unit: 'bytes',
    standard: MAX_BYTES_PER_PRODUCER,
    help: 'kept of one producer',
  },
  maxBytes: { option: 'max-bytes', unit: 'bytes', standard: 256 * MIB, help: 'kept of all producers together' },
} as const satisfies Record<string, LimitOption>;

/** What the relay takes in. */
const TAKEN = {
  maxMessageBytes: {
    option: 'max-message-bytes',
    unit: 'bytes',
    standard: MESSAGE_MAX_BYTES,
    help: 'one message; a longer one is refused',
  },
  maxFrameBytes: {
    option: 'max-frame-bytes',
    unit: 'bytes',
    standard: FRAME_MAX_BYTES,
    help: 'one frame or body; a longer one ends its connection',
  },
  maxJsonDepth: {
    option: 'max-json-depth',
    unit: 'count',
    standard: RELAY_JSON_MAX_DEPTH,
    help: 'how deep a message may be nested',
  },
  maxJsonValues: {
    option: 'max-json-values',
    unit: 'count',
    standard: 100_000,
    help: 'members, items, lists and objects in one message',
  },
  maxNameChars: {
    option: 'max-name-chars',
    unit: 'count',
    standard: 256,
    help: 'characters of a name, tag or id that a producer gives',
  },
  maxTags: { option: 'max-tags', unit: 'count', standard: 32, help: 'tags of a producer' },
  maxErrorsPerMinute: {
    option: 'max-errors-per-minute',
    unit: 'count',
    standard: 100,
    help: 'bad frames of one connection, before it is ended',
  },
  maxFragments: { option: 'max-fragments', unit: 'count', standard: 256, help: 'fragments of one frame' },
  maxFrameChunks: {
    option: 'max-frame-chunks',
    unit: 'count',
    standard: 16_384,
    help: 'pieces in which one frame may arrive',
  },
  reorderWindowEvents: {
    option: 'reorder-window-events',
    unit: 'count',
    standard: REORDER_WINDOW_EVENTS,
    help: 'early events of a producer that wait for earlier ones',
  },
  reorderWindowBytes: {
    option: 'reorder-window-bytes',
    unit: 'bytes',
    standard: 8 * MIB,
    help: 'of such events of a producer',
  },
  reorderWindowMs: {
    option: 'reorder-window',
    unit: 'time',
    standard: REORDER_WINDOW_MS,
    help: 'how long they wait for them',
  },
} as const satisfies Record<string, LimitOption>;

/** Viewers that do not keep up. */
const VIEWERS = {
  viewerQueueSoftBytes: {
    option: 'viewer-queue-soft',
    unit: 'bytes',
    standard: VIEWER_QUEUE_SOFT_BYTES,
    help: 'queued for a viewer, before it gets no tokens',
  },
  viewerQueueHardBytes: {
    option: 'viewer-queue-hard',
    unit: 'bytes',
    standard: VIEWER_QUEUE_HARD_BYTES,
    help: 'queued for a viewer, before its queue is dropped for a fresh greeting',
  },
  viewerResyncsPerMinute: {
    option: 'viewer-resyncs-per-minute',
    unit: 'count',
    standard: VIEWER_RESYNCS_PER_MINUTE,
    help: 'fresh greetings of a viewer, before it is closed',
  },
  viewerStallMs: {
    option: 'viewer-stall',
    unit: 'time',
    standard: VIEWER_STALL_MS,
    help: 'how long a viewer may take nothing, before it is closed',
  },
  maxQueuedBytes: {
    option: 'max-queued-bytes',
    unit: 'bytes',
    standard: 64 * MIB,
    help: 'queued for all viewers together, before publishers are paused',
  },
} as const satisfies Record<string, LimitOption>;

/** Human reviews. */
const REVIEWS = {
  maxReviewsPerProducer: {
    option: 'max-reviews-per-producer',
    unit: 'count',
    standard: REVIEW_LIMITS.maxPerProducer,
    help: 'reviews kept of one producer',
  },
  maxHeldDecisions: {
    option: 'max-held-decisions',
    unit: 'count',
    standard: REVIEW_LIMITS.maxWaiting,
    help: 'decisions on their way to their processes',
  },
  holdDecisionMs: {
    option: 'hold-decision',
    unit: 'time',
    standard: REVIEW_LIMITS.holdMs,
    help: 'how long a decision waits for a process that is away',
  },
  maxEditChars: {
    option: 'max-edit-chars',
    unit: 'count',
    standard: REVIEW_LIMITS.maxEditChars,
    help: 'characters of a revised output',
  },
} as const satisfies Record<string, LimitOption>;

/** Connections and requests. */
const CONNECTIONS = {
  maxConnections: {
    option: 'max-connections',
    unit: 'count',
    standard: MAX_CONNECTIONS,
    help: 'connections of publishers and viewers',
  },
  maxSockets: {
    option: 'max-sockets',
    unit: 'count',
    standard: 4000,
    help: 'open sockets of one address, HTTP included; more are closed at once',
  },
  heartbeatMs: {
    option: 'heartbeat',
    unit: 'time',
    standard: HEARTBEAT_INTERVAL_MS,
    help: 'time between heartbeats, and between pings',
  },
  silenceLimitMs: {
    option: 'silence-limit',
    unit: 'time',
    standard: SILENCE_LIMIT_MS,
    help: 'how long a connection may give no sign of life',
  },
  closeTimeoutMs: {
    option: 'close-timeout',
    unit: 'time',
    standard: 5 * SECOND_MS,
    help: 'how long a connection that is ended may take to say goodbye',
  },
  leaveGraceMs: {
    option: 'leave-grace',
    unit: 'time',
    standard: LEAVE_GRACE_MS,
    help: 'how long a producer may be without a connection, before it has left',
  },
  publisherBacklogBytes: {
    option: 'publisher-backlog',
    unit: 'bytes',
    standard: 256 * KIB,
    help: 'queued for a publisher that does not read, before it is not read either',
  },
  maxHeaderBytes: { option: 'max-header-bytes', unit: 'bytes', standard: 16 * KIB, help: 'headers of a request' },
  headersTimeoutMs: {
    option: 'headers-timeout',
    unit: 'time',
    standard: 10 * SECOND_MS,
    help: 'how long the headers of a request may take',
  },
  requestTimeoutMs: {
    option: 'request-timeout',
    unit: 'time',
    standard: 30 * SECOND_MS,
    help: 'how long a request may take',
  },
  // Longer than any client keeps it (20 minutes before JDK 21): one that a server closes just
  // when a client posts on it costs that post, for publishers never repeat one.
  keepAliveMs: {
    option: 'keep-alive',
    unit: 'time',
    standard: 21 * MINUTE_MS,
    help: 'how long an idle HTTP connection is kept',
  },
} as const satisfies Record<string, LimitOption>;

/** The limits by what they are about, in the order of the help. */
export const LIMIT_GROUPS = {
  'What is kept': KEPT,
  'What is taken in': TAKEN,
  'Slow viewers': VIEWERS,
  Reviews: REVIEWS,
  'Connections and requests': CONNECTIONS,
} as const;

/** Every limit by the name of its setting. */
export const LIMIT_OPTIONS = { ...KEPT, ...TAKEN, ...VIEWERS, ...REVIEWS, ...CONNECTIONS } as const;

/** The name of a limit as a setting. */
export type LimitName = keyof typeof LIMIT_OPTIONS;

/** How much the relay keeps and takes: {@link LIMIT_OPTIONS} says what each bounds, in which unit. */
export type RelayLimits = Readonly<Record<LimitName, number>>;

/** What holds unless somebody says otherwise. */
export const DEFAULT_LIMITS: RelayLimits = readLimits((name) => LIMIT_OPTIONS[name].standard);

/** All limits, each as it is asked for. */
export function readLimits(read: (name: LimitName) => number): RelayLimits {
  const names = Object.keys(LIMIT_OPTIONS) as LimitName[];
  return Object.fromEntries(names.map((name) => [name, read(name)])) as Record<LimitName, number>;
}
