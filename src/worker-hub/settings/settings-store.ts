import { readKeepLimits } from '../../protocol/tab/keep-limits.ts';
import type { Settings } from '../../protocol/tab/hub-api.ts';
import type { SourceId } from '../../protocol/tab/keys.ts';
import type { CacheStore } from '../cache/cache-store.ts';

/** A source as it is remembered. */
export interface StoredSource {
  readonly id: SourceId;
  readonly url: string;
  /** What the user calls it; without one it is shown by its address. */
  readonly name?: string;
  /** Sources are shown in this order. */
  readonly order: number;
  /** The user wants no connection to it for now. */
  readonly isPaused?: boolean;
}

/** What is remembered, all of it. */
export interface Remembered {
  /** In their order. */
  readonly sources: readonly StoredSource[];
  /** Sources that the user removed and that must not come back by themselves. */
  readonly removed: ReadonlySet<SourceId>;
  readonly settings: Settings;
}

/** Where sources and settings are kept from one start to the next. Every method rejects when the storage fails. */
export interface SettingsStore {
  load(): Promise<Remembered>;
  /** Remembers a source, also one that was removed before. */
  putSource(source: StoredSource): Promise<void>;
  /** Forgets a source, and remembers that it was removed. */
  removeSource(id: SourceId): Promise<void>;
  putSettings(settings: Settings): Promise<void>;
  /** Lets go of the storage; nothing works after it. */
  close(): void;
}

/** A store that outlasts the hub, and may keep events as well. */
export interface LastingStore extends SettingsStore {
  readonly cache?: CacheStore;
}

/** What holds before the user has set anything. */
export const DEFAULT_SETTINGS: Settings = { theme: 'system' };

const THEMES: readonly Settings['theme'][] = ['system', 'light', 'dark'];

/** The settings in what another version, or a tab, may have written; what is not understood is as it was before. */
export function readSettings(value: unknown, before: Settings = DEFAULT_SETTINGS): Settings {
  const given: { theme?: unknown; name?: unknown; limits?: unknown } =
    typeof value === 'object' && value !== null ? value : {};
  const name = readName(given.name) ?? before.name;
  const limits = readKeepLimits(given.limits, before.limits);
  return {
    theme: THEMES.find((known) => known === given.theme) ?? before.theme,
    ...(name !== undefined && { name }),
    ...(Object.keys(limits).length > 0 && { limits }),
  };
}

/** The longest name of a browser that a relay takes, in characters. */
const NAME_MAX_CHARS = 80;

function readName(value: unknown): string | undefined {
  const name = typeof value === 'string' ? value.trim().slice(0, NAME_MAX_CHARS) : '';
  return name === '' ? undefined : name;
}
