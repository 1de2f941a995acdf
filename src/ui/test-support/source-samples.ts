import type { SourceEntity } from '../../protocol/tab/source-model.ts';
import type { ViewData } from '../../protocol/tab/view-data.ts';

/** A connected relay, but for what a test says. */
export function sampleSource(change: Partial<SourceEntity> = {}): SourceEntity {
  return {
    id: 'ws://localhost:7400/ws',
    order: 1,
    label: 'localhost:7400',
    url: 'ws://localhost:7400/ws',
    kind: 'hub',
    state: { kind: 'connected', sinceMs: 0 },
    producers: 2,
    unreadable: 0,
    reviewsAtRisk: 0,
    ...change,
  };
}

/** The attention view of a hub with these sources. */
export function attentionView(sources: readonly SourceEntity[], tabs = 1): ViewData<'attention'> {
  return {
    head: { openReviews: 0, notices: [], ready: true, tabs },
    entities: { sources: Object.fromEntries(sources.map((source) => [source.id, source])) },
  };
}
