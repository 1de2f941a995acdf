import type { Settings } from '../../protocol/tab/hub-api.ts';
import type { SourceId } from '../../protocol/tab/keys.ts';
import { DEFAULT_SETTINGS, type Remembered, type SettingsStore, type StoredSource } from './settings-store.ts';

/** Keeps sources and settings for as long as the hub lives, where nothing better is to be had. */
export class MemorySettingsStore implements SettingsStore {
  readonly #sources = new Map<SourceId, StoredSource>();
  readonly #removed = new Set<SourceId>();
  #settings = DEFAULT_SETTINGS;

  async load(): Promise<Remembered> {
    const sources = [...this.#sources.values()].sort((a, b) => a.order - b.order);
    return { sources, removed: new Set(this.#removed), settings: this.#settings };
  }

  async putSource(source: StoredSource): Promise<void> {
    this.#sources.set(source.id, source);
    this.#removed.delete(source.id);
  }

  async removeSource(id: SourceId): Promise<void> {
    this.#sources.delete(id);
    this.#removed.add(id);
  }

  async putSettings(settings: Settings): Promise<void> {
    this.#settings = settings;
  }

  close(): void {
    this.#sources.clear();
    this.#removed.clear();
    this.#settings = DEFAULT_SETTINGS;
  }
}
