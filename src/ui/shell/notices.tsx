import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { useHub } from '../hub/hub-context.tsx';
import { EachById } from '../lists/each-by-id.tsx';
import { useAttention } from './attention-context.tsx';
import { focusPageIfLost } from './focus-page.ts';

/** One line of news; what cannot be dismissed is so until it is no more. */
interface Line {
  readonly id: string;
  readonly text: string;
  readonly dismiss?: () => void;
}

/** What the hub wants to say, or what became of it, each until it has been read. */
export function Notices(): JSX.Element {
  const lines = createLines();
  return (
    <div class="notices" role="status">
      <EachById items={lines()}>
        {(line) => (
          <div class="notice">
            <p>{line().text}</p>
            <Show when={line().dismiss}>
              {(dismiss) => (
                <button
                  type="button"
                  class="button button-quiet"
                  onClick={() => {
                    dismiss()();
                    focusPageIfLost();
                  }}
                >
                  Dismiss
                </button>
              )}
            </Show>
          </div>
        )}
      </EachById>
    </div>
  );
}

function createLines(): () => Line[] {
  const hub = useHub();
  const attention = useAttention();
  // With their time, because the next hub counts its notices from one again.
  const [read, setRead] = createSignal<readonly string[]>([]);
  return () => {
    const [undone, error] = [hub.undone(), hub.hubError()];
    const told = (attention.head()?.notices ?? []).map((notice) => ({ ...notice, id: `${notice.id} ${notice.atMs}` }));
    const notices = told.slice(-2).filter(({ id }) => !read().includes(id));
    return [
      ...(hub.state().kind === 'lost' ? [{ id: 'lost', text: 'The hub stopped and is being started again.' }] : []),
      ...(undone === undefined ? [] : [{ id: 'undone', text: undone, dismiss: hub.forgetUndone }]),
      ...(error === undefined ? [] : [errorLine(error, () => hub.forgetHubError())]),
      ...notices.map(({ id, text }) => ({ id, text, dismiss: () => setRead((before) => [...before, id]) })),
    ];
  };
}

function errorLine(error: string, dismiss: () => void): Line {
  return { id: 'error', text: `Something went wrong in the hub, which goes on: ${error}`, dismiss };
}
