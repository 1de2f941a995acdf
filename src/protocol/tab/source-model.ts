import type { SourceId } from './keys.ts';

/** Why a source is not connected, as far as a browser can know. `text` is a sentence for the screen: what happened, to what, what to do. */
export interface SourceReason {
  readonly code: SourceReasonCode;
  readonly text: string;
}

export type SourceReasonCode =
  | 'nothing-answers'
  | 'refuses-this-page'
  | 'not-an-ensemble'
  | 'local-network-denied'
  | 'local-network-prompt'
  | 'mixed-content'
  | 'offline'
  | 'closed'
  | 'silent'
  | 'too-large'
  | 'standby'
  | 'paused';

/** The life of one source's connection. Times are the hub's clock, ms since the Unix epoch. */
export type SourceState =
  | { readonly kind: 'connecting'; readonly sinceMs: number; readonly attempt: number }
  | { readonly kind: 'connected'; readonly sinceMs: number }
  | {
      readonly kind: 'reconnecting';
      readonly retryAtMs: number;
      readonly attempt: number;
      readonly reason: SourceReason;
    }
  | { readonly kind: 'disconnected'; readonly reason: SourceReason };

/** What a source's first frame showed it to be. */
export type SourceKind = 'unknown' | 'embedded' | 'hub' | 'demo';

/** One source, as every tab always sees it. */
export interface SourceEntity {
  readonly id: SourceId;
  readonly order: number;
  /** What to show: the name that the user gave, else `host:port`. */
  readonly label: string;
  /** The socket's address. */
  readonly url: string;
  readonly kind: SourceKind;
  readonly state: SourceState;
  readonly producers: number;
  /** Frames of this source that could not be read, since the hub began. */
  readonly unreadable: number;
  /**
   * How many open reviews its process answers by itself, by their time-out action, when the last browser closes its
   * connection. Only an embedded dashboard that is connected does that; 0 for every other source.
   */
  readonly reviewsAtRisk: number;
}

/** What every tab is told, also while it is hidden: enough for the title, the badge and the connection marks. */
export interface AttentionHead {
  readonly openReviews: number;
  /** The earliest deadline among open reviews; absent when none has one. */
  readonly nextDeadlineMs?: number;
  /** The hub's own problems, newest last, for a notice (for example storage that cannot be written). */
  readonly notices: readonly HubNotice[];
  /** False until the hub has loaded the remembered sources, so that a page does not flash its empty state. */
  readonly ready: boolean;
  /** How many tabs share the hub: the last one to close takes the connections with it. */
  readonly tabs: number;
}

/** Something that the hub wants the person to know. */
export interface HubNotice {
  readonly id: string;
  readonly atMs: number;
  readonly text: string;
}
