import type { HubAction } from '../hub/hub-action.ts';
import type { AddressProblem, LinkOutcome, SourceAdded } from '../protocol/tab/hub-api.ts';
import type { SourceId } from '../protocol/tab/keys.ts';
import { ok, type Result } from '../protocol/result.ts';
import { canonicalAddress, type SourceAddress } from '../protocol/wire/address.ts';
import type { Clock } from './clock.ts';
import { mayOpenLink } from './may-open-link.ts';
import type { Remembered, SettingsStore, StoredSource } from './settings/settings-store.ts';
import { placeName } from './sources/find-failure.ts';
import type { OpenSocket } from './sources/socket.ts';
import type { SourceSet } from './sources/source-set.ts';

/** The source that runs inside the page; it is not remembered. */
export const DEMO_SOURCE_ID: SourceId = 'demo:';

/** How long a link waits for the storage, ms. */
const LINK_WAIT_MS = 3_000;

/** What the book needs. */
export interface SourceBookOptions {
  readonly clock: Clock;
  readonly sources: SourceSet;
  readonly dispatch: (action: HubAction) => void;
}

/**
 * Which sources there are: keeps the connections, the mind and the storage of one opinion. What is added or removed before
 * the storage could be read is written to it afterwards.
 */
export class SourceBook {
  readonly #options: SourceBookOptions;
  readonly #known = new Map<SourceId, StoredSource>();
  readonly #removed = new Set<SourceId>();
  /** Origins of pages that wait to be adopted until it is known whether the user removed them. */
  readonly #adoptions = new Set<string>();
  readonly #loaded: Promise<void>;
  #settleLoaded: () => void = () => undefined;
  #store: SettingsStore | undefined;
  #lastOrder = 0;

