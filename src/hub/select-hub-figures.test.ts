import { expect, test } from 'vitest';
import { HubDriver } from '../../test/support/hub-driver.ts';
import { selectHubFigures } from './select-hub-figures.ts';

test('the figures of the hub count what there is, connected or not, and what is kept', () => {
  const hub = new HubDriver();
  hub.add('ws://one:1/ws');
  hub.add('ws://two:1/ws');
  const reason = { code: 'paused', text: '' } as const;
  const { nowMs } = hub;
  hub.do({ kind: 'source-state', sourceId: 'ws://two:1/ws', state: { kind: 'disconnected', reason }, nowMs });
  hub.state.history.head = { ...hub.state.history.head, bytes: 7 };
  expect(selectHubFigures(hub.state)).toEqual({
    sources: 2,
    connected: 1,
    producers: 0,
    eventsTotal: 0,
    heldEvents: 0,
    cacheBytes: 7,
  });
});
