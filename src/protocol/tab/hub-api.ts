import type { Result } from '../result.ts';
import type { BodyRef } from './body.ts';
import type { HistoryKey, OpenedRun } from './history-model.ts';
import type { KeepLimits } from './keep-limits.ts';
import type { ProducerKey, SourceId } from './keys.ts';
import type { DecisionProblem, DecisionRequest } from './review-model.ts';
import type { ViewName, ViewRequest } from './view-data.ts';

/** What a tab says first. */
export interface TabHello {
  readonly tabId: string;
  /** Name of the Web Lock that the tab holds for as long as it lives: the hub waits for it, and so notices the tab's death. */
  readonly lockName: string;
  readonly contract: number;
  /** When the page's code was built, ms since the Unix epoch: tells newer from older hubs. */
  readonly builtAtMs: number;
  readonly visible: boolean;
}

/** The hub's answer to `hello`. */
export interface HubHello {
  readonly bootId: string;
  readonly contract: number;
  /** Name of the Web Lock that the hub holds for as long as it lives: a tab waits for it, and so notices the hub's death. */
  readonly lockName: string;
}

/** A source address that was understood. */
export interface SourceAdded {
  readonly sourceId: SourceId;
  /** False when this source was there already. */
  readonly isNew: boolean;
}

/** An address that was not understood; `message` says what is wrong and what would be right. */
export interface AddressProblem {
  readonly code: string;
  readonly message: string;
}

/** What is to be done with an address from a link: connected at once, or asked about first. */
export type LinkOutcome =
  | { readonly kind: 'connected'; readonly sourceId: SourceId }
  | { readonly kind: 'ask'; readonly address: string }
  | { readonly kind: 'bad'; readonly problem: AddressProblem };

/** One view on its way to one tab. */
export interface StreamStatus {
  /** Which tab, counted from 1 in the order in which they came. */
  readonly tab: number;
  readonly view: ViewName;
  /** Batches that were sent and not acknowledged yet, at most `STREAM_CREDITS`. */
  readonly unacknowledged: number;
  /** `behind`: out of credits, so it gets nothing but a fresh snapshot when it wakes. `hidden`: nobody looks at it. */
  readonly state: 'live' | 'behind' | 'hidden';
}

/** How the hub itself is. */
export interface HubStatus {
  readonly bootId: string;
  /** Name of the file that its code came from, whose hash tells builds apart. */
  readonly build: string;
  readonly contract: number;
  readonly startedAtMs: number;
  readonly isActive: boolean;
  readonly tabs: number;
  readonly streams: readonly StreamStatus[];
  readonly sources: number;
  /** How many of the sources are connected. */
  readonly connected: number;
  readonly producers: number;
  readonly eventsTotal: number;
  readonly eventsPerSecond: number;
  /** Events that are held back until those before them have come. */
  readonly heldEvents: number;
  /** Bytes of the runs that are kept in this browser. */
  readonly cacheBytes: number;
  readonly storage: string;
  /** The last errors, oldest first. */
  readonly errors: readonly { readonly atMs: number; readonly text: string }[];
}

/** What the user may set; remembered in IndexedDB, one for all tabs. */
export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  /** How this browser is named to others when it decides, at most 80 characters; made up until the user gives one. */
  readonly name?: string;
  /** What is kept, at most; what is absent is as documented. */
  readonly limits?: Partial<KeepLimits>;
}

/**
 * The commands of a tab to the hub, carried by Comlink (so each returns a promise there). What changes comes back through the
 * stream of the subscribed views, never as an answer.
 */
export interface HubApi {
  /** Answered once the hub holds its lock: a tab that asked for it earlier would take the hub for dead. */
  hello(tab: TabHello): Promise<HubHello>;
  /** Begins a stream; `stream` is a number of the tab's own choice. The same number again replaces the subscription and begins a new generation. */
  subscribe(stream: number, view: ViewRequest): void;
  unsubscribe(stream: number): void;
  addSource(address: string, options?: { readonly name?: string }): Result<SourceAdded, AddressProblem>;
  /** Adds the relay that served the page, unless the user removed it before. */
  adoptOrigin(pageOrigin: string): void;
  /** Address from a link: connects when it is known, the page's own origin, or loopback to loopback; else says `ask`. */
  openLink(address: string, options: { readonly pageOrigin: string; readonly name?: string }): Promise<LinkOutcome>;
  removeSource(sourceId: SourceId): void;
  /** Shows a source under another name; a blank one gives it back its address. At most 80 characters are kept. */
  renameSource(sourceId: SourceId, name: string): void;
  /** Closes the connection and opens none until `resumeSource`, also after a restart; what is known of the source stays. */
  pauseSource(sourceId: SourceId): void;
  resumeSource(sourceId: SourceId): void;
  /** At once, without waiting for the back-off; all sources when none is named. */
  retryNow(sourceId?: SourceId): void;
  runDemo(): SourceAdded;
  decide(request: DecisionRequest): Result<{ readonly sent: true }, DecisionProblem>;
  /** The whole text of a body; undefined when its run is not kept any more. */
  read(producer: ProducerKey, ref: BodyRef): string | undefined;
  setVisible(visible: boolean): void;
  /** Makes a run of the history ready to be shown; undefined when it is not kept any more. */
  openRun(id: HistoryKey): Promise<OpenedRun | undefined>;
  /** A pinned run is kept until it is unpinned or deleted. */
  pinRun(id: HistoryKey, isPinned: boolean): void;
  /** Deletes runs of the history for good. */
  deleteRuns(ids: readonly HistoryKey[]): Promise<void>;
  settings(): Promise<Settings>;
  saveSettings(change: Partial<Settings>): Promise<Settings>;
  status(): HubStatus;
  /** The user wants the hub in this tab. Nothing happens unless it was told *standby*; once it is here the word is *active*. */
  useHere(): void;
  /** Said on `pagehide`; a tab that dies without it is noticed by its lock. */
  bye(): void;
}
