import type { HubStatus } from '../protocol/tab/hub-api.ts';
import type { HubState } from './hub-state.ts';

/** What the hub's state says about itself in numbers. It costs as much as there are sources. */
export function selectHubFigures(
  state: HubState,
): Pick<HubStatus, 'sources' | 'connected' | 'producers' | 'eventsTotal' | 'heldEvents' | 'cacheBytes'> {
  let connected = 0;
  let heldEvents = 0;
  for (const source of state.sources.values()) {
    if (source.state.kind === 'connected') connected += 1;
    if (source.wire?.kind === 'hub') heldEvents += source.wire.registry.waitingCount;
  }
  const { producerCount: producers, eventsTotal } = state;
  return {
    sources: state.sources.size,
    connected,
    producers,
    eventsTotal,
    heldEvents,
    cacheBytes: state.history.head.bytes,
  };
}
