import type { JSX } from 'solid-js';
import type { HubConnectionState } from './hub-connection.ts';
import { useHub } from './hub-context.tsx';

/** What stands where a view is to come: a tab that has no hub any more says that none will. */
export function AskingHub(props: { class: string; whileAsking?: string }): JSX.Element {
  const hub = useHub();
  return (
    <p class={props.class} role="status">
      {absenceText(hub.state()) ?? props.whileAsking ?? 'Asking the hub …'}
    </p>
  );
}

function absenceText({ kind }: HubConnectionState): string | undefined {
  if (kind === 'retired') return 'This tab is not live any more and cannot show this. Reload it to go on.';
  if (kind === 'unreachable') return 'The hub of this page does not load, so that there is nothing to show yet.';
  return undefined;
}
