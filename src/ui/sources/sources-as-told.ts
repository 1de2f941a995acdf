import type { AttentionHead, SourceEntity, SourceState } from '../../protocol/tab/source-model.ts';
import type { HubConnectionState } from '../hub/hub-connection.ts';

/** What a source is to a tab that is told nothing any more: however it was last, nothing of it comes here. */
const NOT_LIVE: SourceState = {
  kind: 'disconnected',
  reason: {
    code: 'standby',
    text: 'This tab is not live any more: it shows what was known last, until it is reloaded or has a hub again.',
  },
};

/** The sources as a tab may show them: a hub that ended may not have come to tell it that they are closed. */
export function sourcesAsTold(sources: readonly SourceEntity[], hub: HubConnectionState): readonly SourceEntity[] {
  if (isTold(hub)) return sources;
  return sources.map((source) => ({ ...source, state: NOT_LIVE, reviewsAtRisk: 0 }));
}

/** The head as a tab may show it: a count of reviews that is not kept up calls nobody. */
export function attentionAsTold(head: AttentionHead, hub: HubConnectionState): AttentionHead {
  return isTold(hub) ? head : { ...head, openReviews: 0 };
}

function isTold({ kind }: HubConnectionState): boolean {
  return kind !== 'retired' && kind !== 'unreachable';
}
