import type { ProducerKey, RunKey } from '../../protocol/tab/keys.ts';
import type { RosterEntity } from '../../protocol/tab/roster-model.ts';
import type { ViewData, ViewEntities, ViewHead, ViewPatch } from '../../protocol/tab/view-data.ts';
import type { Change, RunCollection } from '../change.ts';
import type { LiveState } from '../live-state.ts';
import type { RunState } from '../run-state.ts';
import type { ViewFeed } from './view-feed.ts';

/** The views that show one run of one producer. */
export type RunViewName = 'run' | 'conversation' | 'tools';

/** Where a feed looks things up: nothing of it is kept, so that a producer may come and go. */
export interface RunSource {
  live(): LiveState | undefined;
  /** The producer's line in the roster; `undefined` when there is no such producer. */
  roster(): RosterEntity | undefined;
}

/** Which run is asked for; without `run` the newest, whichever that is. */
export interface RunRequest {
  readonly producer: ProducerKey;
  readonly run?: RunKey;
}

/** How one collection of a view is made from a run. */
export interface CollectionSpec<E> {
  /** The name under which changes mark its entities. */
  readonly marks: RunCollection;
  /** The entity as it is now; `undefined` where there is none of this id. */
  readonly one: (run: RunState, id: string) => E | undefined;
  readonly all: (run: RunState) => Iterable<E>;
}

/** What makes a view of one run. */
export interface RunViewSpec<V extends RunViewName> {
  readonly view: V;
  readonly head: (source: RunSource, run: RunState | undefined) => ViewHead<V>;
  /** Whether the head shows more of the run than which one it is. */
  readonly isHeadLive: boolean;
  readonly collections: { readonly [C in keyof ViewEntities<V>]: CollectionSpec<ViewEntities<V>[C]> };
}

/** The same without the types that tie a collection to its entity: what sends them needs only their ids. */
interface LooseCollection {
  readonly name: string;
  readonly spec: CollectionSpec<{ readonly id: string }>;
  readonly dirty: Set<string>;
}

/** Streamed text that waits, of one conversation, beyond which the conversation is sent anew with the end of its text. */
const APPEND_MAX_CHARS = 65_536;

/** A feed of one run: notes ids, and looks the entities up when they are taken. */
export class RunPartFeed<V extends RunViewName> implements ViewFeed<V> {
  readonly view: V;
  readonly #spec: RunViewSpec<V>;
  readonly #source: RunSource;
  readonly #request: RunRequest;
  readonly #collections = new Map<RunCollection, LooseCollection>();
  readonly #appended = new Map<string, string>();
  #shown: RunKey | undefined;
  #needsSnapshot = true;
  #isHeadDirty = false;
  #isAnyDirty = false;

  constructor(spec: RunViewSpec<V>, source: RunSource, request: RunRequest) {
    this.view = spec.view;
    this.#spec = spec;
    this.#source = source;
    this.#request = request;
    const specs = Object.entries(spec.collections) as unknown as [string, LooseCollection['spec']][];
    for (const [name, each] of specs) this.#collections.set(each.marks, { name, spec: each, dirty: new Set() });
  }

