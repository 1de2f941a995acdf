import type { SourceReason, SourceState } from '../../protocol/tab/source-model.ts';

/**
 * Where the connection to one source stands, with all that its next step needs. Times are ms since the Unix epoch;
 * `attempt` counts the connections that were tried since the last good one, the present one included.
 */
export type LinkState =
  /** Nothing is tried until somebody asks for it. */
  | { readonly kind: 'idle'; readonly reason: SourceReason }
  | { readonly kind: 'waiting'; readonly retryAtMs: number; readonly attempt: number; readonly reason: SourceReason }
  /** A socket is being opened. `before`: why the attempt before this one failed. */
  | { readonly kind: 'opening'; readonly sinceMs: number; readonly attempt: number; readonly before?: SourceReason }
  /** The socket is open; its first frame will show what it is. */
  | { readonly kind: 'greeting'; readonly sinceMs: number; readonly attempt: number; readonly pingAtMs: number }
  | LinkConnected;

/** A connection that has greeted. */
export interface LinkConnected {
  readonly kind: 'connected';
  readonly sinceMs: number;
  readonly attempt: number;
  readonly pingAtMs: number;
  /** When it counts as dead if nothing comes before; absent until it has shown a heartbeat or a pong. */
  readonly silentAtMs?: number;
}

/** What happens to a connection. */
export type LinkEvent =
  /** It is wanted now: by the user (`isAsked`), or because a tab became visible, the network came back, or the hub began. */
  | { readonly kind: 'wake'; readonly isAsked: boolean }
  | { readonly kind: 'opened' }
  | { readonly kind: 'greeted' }
  /** A frame came. `isSign`: a heartbeat or pong, which shows that this server sends them. */
  | { readonly kind: 'heard'; readonly isSign: boolean }
  | { readonly kind: 'closed'; readonly code: number }
  /** It cannot work as it is: no further attempt by itself. */
  | { readonly kind: 'refused'; readonly reason: SourceReason }
  /** What it says is not this wire. */
  | { readonly kind: 'not-an-ensemble' }
  /** Why the last attempt failed has been found out. `isFinal`: another one would fail alike. */
  | { readonly kind: 'explained'; readonly reason: SourceReason; readonly isFinal: boolean }
  /** Time has passed. */
  | { readonly kind: 'time' };

/** What is to be done about it, in order. */
export type LinkEffect = 'open' | 'close' | 'ping' | 'explain';

/** One step of the machine. */
export interface LinkStep {
  readonly state: LinkState;
  readonly effects: readonly LinkEffect[];
}

/** The state as tabs see it. */
export function shownState(state: LinkState): SourceState {
  switch (state.kind) {
    case 'idle':
      return { kind: 'disconnected', reason: state.reason };
    case 'waiting':
      return { kind: 'reconnecting', retryAtMs: state.retryAtMs, attempt: state.attempt, reason: state.reason };
    case 'opening':
    case 'greeting':
      return { kind: 'connecting', sinceMs: state.sinceMs, attempt: state.attempt };
    case 'connected':
      return { kind: 'connected', sinceMs: state.sinceMs };
  }
}