  constructor(options: SourceBookOptions) {
    this.#options = options;
    this.#loaded = new Promise((resolve) => {
      this.#settleLoaded = resolve;
    });
  }

  /** Adds the source at an address as a person writes it. One that is there already takes the new name, if one is given. */
  add(address: string, name?: string): Result<SourceAdded, AddressProblem> {
    const parsed = canonicalAddress(address);
    return parsed.ok ? ok(this.#addAddress(parsed.value, name)) : parsed;
  }

  /** Adds the relay that served the page, unless the user removed it once. */
  adopt(pageOrigin: string): void {
    if (this.#store === undefined) {
      this.#adoptions.add(pageOrigin);
      return;
    }
    const parsed = canonicalAddress(pageOrigin);
    if (parsed.ok && !this.#removed.has(parsed.value.sourceId)) this.#addAddress(parsed.value);
  }

  /** Does with an address from a link what is safe: a page elsewhere must not make this one connect to places of its choice. */
  async openLink(
    address: string,
    options: { readonly pageOrigin: string; readonly name?: string },
  ): Promise<LinkOutcome> {
    const parsed = canonicalAddress(address);
    if (!parsed.ok) return { kind: 'bad', problem: parsed.error };
    // The first tab of a hub asks before it is known what is remembered, and nothing is connected before that.
    await this.#waitForStore();
    const { sourceId } = parsed.value;
    const isKnown = this.#known.has(sourceId);
    if (!isKnown && !mayOpenLink(parsed.value, options.pageOrigin)) return { kind: 'ask', address };
    if (isKnown) this.#connectAgain(sourceId);
    else this.#addAddress(parsed.value, options.name);
    return { kind: 'connected', sourceId };
  }

  /** Adds the demo, whose sockets come from inside the page. */
  addDemo(openSocket: OpenSocket): SourceAdded {
    const sourceId = DEMO_SOURCE_ID;
    const isNew = !this.#options.sources.has(sourceId);
    if (isNew) {
      const nowMs = this.#options.clock.nowMs();
      this.#options.dispatch({
        kind: 'source-added',
        sourceId,
        url: sourceId,
        label: 'Demo',
        sourceKind: 'demo',
        nowMs,
      });
      this.#options.sources.add({ sourceId, url: sourceId, openSocket });
    }
    return { sourceId, isNew };
  }

  /** Shows a source under another name; a blank one gives it back its address. */
  rename(sourceId: SourceId, name: string): void {
    const source = this.#known.get(sourceId);
    if (source === undefined) return;
    const { name: _before, ...nameless } = source;
    this.#rename({ ...nameless, ...named(name) });
  }

  /** Closes the connection of a source, and remembers that none is wanted. The demo, which is inside, has no pause. */
  pause(sourceId: SourceId): void {
    const source = this.#known.get(sourceId);
    if (source === undefined || source.isPaused === true) return;
    this.#remember({ ...source, isPaused: true });
    this.#options.sources.pause(sourceId);
  }

  /** Connects a source that was paused. */
  resume(sourceId: SourceId): void {
    const source = this.#known.get(sourceId);
    if (source?.isPaused !== true) return;
    const { isPaused: _before, ...running } = source;
    this.#remember(running);
    this.#options.sources.resume(sourceId);
  }

  /** Closes and forgets a source; it does not come back by itself. */
  remove(sourceId: SourceId): void {
    const { sources, dispatch, clock } = this.#options;
    if (!sources.has(sourceId)) return;
    sources.remove(sourceId);
    dispatch({ kind: 'source-removed', sourceId, nowMs: clock.nowMs() });
    if (!this.#known.delete(sourceId)) return;
    this.#removed.add(sourceId);
    void this.#store?.removeSource(sourceId);
  }

  /** Takes over what the storage remembers, and from now on tells it of every change. */
  load(remembered: Remembered, store: SettingsStore): void {
    const early = [...this.#known.values()];
    const removedEarly = [...this.#removed];
    this.#store = store;
    this.#lastOrder = Math.max(0, ...remembered.sources.map((source) => source.order));
    for (const id of remembered.removed) if (!this.#known.has(id)) this.#removed.add(id);
    for (const id of removedEarly) void store.removeSource(id);
    const before = new Map(remembered.sources.map((source) => [source.id, source]));
    for (const source of early) this.#settle(source, before.get(source.id));
    for (const source of remembered.sources) if (!this.#removed.has(source.id)) this.#connect(source);
    for (const origin of this.#adoptions) this.adopt(origin);
    this.#adoptions.clear();
    this.#settleLoaded();
  }

  /** Waits a moment for a storage that is still being read. */
  async #waitForStore(): Promise<void> {
    let cancel = (): void => undefined;
    const waited = new Promise<void>((resolve) => {
      cancel = this.#options.clock.after(LINK_WAIT_MS, resolve);
    });
    await Promise.race([this.#loaded, waited]);
    cancel();
  }

  /** A source that was asked for before it was known whether it is remembered: then it keeps its name and its place. */
  #settle(source: StoredSource, before: StoredSource | undefined): void {
    if (before === undefined) return this.#remember({ ...source, order: (this.#lastOrder += 1) });
    const settled = { ...source, order: before.order, ...named(source.name ?? before.name) };
    if (settled.name === source.name) this.#remember(settled);
    else this.#rename(settled);
  }

  #addAddress(address: SourceAddress, name?: string): SourceAdded {
    const { sourceId, url } = address;
    const before = this.#known.get(sourceId);
    if (before === undefined) {
      const source = { id: sourceId, url, order: (this.#lastOrder += 1), ...named(name) };
      this.#connect(source);
      this.#remember(source);
    } else {
      if (name !== undefined) this.#rename({ ...before, ...named(name) });
      this.#connectAgain(sourceId);
    }
    return { sourceId, isNew: before === undefined };
  }

  /** Somebody asked for a source that is there already, be it paused. */
  #connectAgain(sourceId: SourceId): void {
    this.resume(sourceId);
    this.#options.sources.retry(sourceId);
  }

  #connect(source: StoredSource): void {
    if (this.#known.has(source.id)) return;
    const { sources, dispatch, clock } = this.#options;
    this.#known.set(source.id, source);
    this.#removed.delete(source.id);
    const { id: sourceId, url, isPaused = false } = source;
    dispatch({ kind: 'source-added', sourceId, url, label: labelOf(source), nowMs: clock.nowMs() });
    sources.add({ sourceId, url, isPaused });
  }

  #rename(source: StoredSource): void {
    const { dispatch, clock } = this.#options;
    this.#remember(source);
    dispatch({ kind: 'source-renamed', sourceId: source.id, label: labelOf(source), nowMs: clock.nowMs() });
  }

  #remember(source: StoredSource): void {
    this.#known.set(source.id, source);
    void this.#store?.putSource(source);
  }
}

/** The longest name of a source, in characters: a label, not a text. */
const NAME_MAX_CHARS = 80;

function named(name: string | undefined): { name?: string } {
  const trimmed = name?.trim().slice(0, NAME_MAX_CHARS) ?? '';
  return trimmed === '' ? {} : { name: trimmed };
}

function labelOf({ name, url }: StoredSource): string {
  if (name !== undefined) return name;
  const address = canonicalAddress(url);
  return address.ok ? placeName(address.value) : url;
}
