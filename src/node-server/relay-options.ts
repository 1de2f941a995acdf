import { type Clock, systemClock } from './clock.ts';
import { type Log, silentLog } from './log.ts';
import { DEFAULT_LIMITS, type RelayLimits } from './relay-limits.ts';

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
  ...DEFAULT_LIMITS,
};
