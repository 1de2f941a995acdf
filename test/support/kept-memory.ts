import type { HubOutput } from '../../src/hub/hub-action.ts';
import type { HubState } from '../../src/hub/hub-state.ts';
import { keepEvents, keepProducer, keepReview } from '../../src/hub/keep-producer.ts';
import { keptEventText, readKeptEvent } from '../../src/hub/kept-event-text.ts';
import type { KeptEvent, KeptFiller } from '../../src/hub/logged-change.ts';
import { comparePositions, type LogPosition } from '../../src/hub/logged-event.ts';
import type { RestoredProducer } from '../../src/hub/restore-producer.ts';

interface Shelf {
  events: KeptEvent[];
  fillers: KeptFiller[];
  readonly reviews: Set<string>;
}

/** Keeps what outlasts a hub in memory, as text and plain data, the way a storage would. */
export class KeptMemory {
  readonly #shelves = new Map<string, Shelf>();

  note(state: HubState, { logged }: HubOutput): void {
    for (const change of logged) {
      if (change.kind === 'left') {
        this.#shelves.delete(change.producer);
        continue;
      }
      const shelf = this.#shelf(change.producer);
      if (change.kind === 'event') shelf.events.push(change);
      if (change.kind === 'filled') shelf.fillers.push(change);
      if (change.kind === 'review') shelf.reviews.add(change.review);
      if (change.kind === 'renumbered') shelf.events = keepEvents(state, change.producer);
    }
  }

  /** Everything that is kept, after a way through text. */
  read(state: HubState): RestoredProducer[] {
    return [...this.#shelves].flatMap(([key, shelf]) => {
      const kept = keepProducer(state, key);
      if (kept === undefined) return [];
      const reviews = [...shelf.reviews]
        .map((review) => keepReview(state, review))
        .filter((each) => each !== undefined);
      const { fillers } = shelf;
      return [
        {
          ...structuredClone({ producer: kept.producer, runs: kept.runs, fillers, reviews }),
          events: shelf.events.map(throughText).sort(inOrder),
        },
      ];
    });
  }

  /** Some events of a producer are deleted, as those of a run are. */
  forget(producer: string, isGone: (place: LogPosition) => boolean): void {
    const shelf = this.#shelf(producer);
    shelf.events = shelf.events.filter(({ event }) => !isGone(event));
  }

  #shelf(producer: string): Shelf {
    const known = this.#shelves.get(producer);
    if (known !== undefined) return known;
    const shelf = { events: [], fillers: [], reviews: new Set<string>() };
    this.#shelves.set(producer, shelf);
    return shelf;
  }
}

function throughText(kept: KeptEvent): KeptEvent {
  const read = readKeptEvent(kept.event.epoch, keptEventText(kept));
  if (read === undefined) throw new Error(`cannot be read: ${keptEventText(kept)}`);
  return read;
}

function inOrder(a: KeptEvent, b: KeptEvent): number {
  return comparePositions(a.event, b.event);
}
