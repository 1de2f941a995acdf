import { EVICT_AFTER_MS, MAX_CONNECTIONS, MAX_ITERATIONS, MAX_PRODUCERS, MAX_RUNS } from '../protocol/wire/limits.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Log, silentLog } from './log.ts';

/** How much the relay keeps and takes. */
export interface RelayLimits {
  /** Producers that are kept while they are not connected. */
  readonly maxProducers: number;
  /** Connections of publishers and viewers together. */
  readonly maxConnections: number;
  /** Runs that are kept of each producer. */
  readonly maxRuns: number;
  /** Iterations that are kept of each task. */
  readonly maxIterations: number;
  /** How long a producer that is not connected may be idle before it is forgotten. */
  readonly evictAfterMs: number;
}

/** What a relay needs to know to start. */
export interface RelaySettings extends RelayLimits {
  /** A host name or address to bind. `localhost` stands for 127.0.0.1 and ::1 together. */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Origins of pages that may connect besides those of this machine and the relay's own. */
  readonly allowOrigins: readonly string[];
  /** Host names that the relay goes by besides `localhost`, without ports. */
  readonly allowHosts: readonly string[];
  /** Allows to bind to what other machines can reach: something in front of the relay guards it. */
  readonly noAuth: boolean;
  /** The folder of the built page; without one there is no page. */
  readonly webFolder: string | undefined;
  /** What the relay says its version is. */
  readonly version: string;
  readonly log: Log;
  readonly clock: Clock;
}

/** Everything that may be set; what is left out is as in {@link DEFAULT_SETTINGS}. */
export type RelayOptions = Partial<RelaySettings>;

/** What holds unless somebody says otherwise. */
export const DEFAULT_SETTINGS: RelaySettings = {
  host: 'localhost',
  port: 7400,
  allowOrigins: [],
  allowHosts: [],
  noAuth: false,
  webFolder: undefined,
  version: 'unknown',
  log: silentLog,
  clock: systemClock,
  maxProducers: MAX_PRODUCERS,
  maxConnections: MAX_CONNECTIONS,
  maxRuns: MAX_RUNS,
  maxIterations: MAX_ITERATIONS,
  evictAfterMs: EVICT_AFTER_MS,
};
