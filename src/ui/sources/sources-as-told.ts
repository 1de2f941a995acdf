import type { SourceEntity, SourceState } from '../../protocol/tab/source-model.ts';
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
  if (hub.kind !== 'retired' && hub.kind !== 'unreachable') return sources;
  return sources.map((source) => ({ ...source, state: NOT_LIVE, reviewsAtRisk: 0 }));
}
