import type { ViewData, ViewName, ViewPatch } from './view-data.ts';

/**
 * The stream of views from hub to tab: plain messages on the same port as the commands. Frame 0 of a generation is a snapshot;
 * patches count up from there. A tab drops frames of another generation, and subscribes anew when a number is missing. It
 * acknowledges cumulatively, after applying.
 */
export type StreamFrame = {
  readonly [V in ViewName]:
    | {
        readonly stream: number;
        readonly generation: number;
        readonly number: 0;
        readonly view: V;
        readonly snapshot: ViewData<V>;
      }
    | {
        readonly stream: number;
        readonly generation: number;
        readonly number: number;
        readonly view: V;
        readonly patches: readonly ViewPatch<V>[];
      };
}[ViewName];

/** The tab's answer: everything of this generation up to `number` has been applied. */
export interface StreamAck {
  readonly ack: { readonly stream: number; readonly generation: number; readonly number: number };
}

/** Words of the hub to one tab that are not views. */
export type HubWord =
  /** This hub holds the connections. */
  | { readonly word: 'active' }
  /** The hub is in another tab, and stays there until that is closed or the user wants it here (`useHere`). */
  | { readonly word: 'standby' }
  /** This hub has ended for another one: the tab goes on at the SharedWorker of that address, else at one of its own. */
  | { readonly word: 'moved'; readonly url?: string }
  /** This hub is of no use to the tab any more: it is to reload. */
  | { readonly word: 'retired'; readonly text: string }
  | { readonly word: 'error'; readonly text: string };

/** Batches that may be under way to a tab per subscription before the hub waits for its acknowledgement. */
export const STREAM_CREDITS = 50;

/** At most one batch per view in this time, ms: 20 a second is as fast as a person can read. */
export const STREAM_BATCH_MS = 50;

/** True for a message on the port that is a frame of the stream (commands and their answers share the port). */
export function isStreamFrame(data: unknown): data is StreamFrame {
  return typeof data === 'object' && data !== null && 'stream' in data && 'generation' in data && 'number' in data;
}

/** True for a message on the port that acknowledges frames. */
export function isStreamAck(data: unknown): data is StreamAck {
  return typeof data === 'object' && data !== null && 'ack' in data;
}

/** True for a word of the hub. */
export function isHubWord(data: unknown): data is HubWord {
  return typeof data === 'object' && data !== null && 'word' in data;
}
