import type { KeptProducer, KeptReview, KeptRun } from '../../hub/kept-producer.ts';
import type { SourceId } from '../../protocol/tab/keys.ts';

/** Version of the records of the cache. A record of another version is left alone and not read. */
export const RECORD_VERSION = 1;

/** About 200 events of one life of a producer, each as text. Under `[sourceId, producerId, epoch, firstSequence]`. */
export interface StoredChunk {
  readonly version: number;
  readonly texts: readonly string[];
}

/** A producer. Under `[sourceId, producerId]`. */
export interface StoredProducer {
  readonly version: number;
  readonly kept: KeptProducer;
  /** Whether it was in the live roster; if not, only its runs are left, and its next life is another one. */
  readonly isListed: boolean;
}

/** A run: its line in the history, and what retention goes by. Under `[sourceId, producerId, epoch, sequence]` of its beginning. */
export interface StoredRun extends KeptRun {
  readonly version: number;
  readonly sourceId: SourceId;
  readonly producerId: string;
  readonly serviceName?: string;
  readonly sourceLabel: string;
  /** What its events take, in characters of text. */
  readonly bytes: number;
  /** When its last event arrived, in milliseconds since the Unix epoch. */
  readonly lastAtMs: number;
  readonly isPinned: boolean;
  /** Whether what is not kept of a run that is over has been left out already. */
  readonly isCompact: boolean;
}

/** A review. Under `[sourceId, producerId, epoch, sequence, reviewId]` of its announcement. */
export interface StoredReview {
  readonly version: number;
  readonly review: KeptReview;
}

/** The texts of a chunk; `undefined` if that record is damaged or of another version. */
export function readChunk(value: unknown): readonly string[] | undefined {
  if (!isVersioned(value) || !('texts' in value) || !Array.isArray(value.texts)) return undefined;
  return value.texts.every((text) => typeof text === 'string') ? value.texts : undefined;
}

/** The producer of a record; `undefined` if that is damaged or of another version. */
export function readProducer(value: unknown): StoredProducer | undefined {
  if (!isVersioned(value) || !('kept' in value)) return undefined;
  const { kept } = value;
  if (!hasTexts(kept, 'sourceId', 'producerId', 'sourceLabel') || !hasNumbers(kept, 'lastSeenMs', 'firstRun')) {
    return undefined;
  }
  const lists = ['lives', 'gaps', 'lost', 'forgotten'].every((name) => Array.isArray(Reflect.get(kept, name)));
  return lists ? (value as unknown as StoredProducer) : undefined;
}

/** The run of a record; `undefined` if that is damaged or of another version. */
export function readRun(value: unknown): StoredRun | undefined {
  if (!isVersioned(value) || !('begins' in value)) return undefined;
  const isWhole =
    hasTexts(value, 'sourceId', 'producerId', 'sourceLabel', 'title', 'state') &&
    hasNumbers(value, 'number', 'bytes', 'lastAtMs', 'events', 'tasksFinished', 'tasksTotal') &&
    hasNumbers(value.begins, 'epoch', 'sequence');
  return isWhole ? (value as unknown as StoredRun) : undefined;
}

/** The review of a record; `undefined` if that is damaged or of another version. */
export function readReview(value: unknown): KeptReview | undefined {
  if (!isVersioned(value) || !('review' in value)) return undefined;
  const { review } = value;
  if (!isObject(review) || !('record' in review)) return undefined;
  const { record } = review;
  const isWhole =
    hasTexts(record, 'producerId', 'reviewId') &&
    hasNumbers(record, 'epoch', 'sequence', 'changedAtMs') &&
    isObject(Reflect.get(record, 'request')) &&
    isObject(Reflect.get(record, 'state')) &&
    Array.isArray(Reflect.get(record, 'refused'));
  return isWhole ? (review as unknown as KeptReview) : undefined;
}

function isVersioned(value: unknown): value is { readonly version: number } {
  return isObject(value) && 'version' in value && value.version === RECORD_VERSION;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function hasTexts(value: unknown, ...names: readonly string[]): value is object {
  return isObject(value) && names.every((name) => typeof Reflect.get(value, name) === 'string');
}

function hasNumbers(value: unknown, ...names: readonly string[]): value is object {
  return isObject(value) && names.every((name) => Number.isFinite(Reflect.get(value, name)));
}
