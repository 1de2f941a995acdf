import { createContext, createMemo, useContext } from 'solid-js';
import type { Accessor, JSX } from 'solid-js';
import type { AttentionHead, SourceEntity } from '../../protocol/tab/source-model.ts';
import { createHubView } from '../hub/create-hub-view.ts';
import { useHub } from '../hub/hub-context.tsx';
import { attentionAsTold, sourcesAsTold } from '../sources/sources-as-told.ts';

/** What the whole page knows at any time: how many reviews wait, and how each source is. */
export interface Attention {
  readonly head: Accessor<AttentionHead | undefined>;
  readonly sources: Accessor<readonly SourceEntity[]>;
}

const AttentionContext = createContext<Attention>();

/** Subscribes the attention view once for the page. */
export function AttentionProvider(props: { children: JSX.Element }): JSX.Element {
  const view = createHubView<'attention'>(() => ({ view: 'attention' }));
  const hub = useHub();
  const told = createMemo(() => Object.values(view.data?.entities.sources ?? {}).sort((a, b) => a.order - b.order));
  const sources = createMemo(() => sourcesAsTold(told(), hub.state()));
  const head = createMemo(() => view.data && attentionAsTold(view.data.head, hub.state()));
  return <AttentionContext.Provider value={{ head, sources }}>{props.children}</AttentionContext.Provider>;
}

/** What the page knows at any time; throws a sentence when used outside `AttentionProvider`. */
export function useAttention(): Attention {
  const attention = useContext(AttentionContext);
  if (attention === undefined) throw new Error('useAttention was called outside AttentionProvider.');
  return attention;
}
