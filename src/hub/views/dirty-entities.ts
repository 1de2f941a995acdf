/**
 * The ids of entities that may differ from what a tab has. Noting one costs the same however many there are; an entity is
 * looked up once, when its newest state is taken.
 */
export class DirtyEntities<E> {
  readonly #lookup: (id: string) => E | undefined;
  #dirty = new Set<string>();

  constructor(lookup: (id: string) => E | undefined) {
    this.#lookup = lookup;
  }

  get isDirty(): boolean {
    return this.#dirty.size > 0;
  }

  mark(id: string): void {
    this.#dirty.add(id);
  }

  /** Forgets what was marked. */
  clear(): void {
    this.#dirty = new Set();
  }

  /** Each marked id with its entity as it is now, `undefined` where there is none any more. */
  take(): { readonly id: string; readonly entity: E | undefined }[] {
    const taken = [...this.#dirty].map((id) => ({ id, entity: this.#lookup(id) }));
    this.clear();
    return taken;
  }
}
