/**
 * The numbers that both ends of a wire agree on, with their units and reasons.
 * Where a relay has an option for one, this is its default.
 */

const KIB = 1024;
/** Bytes in a binary megabyte. */
export const MIB = 1024 * KIB;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** The longest producer id, in characters: a name, not a document. */
export const PRODUCER_ID_MAX_CHARS = 256;

/** The longest address a person can add, in characters; browsers and proxies cut above it. */
export const ADDRESS_MAX_CHARS = 2048;

/**
 * The longest frame a viewer takes from a source, in characters. A live-event
 * hub greets with everything it keeps: 52 MB of it when measured.
 */
export const SOURCE_FRAME_MAX_CHARS = 128 * MIB;

/** The longest message a relay takes, in bytes; a longer one gets a typed error and its socket stays open. */
export const MESSAGE_MAX_BYTES = 2 * MIB;

/** The longest frame a relay reads to its end, in bytes; a longer one closes the socket with 1009. */
export const FRAME_MAX_BYTES = 8 * MIB;

/**
 * How deep JSON may be nested in what a viewer takes from a source: as deep as
 * the JSON library of the JVM takes and writes it. Deeper values overflow the
 * stack of whoever clones, prints or walks them later.
 */
export const SOURCE_JSON_MAX_DEPTH = 1000;

/** How deep JSON may be nested in what a relay takes in. An honest message stays below 10. */
export const RELAY_JSON_MAX_DEPTH = 64;

/** How many early events of one producer are held while a lower number is awaited. */
export const REORDER_WINDOW_EVENTS = 256;

/** How long early events are held before what is missing counts as missing. */
export const REORDER_WINDOW_MS = 500;

/** How far a publisher's time stamps may run against the order of its numbers within one life. */
export const STAMP_SLACK_MS = SECOND_MS;

/** How long to wait before each attempt to reconnect, the last one for all that follow; full jitter applies. */
export const RECONNECT_DELAYS_MS = [
  1 * SECOND_MS,
  2 * SECOND_MS,
  4 * SECOND_MS,
  8 * SECOND_MS,
  16 * SECOND_MS,
  30 * SECOND_MS,
] as const;

/** How often a viewer sends a `ping`: a live-event hub cuts a connection after 30 idle seconds. */
export const PING_INTERVAL_MS = 15 * SECOND_MS;

/** How often a server sends a `heartbeat` to each viewer. */
export const HEARTBEAT_INTERVAL_MS = 15 * SECOND_MS;

/** How long a connection that has shown a heartbeat or pong may be silent: two of them lost, and some slack. */
export const SILENCE_LIMIT_MS = 40 * SECOND_MS;

/** How long a producer may be without a connection before its viewers are told that it left. */
export const LEAVE_GRACE_MS = 2 * SECOND_MS;

/** How many producers that are not connected are kept. */
export const MAX_PRODUCERS = 50;

/** How many connections of publishers and viewers a relay takes together. */
export const MAX_CONNECTIONS = 1000;

/** How many runs are kept of each producer. */
export const MAX_RUNS = 10;

/** How many iterations are kept of each task. */
export const MAX_ITERATIONS = 5;

/** How long a producer that is not connected may be idle before it leaves the live roster. */
export const EVICT_AFTER_MS = 30 * MINUTE_MS;

/** How often idle producers are looked for. */
export const SWEEP_INTERVAL_MS = MINUTE_MS;

/** How much may wait for a slow viewer before it gets no tokens any more, in bytes. */
export const VIEWER_QUEUE_SOFT_BYTES = 256 * KIB;

/** How much may wait for a slow viewer before it is dropped for a fresh greeting, in bytes. */
export const VIEWER_QUEUE_HARD_BYTES = 1 * MIB;

/** How long a viewer may take nothing before it is closed. */
export const VIEWER_STALL_MS = 10 * SECOND_MS;

/** How many fresh greetings a slow viewer gets in a minute before it is closed. */
export const VIEWER_RESYNCS_PER_MINUTE = 3;
