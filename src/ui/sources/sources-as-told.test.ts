import { describe, expect, it } from 'vitest';
import type { HubConnectionState } from '../hub/hub-connection.ts';
import { sampleSource } from '../test-support/source-samples.ts';
import { sourcesAsTold } from './sources-as-told.ts';

const sources = [sampleSource({ reviewsAtRisk: 1 })];

describe('sourcesAsTold', () => {
  const WITHOUT_HUB: HubConnectionState[] = [{ kind: 'retired', text: 'Reload.' }, { kind: 'unreachable' }];

  it.each(WITHOUT_HUB)('shows none as connected where no hub tells of them: $kind', (hub) => {
    const [shown] = sourcesAsTold(sources, hub);
    expect(shown).toMatchObject({ id: sources[0]?.id, state: { kind: 'disconnected', reason: { code: 'standby' } } });
    // Or the browser would ask before the tab reloads, although it holds nothing.
    expect(shown?.reviewsAtRisk).toBe(0);
  });

  it('shows them as they are while there is a hub, and for the moment that it takes to reach the next', () => {
    const states: HubConnectionState[] = [{ kind: 'connecting' }, { kind: 'lost' }, { kind: 'standby' }];
    for (const state of states) expect(sourcesAsTold(sources, state)).toBe(sources);
  });
});
