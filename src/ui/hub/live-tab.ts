import type { HubConnectionState } from './hub-connection.ts';

/** Under this key stands that the hub is in this tab; lives as long as the tab, across reloads. */
const LIVE_KEY = 'rostrum-live-tab';

/**
 * Remembers that the hub was in this tab when it was reloaded. Where tabs cannot share a hub, the next tab in line has it by
 * then, although nobody wanted it there.
 */
export class LiveTab {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Until the hub has been in this tab, or was to be had, since the page was loaded. */
  #isFresh = true;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
    this.#storage = storage;
  }

  /** Takes note of how the connection is; true when the tab is to take the hub back. */
  note(state: HubConnectionState): boolean {
    const isLive = state.kind === 'connected' && state.isActive;
    if (!isLive && state.kind !== 'standby') return false;
    const wasFresh = this.#isFresh;
    this.#isFresh = false;
    try {
      const wasLive = this.#storage.getItem(LIVE_KEY) !== null;
      if (isLive) this.#storage.setItem(LIVE_KEY, 'yes');
      else this.#storage.removeItem(LIVE_KEY);
      return !isLive && wasFresh && wasLive;
    } catch {
      return false; // storage is full or forbidden: the button does it
    }
  }
}