  snapshot(): ViewData<V> {
    const run = this.#run();
    this.#forget();
    this.#needsSnapshot = false;
    this.#shown = run?.key;
    const entities: Record<string, Record<string, unknown>> = {};
    for (const { name, spec } of this.#collections.values()) {
      const all: Record<string, unknown> = {};
      if (run !== undefined) for (const entity of spec.all(run)) all[entity.id] = entity;
      entities[name] = all;
    }
    // Built from the same table that ties names to entity types.
    return { head: this.#spec.head(this.#source, run), entities } as unknown as ViewData<V>;
  }

  note(change: Change): void {
    if (!('producer' in change) || change.producer !== this.#request.producer || this.#needsSnapshot) return;
    if (change.kind === 'entity' || change.kind === 'removed') this.#noteEntity(change);
    else if (change.kind === 'append') this.#noteText(change);
    else this.#noteRun(change);
  }

  takePatches(): ViewPatch<V>[] | 'snapshot' {
    if (this.#needsSnapshot) return 'snapshot';
    const run = this.#run();
    const patches: unknown[] = [];
    if (this.#isHeadDirty) patches.push({ op: 'head', head: this.#spec.head(this.#source, run) });
    if (run !== undefined) for (const collection of this.#collections.values()) takeEntities(collection, run, patches);
    for (const [id, text] of this.#appended) {
      patches.push({ op: 'append', collection: 'conversations', id, field: 'streaming', text });
    }
    this.#forget();
    return patches as ViewPatch<V>[];
  }

  isDirty(): boolean {
    return this.#needsSnapshot || this.#isAnyDirty;
  }

  #noteEntity(change: Extract<Change, { kind: 'entity' | 'removed' }>): void {
    const collection = change.run === this.#shown ? this.#collections.get(change.collection) : undefined;
    if (collection === undefined) return;
    this.#isAnyDirty = true;
    collection.dirty.add(change.id);
    if (change.collection === 'conversations') this.#appended.delete(change.id);
  }

  #noteText({ run, conversation, text }: Extract<Change, { kind: 'append' }>): void {
    const collection = run === this.#shown ? this.#collections.get('conversations') : undefined;
    if (collection === undefined || collection.dirty.has(conversation)) return;
    this.#isAnyDirty = true;
    const before = this.#appended.get(conversation) ?? '';
    if (before.length + text.length <= APPEND_MAX_CHARS) {
      this.#appended.set(conversation, before + text);
      return;
    }
    this.#appended.delete(conversation);
    collection.dirty.add(conversation);
  }

  #noteRun(change: Change): void {
    if (this.#turnsOver(change)) {
      this.#forget();
      this.#needsSnapshot = true;
    } else if (this.#spec.isHeadLive) {
      this.#isHeadDirty = true;
      this.#isAnyDirty = true;
    }
  }

  /** Whether another run is shown from now on, or the same one is to be looked at anew. */
  #turnsOver(change: Change): boolean {
    switch (change.kind) {
      case 'run-began':
        return this.#request.run === undefined || this.#request.run === change.run;
      case 'run-reset':
      case 'run-dropped':
        return change.run === this.#shown;
      case 'producer-removed':
        return true;
      default:
        return false;
    }
  }

  #run(): RunState | undefined {
    const runs = this.#source.live()?.runs ?? [];
    const { run } = this.#request;
    return run === undefined ? runs.at(-1) : runs.find((each) => each.key === run);
  }

  #forget(): void {
    this.#isHeadDirty = false;
    this.#isAnyDirty = false;
    this.#appended.clear();
    for (const { dirty } of this.#collections.values()) dirty.clear();
  }
}

function takeEntities({ name, spec, dirty }: LooseCollection, run: RunState, patches: unknown[]): void {
  for (const id of dirty) {
    const entity = spec.one(run, id);
    if (entity === undefined) patches.push({ op: 'remove', collection: name, id });
    else patches.push({ op: 'upsert', collection: name, entity });
  }
}

/** The collection of a view that is made from a map of a run. */
export function collectionOf<S, E>(
  marks: RunCollection,
  items: (run: RunState) => ReadonlyMap<string, S>,
  toEntity: (run: RunState, item: S) => E,
): CollectionSpec<E> {
  return {
    marks,
    one: (run, id) => {
      const item = items(run).get(id);
      return item === undefined ? undefined : toEntity(run, item);
    },
    all: (run) => eachOf(items(run), (item) => toEntity(run, item)),
  };
}

function* eachOf<S, E>(items: ReadonlyMap<string, S>, toEntity: (item: S) => E): Iterable<E> {
  for (const item of items.values()) yield toEntity(item);
}
