import { batch, createEffect, on, onCleanup } from 'solid-js';
import type { Accessor } from 'solid-js';
import { createStore, produce, reconcile } from 'solid-js/store';
import type { SetStoreFunction } from 'solid-js/store';
import { applyViewPatches } from '../../protocol/tab/apply-view-patches.ts';
import type { ViewData, ViewName, ViewRequest } from '../../protocol/tab/view-data.ts';
import { useHub } from './hub-context.tsx';
import type { Hub } from './hub-context.tsx';
import { ViewStream } from './view-stream.ts';
import type { ViewUpdate } from './view-stream.ts';

/** A view as a component sees it: undefined until the first snapshot came. */
export interface HubView<V extends ViewName> {
  readonly data: ViewData<V> | undefined;
}

/** Who keeps something of its own from a view, at the cost of what changed instead of all there is. */
export interface HubViewOptions<V extends ViewName> {
  /** Called for every update, after the store has it; with undefined when another view was asked for and nothing has come yet. */
  onUpdate?(update: ViewUpdate<V> | undefined): void;
}

/**
 * Subscribes to a view for as long as its owner lives. A snapshot goes through `reconcile`, so that what did not change is not drawn again; patches go
 * through one `produce` per animation frame. A hidden page has no frames: there it is applied at once.
 */
export function createHubView<V extends ViewName>(
  request: Accessor<(ViewRequest & { view: V }) | undefined>,
  options: HubViewOptions<V> = {},
): HubView<V> {
  const hub = useHub();
  const [view, setView] = createStore<Held<V>>({ data: undefined });
  function subscribe(wanted: ViewRequest): void {
    const stream = new ViewStream<V>();
    const handle = hub.connection.openView(wanted, (frame) => {
      const outcome = stream.accept(frame);
      if (outcome === 'hole') handle.resubscribe();
      else if (outcome === 'accepted') soon(hub, flush);
    });
    function flush(): void {
      const update = stream.take();
      if (update === undefined) return;
      batch(() => {
        draw(setView, update);
        options.onUpdate?.(update);
      });
      handle.acknowledge(update.generation, update.number);
    }
    onCleanup(() => {
      handle.close();
      // What waits for a frame would be drawn over the view that is asked for next.
      stream.take();
    });
  }

  createEffect(
    on(
      () => JSON.stringify(request()),
      () => {
        const wanted = request();
        setView('data', undefined as never);
        options.onUpdate?.(undefined);
        if (wanted !== undefined) subscribe(wanted);
      },
    ),
  );
  return view;
}

/** Once a frame; a hidden page has none, there at once. */
function soon(hub: Hub, flush: () => void): void {
  if (hub.isVisible()) hub.frames.once(flush);
  else flush();
}

interface Held<V extends ViewName> {
  data: ViewData<V> | undefined;
}

function draw<V extends ViewName>(setView: SetStoreFunction<Held<V>>, update: ViewUpdate<V>): void {
  const { snapshot, patches } = update;
  if (snapshot !== undefined) setView('data' as never, reconcile(snapshot, { key: 'id' }) as never);
  else setView(produce((target) => target.data !== undefined && applyViewPatches(target.data, patches)));
}
