import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { ProducerKey, RunKey } from '../../protocol/tab/keys.ts';
import { createHubView } from '../hub/create-hub-view.ts';
import type { RunTab } from '../routes.ts';

/** One run of one producer: its header, its tabs, and the review that waits beside it. */
export function RunPane(props: { producer: ProducerKey; run: RunKey | undefined; tab: RunTab }): JSX.Element {
  const view = createHubView<'run'>(() => ({
    view: 'run',
    producer: props.producer,
    ...(props.run !== undefined && { run: props.run }),
  }));
  return <Show when={view.data?.head}>{(head) => <h1>{head().title}</h1>}</Show>;
}
