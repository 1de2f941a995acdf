import type { SourceId } from '../../protocol/tab/keys.ts';
import type { SourceState } from '../../protocol/tab/source-model.ts';
import { canonicalAddress } from '../../protocol/wire/address.ts';
import type { Clock } from '../clock.ts';
import { type FailureProbes, findFailure, placeName } from './find-failure.ts';
import { nothingAnswers, paused, standby } from './reasons.ts';
import type { OpenSocket } from './socket.ts';
import { SourceLink, type SourceListener } from './source-link.ts';

/** What all sources share. */
export interface SourceSetOptions {
  readonly clock: Clock;
  readonly openSocket: OpenSocket;
  readonly listener: SourceListener;
  readonly probes: FailureProbes;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/** One source that is to be connected. */
export interface NewSource {
  readonly sourceId: SourceId;
  readonly url: string;
  /** Set for a source inside the page: its sockets come from here, and it needs no leave to connect. */
  readonly openSocket?: OpenSocket;
  /** It is listed and not connected. */
  readonly isPaused?: boolean;
}

interface Entry {
  readonly link: SourceLink;
  readonly place: string;
  readonly isInside: boolean;
  isPaused: boolean;
}

/**
 * The connections to all sources. None is opened before `activate`, because another hub may hold them: until then every
 * source shows as *standby*.
 */
export class SourceSet {
  readonly #options: SourceSetOptions;
  readonly #entries = new Map<SourceId, Entry>();
  #isActive = false;

  constructor(options: SourceSetOptions) {
    this.#options = options;
  }

  /** How many there are. */
  get size(): number {
    return this.#entries.size;
  }

  has(sourceId: SourceId): boolean {
    return this.#entries.has(sourceId);
  }

  /** The state of a source as tabs see it; undefined for one that is not there. */
  shown(sourceId: SourceId): SourceState | undefined {
    return this.#entries.get(sourceId)?.link.shown;
  }

  /** Adds a source and connects it, as soon as that is allowed, unless it is paused. One that is there already stays as it is. */
  add(source: NewSource): void {
    if (this.#entries.has(source.sourceId)) return;
    const entry = this.#createEntry(source);
    this.#entries.set(source.sourceId, entry);
    const { listener } = this.#options;
    listener.onState(source.sourceId, entry.link.shown);
    this.#wake(entry, true);
  }

  /** Closes the connection and forgets the source. */
  remove(sourceId: SourceId): void {
    this.#entries.get(sourceId)?.link.stop();
    this.#entries.delete(sourceId);
  }

  /** Closes the connection of a source and opens none until it is resumed. */
  pause(sourceId: SourceId): void {
    const entry = this.#entries.get(sourceId);
    if (entry === undefined || entry.isPaused) return;
    entry.isPaused = true;
    entry.link.rest(paused(entry.place));
  }

  /** Ends a pause: connects the source, as soon as that is allowed. */
  resume(sourceId: SourceId): void {
    const entry = this.#entries.get(sourceId);
    if (entry?.isPaused !== true) return;
    entry.isPaused = false;
    if (!this.#isActive && !entry.isInside) entry.link.rest(standby());
    this.#wake(entry, true);
  }

  /** Something may have changed for the better: connects what is not connected, without waiting for its back-off. */
  wake(): void {
    for (const entry of this.#entries.values()) this.#wake(entry, false);
  }

  /** The user wants a source connected, or all of them; those that are paused stay so. */
  retry(sourceId?: SourceId): void {
    for (const [id, entry] of this.#entries) if (sourceId === undefined || id === sourceId) this.#wake(entry, true);
  }

  /** Sends a frame to a source; where there is no connection it is lost. */
  send(sourceId: SourceId, text: string): void {
    this.#entries.get(sourceId)?.link.send(text);
  }

  /** The connections are this hub's from now on. */
  activate(): void {
    this.#isActive = true;
    this.wake();
  }

  /** Another hub takes over: closes what is open and shows it as *standby*. */
  deactivate(): void {
    this.#isActive = false;
    for (const { link, isInside, isPaused } of this.#entries.values()) {
      if (!isInside && !isPaused) link.rest(standby());
    }
  }

  #wake(entry: Entry, isAsked: boolean): void {
    if (!entry.isPaused && (this.#isActive || entry.isInside)) entry.link.wake(isAsked);
  }

  #createEntry(source: NewSource): Entry {
    const address = canonicalAddress(source.url);
    const place = address.ok ? placeName(address.value) : source.url;
    const { openSocket, isPaused = false } = source;
    return { link: this.#createLink(source, place), place, isInside: openSocket !== undefined, isPaused };
  }

  #createLink({ sourceId, url, openSocket, isPaused }: NewSource, place: string): SourceLink {
    const { clock, listener, probes, random } = this.#options;
    const address = canonicalAddress(url);
    return new SourceLink({
      sourceId,
      url,
      place,
      pageOrigin: probes.pageOrigin,
      clock,
      listener,
      random,
      openSocket: openSocket ?? this.#options.openSocket,
      initially: isPaused === true ? paused(place) : standby(),
      explain: async () =>
        address.ok ? findFailure(address.value, probes) : { reason: nothingAnswers(place), isFinal: false },
    });
  }
}
