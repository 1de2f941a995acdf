import type { Settings } from '../../protocol/tab/hub-api.ts';
import type { SourceId } from '../../protocol/tab/keys.ts';
import type { CacheStore } from '../cache/cache-store.ts';
import { failedSentence, unopenedSentence } from '../cache/cache-words.ts';
import { MemorySettingsStore } from './memory-settings-store.ts';
import type { LastingStore, Remembered, SettingsStore, StoredSource } from './settings-store.ts';

/** What a careful store needs. */
export interface CarefulStoreOptions {
  /** Opens the lasting store; `onLost` may be called at any time, also before it has settled. */
  readonly open: (listener: { readonly onLost: (text: string) => void }) => Promise<LastingStore>;
  /** The lasting store is not used any more: a sentence for the person. Said once. */
  readonly onLost: (text: string) => void;
}

/**
 * A store that never rejects: it writes to a lasting one for as long as that works, and goes on in memory when it does not.
 */
export class CarefulSettingsStore implements SettingsStore {
  readonly #memory = new MemorySettingsStore();
  readonly #options: CarefulStoreOptions;
  readonly #opening: Promise<void>;
  #lasting: LastingStore | undefined;
  #isLost = false;
  #isClosed = false;

  constructor(options: CarefulStoreOptions) {
    this.#options = options;
    this.#opening = this.#open();
  }

  /** Where things are kept now, for the status. */
  get place(): 'IndexedDB' | 'memory' {
    return this.#lasting === undefined ? 'memory' : 'IndexedDB';
  }

  /** Where events are kept; `undefined` where nothing lasts. Known once `load` has settled. */
  get cache(): CacheStore | undefined {
    return this.#lasting?.cache;
  }

  async load(): Promise<Remembered> {
    await this.#opening;
    await this.#try(async (lasting) => {
      const remembered = await lasting.load();
      for (const source of remembered.sources) await this.#memory.putSource(source);
      for (const id of remembered.removed) await this.#memory.removeSource(id);
      await this.#memory.putSettings(remembered.settings);
    });
    return this.#memory.load();
  }

  async putSource(source: StoredSource): Promise<void> {
    await this.#memory.putSource(source);
    await this.#try((lasting) => lasting.putSource(source));
  }

  async removeSource(id: SourceId): Promise<void> {
    await this.#memory.removeSource(id);
    await this.#try((lasting) => lasting.removeSource(id));
  }

  async putSettings(settings: Settings): Promise<void> {
    await this.#memory.putSettings(settings);
    await this.#try((lasting) => lasting.putSettings(settings));
  }

  close(): void {
    this.#isClosed = true;
    this.#lasting?.close();
    this.#lasting = undefined;
  }

  /** Closes it; settles once nothing is open any more, also where it was still opening. */
  async end(): Promise<void> {
    this.close();
    await this.#opening;
  }

  /** An upgrade that is blocked may wait for ever: the first word of trouble is enough to go on without. */
  async #open(): Promise<void> {
    const trouble = new Promise<void>((resolve) => {
      const onLost = (text: string): void => {
        this.#lose(text);
        resolve();
      };
      this.#options.open({ onLost }).then(
        (store) => resolve(this.#opened(store)),
        (error: unknown) => onLost(unopenedSentence(error)),
      );
    });
    await trouble;
  }

  #opened(store: LastingStore): void {
    if (this.#isLost || this.#isClosed) store.close();
    else this.#lasting = store;
  }

  async #try(use: (lasting: SettingsStore) => Promise<void>): Promise<void> {
    const lasting = this.#lasting;
    if (lasting === undefined) return;
    try {
      await use(lasting);
    } catch (error) {
      this.#lose(failedSentence(error));
    }
  }

  #lose(text: string): void {
    if (this.#isLost || this.#isClosed) return;
    this.#isLost = true;
    this.#lasting?.close();
    this.#lasting = undefined;
    this.#options.onLost(`${text} Sources and settings are kept only until the last tab is closed.`);
  }
}
