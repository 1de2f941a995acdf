import { producersOf, type HubState } from '../../src/hub/hub-state.ts';
import { createViewFeed } from '../../src/hub/views/create-view-feed.ts';

/** Everything that the views of a hub show of its producers: each run in each of its views, the roster and the inbox. */
export interface HubPicture {
  readonly roster: Record<string, Record<string, unknown>>;
  readonly reviews: Record<string, Record<string, unknown>>;
  readonly runs: Record<string, Record<string, unknown>>;
}

/** Draws a picture of a hub, to be compared with that of another one. */
export function drawHub(state: HubState): HubPicture {
  const runs: Record<string, Record<string, unknown>> = {};
  for (const { key, live } of producersOf(state)) {
    for (const run of live.runs) {
      const request = { producer: key, run: run.key };
      const view: unknown = createViewFeed(state, { view: 'run', ...request }).snapshot();
      const { head, entities } = view as RunData;
      const { producer: _roster, ...shown } = head;
      runs[`${key} ${run.key}`] = {
        head: shown,
        ...entities,
        conversation: createViewFeed(state, { view: 'conversation', ...request }).snapshot().entities,
        tools: createViewFeed(state, { view: 'tools', ...request }).snapshot().entities,
      };
    }
  }
  return {
    roster: plain(createViewFeed(state, { view: 'roster' }).snapshot(), 'producers'),
    reviews: plain(createViewFeed(state, { view: 'reviews' }).snapshot(), 'reviews'),
    runs: structuredClone(runs),
  };
}

/** The picture without members that differ for good reason, wherever they stand. */
export function without(picture: HubPicture, names: readonly string[]): unknown {
  return JSON.parse(JSON.stringify(picture, (name, value: unknown) => (names.includes(name) ? undefined : value)));
}

interface RunData {
  readonly head: Record<string, unknown>;
  readonly entities: Record<string, unknown>;
}

function plain(view: { readonly entities: object }, collection: string): Record<string, Record<string, unknown>> {
  return structuredClone((view.entities as Record<string, Record<string, Record<string, unknown>>>)[collection] ?? {});
}
