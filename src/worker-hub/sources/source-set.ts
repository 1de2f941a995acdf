import type { SourceId } from '../../protocol/tab/keys.ts';
import type { SourceState } from '../../protocol/tab/source-model.ts';
import { canonicalAddress } from '../../protocol/wire/address.ts';
import type { Clock } from '../clock.ts';
import { type FailureProbes, findFailure, placeName } from './find-failure.ts';
import { nothingAnswers, standby } from './reasons.ts';
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
}

interface Entry {
  readonly link: SourceLink;
  readonly isInside: boolean;
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

  /** Adds a source and connects it, as soon as that is allowed. One that is there already stays as it is. */
  add(source: NewSource): void {
    if (this.#entries.has(source.sourceId)) return;
    const entry = { link: this.#createLink(source), isInside: source.openSocket !== undefined };
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

  /** Something may have changed for the better: connects what is not connected, without waiting for its back-off. */
  wake(): void {
    for (const entry of this.#entries.values()) this.#wake(entry, false);
  }

  /** The user wants a source connected, or all of them. */
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
    for (const { link, isInside } of this.#entries.values()) if (!isInside) link.rest(standby());
  }

  #wake(entry: Entry, isAsked: boolean): void {
    if (this.#isActive || entry.isInside) entry.link.wake(isAsked);
  }

  #createLink({ sourceId, url, openSocket }: NewSource): SourceLink {
    const { clock, listener, probes, random } = this.#options;
    const address = canonicalAddress(url);
    const place = address.ok ? placeName(address.value) : url;
    return new SourceLink({
      sourceId,
      url,
      place,
      pageOrigin: probes.pageOrigin,
      clock,
      listener,
      random,
      openSocket: openSocket ?? this.#options.openSocket,
      initially: standby(),
      explain: async () =>
        address.ok ? findFailure(address.value, probes) : { reason: nothingAnswers(place), isFinal: false },
    });
  }
}
