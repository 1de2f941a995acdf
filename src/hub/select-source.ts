import type { AttentionHead, SourceEntity, SourceKind } from '../protocol/tab/source-model.ts';
import type { HubSource, HubState } from './hub-state.ts';

/** A source as every tab sees it. */
export function selectSource(source: HubSource): SourceEntity {
  return {
    id: source.id,
    order: source.order,
    label: source.label,
    url: source.url,
    kind: kindOf(source),
    state: source.state,
    producers: source.producers.size,
    unreadable: source.unreadable,
    reviewsAtRisk: reviewsAtRisk(source),
  };
}

/** What every tab is told even while it is hidden. It costs as much as there are open reviews. */
export function selectAttention(state: HubState): AttentionHead {
  const nextDeadlineMs = earliestDeadline(state);
  return {
    openReviews: state.openReviews.size,
    notices: state.notices,
    ready: state.isReady,
    tabs: state.tabs,
    ...(nextDeadlineMs === undefined ? {} : { nextDeadlineMs }),
  };
}

function kindOf(source: HubSource): SourceKind {
  if (source.isDemo) return 'demo';
  return source.wire?.kind ?? 'unknown';
}

function reviewsAtRisk({ wire, isDemo, connectionId, producers }: HubSource): number {
  if (wire?.kind !== 'embedded' || isDemo || connectionId === undefined) return 0;
  let open = 0;
  for (const { openReviews } of producers.values()) open += openReviews.size;
  return open;
}

function earliestDeadline(state: HubState): number | undefined {
  let earliest: number | undefined;
  for (const { entity } of state.openReviews.values()) {
    const { deadlineMs } = entity;
    if (deadlineMs !== undefined && (earliest === undefined || deadlineMs < earliest)) earliest = deadlineMs;
  }
  return earliest;
}
