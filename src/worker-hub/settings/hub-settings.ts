import type { Settings } from '../../protocol/tab/hub-api.ts';
import type { Clock } from '../clock.ts';
import { DEFAULT_SETTINGS, readSettings, type SettingsStore } from './settings-store.ts';

/** How long a tab that asks for the settings waits for the storage, ms; after that it gets the defaults. */
export const SETTINGS_WAIT_MS = 1_000;

/** The settings, the same for all tabs. */
export class HubSettings {
  readonly #clock: Clock;
  readonly #loaded: Promise<void>;
  #settleLoaded: () => void = () => undefined;
  #store: SettingsStore | undefined;
  #settings = DEFAULT_SETTINGS;
  /** What was saved before the storage could be read. */
  #early: Partial<Settings> = {};

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#loaded = new Promise((resolve) => {
      this.#settleLoaded = resolve;
    });
  }

  /** The settings as they are; waits a moment for a storage that is still being read. */
  async read(): Promise<Settings> {
    let cancel = (): void => undefined;
    const waited = new Promise<void>((resolve) => {
      cancel = this.#clock.after(SETTINGS_WAIT_MS, resolve);
    });
    await Promise.race([this.#loaded, waited]);
    cancel();
    return this.#settings;
  }

  /** Changes some of them and returns all; what is no setting changes nothing. */
  async save(change: Partial<Settings>): Promise<Settings> {
    this.#settings = readSettings(change, this.#settings);
    if (this.#store === undefined) this.#early = { ...this.#early, ...change };
    await this.#store?.putSettings(this.#settings);
    return this.#settings;
  }

  /** Takes over what the storage remembers, and from now on tells it of every change. */
  load(settings: Settings, store: SettingsStore): void {
    this.#store = store;
    this.#settings = readSettings(this.#early, settings);
    if (Object.keys(this.#early).length > 0) void store.putSettings(this.#settings);
    this.#settleLoaded();
  }
}
