import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { SourceEntity } from '../../protocol/tab/source-model.ts';
import { useHub } from '../hub/hub-context.tsx';
import { askForLocalNetwork } from './local-network.ts';
import { isElsewhere } from './source-words.ts';

/**
 * Tries a source again at once; where the browser has to ask the person first, it makes it ask. Nothing where no hub of this
 * tab could do so.
 */
export function RetryButton(props: { source: SourceEntity }): JSX.Element {
  const hub = useHub();
  const [isAsking, setAsking] = createSignal(false);

  async function retry(): Promise<void> {
    const { id, url, state } = props.source;
    if ('reason' in state && state.reason.code === 'local-network-prompt') {
      setAsking(true);
      await askForLocalNetwork(url);
      setAsking(false);
    }
    await hub.order((api) => api.retryNow(id));
  }

  return (
    <Show when={!isElsewhere(props.source.state)}>
      <button type="button" class="button" disabled={isAsking()} onClick={() => void retry()}>
        Retry now
      </button>
    </Show>
  );
}
