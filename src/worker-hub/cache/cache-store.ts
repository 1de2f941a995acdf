import type { SourceId } from '../../protocol/tab/keys.ts';

/** Where things of a producer lie: `[sourceId, producerId, epoch, sequence]`, and what follows. */
export type PlaceKey = readonly [SourceId, string, number, number, ...(string | number)[]];

/** The collections that lie by place: whatever of them is between two places belongs to the run that is there. */
export const PLACED = ['events', 'fillers', 'reviews', 'runs'] as const;

/** One of {@link PLACED}. */
export type Placed = (typeof PLACED)[number];

/** A stretch of a producer's history: from a place up to, without it, another; without one, to the end. */
export interface Stretch {
  readonly sourceId: SourceId;
  readonly producerId: string;
  readonly from: readonly [epoch: number, sequence: number];
  readonly to?: readonly [epoch: number, sequence: number];
}

/** One change of the storage. */
export type CacheWrite =
  | { readonly kind: 'put'; readonly to: Placed; readonly key: PlaceKey; readonly value: object }
  | { readonly kind: 'delete'; readonly from: Placed; readonly key: PlaceKey }
  | { readonly kind: 'clear'; readonly from: Placed; readonly stretch: Stretch }
  | { readonly kind: 'producer'; readonly key: readonly [SourceId, string]; readonly value: object | undefined }
  | { readonly kind: 'note'; readonly name: string; readonly value: unknown };

/** What a storage finds when it is opened: raw, because any record may be damaged. */
export interface CacheIndex {
  readonly producers: readonly unknown[];
  readonly runs: readonly unknown[];
  readonly notes: ReadonlyMap<string, unknown>;
}

/** A record and where it lies. */
export interface CacheRecord {
  readonly key: PlaceKey;
  readonly value: unknown;
}

/** What lasts of the cache. Every method rejects when the storage fails. */
export interface CacheStore {
  index(): Promise<CacheIndex>;
  /** The records of a stretch, in the order of their places. */
  read(from: Placed, stretch: Stretch): Promise<readonly CacheRecord[]>;
  /** All of it or nothing. `isStrict`: it is on the disk before this resolves. */
  write(writes: readonly CacheWrite[], isStrict?: boolean): Promise<void>;
}
